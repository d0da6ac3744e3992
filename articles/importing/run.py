"""What one import knows beside the file it is at: what it was asked to do, and what it reads once for many files."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import OuterRef

from articles.importing.neighbours import Neighbours
from articles.models import Article, FlagSuggestion, SignOff
from articles.source_files import SourceFile
from clinics.match_rows import match_rows
from clinics.models import Condition, RedFlag, SlugHistory
from clinics.text import slugify_da

_AT_ONCE = 50  # articles in memory; one takes 60 kB


@dataclass(frozen=True)
class Options:
    """How an import is meant. `publish` also publishes drafts; `demo` marks our own examples; `tree` asks for the parts,
    `ahead` for a second process that reads what is new.
    """

    dry_run: bool = False
    publish: bool = False
    demo: bool = False
    tree: bool = False
    ahead: bool = False


class Run:
    def __init__(self, sources: Sequence[SourceFile], options: Options) -> None:
        self.options = options
        self.neighbours = Neighbours(sources)
        self._sources = sources
        self._slugs = [slugify_da(PurePosixPath(source.name).stem) for source in sources]
        self._read: dict[str, Article | None] = {}
        self._conditions: set[str] = set()
        self._position = 0

    @cached_property
    def acute_flags(self) -> list[RedFlag]:
        """The flags that somebody must act on at once."""
        urgencies = (RedFlag.Urgency.EMERGENCY, RedFlag.Urgency.DOCTOR_NOW)
        return list(RedFlag.objects.filter(kind=RedFlag.Kind.SEEK, urgency__in=urgencies))

    @cached_property
    def flag_texts(self) -> dict[str, str]:
        """Key → what the flag says: editors know its words and not its key."""
        return dict(RedFlag.objects.values_list("key", "text"))

    @cached_property
    def condition_names(self) -> set[str]:
        """What conditions are called, in capitals: those that there were, and those of the files that are in."""
        return {name.upper() for name in Condition.objects.values_list("name", flat=True)}

    def glance(self, slug: str) -> Article | None:
        """The article with that address, or one that it had before, as it was when its batch was read; not locked.

        Comes with `match_rows` of its condition, `pending`, the keys of the flags suggested for it, and `signed`, the
        fingerprints of the places that an editor let stand.
        """
        while slug not in self._read and self._position < len(self._slugs):
            batch = self._slugs[self._position : self._position + _AT_ONCE]
            self._position += _AT_ONCE
            self._read = dict.fromkeys(batch) | _articles(batch)
            self._conditions = set(Condition.objects.filter(slug__in=batch).values_list("slug", flat=True))
        return self._read.get(slug)

    def new_sources(self) -> list[SourceFile]:
        """The files whose address no article has now: what is left after this is read when it is their turn."""
        known = set(Article.objects.filter(slug__in=self._slugs).values_list("slug", flat=True))
        return [source for source, slug in zip(self._sources, self._slugs, strict=True) if slug not in known]

    def may_have_condition(self, slug: str) -> bool:
        """Whether there was a condition with the slug of one of the articles in the batch; of others nothing is known."""
        return slug in self._conditions or slug not in self._read


@contextmanager
def one_flush() -> Iterator[None]:
    """Each transaction inside is sure to be whole, but only the end waits until the disk has all of them.

    Until then nothing is reported. What a machine loses that loses its power before, the next import brings.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    try:
        yield
    finally:
        with (
            suppress(DatabaseError, InterfaceError),
            connection.cursor() as cursor,
        ):  # a lost connection has no settings
            cursor.execute("RESET synchronous_commit")
            cursor.execute("SELECT pg_current_xact_id()")  # a transaction with an id is one to wait for


def find_article(slug: str) -> Article | None:
    """The same article as it is now, locked until the transaction ends."""
    articles = Article.objects.select_for_update(of=("self",)).select_related("condition")
    return articles.filter(slug=slug).first() or articles.filter(pk__in=_moved([slug]).values()).first()


def _articles(slugs: list[str]) -> dict[str, Article]:
    pending = FlagSuggestion.objects.filter(article=OuterRef("pk"), state=FlagSuggestion.State.PENDING)
    signed = SignOff.objects.filter(article=OuterRef("pk"))
    articles = Article.objects.select_related("condition").annotate(
        match_rows=match_rows("condition_id"),
        pending=ArraySubquery(pending.order_by("flag__key").values("flag__key")),
        signed=ArraySubquery(signed.values("fingerprint")),
    )
    found = {article.slug: article for article in articles.filter(slug__in=slugs)}
    moved = _moved([slug for slug in slugs if slug not in found])
    elsewhere = articles.in_bulk(moved.values()) if moved else {}
    return found | {slug: elsewhere[pk] for slug, pk in moved.items() if pk in elsewhere}


def _moved(slugs: list[str]) -> dict[str, int]:
    """Old address → key of the article that had it."""
    old = SlugHistory.objects.filter(kind=SlugHistory.Kind.ARTICLE, slug__in=slugs)
    return dict(old.values_list("slug", "object_id"))
