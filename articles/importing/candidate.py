"""One file, read: the article that it would be, and what there is to say about it."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from articles import frontmatter
from articles.document import Document, parse
from articles.markdown import too_complex
from articles.models import Article
from articles.remarks import Remark
from articles.source_files import SourceError, SourceFile, text_of
from articles.titles import title_from_name
from clinics import addresses
from clinics.models import Condition
from clinics.text import slugify_da

LONGEST_SLUG = 120
TITLE = 200


class Read(NamedTuple):
    """What can be made of a file without asking anybody."""

    front: frontmatter.FrontMatter
    document: Document


@dataclass
class Candidate:
    """The article of a file, not stored yet. It is parsed when that is needed: an unchanged file needs it not."""

    source: SourceFile
    front: frontmatter.FrontMatter
    article: Article
    parsed: Document | None = None
    remarks: list[Remark] = field(default_factory=list)

    @cached_property
    def document(self) -> Document:
        """Its lines are those of the body, as the article keeps them; `in_file` turns them into those of the file."""
        return self.parsed or parse(self.front.body)

    @property
    def subject(self) -> str:
        return self.document.faq.subject if self.document.faq else ""

    @property
    def headings(self) -> list[str]:
        return [section.heading for section in self.document.sections]

    @property
    def words(self) -> str:
        """What stands under the headings, but for the references."""
        references = self.document.references
        left_out = {id(block) for block in references.blocks} if references else set()
        return "\n".join(block.text for block in self.document.blocks() if id(block) not in left_out)

    def remark(self, line: int, code: str, text: str) -> None:
        self.remarks.append(Remark(line, code, text))

    def in_file(self, remark: Remark) -> Remark:
        """A remark about the body, with the line of the file."""
        return remark._replace(line=remark.line + self.front.body_line - 1)

    def warnings(self) -> list[dict[str, Any]]:
        remarks = (*self.front.remarks, *self.remarks, *map(self.in_file, self.document.remarks))
        return [remark.as_json() for remark in sorted(set(remarks))]


def read_front(text: str) -> frontmatter.FrontMatter:
    """What a file says above its body, and the body. Raises SourceError or FrontmatterError."""
    front = frontmatter.read(text)
    if not front.body.strip():
        raise SourceError("Filen har ingen tekst under oplysningerne.")
    if too_complex(front.body):
        raise SourceError(
            "Teksten er for lang eller har for mange linjer eller tegn som [ og * til at være en artikel."
        )
    return front


def read_candidate(source: SourceFile, read: Read | None = None) -> Candidate:
    """Raises SourceError or FrontmatterError. `read`: what has been read of the file already."""
    text = "" if read else text_of(source.read())
    slug = _slug(source)
    front = read.front if read else read_front(text)
    article = Article(
        slug=slug,
        title=front.title,
        meta_title=front.meta_title,
        published_on=front.published_on,
        updated_on=front.updated_on,
        body=front.body,
        source_name=source.name[:255],
    )
    candidate = Candidate(source, front, article, read.document if read else None)
    if not front.title:
        article.title = _derived_title(candidate, slug)[:TITLE]
        text = f"Titlen mangler. Artiklen hedder nu “{article.title}”."
        candidate.remark(front.lines.get("title", 1), "title_missing", text)
    return candidate


def _slug(source: SourceFile) -> str:
    slug = slugify_da(Path(source.name).stem)
    if not slug:
        raise SourceError("Filens navn giver ingen webadresse. Brug bogstaver og tal, fx ondt-i-foden.md.")
    if slug in addresses.RESERVED[addresses.ARTICLE]:
        raise SourceError(f"Filens navn kan ikke bruges: adressen “{slug}” er en af sidens egne.")
    if len(slug) > LONGEST_SLUG:
        raise SourceError(f"Filens navn er for langt: der er plads til {LONGEST_SLUG} tegn.")
    return slug


def _derived_title(candidate: Candidate, slug: str) -> str:
    condition = Condition.objects.filter(slug=slug).first()
    known = condition.name if condition else title_from_name(Path(candidate.source.name).stem)
    return candidate.document.title or candidate.subject or known
