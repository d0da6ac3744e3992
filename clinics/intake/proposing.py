"""What to do with a row: this clinic, a new one, or a person must say. Nothing here asks the database but `Known.of`."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from clinics import likeness
from clinics.geo import Point
from clinics.likeness import Described, Match, directory
from clinics.likeness.deciding import decide_read
from clinics.likeness.described import read, told
from clinics.likeness.names import Alike, compare
from clinics.listing.deciding import removed
from clinics.models import Clinic, ImportBatch, ImportRecord, Postcode

Decision = ImportRecord.Decision

OSM_SCORE = 90  # as likeness has it for a P-number
OSM_REASON = "samme id i OpenStreetMap"
ID_SCORE, ID_REASON = 80, "samme id i listen"
NUMBERS = ("samme P-nummer", "samme SOR-nummer", OSM_REASON)  # in `reasons`: the clinic's own, of which each has one
SAME_PHONE = "samme telefonnummer"  # in `reasons`
OTHER_NAME, OTHER_ADDRESS, OTHER_PHONE = (
    "forskelligt navn",
    "forskellig adresse",
    "forskelligt telefonnummer",
)  # in `against`
OTHER_NUMBERS = frozenset({"forskelligt P-nummer", "forskelligt SOR-nummer", "forskelligt CVR-nummer"})

REMOVED = "Klinikken er taget af siden, fordi nogen bad om det."
MAYBE_REMOVED = "Ligner en klinik, der er taget af siden, fordi nogen bad om det."
CLOSED = "Klinikken står som lukket hos os. Er den åbnet igen?"
MOVED = "Nummeret er det samme, men både navn og adresse er anderledes."
CONTRADICTED = "Id i OpenStreetMap er det samme, men et andet nummer er ikke."
ANOTHERS = "Rækken har et nummer, som en anden klinik har hos os. Hvem hører det til?"
LISTED = "Klinikken havde det samme id i listen sidst, men noget er anderledes."
UNKNOWABLE = "Rækken siger for lidt til, at klinikken kan kendes igen: intet eget navn, ingen vej og ingen telefon."
GUESSED = "Postnummeret er et gæt. Se, om det passer."
UNUSED = "Postnummeret i rækken kunne ikke bruges. Se, om det er det rigtige sted."
PLACELESS = "Der mangler et postnummer, som en ny klinik ikke kan være uden."
NAMELESS = "Der mangler et navn, som en ny klinik ikke kan være uden."


class Row(Protocol):
    """What is asked of a parsed row (`parsing.Parsed`) or a stored one."""

    @property
    def external_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...
    @property
    def problems(self) -> list[dict[str, Any]]: ...


@dataclass(frozen=True)
class Proposed:
    """`clinic`: pk, the one meant or asked about. `others`: as `ImportRecord.others`. `note`: Danish, why a person or nobody."""

    decision: str
    clinic: int | None = None
    score: int = 0
    reasons: list[str] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of clinics that some rows may be: their states, who was taken off, and whose id in OpenStreetMap, or in
    an earlier version of the list, is whose."""

    statuses: Mapping[int, str] = field(default_factory=dict)
    removed: Collection[int] = ()
    by_osm: Mapping[str, list[tuple[int, Described]]] = field(default_factory=dict)
    by_id: Mapping[str, tuple[int, Described]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[Row], matches: Sequence[list[Match]], batch: ImportBatch | None = None) -> "Known":
        """For some rows and their matches: six statements at most, however many. `batch`: the list they stand in."""
        pks = {match.pk for some in matches for match in some}
        ids = {osm for row in rows if (osm := row.facts.get("osm_id"))}
        by_osm: dict[str, list[tuple[int, Described]]] = defaultdict(list)
        if ids:
            same = Clinic.objects.filter(osm_id__in=ids, is_example=False)
            osm_of = dict(same.values_list("pk", "osm_id"))
            for pk, one in told(Clinic.objects.filter(pk__in=osm_of).order_by("pk")):
                by_osm[osm_of[pk]].append((pk, one))
            pks |= osm_of.keys()
        by_id = _by_id(batch, [row for row, some in zip(rows, matches, strict=True) if not _is_sure(some)])
        pks |= {pk for pk, _ in by_id.values()}
        if not pks:
            return cls(by_osm=by_osm)
        clinics = Clinic.objects.filter(pk__in=pks)
        return cls(
            dict(clinics.values_list("pk", "status")), set(removed(clinics).values_list("pk", flat=True)), by_osm, by_id
        )


def _by_id(batch: ImportBatch | None, rows: Iterable[Row]) -> dict[str, tuple[int, Described]]:
    """Whose the rows' ids were in earlier versions of the list, which has its name: of several the newest counts."""
    ids = {row.external_id for row in rows if row.external_id}
    if batch is None or not ids:
        return {}
    earlier = ImportRecord.objects.filter(
        batch__in=ImportBatch.objects.filter(name=batch.name).exclude(pk=batch.pk).values("pk"), external_id__in=ids,
        state__in=(ImportRecord.State.APPLIED, ImportRecord.State.KEPT), clinic__is_example=False,
    )  # fmt: skip
    was = dict(earlier.order_by("applied_at", "pk").values_list("external_id", "clinic"))
    there = dict(told(Clinic.objects.filter(pk__in=was.values()))) if was else {}
    return {name: (pk, there[pk]) for name, pk in was.items() if pk in there}


def described(row: Row, postcodes: Mapping[str, Postcode]) -> Described:
    """A row as `likeness` reads it. `postcodes`: all of them by code."""
    facts = row.facts
    code = facts.get("postcode_id", "")
    there = postcodes.get(code)
    point = Point(there.latitude, there.longitude) if there else None
    exact = facts.get("latitude") is not None and facts.get("longitude") is not None
    if exact:
        point = Point(facts["latitude"], facts["longitude"])
    return Described(
        name=row.name, street=facts.get("street", ""), postcode=code, town=there.town if there else facts.get("town", ""),
        phone=facts.get("phone", ""), email=facts.get("email", ""), website=facts.get("website", ""), point=point,
        exact=exact, cvr=facts.get("cvr", ""), p_number=facts.get("p_number", ""), sor=facts.get("sor_id", ""),
    )  # fmt: skip


def proposal_for(
    row: Row, matches: list[Match], known: Known | None = None, *, one: Described | None = None
) -> Proposed:
    """`matches`: as `likeness.candidates_of` gives them. `one`: the row described, needed where `known.by_osm` may have it."""
    known = known or Known()
    if is_fatal(row):
        return Proposed(Decision.SKIP)
    matches, why = _with_osm(row, matches, known, one)
    if not why:
        matches, why = _with_id(row, matches, known, one)
    found = likeness.proposal(matches)
    if found.match is None:
        note = NAMELESS if not row.name else guessed(row) or (UNKNOWABLE if one and _is_unknowable(one) else "")
        if row.name and not row.facts.get("postcode_id"):
            note = PLACELESS
        return Proposed(Decision.PERSON if note else Decision.NEW, note=note)
    best = found.match
    decision, note = _about(best, found, known, why)
    if decision == Decision.UPDATE and any(_has_its_number(other, best) for other in matches if other is not best):
        decision, note = Decision.PERSON, ANOTHERS
    if decision == Decision.UPDATE and (guess := guessed(row)):
        decision, note = Decision.PERSON, guess
    return Proposed(
        decision, best.pk, best.score, reasons_of(best),
        [as_other(other) for other in matches if other is not best],
        note,
    )  # fmt: skip


def is_fatal(row: Row) -> bool:
    return any(problem.get("fatal") for problem in row.problems)


def guessed(row: Row) -> str:
    """Why a person must look at the postcode; "" when the row states one that fits."""
    said = [problem for problem in row.problems if problem.get("field") == "postcode_id"]
    return "" if not said else GUESSED if any(problem.get("guess") for problem in said) else UNUSED


def reasons_of(match: Match) -> list[str]:
    """What speaks for it, and then what speaks against it."""
    return [*match.reasons, *(f"men {text}" for text in match.against)]


def as_other(match: Match) -> dict[str, Any]:
    """As `ImportRecord.others` keeps one."""
    return {"pk": match.pk, "score": match.score, "reasons": reasons_of(match)}


def _about(best: Match, found: directory.Proposal, known: Known, why: str) -> tuple[str, str]:
    same = found.decision is likeness.Decision.SAME
    if best.pk in known.removed:
        return (Decision.SKIP, REMOVED) if same else (Decision.PERSON, MAYBE_REMOVED)
    if known.statuses.get(best.pk) == Clinic.Status.CLOSED:
        return Decision.PERSON, CLOSED
    if same and _is_elsewhere(best):
        return Decision.PERSON, MOVED
    return (Decision.UPDATE, "") if same else (Decision.PERSON, why or found.why)


def _with_osm(row: Row, matches: list[Match], known: Known, one: Described | None) -> tuple[list[Match], str]:
    """The matches with whoever has the row's id in OpenStreetMap, which is as good as a register's number."""
    same = known.by_osm.get(str(row.facts.get("osm_id", "")), []) if one else []
    if not same or one is None:
        return matches, ""
    numbered, why, asked = [], "", read(one)
    for pk, clinic in same:
        verdict = decide_read(asked, read(clinic))
        contradicted = OTHER_NUMBERS.intersection(verdict.against)
        decision = likeness.Decision.PERSON if contradicted else likeness.Decision.SAME
        why = why or (CONTRADICTED if contradicted else "")
        score = min(verdict.score, likeness.SURE - 1) if contradicted else max(verdict.score, OSM_SCORE)
        numbered.append(Match(pk, decision, score, (OSM_REASON, *verdict.reasons), verdict.against))
    theirs = {match.pk for match in numbered}
    others = [match for match in matches if match.pk not in theirs]
    order = {likeness.Decision.SAME: 0, likeness.Decision.PERSON: 1}
    return sorted([*numbered, *others], key=lambda match: (order[match.decision], -match.score, match.pk)), why


def _with_id(row: Row, matches: list[Match], known: Known, one: Described | None) -> tuple[list[Match], str]:
    """The matches with whoever had the row's id in the list last time. Many lists merely count their rows, so an id decides
    only where nobody else is sure and nothing speaks against it; a clinic with another name or place is asked about."""
    if _is_sure(matches) or one is None or row.external_id not in known.by_id:
        return matches, ""
    pk, clinic = known.by_id[row.external_id]
    verdict = decide_read(read(one), read(clinic))
    fits = not verdict.against and not _differ(one, clinic)
    decision = likeness.Decision.SAME if fits else likeness.Decision.PERSON
    score = max(verdict.score, ID_SCORE) if fits else min(max(verdict.score, likeness.SHOWN), likeness.SURE - 1)
    mine = Match(pk, decision, score, (ID_REASON, *verdict.reasons), verdict.against)
    return [mine, *(match for match in matches if match.pk != pk)], "" if fits else LISTED


def _differ(one: Described, other: Described) -> bool:
    """Where nothing at all is shared `decide` says nothing of what differs."""
    if one.name and compare(read(one).name, read(other).name) in (Alike.OTHER, Alike.UNKNOWN):
        return True
    elsewhere = one.street and other.street and not likeness.same_house(one.street, other.street)
    return bool(elsewhere) or "" != one.postcode != other.postcode


def _is_sure(matches: list[Match]) -> bool:
    return bool(matches) and matches[0].decision is likeness.Decision.SAME


def _is_unknowable(one: Described) -> bool:
    """“Fysioterapi” somewhere in a town: the next version of the list would make it once more."""
    told_of = (one.street, one.phone, one.email, one.website, one.cvr, one.p_number, one.sor)
    return not any(told_of) and not one.exact and read(one).name.plain


def _has_its_number(other: Match, best: Match) -> bool:
    """Whether the row's number is another clinic's: by writing it here, patients would call that one."""
    if any(number in other.reasons and number not in best.reasons for number in NUMBERS):
        return True
    if SAME_PHONE not in other.reasons or SAME_PHONE in best.reasons:
        return False
    return OTHER_PHONE in best.against or {OTHER_NAME, OTHER_ADDRESS} <= {*other.against}


def _is_elsewhere(match: Match) -> bool:
    """The same by a number alone, under another name at another address."""
    if match.reasons == (OSM_REASON,):
        return True  # nothing in common is not looked into any further
    by_number = any(number in match.reasons for number in NUMBERS)
    return by_number and OTHER_NAME in match.against and OTHER_ADDRESS in match.against
