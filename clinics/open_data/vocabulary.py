"""The vocabulary as rows: what can hurt, what may help, and the signs that need a doctor first. Read by the site's own rules."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any

from clinics import care
from clinics.models import Condition, ConditionMatch, RedFlag, Speciality, TreatmentType

from . import licences
from .columns import Column, Value, day, field, record

SOURCE = "FysFinders redaktion"


@dataclass(frozen=True)
class Entry:
    """One row of the registry, with the day of the file. `specialities` and `treatments`: slug → weight, 3 to 1."""

    term: Any
    as_of: str
    specialities: dict[str, int] = attribute(default_factory=dict)
    treatments: dict[str, int] = attribute(default_factory=dict)
    red_flags: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.term, name)


Rows = dict[str, list[Entry]]


def rows(today: datetime.date) -> Rows:
    """All of it by name of table, each in the order of its slug. A few hundred rows, a query for each condition."""
    as_of = today.isoformat()
    return {
        "conditions": list(_conditions(as_of)),
        "specialities": [Entry(one, as_of) for one in Speciality.objects.select_related("parent").order_by("slug")],
        "treatments": [Entry(one, as_of) for one in TreatmentType.objects.order_by("slug")],
        "red_flags": [Entry(one, as_of) for one in RedFlag.objects.order_by("key")],
    }


def _conditions(as_of: str) -> Iterable[Entry]:
    """Not those that are another's second name, nor those that an editor has not looked at yet."""
    matches: dict[int, list[ConditionMatch]] = {}
    for match in ConditionMatch.objects.counting().select_related("speciality", "treatment").order_by("-weight", "pk"):
        matches.setdefault(match.condition_id, []).append(match)
    shown = Condition.objects.current().filter(awaits_acceptance=False).select_related("body_region")
    for condition in shown.order_by("slug"):
        mine = [] if condition.is_generic else matches.get(condition.pk, [])
        flags = care.in_force(condition, list(care.marked_flags(condition, everything=False)))
        yield Entry(
            condition,
            as_of,
            {one.speciality.slug: one.weight for one in mine if one.speciality},
            {one.treatment.slug: one.weight for one in mine if one.treatment},
            tuple(sorted({flag.key for flag in flags if flag.pk})),
        )


def document(tables: Rows, made_at: datetime.datetime) -> dict[str, Any]:
    """The whole vocabulary as one JSON object."""
    return {
        "title": "FysFinders vokabular",
        "made_at": made_at.isoformat(timespec="seconds"),
        "source": SOURCE,
        "licence": licences.VOCABULARY,
        "note": NOTE,
        **{name: [record(COLUMNS[name], row) for row in tables[name]] for name in COLUMNS},
    }


NOTE = (
    "Advarselstegnene er ikke en diagnose og ikke fuldstændige. En læge har endnu ikke gennemgået dem for os. "
    "Vis dem altid før klinikker og øvelser. Ved livsfare: ring 112."
)


def _weighted(name: str, label: str) -> Column:
    def read(row: Entry) -> Value:
        return [{"slug": slug, "weight": weight} for slug, weight in getattr(row, name).items()]

    return Column(name, label, read)


def _list(name: str, label: str, of: str = "") -> Column:
    return Column(name, label, lambda row: list(getattr(row, of or name)))


def _slug(name: str, label: str) -> Column:
    def read(row: Entry) -> Value:
        other = getattr(row, name)
        return other.slug if other else None

    return Column(name, label, read)


def _title(row: Entry) -> Value:
    """The heading of the card that the flag's text completes: without it “får svært ved at trække vejret” asks nothing."""
    return care.TITLES[care.AVOID if row.kind == RedFlag.Kind.AVOID else row.urgency]


_ORIGIN = (
    day("edited_on", "Dagen, redaktionen sidst rettede rækken; tom: som den blev udgivet med koden", "edited_at"),
    field("as_of", "Dagen, filen er lavet"),
    Column("source", "Kilde", lambda row: SOURCE),
    Column("licence", "Vilkår", lambda row: licences.VOCABULARY),
)
_WORDS = (
    field("slug", "Kort navn, som aldrig ændrer sig"),
    field("name", "Navn"),
    _list("synonyms", "Andre ord for det samme"),
    field("description", "Beskrivelse"),
)
_GATE = field("care_gate", "Hvad der skal være på plads før fysioterapi: vis det før klinikker")

COLUMNS: dict[str, tuple[Column, ...]] = {
    "conditions": (
        *_WORDS,
        _slug("body_region", "Kropsdel"),
        _GATE,
        field("is_generic", "Et emne at læse om, som ikke fører til klinikker"),
        _weighted("specialities", "Specialer, der kan hjælpe: 3 er primær, 2 og 1 beslægtet"),
        _weighted("treatments", "Behandlinger, der kan hjælpe, med vægt"),
        _list("red_flags", "Advarselstegn, der står på alle sider om tilstanden"),
        *_ORIGIN,
    ),
    "specialities": (
        *_WORDS,
        field("kind", "official er et af de ti officielle specialer, focus et fokusområde"),
        _slug("parent", "Hører under"),
        _GATE,
        *_ORIGIN,
    ),
    "treatments": (*_WORDS, *_ORIGIN),
    "red_flags": (
        field("key", "Nøgle"),
        field("group", "Gruppe"),
        field("kind", "seek er søg hjælp, avoid er undgå"),
        field("urgency", "Hast: 112, doctor_now, doctor_soon, own_doctor eller physio"),
        Column("title", "Det, teksten fuldender", _title),
        field("text", "Tekst"),
        _list("terms", "Faresignaler i folks egne ord"),
        _list("sources", "Faglige kilder"),
        day("reviewed_on", "Dagen, en fagperson gennemgik tegnet; tom: ikke endnu", "reviewed_at"),
        *_ORIGIN,
    ),
}
