"""Article files → articles, one transaction per file: a bad one never stops the others or leaves half an article.

An article is known by its file's name. What editors decide is theirs: status, condition, reviewer, sources, name and
description stay, and a text that somebody changed since the last import is reported as a conflict and not overwritten.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from django.db import transaction

from articles import actions, frontmatter
from articles.derived import short_name, title_from_slug
from articles.document import Document, parse
from articles.models import Article
from articles.remarks import Remark
from articles.source_files import SourceError, SourceFile, find_sources, text_of
from clinics import clock
from clinics.models import Condition
from clinics.text import normalise, slugify_da

Outcome = Literal["created", "updated", "unchanged", "conflict", "failed"]
OUTCOMES: tuple[Outcome, ...] = ("created", "updated", "unchanged", "conflict", "failed")
REPORT_VERSION = 1
_LONGEST_SLUG = 120
# What a new file brings; everything else of an article is an editor's.
_FROM_FILE = ("title", "meta_title", "published_on", "updated_on", "body")

logger = logging.getLogger(__name__)


@dataclass
class FileResult:
    """What became of one file. `error` is a Danish sentence, `error_line` its line where one is known."""

    path: str
    slug: str
    outcome: Outcome = "failed"
    condition: str | None = None
    faqs: int = 0
    outro: bool = False
    warnings: list[dict[str, Any]] = field(default_factory=list)
    error: str | None = None
    error_line: int | None = None

    def as_json(self) -> dict[str, Any]:
        row = asdict(self)
        line = row.pop("error_line")
        return row | {"error": f"linje {line}: {self.error}" if line else self.error}


@dataclass
class ImportReport:
    files: list[FileResult]
    dry_run: bool
    seconds: float

    @property
    def summary(self) -> dict[str, int]:
        """Outcome → number of files, every outcome named."""
        counts = Counter(result.outcome for result in self.files)
        return {outcome: counts[outcome] for outcome in OUTCOMES}

    def as_json(self) -> dict[str, Any]:
        """The report of `import_articles --report json`; others read it, so fields may be added and none renamed."""
        return {
            "version": REPORT_VERSION,
            "dry_run": self.dry_run,
            "summary": {**self.summary, "seconds": round(self.seconds, 2)},
            "files": [result.as_json() for result in self.files],
        }


def import_paths(
    paths: Iterable[str | Path],
    *,
    dry_run: bool = False,
    publish: bool = False,
    demo: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> ImportReport:
    """Import files and folders. `publish` also publishes drafts; `demo` marks our own example articles as such.

    `progress(done, total)` is called after each file. Nothing about a file raises: it stands in the report.
    """
    started = time.perf_counter()
    sources = find_sources(paths)
    results: list[FileResult] = []
    seen: dict[str, str] = {}
    for number, source in enumerate(sources, start=1):
        results.append(_import_source(source, seen, dry_run=dry_run, publish=publish, demo=demo))
        progress(number, len(sources))
    return ImportReport(results, dry_run, time.perf_counter() - started)


@dataclass
class _Candidate:
    """The article of a file, not stored yet. `document` is parsed when it is needed: an unchanged file needs none."""

    front: frontmatter.FrontMatter
    article: Article
    document: Document | None = None
    remarks: list[Remark] = field(default_factory=list)

    def parsed(self) -> Document:
        if self.document is None:
            self.document = parse(self.front.body, first_line=self.front.body_line)
        return self.document

    def warnings(self) -> list[dict[str, Any]]:
        remarks = (*self.front.remarks, *self.remarks, *self.parsed().remarks)
        return [remark.as_json() for remark in sorted(set(remarks))]


def _import_source(source: SourceFile, seen: dict[str, str], *, dry_run: bool, publish: bool, demo: bool) -> FileResult:
    slug = slugify_da(Path(source.name).stem)
    result = FileResult(source.path, slug)
    try:
        text = text_of(source.read())
        _check_slug(slug, seen.setdefault(slug, source.path), source.path)
        candidate = _read(text, slug, source.name)
        with transaction.atomic():
            _store(candidate, result, publish=publish, demo=demo)
            transaction.set_rollback(dry_run)
    except (SourceError, frontmatter.FrontmatterError) as error:
        result.outcome, result.error, result.error_line = "failed", error.text, error.line
    except Exception as error:  # whatever one file does to us, the others still come in
        logger.exception("Import of %s failed", source.path)
        result.outcome, result.error = "failed", f"Filen kunne ikke importeres ({type(error).__name__})."
    return result


def _check_slug(slug: str, first_path: str, path: str) -> None:
    if not slug:
        raise SourceError("Filens navn giver ingen webadresse. Brug bogstaver og tal, fx ondt-i-foden.md.")
    if len(slug) > _LONGEST_SLUG:
        raise SourceError(f"Filens navn er for langt: der er plads til {_LONGEST_SLUG} tegn.")
    if first_path != path:
        raise SourceError(f"Filens navn er brugt før i samme import: {first_path}.")


def _read(text: str, slug: str, name: str) -> _Candidate:
    front = frontmatter.read(text)
    if not front.body.strip():
        raise SourceError("Filen har ingen tekst under oplysningerne.")
    article = Article(
        slug=slug,
        title=front.title,
        meta_title=front.meta_title,
        published_on=front.published_on,
        updated_on=front.updated_on,
        body=front.body,
        source_name=name[:255],
    )
    candidate = _Candidate(front, article)
    if not front.title:
        article.title = _derived_title(candidate.parsed(), slug)[:200]
        text = f"Titlen mangler. Artiklen hedder nu “{article.title}”."
        candidate.remarks.append(Remark(front.lines.get("title", 1), "title_missing", text))
    return candidate


def _derived_title(document: Document, slug: str) -> str:
    condition = Condition.objects.filter(slug=slug).first()
    subject = document.faq.subject if document.faq else ""
    return document.title or subject or (condition.name if condition else title_from_slug(slug))


def _store(candidate: _Candidate, result: FileResult, *, publish: bool, demo: bool) -> None:
    new = candidate.article
    stored = Article.objects.select_for_update().filter(slug=new.slug).first()
    result.outcome = _outcome(stored, new, demo=demo)
    if stored is None:
        article = new
    elif stored.is_demo and not demo:
        article = new  # takes the place of the example, as if it had never been there
        article.pk, article.condition = stored.pk, stored.condition
    else:
        article = stored
    if result.outcome == "conflict":
        text = "Artiklen er skrevet eller rettet her på siden og er ikke overskrevet."
        candidate.remarks.append(Remark(1, "conflict", text))
    elif result.outcome in ("created", "updated"):
        _write(candidate, article, stored, demo=demo)
    if publish and result.outcome != "conflict" and article.status == Article.Status.DRAFT:
        actions.publish_article(article)
        result.outcome = "updated" if result.outcome == "unchanged" else result.outcome
    _tell(result, candidate, article)


def _outcome(stored: Article | None, new: Article, *, demo: bool) -> Outcome:
    if stored is None:
        return "created"
    if stored.is_demo and not demo:
        return "updated"
    fingerprint = stored.fingerprint()
    if fingerprint == new.fingerprint():
        return "unchanged"
    changed_here = fingerprint != stored.content_hash  # also true of an article that no file ever wrote
    return "conflict" if changed_here or (demo and not stored.is_demo) else "updated"


def _write(candidate: _Candidate, article: Article, stored: Article | None, *, demo: bool) -> None:
    new, front, document = candidate.article, candidate.front, candidate.parsed()
    if article is stored:
        _compare_dates(candidate, stored)
        for name in (*_FROM_FILE, "source_name"):
            setattr(article, name, getattr(new, name))
    else:
        article.author, article.description = front.author, front.description
        article.is_demo = demo
    if document.title and normalise(document.title) != normalise(article.title):
        text = f"Overskriften “{document.title[:80]}” (#) bruges ikke: siden hedder som titlen."
        candidate.remarks.append(Remark(front.body_line, "title_twice", text))
    article.sources = article.sources or front.sources
    article.condition = article.condition or _condition(article.slug, short_name(article.title, _subject(document)))
    article.content_hash = article.fingerprint()
    article.imported_at = clock.now()
    article.render(document)
    article.warnings = candidate.warnings()
    reason = f"Importeret fra {article.source_name}"[:100]
    article._change_reason = reason  # type: ignore[attr-defined]  # read by django-simple-history
    article.save()


def _compare_dates(candidate: _Candidate, stored: Article) -> None:
    front = candidate.front
    line = front.lines.get("updated_on", 1)
    if front.updated_on and stored.updated_on and front.updated_on < stored.updated_on:
        text = (
            f"Filen er ældre ({front.updated_on:%d/%m/%Y}) end den tekst, den afløste ({stored.updated_on:%d/%m/%Y})."
        )
        candidate.remarks.append(Remark(line, "older", text))
    if stored.is_reviewed:
        text = f"Teksten er ændret, efter at {stored.reviewer} har gennemgået den fagligt."
        candidate.remarks.append(Remark(line, "review_outdated", text))


def _subject(document: Document) -> str:
    return document.faq.subject if document.faq else ""


def _condition(slug: str, name: str) -> Condition:
    """The condition with the article's slug, made where there is none; one that was merged leads to the other."""
    condition, _ = Condition.objects.get_or_create(slug=slug, defaults={"name": name[:160]})
    passed = {condition.pk}
    while condition.merged_into and condition.merged_into.pk not in passed:
        condition = condition.merged_into
        passed.add(condition.pk)
    return condition


def _tell(result: FileResult, candidate: _Candidate, article: Article) -> None:
    result.condition = article.condition.slug if article.condition else None
    if result.outcome == "unchanged" or (result.outcome == "updated" and candidate.document is None):
        result.faqs = len(article.faq["items"]) if article.faq else 0
        result.outro = bool(article.outro_html)
        result.warnings = article.warnings
    else:
        document = candidate.parsed()
        result.faqs = len(document.faq.items) if document.faq else 0
        result.outro = bool(document.outro)
        result.warnings = candidate.warnings()
