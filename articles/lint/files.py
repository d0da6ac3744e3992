"""The same checks for files that were not imported: nothing is stored."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from articles.document import parse
from articles.frontmatter import FrontmatterError
from articles.importing.candidate import Candidate, read_candidate
from articles.importing.sources import find_sources
from articles.lint import Finding, lint
from articles.models import Article
from articles.source_files import SourceError, SourceFile
from clinics.models import Condition


def lint_paths(paths: Iterable[str | Path]) -> Iterator[tuple[str, list[Finding]]]:
    """(path, findings) for each file, in folders and zips too; lines are those of the file."""
    with ExitStack() as opened:
        for source in find_sources(paths, opened):
            yield source.path, lint_source(source)


def lint_source(source: SourceFile) -> list[Finding]:
    """A file that cannot be read is a finding too."""
    try:
        candidate = read_candidate(source)
    except (SourceError, FrontmatterError) as error:
        return [Finding("error", "unreadable", error.line or 0, error.text)]
    article = _as_it_would_be(candidate)
    document = parse(candidate.front.body, first_line=candidate.front.body_line)
    article.render(document)
    return lint(article, document, (*candidate.front.remarks, *candidate.remarks))


def _as_it_would_be(candidate: Candidate) -> Article:
    """With the condition, and what editors have signed off, of the article that the file would update."""
    article, front = candidate.article, candidate.front
    article.sources, article.description, article.author = front.sources, front.description, front.author
    stored = Article.objects.filter(slug=article.slug).select_related("condition").first()
    if stored:
        article.pk, article.condition, article.sources = stored.pk, stored.condition, stored.sources or front.sources
    else:
        article.condition = Condition.objects.filter(slug=article.slug).first()
    return article
