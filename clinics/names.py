"""Search by name: from what a visitor wrote to the clinics and the people that are called so.

Every word must begin a word of the name, in any order and any Danish spelling (`clinics.models.name_key`). Words that
half of all clinics have in their name ("fysioterapi", "klinik") may be left out or added. Only what the public may see is
found. One statement, served by an index of words; a guess at a typo takes one more, and an index of trigrams.
Measurements: docs/people.md.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchQuery, TrigramWordDistance
from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse

from .geo import Point
from .models import Clinic, Practitioner
from .models.name_key import NameKey, name_key
from .name_rows import MOST, NEAREST, SHORTEST, NameRow, name_rows
from .people import anchor, role
from .place_words import known
from .reviews.words import rating
from .text import folds, normalise, typos_allowed, typos_between
from .together import Rows, read_together

SHOWN = MOST - 1  # of clinics, and of people
MOST_CHARACTERS = 100
MOST_WORDS = 6  # who writes more tells what is wrong; no name is looked for
ALONE = 4  # letters from which a word that stands alone may be the beginning of one: "ben" is not Benjamin
BEGUN = 3  # letters from which names are looked for while somebody types
ALIKE = 0.33  # word similarity of pg_trgm: two letters swapped amid a word of seven leave 4 of 12 trigrams
CANDIDATES = 50

# Words that say what a clinic is and not which.
COMMON = frozenset(
    name_key(
        "fysioterapi fysioterapien fysioterapeut fysioterapeuten fysioterapeuter fysioterapeuterne fys fysio klinik klinikken"
        " klinikker center centeret centret for hos i og på til ved v der hedder behandler behandleren træning"
    ).split()
)


@dataclass(frozen=True)
class NamedHit:
    """A clinic, or a person (then `clinic` and `role` are set). `place` is its address; `path` its address with anchor;
    `rating` a clinic's own, in words."""

    name: str
    slug: str
    place: str
    is_example: bool
    clinic: str = ""
    role: str = ""
    anchor: str = ""
    rating: str = ""

    def url(self, query: dict[str, Any] | None = None) -> str:
        """Its address, with what travels along."""
        parameters = f"?{urlencode(query, doseq=True)}" if query else ""
        return f"{reverse('clinics:profile', args=[self.slug])}{parameters}{f'#{self.anchor}' if self.anchor else ''}"


@dataclass(frozen=True)
class Named:
    """Who is called so. `only`: the one that is certainly meant. `exact`: the text is all of a name, be it of several.
    `more`: there are others than those shown.

    `suggestion`: the name that may have been meant where nobody is called so, to be asked and never used by itself.
    """

    clinics: tuple[NamedHit, ...] = ()
    people: tuple[NamedHit, ...] = ()
    only: NamedHit | None = None
    exact: bool = False
    more: bool = False
    suggestion: str = ""

    def __bool__(self) -> bool:
        return bool(self.clinics or self.people)


def find_named(text: str, *, near: Point | None = None) -> Named:
    """Never raises. `near`: of those that the text fits as well, the nearest first: a chain has one in many towns."""
    search = NameSearch(text, near)
    named = search.named(read_together(*search.queries))
    return named or replace(named, suggestion=nearly_named(text))


class NameSearch:
    """The same in two steps, for who reads other things in the same statement (`clinics.together`).

    `queries` are none for a text that cannot be a name; `named` makes of their rows what was found, without a suggestion.
    `whole`: only those whose whole name the text is, for a text that already means something else.
    """

    def __init__(self, text: str, near: Point | None = None, *, whole: bool = False) -> None:
        self._asked = _Asked(text)
        self._near = near
        self._whole = whole
        self.queries = _queries(self._asked, near, whole=whole) if self._asked.can_be_a_name else []

    def named(self, rows: Iterable[Rows]) -> Named:
        asked = self._asked
        clinics, people, more = _found(asked, self._near, rows)
        complete = [hit for hit in (*clinics, *people) if asked.is_whole(hit.name)]
        if self._whole:
            clinics, people = ([hit for hit in hits if hit in complete] for hits in (clinics, people))
        return Named(tuple(clinics), tuple(people), _only(asked, complete, clinics, people), bool(complete), more)


def begun(text: str) -> list[NamedHit]:
    """Clinics, then people, whose name goes on from what is being typed; one statement.

    None, and nothing for what is too short or only says what a clinic is: "fysi" begins half the directory.
    """
    asked = _Asked(text)
    telling = [word for word in asked.telling if not any(common.startswith(word) for common in COMMON)]
    if not asked.can_be_a_name or not any(len(word) >= BEGUN for word in telling):
        return []
    clinics, people, _ = _found(asked, None, read_together(*_queries(asked, None)))
    return [*clinics, *people]


def nearly_named(text: str) -> str:
    """The name that the text is nearly, by the rules of `clinics.text`; "" for no guess. One statement at most."""
    asked = _Asked(text)
    looked_for = [word for word in asked.telling if not _is_nearly_common(word)]
    if not asked.can_be_a_name or not any(map(typos_allowed, looked_for)):
        return ""
    near = _alike(Clinic.objects.published(), looked_for)
    if len(looked_for) > 1:  # a first name alone is everybody's
        near = near.union(
            _alike(Practitioner.objects.filter(clinic__in=Clinic.objects.published()), looked_for), all=True
        )
    sql, parameters = near.query.sql_with_params()
    with connection.cursor() as cursor:
        # Sent together they are one transaction, and the limit is set in that alone: PostgreSQL's own, 0.6, misses every word
        # with two letters swapped.
        limit = "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)"
        cursor.execute(f"{limit}; {sql}", [str(ALIKE), *parameters])
        cursor.nextset()
        names = [name for name, _ in cursor.fetchall()]
    guesses = [(typos, len(name), name) for name in names if (typos := _typos(looked_for, name)) is not None]
    return min(guesses)[2] if guesses else ""


class _Asked:
    """What was written, as words of names."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.key = name_key(text[: MOST_CHARACTERS + 1].replace("\0", " "))
        self.words = self.key.split()

    @property
    def can_be_a_name(self) -> bool:
        return (
            len(self.text) <= MOST_CHARACTERS
            and 0 < len(self.words) <= MOST_WORDS
            and any(len(word) > 1 for word in self.words)
        )

    @cached_property
    def telling(self) -> list[str]:
        """The words that tell one clinic from another."""
        return [word for word in self.words if word not in COMMON]

    @property
    def telling_as_written(self) -> str:
        """The same words in the visitor's own spelling."""
        return " ".join(word for word in normalise(self.text).split() if name_key(word) not in COMMON)

    def is_whole(self, name: str) -> bool:
        """Whether the text is all of the name: said as it is, or with the words for what it is before or after."""
        key = " ".join(name_key(name).split())
        return key in (self.key, " ".join(self.telling))

    def says_words_of(self, name: str) -> bool:
        """Whether every telling word is a word of the name and not only the beginning of one."""
        return set(self.telling) <= set(name_key(name).split())

    def fit(self, name: str) -> int:
        """0: the text is all of the name. 1: its words are words of the name. 2: one of them only begins a word."""
        return 0 if self.is_whole(name) else 1 if self.says_words_of(name) else 2

    def query(self, words: list[str], *, begun: bool = True) -> SearchQuery:
        """All the words, each as the beginning of one; but not a common one, which would be half the directory to read.

        `begun=False`: each as a whole word.
        """
        whole = COMMON if begun and (len(words) > 1 or len(words[0]) >= ALONE) else words
        # Letters and figures only, so that nothing in them can end the quotation.
        parts = (f"'{word}'" if word in whole else f"'{word}':*" for word in words)
        return SearchQuery(" & ".join(parts), config="simple", search_type="raw")


def _queries(asked: _Asked, near: Point | None, *, whole: bool = False) -> list[QuerySet[Any, Any]]:
    return list(_nearest(asked, near, whole=whole) if near and asked.telling else _shortest(asked, near))


def _found(asked: _Asked, near: Point | None, read: Iterable[Rows]) -> tuple[list[NamedHit], list[NamedHit], bool]:
    """Clinics and people, those first whom the text fits best; of these the nearest, or without a point the shortest name: it
    has the least beside what was written. Whether there are more."""
    found = sorted(NameRow(*row) for rows in read for row in rows)
    rows = sorted(found, key=lambda row: (asked.fit(row.name), row.away)) if near else found
    hits = {(row.is_person, row.pk): _hit(row) for row in rows}
    of = [[hit for (person, _), hit in hits.items() if person is wanted] for wanted in (False, True)]
    if not asked.telling:  # every second clinic: only one that is called just that
        of = [[hit for hit in some if asked.is_whole(hit.name)] for some in of]
    return of[0][:SHOWN], of[1][:SHOWN], any(len(some) > SHOWN for some in of)


def _shortest(asked: _Asked, near: Point | None) -> Iterator[QuerySet[Any, Any]]:
    """The shortest names with all the words, then with the telling ones."""
    sets = [asked.words] if asked.telling in ([], asked.words) else [asked.words, asked.telling]
    for number, words in enumerate(sets):
        yield from name_rows(asked.query(words), number, near, SHORTEST)


def _nearest(asked: _Asked, near: Point, *, whole: bool) -> Iterator[QuerySet[Any, Any]]:
    """The nearest of each fit. An index finds them: to ask every Mette how well the text fits her takes ten times as long."""
    for words in [asked.words] if asked.words == asked.telling else [asked.words, asked.telling]:
        # All of a name is the shortest with these words.
        yield from name_rows(asked.query(words, begun=False), 1, near, SHORTEST)
    if not whole:
        yield from name_rows(asked.query(asked.telling, begun=False), 2, near, NEAREST)
        yield from name_rows(asked.query(asked.telling), 3, near, NEAREST)


def _hit(row: NameRow) -> NamedHit:
    place = ", ".join(filter(None, [row.street, f"{row.postcode} {row.town}"]))
    if not row.is_person:
        return NamedHit(row.name, row.slug, place, row.is_example, rating=rating(row.average, row.reviews or 0))
    return NamedHit(row.name, row.slug, place, row.is_example, row.clinic, role(row.work, row.post), anchor(row.pk))


def _only(asked: _Asked, complete: list[NamedHit], clinics: list[NamedHit], people: list[NamedHit]) -> NamedHit | None:
    """The one that is certainly meant: the only one of that whole name, or the only one at all with all these words.

    A single word is not enough for that, nor a town: "fysioterapeut Ballerup" asks for more than Ballerup Fysioterapi.
    """
    if complete:
        return complete[0] if len(complete) == 1 else None
    hits = [*clinics, *people]
    if len(hits) != 1 or len(asked.words) < 2 or not asked.says_words_of(hits[0].name):
        return None
    return hits[0] if people or not _is_a_place(asked.telling_as_written) else None


def _is_a_place(text: str) -> bool:
    return not known().keys.isdisjoint(folds(text))


def _alike(rows: QuerySet[Any], words: list[str]) -> QuerySet[Any, Any]:
    """The names in which each of the words is nearly, the likest first."""
    near = [Q(key__trigram_word_similar=word) for word in words]
    return (
        rows.annotate(key=NameKey("name"))
        .filter(*near)
        .annotate(far=TrigramWordDistance(" ".join(words), "key"))
        .order_by("far", "name")
        .values_list("name", "far")[:CANDIDATES]
    )


def _typos(words: list[str], name: str) -> int | None:
    """How many letters are wrong in the words, each against the word of the name that it is nearest; None for too many."""
    known, typos = name_key(name).split(), 0
    for word in words:
        most = typos_allowed(word)
        fewest = min((typos_between(word, one, most) for one in known), default=most + 1)
        if fewest > most:
            return None
        typos += fewest
    return typos


def _is_nearly_common(word: str) -> bool:
    """Misspelt, they would be looked for in every second name."""
    most = typos_allowed(word)
    return bool(most) and any(typos_between(word, common, most) <= most for common in COMMON if len(common) > 3)
