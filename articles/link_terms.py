"""Which words lead to which article: the managed list, made of what the articles are called and what editors decided.

The rules, with their reasons: docs/internal-links.md. A page remembers the `version` of the list that it was linked
with, so a page that was made with another one is known to be stale, whatever has changed and wherever.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from django.db.models import Count, Max

from articles.inflection import same_word
from articles.models import Article, LinkTerm
from articles.phrases import Matcher, Term, words_of
from clinics.models import Condition, Place, SlugHistory
from clinics.text import fold, typos_between

DATA = Path(__file__).resolve().parent / "data"
RULES = 3  # raised when a rule changes: every page is then linked anew

# Who says it, the strongest first: in the same words an editor beats a name, and a name a synonym.
EDITOR, NAME, CONDITION, SYNONYM = range(4)

# Why a phrase leads nowhere.
NEVER, NOT_PUBLIC, NO_ARTICLE, AMBIGUOUS = "never", "not_public", "no_article", "ambiguous"
PLACE, SHORT, ORDINARY, MISSPELT = "place", "short", "ordinary", "misspelt"
REASONS = {
    NEVER: "en redaktør har bestemt, at ordet aldrig bliver et link",
    NOT_PUBLIC: "artiklen er ikke udgivet",
    NO_ARTICLE: "der er ingen udgivet artikel om tilstanden",
    AMBIGUOUS: "flere artikler gør krav på ordet",
    PLACE: "ordet er også navnet på et sted",
    SHORT: "ordet er for kort",
    ORDINARY: "ordet er for almindeligt",
    MISSPELT: "ordet er en stavefejl",
}

SHORTEST_NAME, SHORTEST_SYNONYM, SHORTEST_ABBREVIATION = 3, 5, 3  # letters
WORDS_TOO_ORDINARY = frozenset(
    line for line in (DATA / "words_too_ordinary.txt").read_text(encoding="utf-8").split("\n") if line[:1].isalpha()
)
# Letters that Danish writes both ways: “claudicatio” and “klaudikatio” are two spellings, “blotprop” is a mistake.
_SPELLINGS = (("ch", "k"), ("kh", "k"), ("c", "k"), ("ph", "f"), ("th", "t"), ("x", "ks"), ("z", "s"), ("w", "v"))

_held: ContextVar["TermList | None"] = ContextVar("held_term_list", default=None)


class _ArticleRow(NamedTuple):
    pk: int
    slug: str
    name: str
    condition: int | None


class _ConditionRow(NamedTuple):
    pk: int
    name: str
    synonyms: tuple[str, ...]
    merged_into: int | None


class _Rows(NamedTuple):
    """Everything that the list is made of, as it stands in the database."""

    articles: tuple[_ArticleRow, ...]  # those that everybody may read
    conditions: tuple[_ConditionRow, ...]
    decided: tuple[tuple[str, int | None], ...]  # phrase, key of the article
    old_slugs: tuple[tuple[str, int], ...]
    places: tuple[int, int | None]


class Claim(NamedTuple):
    """That somebody says: this phrase means that article. `slug` is empty and `why` a key of REASONS when it may not."""

    phrase: str
    level: int
    slug: str = ""
    why: str = ""
    vague: bool = False


@dataclass(frozen=True)
class TermList:
    """The words that lead to articles, and the addresses that a written link may have."""

    version: str
    terms: tuple[Term, ...]
    addresses: dict[str, str]  # present and old address → present address, of what everybody may read
    places: frozenset[str] = frozenset()  # folded names

    @cached_property
    def matcher(self) -> Matcher:
        return Matcher(self.terms, never=self.places)


def current() -> TermList:
    """The list as it is now, or the one that is held. A handful of small queries; made anew only when rows changed."""
    return _held.get() or _build(_read())


def is_held() -> bool:
    return _held.get() is not None


@contextmanager
def held() -> Iterator[None]:
    """Read the list once, for work on many articles; pages made meanwhile are stale if it changes."""
    token = _held.set(current())
    try:
        yield
    finally:
        _held.reset(token)


def phrases_of(articles: Iterable[Article]) -> list[str]:
    """Every word that may lead to one of these articles, whether it does so now or not."""
    phrases: list[str] = []
    for article in articles:
        phrases += [article.name, *article.link_terms.values_list("phrase", flat=True)]
        if article.condition:
            phrases += [article.condition.name, *article.condition.synonyms]
    return list(dict.fromkeys(filter(None, phrases)))


def is_place(phrase: str) -> bool:
    """Whether it is the name of a place: such words never become links, so that no town does."""
    return fold(phrase) in _place_names(_places())


def _read() -> _Rows:
    articles = Article.objects.published().order_by("pk").values_list("pk", "slug", "name", "condition_id")
    conditions = Condition.objects.order_by("pk").values_list("pk", "name", "synonyms", "merged_into_id")
    old = SlugHistory.objects.filter(kind=SlugHistory.Kind.ARTICLE)
    return _Rows(
        tuple(_ArticleRow(*row) for row in articles),
        tuple(_ConditionRow(pk, name, tuple(synonyms), merged) for pk, name, synonyms, merged in conditions),
        tuple(LinkTerm.objects.order_by("pk").values_list("phrase", "article_id")),
        tuple(old.order_by("pk").values_list("slug", "object_id")),
        _places(),
    )


def _places() -> tuple[int, int | None]:
    """Changes whenever places are loaded; the names themselves are read once per process and state."""
    return tuple(Place.objects.aggregate(Count("pk"), Max("pk")).values())


@lru_cache(maxsize=1)
def _place_names(state: tuple[int, int | None]) -> frozenset[str]:
    return frozenset(key for keys in Place.objects.values_list("keys", flat=True) for key in keys)


@lru_cache(maxsize=2)
def _build(rows: _Rows) -> TermList:
    version = hashlib.sha256(repr((RULES, rows)).encode()).hexdigest()[:16]
    claims: dict[tuple[str, ...], list[Claim]] = {}
    for claim in _claims(rows):
        if words := words_of(claim.phrase):
            claims.setdefault(words, []).append(claim)
    places = _place_names(rows.places)
    slugs = {row.pk: row.slug for row in rows.articles}
    addresses = {slug: slugs[pk] for slug, pk in rows.old_slugs if pk in slugs}
    addresses |= {slug: slug for slug in slugs.values()}
    terms = tuple(_decide(words, claims[words], places) for words in sorted(claims))
    return TermList(version, terms, addresses, places)


def _claims(rows: _Rows) -> Iterator[Claim]:
    slugs = {row.pk: row.slug for row in rows.articles}
    for phrase, pk in rows.decided:
        slug = slugs.get(pk or 0, "")
        yield Claim(phrase, EDITOR, slug, "" if slug else NOT_PUBLIC if pk else NEVER)
    for article in rows.articles:
        yield Claim(article.name, NAME, article.slug, _too_little(article.name, SHORTEST_NAME))
    by_pk = {row.pk: row for row in rows.conditions}
    about: dict[int, list[str]] = {}
    for article in rows.articles:
        if article.condition in by_pk:
            about.setdefault(_kept(by_pk[article.condition], by_pk).pk, []).append(article.slug)
    for condition in rows.conditions:
        kept = _kept(condition, by_pk)
        for slug in about.get(kept.pk, [""]):
            yield from _claims_of(condition, kept, slug)


def _claims_of(condition: _ConditionRow, kept: _ConditionRow, slug: str) -> Iterator[Claim]:
    """The words of a condition. What was merged into another lends it its name as one more synonym."""
    level = CONDITION if condition is kept else SYNONYM
    yield Claim(condition.name, level, slug, _too_little(condition.name, SHORTEST_NAME) or ("" if slug else NO_ARTICLE))
    single = [condition.name.casefold()]
    somewhere = len(words_of(kept.name)) > 1
    for synonym in condition.synonyms:
        # In capitals it is found in capitals only: “DVT” says as much as the name.
        shortest = SHORTEST_ABBREVIATION if synonym.isupper() else SHORTEST_SYNONYM
        why = _too_little(synonym, shortest) or _unfit(synonym.casefold(), single)
        single.append(synonym.casefold())
        vague = somewhere and len(words_of(synonym)) == 1
        yield Claim(synonym, SYNONYM, slug, why or ("" if slug else NO_ARTICLE), vague)


def _kept(row: _ConditionRow, by_pk: dict[int, _ConditionRow]) -> _ConditionRow:
    seen = {row.pk}
    while row.merged_into in by_pk and row.merged_into not in seen:
        row = by_pk[row.merged_into]
        seen.add(row.pk)
    return row


def _too_little(phrase: str, letters: int) -> str:
    return SHORT if sum(map(str.isalpha, phrase)) < letters else ""


def _unfit(word: str, others: list[str]) -> str:
    """Why a synonym leads nowhere by itself. `others`: the words of its condition that stand before it."""
    if word in WORDS_TOO_ORDINARY:
        return ORDINARY
    if not word.isalpha():
        return ""
    return MISSPELT if any(_misspells(word, other) for other in others if other.isalpha()) else ""


def _misspells(word: str, other: str) -> bool:
    """One letter beside a word for the same that stands first, and neither a form of it nor its other spelling."""
    near = typos_between(word, other, 1) == 1
    if word.startswith(other) or other.startswith(word):  # “vindueskiggeri” beside “vindueskigger”
        return False
    return near and not same_word(word, other) and _respelt(word) != _respelt(other)


def _respelt(word: str) -> str:
    for written, also in _SPELLINGS:
        word = word.replace(written, also)
    return word


def _decide(words: tuple[str, ...], claims: list[Claim], places: frozenset[str]) -> Term:
    """One phrase, one answer: the strongest claim counts, and where two of the same strength disagree nobody's."""
    level = min(claim.level for claim in claims)
    strongest = [claim for claim in claims if claim.level == level]
    slugs = sorted({claim.slug for claim in strongest})
    first = strongest[0]
    if fold(first.phrase) in places:
        why = PLACE
    elif len(slugs) > 1:
        why = AMBIGUOUS
    else:
        why = first.why
    meant = tuple(filter(None, slugs)) if why else ()
    vague = all(claim.vague for claim in strongest)
    return Term(first.phrase, words, "" if why else slugs[0], level, why, meant, vague)
