"""What a patient's condition asks of a clinic, and why a clinic matches, in words and never as a score."""

from collections.abc import Iterable
from dataclasses import dataclass

from .filters import terms
from .match_rows import matches_along
from .models import Condition, ConditionMatch, Speciality, Tag, TreatmentType
from .tags import tag_number

RELATED = 2  # the weight of what is close to what was chosen: ConditionMatch.weight


@dataclass(frozen=True)
class Wanted:
    """One facet value that a search asks for: its number in the index, its name, and how strongly it matches (1–3).

    `speciality` or `treatment` is its key, where the people who do it are to be named.
    """

    number: int
    name: str
    weight: int = ConditionMatch.PRIMARY
    speciality: int | None = None
    treatment: int | None = None


def wanted_by(matches: Iterable[ConditionMatch]) -> tuple[Wanted, ...]:
    """The facet values that make a clinic match a condition, strongest first."""
    wanted = []
    for match in matches:
        kind, term = (
            (Tag.Kind.SPECIALITY, match.speciality) if match.speciality else (Tag.Kind.TREATMENT, match.treatment)
        )
        if term and (number := tag_number(kind, term.slug)) is not None:
            wanted.append(Wanted(number, term.name, match.weight, *_keys(term)))
    return tuple(sorted(wanted, key=lambda w: -w.weight))


def wanted_terms(chosen: Iterable[Speciality | TreatmentType]) -> tuple[Wanted, ...]:
    """The same for specialities or treatment types that the visitor chose; each is a primary match.

    A focus area matches the official speciality that it belongs to, but partially: few clinics have the title, and many
    more say what they mostly work with (domain.md §3.2).
    """
    chosen = list(chosen)
    wanted: dict[int, Wanted] = {}
    for weight, group in ((ConditionMatch.PRIMARY, chosen), (RELATED, _focus_areas_of(chosen))):
        for term in group:
            kind = Tag.Kind.SPECIALITY if isinstance(term, Speciality) else Tag.Kind.TREATMENT
            if (number := tag_number(kind, term.slug)) is not None:
                wanted.setdefault(number, Wanted(number, term.name, weight, *_keys(term)))
    return tuple(wanted.values())


def _keys(term: Speciality | TreatmentType) -> tuple[int | None, int | None]:
    return (term.pk, None) if isinstance(term, Speciality) else (None, term.pk)


def _focus_areas_of(chosen: Iterable[Speciality | TreatmentType]) -> list[Speciality]:
    """The focus areas that belong to the official specialities among these."""
    parents = {term.pk for term in chosen if isinstance(term, Speciality)}
    return [speciality for speciality in terms().specialities.values() if speciality.parent_id in parents]


def families() -> dict[int, set[int]]:
    """Number of each speciality that has focus areas → the numbers that match it when it is chosen."""
    made: dict[int, set[int]] = {}
    known = terms().specialities.values()
    by_pk = {one.pk: tag_number(Tag.Kind.SPECIALITY, one.slug) for one in known}
    for one in known:
        parent, number = by_pk.get(one.parent_id or 0), by_pk[one.pk]
        if parent is not None and number is not None:
            made.setdefault(parent, {parent}).add(number)
    return made


def matches_of(condition: Condition) -> list[ConditionMatch]:
    """The matches that count for a condition: an editor's rows, or the suggestions while there are none.

    One query, or none when they came along with the condition (`match_rows`).
    """
    along = matches_along(condition)
    rows = list(condition.matches.select_related("speciality", "treatment")) if along is None else along
    edited = [row for row in rows if row.origin == ConditionMatch.Origin.EDITOR]
    return edited or rows


@dataclass(frozen=True)
class Reason:
    """Why a clinic stands in the list: names of what it states, strongest first. `partial`: nothing primary among them."""

    names: tuple[str, ...]
    partial: bool


def reason_for(tags: Iterable[int], wanted: Iterable[Wanted]) -> Reason:
    """The reason for a match, from a clinic's index tags; empty names when it matches nothing that was asked for."""
    has = set(tags)
    hits = [w for w in wanted if w.number in has]
    return Reason(
        tuple(dict.fromkeys(w.name for w in hits)), bool(hits) and all(w.weight < ConditionMatch.PRIMARY for w in hits)
    )
