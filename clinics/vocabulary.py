"""From the words people write to the vocabulary: conditions, specialities, treatment types, facts of a clinic.

A text that is a known phrase as a whole has one answer. In any other text the longest known phrases count, each once. A
compound may be written apart ("karpal tunnel") and a little word left out or put in ("ondt i min ryg").
Where several kinds of entry know the same phrase the condition wins, because it brings its red flags and gate along;
after words that ask for expertise ("erfaring i rygsmerter") the speciality does.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.db.models import BigIntegerField, Value
from django.db.models.signals import post_delete, post_save

from .facets import FACETS, Facet
from .match_rows import match_rows
from .models import Condition, Speciality, TreatmentType
from .remembered import Remembered
from .text import fold, folds

MAX_CHARACTERS = 1000  # what follows is not read
CONDITION, SPECIALITY, TREATMENT, FACET = KINDS = ("condition", "speciality", "treatment", "facet")
EXPERTISE = tuple(
    fold(words).split()
    for words in (
        "erfaring i",
        "erfaring med",
        "speciale i",
        "specialist i",
        "specialiseret i",
        "ekspert i",
        "målrettet",
    )
)


# Words that people leave out or put in, in both folds: "slidgigt hofte", "ondt i min ryg".
LITTLE = frozenset(folded for word in ("i", "på", "ved", "af", "min", "mit", "mine") for folded in folds(word))
BINDING = ("s", "e")  # what binds the parts of a compound: "mus arm" is "musearm"


class Heard(NamedTuple):
    """A known phrase in the text: which words it is, from `start`, and every name of what it means."""

    start: int
    size: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Resolution:
    """What a text is about, in the order of the text. `exact`: the text as a whole is one known phrase.

    The entries are model instances that carry pk, slug and name; another field is fetched when it is asked for.
    """

    conditions: tuple[Condition, ...] = ()
    specialities: tuple[Speciality, ...] = ()
    treatments: tuple[TreatmentType, ...] = ()
    facets: tuple[Facet, ...] = ()
    exact: bool = False
    heard: tuple[Heard, ...] = field(default=(), compare=False)

    def __bool__(self) -> bool:
        return bool(self.conditions or self.specialities or self.treatments or self.facets)


class _Row(NamedTuple):
    kind: str
    pk: int
    slug: str
    name: str
    synonyms: tuple[str, ...]
    merged_into: int | None


class _Entry(NamedTuple):
    kind: str
    pk: int
    slug: str
    name: str


class _Index(NamedTuple):
    phrases: dict[str, list[_Entry]]  # folded phrase → who claims it, in the order of KINDS
    loose: dict[str, list[_Entry]]  # the same without spaces and little words, where that is one thing only
    longest: int  # words in the longest phrase
    names: dict[_Entry, tuple[str, ...]]  # its own name first; a facet has none here


def resolve(text: str) -> Resolution:
    """What the text is about; nothing found is a `Resolution` that is false. The names are remembered (`clinics.remembered`)."""
    spellings = [spelling.split() for spelling in folds(text[:MAX_CHARACTERS])]
    index = _index(rows())
    for words in spellings:
        if claims := _claims(index, words):
            chosen = _of_kind(claims, claims[0].kind)
            return _resolution(chosen, [_heard(index, chosen, 0, len(words))], exact=True)
    entries, heard = [], []
    for claims, start, size in _phrases(spellings, index):
        chosen = _choose(claims, spellings[0][:start])
        entries += chosen
        heard.append(_heard(index, chosen, start, size))
    return _resolution(entries, heard)


def every_name() -> tuple[tuple[str, str], ...]:
    """Each name and synonym as it is written, with the name of what it means; names first. Remembered too."""
    return _every_name(rows())


def condition_for(slug: str, **along: Any) -> Condition | None:
    """The condition with this slug, followed to the one that it was merged into; None when there is none.

    A result whose slug differs from the one asked for was merged: its pages redirect. `along`: annotations that the same
    statement reads.
    """
    seen: set[int] = set()
    wanted = {"slug": slug}
    conditions = Condition.objects.select_related("body_region", "merged_into").annotate(
        match_rows=match_rows("pk"), **along
    )
    while "\0" not in slug:
        condition = conditions.filter(**wanted).first()
        if condition is None or condition.merged_into is None or condition.pk in seen:
            return condition
        seen.add(condition.pk)  # two conditions merged into each other must not hang the page
        wanted = {"slug": condition.merged_into.slug}
    return None


def _read() -> tuple[_Row, ...]:
    """All names and synonyms as they are now, in one query."""
    nowhere = Value(None, output_field=BigIntegerField())
    fields = ("entry", "pk", "slug", "name", "synonyms")
    conditions = Condition.objects.annotate(entry=Value(CONDITION)).values_list(*fields, "merged_into_id")
    others = [
        model.objects.annotate(entry=Value(kind), merged=nowhere).values_list(*fields, "merged")
        for kind, model in ((SPECIALITY, Speciality), (TREATMENT, TreatmentType))
    ]
    stored = conditions.order_by().union(*(rows.order_by() for rows in others), all=True)
    return tuple(
        sorted(_Row(kind, pk, slug, name, tuple(synonyms), merged) for kind, pk, slug, name, synonyms, merged in stored)
    )


rows = Remembered(_read)
forget = rows.forget
for signal in (post_save, post_delete):
    for model in (Condition, Speciality, TreatmentType):
        signal.connect(forget, sender=model)


@lru_cache(maxsize=2)
def _every_name(rows: tuple[_Row, ...]) -> tuple[tuple[str, str], ...]:
    by_pk = {row.pk: row for row in rows if row.kind == CONDITION}
    names = [(row.name, _target(row, by_pk).name) for row in rows]
    return tuple(names + [(synonym, _target(row, by_pk).name) for row in rows for synonym in row.synonyms])


@lru_cache(maxsize=2)
def _index(rows: tuple[_Row, ...]) -> _Index:
    """The phrases of these rows, folded. Kept while the rows are the same: folding takes 20 ms, reading them 1.5 ms."""
    names: dict[str, dict[_Entry, None]] = {}
    others: dict[str, dict[_Entry, None]] = {}
    by_pk = {row.pk: row for row in rows if row.kind == CONDITION}
    for row in rows:
        target = _target(row, by_pk)
        entry = _Entry(*target[:4])
        # The name of a condition that was merged is one more synonym of the one it went into.
        _claim(names if target is row else others, row.name, entry)
        for synonym in row.synonyms:
            _claim(others, synonym, entry)
    for number, facet in enumerate(FACETS.values()):
        for phrase in (facet.label, *facet.synonyms):
            _claim(others, phrase, _Entry(FACET, number, facet.key, facet.label))
    # Within a kind a name beats a synonym: an editor's extra synonym cannot take "iskias" from Iskias.
    phrases = {
        phrase: [
            entry
            for kind in KINDS
            for entry in _of_kind(names.get(phrase, ()), kind) or _of_kind(others.get(phrase, ()), kind)
        ]
        for phrase in {**names, **others}
    }
    spelled: dict[_Entry, dict[str, None]] = {}
    for row in sorted(rows, key=lambda row: _target(row, by_pk) is not row):
        own = spelled.setdefault(_Entry(*_target(row, by_pk)[:4]), {})
        own.update(dict.fromkeys((row.name, *row.synonyms)))
    longest = max((phrase.count(" ") + 1 for phrase in phrases), default=0)
    return _Index(phrases, _loose(phrases), longest, {entry: tuple(some) for entry, some in spelled.items()})


def _loose(phrases: dict[str, list[_Entry]]) -> dict[str, list[_Entry]]:
    claimed: dict[str, list[list[_Entry]]] = {}
    for phrase, claims in phrases.items():
        claimed.setdefault(_together(phrase.split()), []).append(claims)
    return {key: some[0] for key, some in claimed.items() if all(claims == some[0] for claims in some)}


def _together(words: Iterable[str]) -> str:
    return "".join(word for word in words if word not in LITTLE)


def _claims(index: _Index, words: list[str]) -> list[_Entry] | None:
    """Who claims these words as a whole: as they stand, else put together. Little words belong to nothing at either end."""
    if claims := index.phrases.get(" ".join(words)):
        return claims
    if len(words) < 2 or words[0] in LITTLE or words[-1] in LITTLE:
        return None
    bound = [words[0] + letter + words[1] for letter in BINDING] if len(words) == 2 else []
    return index.loose.get(_together(words)) or next(filter(None, map(index.phrases.get, bound)), None)


def _claim(claims: dict[str, dict[_Entry, None]], phrase: str, entry: _Entry) -> None:
    for folded in filter(None, folds(phrase)):
        claims.setdefault(folded, {})[entry] = None


def _target(row: _Row, by_pk: dict[int, _Row]) -> _Row:
    seen = {row.pk}
    while row.merged_into in by_pk and row.merged_into not in seen:
        row = by_pk[row.merged_into]
        seen.add(row.pk)
    return row


def _of_kind(entries: Iterable[_Entry], kind: str) -> list[_Entry]:
    return [entry for entry in entries if entry.kind == kind]


def _heard(index: _Index, entries: Iterable[_Entry], start: int, size: int) -> Heard:
    names = (name for entry in entries for name in index.names.get(entry, ()))
    return Heard(start, size, tuple(dict.fromkeys(names)))


def _phrases(spellings: list[list[str]], index: _Index) -> Iterator[tuple[list[_Entry], int, int]]:
    """The longest known phrases that do not overlap, in the order of the text: who claims it, first word, how many."""
    length = len(spellings[0])
    taken = [False] * length
    found: dict[int, tuple[list[_Entry], int]] = {}
    for size in range(min(index.longest, length), 0, -1):
        for start in range(length - size + 1):
            span = slice(start, start + size)
            if any(taken[span]):
                continue
            for words in spellings:
                if claims := _claims(index, words[span]):
                    found[start] = claims, size
                    taken[span] = [True] * size
                    break
    for start, (claims, size) in sorted(found.items()):
        yield claims, start, size


def _choose(claims: list[_Entry], before: list[str]) -> list[_Entry]:
    expert = any(before[-len(words) :] == words for words in EXPERTISE)
    return (expert and _of_kind(claims, SPECIALITY)) or _of_kind(claims, claims[0].kind)


def _resolution(entries: Iterable[_Entry], heard: Iterable[Heard] = (), *, exact: bool = False) -> Resolution:
    chosen = tuple(dict.fromkeys(entries))
    fields = ["id", "slug", "name"]
    return Resolution(
        tuple(Condition.from_db(DEFAULT_DB_ALIAS, fields, entry[1:]) for entry in _of_kind(chosen, CONDITION)),
        tuple(Speciality.from_db(DEFAULT_DB_ALIAS, fields, entry[1:]) for entry in _of_kind(chosen, SPECIALITY)),
        tuple(TreatmentType.from_db(DEFAULT_DB_ALIAS, fields, entry[1:]) for entry in _of_kind(chosen, TREATMENT)),
        tuple(FACETS[entry.slug] for entry in _of_kind(chosen, FACET)),
        exact,
        tuple(heard),
    )
