"""From words to articles: one rule for the search in the A–Å and for words in the clinic search that name nothing.

Names and synonyms come from the vocabulary, so that "DVT" also finds what is written about "blodprop". A guess at a typo
is offered and never used by itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from itertools import chain
from operator import and_, or_
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchRank
from django.contrib.postgres.search import TrigramWordSimilarity as Similarity
from django.db.models import Case, Count, Exists, F, Q, QuerySet, RowRange, When, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.safestring import SafeString

from articles.about_dangers import conditions_about
from articles.excerpts import MOST_TELLING, Excerpt
from articles.inflection import same_word
from articles.models import Article
from articles.word_queries import WordQuery, begins, known_names, phrase_query, word_query
from clinics.care import danger_flags
from clinics.models import RedFlag
from clinics.spelling import suggestion
from clinics.text import fold, normalise, typos_allowed, typos_between
from clinics.together import read_together
from clinics.vocabulary import Resolution, resolve

PAGE_SIZE = 10
MOST_PAGES = 1000
MOST_CHARACTERS = 200
MOST_WORDS = 12
ALIKE = 5

# Why an article is in the list: the text names what it is about, or its words were found. Before both, with a number below
# zero: what is about a danger that the text speaks of.
NAMED, FOUND = 0, 1
# What a word weighs in the text (C), the description (B) and the title (A). One in the title outweighs any number in the text.
WEIGHTS = [0.01, 0.02, 0.1, 1.0]
# Of several words: all in the title, one after the other as they were typed, scattered.
TITLE, TOGETHER, SCATTERED = range(3)

TOO_LONG = "Teksten er for lang. Skriv det kortere, fx “ondt i knæet”."
NO_WORDS = "Skriv, hvad der gør ondt, fx “iskias” eller “ondt i knæet”."


@dataclass(frozen=True)
class Hit:
    """One article; `excerpt` is safe HTML in which only `<mark>` is a tag."""

    slug: str
    title: str
    excerpt: SafeString

    @property
    def url(self) -> str:
        return reverse("articles:detail", args=[self.slug])


@dataclass(frozen=True)
class Finding:
    """What a text gave. `problem` is a sentence for the reader when it could not be searched for.

    `some_words`: no article has all the words, these have some. `suggestion`: what may have been meant, to be asked.
    `alike`: articles with a similar name, only when nothing was found.
    """

    text: str
    problem: str = ""
    resolution: Resolution = field(default_factory=Resolution)
    flags: Sequence[RedFlag] = ()
    hits: Sequence[Hit] = ()
    total: int = 0
    page: int = 1
    size: int = PAGE_SIZE
    some_words: bool = False
    suggestion: str = ""
    alike: Sequence[Hit] = ()

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


class _Group(NamedTuple):
    """One thing that is asked for: as it was typed, and the query for its words or another name of it."""

    typed: str
    query: WordQuery


def find_articles(
    text: str,
    *,
    page: int = 1,
    size: int = PAGE_SIZE,
    resolution: Resolution | None = None,
    flags: Sequence[RedFlag] | None = None,
) -> Finding:
    """The articles that the text asks for. One query while the names and titles are remembered, two when no article has all
    its words, two more for a page that is past the last.

    Words of danger are heard in any text, also in one that is too long to be searched for. `resolution` and `flags`: what
    the text has already been found to mean and to warn of.
    """
    text = " ".join(text.replace("\0", " ").split())
    flags = danger_flags(text) if flags is None else flags
    if len(text) > MOST_CHARACTERS:
        return Finding(text[:MOST_CHARACTERS], TOO_LONG, flags=flags)
    words = normalise(text).split()[:MOST_WORDS]
    if not words:
        return Finding(text, NO_WORDS, flags=flags)
    resolution = resolve(text) if resolution is None else resolution
    groups = _groups(words, resolution)
    page = min(max(page, 1), MOST_PAGES)
    found = _Search(words, groups, _shown(words, resolution), resolution, conditions_about(flags))
    several = len(groups) > 1
    hits, total, shown, alike = found.rows(and_, page, size, alike="" if several else text)
    some_words = not total and several
    if some_words:
        hits, total, shown, alike = found.rows(or_, page, size, alike=text)
    unsure = not resolution.exact and (some_words or not total)
    guess = ""
    if unsure:
        guess = suggestion(text, known_names())
    elif not (resolution.exact or resolution.heard):
        guess = _nearly(words)
    return Finding(text, "", resolution, flags, hits, total, shown, size, some_words and bool(total), guess, alike)


def _groups(words: list[str], resolution: Resolution) -> list[_Group]:
    """What must be in the text."""
    groups: list[_Group] = []
    number = 0
    heard = {phrase.start: phrase for phrase in resolution.heard if phrase.start + phrase.size <= len(words)}
    while number < len(words):
        phrase = heard.get(number)
        typed = words[number : number + (phrase.size if phrase else 1)]
        single, longer = _other_names(typed, phrase.names) if phrase else ([], [])
        query = reduce(
            or_, [*map(word_query, single), *map(phrase_query, longer)], reduce(and_, map(word_query, typed))
        )
        groups.append(_Group(" ".join(typed), query))
        number += len(typed)
    return groups


def _other_names(typed: list[str], names: Iterable[str]) -> tuple[list[str], list[str]]:
    """The names of one word, and the longer ones; without those in which a word begins as one that is looked for anyway."""
    single, longer = (typed if len(typed) == 1 else []), []
    for name in sorted(map(normalise, names), key=lambda name: (name.count(" "), len(name))):
        known = tuple(word for word in single if begins(word))
        if name in single or any(word.startswith(known) for word in name.split()):
            continue
        if " " in name:
            longer.append(name)
        elif name:
            single = [*single, name]
    return [name for name in single if name not in typed], longer


def _how(words: list[str]) -> Case:
    """How the words stand in an article."""
    in_title = reduce(and_, (word_query(word, "A") for word in words))
    return Case(
        When(search_vector=in_title, then=TITLE),
        When(search_vector=phrase_query(" ".join(words)), then=TOGETHER),
        default=SCATTERED,
    )


def _shown(words: list[str], resolution: Resolution) -> list[str]:
    """What an excerpt shows and marks: the words as typed, the longest first, and other names that are one word."""
    typed = sorted(words, key=len, reverse=True)
    names = (name for phrase in resolution.heard for name in _other_names(words, phrase.names)[0])
    return list(dict.fromkeys([*typed, *names]))[: MOST_WORDS + 4]


@dataclass(frozen=True)
class _Search:
    words: list[str]
    groups: list[_Group]
    shown: list[str]
    resolution: Resolution
    about: list[int]

    def rows(self, together: Any, page: int, size: int, *, alike: str = "") -> tuple[list[Hit], int, int, list[Hit]]:
        """One page of hits, how many there are in all, and which page it is: the last one when there are not so many.

        And articles whose name is a little like the text `alike` when there are none.
        """
        hits, total, others = self._page(together, page, size, alike)
        if hits or page == 1:
            return hits, total, page, others
        _, total, others = self._page(together, 1, size, alike)
        last = max(1, -(-total // size))
        return *self._page(together, last, size, "")[:2], last, others

    def _page(self, together: Any, page: int, size: int, alike: str) -> tuple[list[Hit], int, list[Hit]]:
        """In one query, which takes as long for any page: the excerpts are made of its rows only."""
        query = reduce(together, (group.query for group in self.groups))
        telling = sorted(self.groups, key=lambda group: len(group.typed), reverse=True)[:MOST_TELLING]
        named = [condition.pk for condition in self.resolution.conditions]
        shown = Excerpt(self.shown)
        order = [*(self._first(named) if together is and_ else ()), "-rank", "sort_name", "pk"]
        begin = (page - 1) * size
        # Both in the order of the page, so that of what is counted no more is kept than what it is sorted by.
        place, total = (Window(count, order_by=order, frame=RowRange()) for count in (RowNumber(), Count("*")))
        rank_by = reduce(together, (group.query for group in telling))
        matching = Article.objects.published().filter(Q(search_vector=query) | Q(condition__in=[*named, *self.about]))
        rows = (
            matching.annotate(rank=SearchRank(F("search_vector"), rank_by, weights=WEIGHTS), place=place, total=total)
            # OFFSET alone would have the excerpts of all pages before this one made too.
            .annotate(
                excerpt=Case(When(place__gt=begin, then=shown.expression(reduce(or_, map(word_query, self.shown)))))
            )
            .order_by(*order)
            .values_list("place", "slug", "title", "description", "excerpt", "total")[begin : begin + size]
        )
        found, *more = read_together(rows, *([_alike(alike, matching)] if alike else []))
        hits = [
            Hit(slug, title, shown.html(excerpt, otherwise)) for _, slug, title, otherwise, excerpt, _ in sorted(found)
        ]
        others = [Hit(slug, title, SafeString()) for _, slug, title in sorted(chain(*more))]
        return hits, found[0][-1] if found else 0, others

    def _first(self, named: list[int]) -> Iterator[Any]:
        """What comes before any rank. It is the same for all articles when none has all the words or is about them."""
        # A lone number in ORDER BY would be that of a column.
        if named or self.about:
            yield Case(
                *(When(condition_id=pk, then=number - len(self.about)) for number, pk in enumerate(self.about)),
                When(condition__in=named, then=NAMED),
                default=FOUND,
            ).asc()
        if len(self.words) > 1:
            yield _how(self.words).asc()


def _nearly(words: list[str]) -> str:
    """The name that is one letter off, for words that some text has but no name: “ischiass” begins “ischiassmerter”."""
    typed = fold(" ".join(words))
    if not typos_allowed(typed):
        return ""
    by_length, known = _folded(tuple(known_names()))
    lengths = (len(typed), len(typed) - 1, len(typed) + 1)
    near = [
        place_and_name
        for length in lengths
        for phrase, *place_and_name in by_length.get(length, ())
        if typos_between(typed, phrase, 1) <= 1
    ]
    if not near or all(any(same_word(word, other) for other in known) for word in typed.split()):
        return ""
    return str(min(near)[1])


@lru_cache(maxsize=2)
def _folded(names: tuple[tuple[str, str], ...]) -> tuple[dict[int, list[tuple[str, int, str]]], frozenset[str]]:
    """The phrases by how many letters they have, each with its place and what it means; and all their words."""
    by_length: dict[int, list[tuple[str, int, str]]] = {}
    for place, (written, name) in enumerate(names):
        phrase = fold(written)
        by_length.setdefault(len(phrase), []).append((phrase, place, name))
    return by_length, frozenset(word for some in by_length.values() for phrase, *_ in some for word in phrase.split())


def _alike(text: str, matching: QuerySet[Article]) -> QuerySet[Article, Any]:
    """The articles whose name is a little like the text, when none is matching: place, slug and title."""
    order = ["-likeness", "sort_name", "pk"]
    return (
        Article.objects.published()
        .annotate(likeness=Similarity(text, "name"))
        .filter(~Exists(matching), likeness__gt=0.4)
        .annotate(place=Window(RowNumber(), order_by=order))
        .order_by(*order)
        .values_list("place", "slug", "title")[:ALIKE]
    )
