"""Other articles that a file names under `related:`, by title, address or file; they may come later in the same import."""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import PurePosixPath
from urllib.parse import unquote

from articles import frontmatter
from articles.derived import short_name
from articles.importing.report import FileResult
from articles.models import Article
from articles.remarks import Remark
from articles.source_files import SourceError, SourceFile, text_of
from clinics.models import SlugHistory
from clinics.text import normalise, slugify_da

_PAGE = re.compile(r"/|\.(?:md|markdown|html?)$", re.I)


class Neighbours:
    """All articles that a name can mean: those of this import and those that are stored."""

    def __init__(self, sources: Sequence[SourceFile]) -> None:
        self._sources = sources
        self._named: list[tuple[FileResult, int, list[str]]] = []

    def slugs(self, names: Iterable[str]) -> list[str]:
        """The slugs of what is named, each once. One that nobody knows is kept: its article may come some day."""
        return [slug for slug in dict.fromkeys(map(self._slug, names)) if slug]

    def remember(self, result: FileResult, line: int, slugs: list[str]) -> None:
        """What `result`'s file names, on that line; looked at when all files are in."""
        if slugs:
            self._named.append((result, line, slugs))

    def warn_of_unknown(self, results: Iterable[FileResult]) -> None:
        """Tell each file whose `related:` leads nowhere, now that everything is in (or would be)."""
        if not self._named:
            return
        known = self._stored_slugs() | {result.slug for result in results if result.outcome != "failed"}
        for result, line, slugs in self._named:
            for slug in slugs:
                if slug not in known:
                    text = f"Feltet “related” nævner “{slug}”, som ikke er en artikel her eller i samme import."
                    result.warn(Remark(line, "related_unknown", text))

    def _slug(self, name: str) -> str:
        if _PAGE.search(name):
            path = PurePosixPath(unquote(name).partition("?")[0].partition("#")[0])
            name = path.stem if path.suffix.lower() in (".md", ".markdown", ".html", ".htm") else path.name
        slug = slugify_da(name)[:120]
        if slug in self._coming or " " not in name:
            return slug
        return self._by_title.get(normalise(name)) or slugify_da(short_name(name))[:120]

    @cached_property
    def _coming(self) -> frozenset[str]:
        return frozenset(slugify_da(PurePosixPath(source.name).stem) for source in self._sources)

    @cached_property
    def _by_title(self) -> dict[str, str]:
        """Titles and short names, normalised → slug. Reads every file once, and only when a title was named."""
        titles: dict[str, str] = {}
        for slug, *names in Article.objects.values_list("slug", "title", "name"):
            titles |= {normalise(name): slug for name in names}
        for source in self._sources:
            try:
                title = frontmatter.read(text_of(source.read())).title
            except (SourceError, frontmatter.FrontmatterError):
                continue  # told when it is that file's turn
            slug = slugify_da(PurePosixPath(source.name).stem)
            titles |= {normalise(name): slug for name in (title, short_name(title)) if name}
        return titles

    def _stored_slugs(self) -> set[str]:
        named = {slug for _, _, slugs in self._named for slug in slugs}
        old = SlugHistory.objects.filter(kind=SlugHistory.Kind.ARTICLE, slug__in=named)
        return {
            *Article.objects.filter(slug__in=named).values_list("slug", flat=True),
            *old.values_list("slug", flat=True),
        }
