"""From words to articles: one rule for the search in the A–Å and for words in the clinic search that name nothing.

Names and synonyms come from the vocabulary, so that "DVT" also finds what is written about "blodprop". A guess at a typo
is offered and never used by itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.contrib.postgres.search import TrigramWordSimilarity as Similarity
from django.db.models import Case, Count, F, Q, RowRange, When, Window
from django.db.models.functions import Greatest, RowNumber
from django.db.models.signals import post_delete, post_save
from django.urls import reverse
from django.utils.safestring import SafeString

from articles.excerpts import MOST_TELLING, Excerpt
from articles.inflection import forms, same_word
from articles.models import Article
from clinics.care import danger_flags
from clinics.models import Condition, RedFlag
from clinics.remembered import Remembered
from clinics.spelling import is_slip, suggestion
from clinics.text import fold, normalise, typos_allowed, typos_between
from clinics.vocabulary import Resolution, every_name, resolve

PAGE_SIZE = 10
MOST_PAGES = 1000
MOST_CHARACTERS = 200
MOST_WORDS = 12
ALIKE = 5
SEVERAL = 3
VOWELS = "aeiouyæøå"
# Words with a short stem that PostgreSQL leaves out of texts and queries (danish.stop): nothing that begins with them is meant.
_STOP_WORDS = (
    "ikke hans eller alle kunne være noget ville deres efter denne dette under have anden mine meget sine disse været"
)
_LEFT_OUT = frozenset(_STOP_WORDS.split())

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
    query: SearchQuery


def find_articles(
    text: str,
    *,
    page: int = 1,
    size: int = PAGE_SIZE,
    resolution: Resolution | None = None,
    flags: Sequence[RedFlag] | None = None,
) -> Finding:
    """The articles that the text asks for. Four queries at most when something is found, two more to look for a typo.

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
    hits, total, shown = found.rows(and_, page, size)
    some_words = not total and len(groups) > 1
    if some_words:
        hits, total, shown = found.rows(or_, page, size)
    unsure = not resolution.exact and (some_words or not total)
    guess = ""
    if unsure:
        guess = suggestion(text, _names())
    elif not (resolution.exact or resolution.heard):
        guess = _nearly(words)
    alike = [] if total else _alike(text)
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
        query = reduce(or_, [*map(_word, single), *map(_phrase, longer)], reduce(and_, map(_word, typed)))
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
    in_title = reduce(and_, (_word(word, "A") for word in words))
    return Case(
        When(search_vector=in_title, then=TITLE),
        When(search_vector=_phrase(" ".join(words)), then=TOGETHER),
        default=SCATTERED,
    )


def _word(word: str, weight: str = "") -> SearchQuery:
    """The word in any form, also if it was typed without æ, ø and å; with "A" in the title only."""
    spellings = sorted({word, word.replace("ae", "æ").replace("oe", "ø").replace("aa", "å")})
    stems, as_typed = [], []
    for spelling in spellings:
        # Of a word with a short stem ("benet") only as it was typed: "ben" begins "benytter" too.
        short = begins(spelling) and _has_short_stem(spelling)
        # And of a slip ("lænen") not the stem either, which is that of another word ("læn dig frem").
        if not (short and is_slip(spelling, _names(), forms(spelling[:3]))):
            stems.append(f"{spelling}:{'*' * (begins(spelling) and not short)}{weight}".rstrip(":"))
        if short:
            as_typed.append(f"{spelling.removesuffix('n').removesuffix('t')}:*{weight}")
    queries = (
        SearchQuery(" | ".join(some), config=config, search_type="raw")
        for some, config in ((stems, "danish"), (as_typed, "simple"))
        if some
    )
    return reduce(or_, queries)


def _has_short_stem(word: str) -> bool:
    return len(word) > 3 and word[2] not in VOWELS and word not in _LEFT_OUT and word in forms(word[:3])


def begins(word: str) -> bool:
    """Whether it is looked for as the beginning of longer words too. Not a short one: "læg" would find every "lægehus".

    But one on a vowel: to PostgreSQL "knæet" is no form of "knæ".
    """
    return len(word) > 3 or (len(word) == 3 and word[-1] in VOWELS)


def _phrase(name: str) -> SearchQuery:
    return SearchQuery(name, config="danish", search_type="phrase")


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

    def rows(self, together: Any, page: int, size: int) -> tuple[list[Hit], int, int]:
        """One page of hits, how many there are in all, and which page it is: the last one when there are not so many."""
        hits, total = self._page(together, page, size)
        if hits or page == 1:
            return hits, total, page
        _, total = self._page(together, 1, size)
        last = max(1, -(-total // size))
        return *self._page(together, last, size), last

    def _page(self, together: Any, page: int, size: int) -> tuple[list[Hit], int]:
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
        rows = (
            Article.objects.published()
            .filter(Q(search_vector=query) | Q(condition__in=[*named, *self.about]))
            .annotate(rank=SearchRank(F("search_vector"), rank_by, weights=WEIGHTS), place=place, total=total)
            # OFFSET alone would have the excerpts of all pages before this one made too.
            .annotate(excerpt=Case(When(place__gt=begin, then=shown.expression(reduce(or_, map(_word, self.shown))))))
            .order_by(*order)
            .values("slug", "title", "description", "excerpt", "total")
        )
        found = list(rows[begin : begin + size])
        hits = [Hit(row["slug"], row["title"], shown.html(row["excerpt"], row["description"])) for row in found]
        return hits, found[0]["total"] if found else 0

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


def conditions_about(flags: Sequence[RedFlag]) -> list[int]:
    """Keys of the conditions that are about these flags: named as their kind, or with several of that kind, half of all theirs.

    Every condition of the leg warns of a blood clot; only those of a blood clot are about it.
    """
    if not flags:
        return []
    groups = list(dict.fromkeys(flag.group for flag in flags))
    named = [condition.pk for condition in resolve(", ".join(groups)).conditions]
    warning = Condition.objects.annotate(
        alike=Count("red_flags", filter=Q(red_flags__group__in=groups)), every=Count("red_flags")
    ).filter(alike__gte=Greatest(SEVERAL, F("every") / 2.0))
    return list(dict.fromkeys([*named, *warning.order_by("-alike", "pk").values_list("pk", flat=True)]))


def _titles() -> tuple[tuple[str, str], ...]:
    """The published articles' own titles, each with the name of its article."""
    named = Article.objects.published().order_by("pk").values_list("title", "name")
    return tuple(named)


titles = Remembered(_titles)
forget = titles.forget
for signal in (post_save, post_delete):
    signal.connect(forget, sender=Article)


def _names() -> Iterable[tuple[str, str]]:
    """What a typo may be nearly: all names and synonyms, and the articles' own titles."""
    return (*every_name(), *titles())


def _nearly(words: list[str]) -> str:
    """The name that is one letter off, for words that some text has but no name: “ischiass” begins “ischiassmerter”."""
    typed = fold(" ".join(words))
    if not typos_allowed(typed):
        return ""
    phrases = [(fold(phrase), name) for phrase, name in _names()]
    near = [(phrase, name) for phrase, name in phrases if typos_between(typed, phrase, 1) <= 1]
    if not near:
        return ""
    known = {word for phrase, _ in phrases for word in phrase.split()}
    if all(any(same_word(word, other) for other in known) for word in typed.split()):
        return ""
    return near[0][1]


def _alike(text: str) -> list[Hit]:
    """Articles whose name is a little like the text."""
    rows = (
        Article.objects.published()
        .annotate(likeness=Similarity(text, "name"))
        .filter(likeness__gt=0.4)
        .order_by("-likeness", "sort_name", "pk")
        .values("slug", "title")
    )
    return [Hit(row["slug"], row["title"], SafeString()) for row in rows[:ALIKE]]
