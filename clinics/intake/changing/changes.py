"""What a row of a list changes of a clinic, fact by fact, and what stays and why. docs/field-sources.md says who wins.

Nothing here writes. The clinic is read with `whole.fill`; a point, or another postcode, is looked at in the database.
"""

import copy
import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from typing import Any

from django.core.exceptions import ValidationError

from clinics import danish, field_sources
from clinics.field_sources import Origin
from clinics.models import Clinic
from clinics.models.clinic import Source
from clinics.models.name_key import name_key
from clinics.versions.facts import SCALARS, as_json
from clinics.versions.words import label_of, value_in_words

SIMPLE = (
    "phone", "email", "website", "booking_url", "has_ydernummer", "free_physiotherapy", "danmark_insurance", "home_visits",
    "online", "acute_appointments", "assessment_plan", "step_free", "lift", "accessible_toilet", "parking", "hearing_loop",
    "languages", "waiting_days",
)  # fmt: skip
NUMBERS = ("cvr", "p_number", "sor_id", "osm_id")
UNKNOWN: tuple[Any, ...] = (None, "")

OWN = "Klinikken har selv oplyst det."
OWN_EMPTY = "Klinikken har selv oplyst denne del, og lod det stå tomt."
UNDATED = "Det, der står, har en dato, og det har listen ikke."
OTHER_NAME = "Navnet ændres kun af den liste, det kom fra."
OTHER_NUMBER = "Et nummer, der står der, rettes ikke af en liste. Tjek, om det er den samme klinik."


@dataclass(frozen=True)
class Said:
    """Who says it: of an `ImportBatch`. `licence` is no part of who it is."""

    source: str
    name: str
    stated_on: datetime.date | None = None
    licence: str = ""

    @property
    def note(self) -> str:
        """`"OpenStreetMap, ODbL 1.0"`: what patients read as the source, and our open data as the terms."""
        return f"{self.name}, {self.licence}" if self.licence else self.name

    @property
    def origin(self) -> Origin:
        return Origin(self.source, self.note, self.stated_on)

    def is_same(self, source: str, note: str) -> bool:
        """The same list as the one that is written so, of whatever day and under whatever terms."""
        lists = (Source.REGISTER, Source.IMPORT)
        return source in lists and (note == self.name or note.startswith(f"{self.name}, "))


@dataclass(frozen=True)
class Change:
    """`kept`: "" when it will be written, else why the clinic's own stays. `old` and `new`: words for people.

    `values`: what would be written: attname → value as JSON keeps it, or rows under "opening_hours" and "prices".
    """

    field: str
    label: str
    old: str
    new: str
    kept: str = ""
    values: Mapping[str, Any] = made_by(default_factory=dict)


def changes(facts: Mapping[str, Any], clinic: Clinic, said: Said) -> list[Change]:
    """What differs, in the order of the form. What the list does not say, or says just as the clinic has it, is not in it."""
    from . import place_changes, row_changes  # they stand on this

    found = [*_name(facts, clinic, said)]
    place = place_changes.address(facts, clinic, said)
    found += [*place, *place_changes.point(facts, clinic, said, place)]
    found += [one for name in SIMPLE if name in facts for one in _simple(name, facts[name], clinic, said)]
    found += [one for name in NUMBERS if facts.get(name) for one in _number(name, facts[name], clinic)]
    found += [*row_changes.prices(facts, clinic, said), *row_changes.hours(facts, clinic, said)]
    return _valid(clinic, found)


def stays(origin: Origin, said: Said) -> str:
    """Why what somebody else stated is not replaced; "" when the list has the newer word."""
    if origin.source == Source.CLINIC:
        return OWN
    if origin.stated_on is None:
        return ""
    if said.stated_on is None:
        return UNDATED
    by_hand = origin.source == Source.HAND and origin.stated_on == said.stated_on
    if origin.stated_on > said.stated_on or by_hand:
        name = origin.note or str(Source(origin.source).label)
        return f"Det, der står, er ikke ældre: {name}, {danish.day(origin.stated_on)}."
    return ""


def verdict(name: str, clinic: Clinic, said: Said, *, is_empty: bool) -> str:
    """Why the fact stays as it is, "" when the list may write it. What is unknown is filled, unless somebody emptied it."""
    if not is_empty:
        return stays(field_sources.of_field(clinic, name), said)
    if field_sources.is_own(clinic, name):
        return OWN_EMPTY
    emptied = field_sources.own_words(clinic).get(name)
    return stays(field_sources.of_field(clinic, name), said) if emptied else ""


def in_words(name: str, value: Any) -> str:
    return value_in_words(Clinic._meta.get_field(name), value)


def _name(facts: Mapping[str, Any], clinic: Clinic, said: Said) -> list[Change]:
    new = facts.get("name") or ""
    if not new or new == clinic.name:
        return []
    origin = field_sources.of_field(clinic, "name")
    kept = stays(origin, said)
    if not kept and not said.is_same(origin.source, origin.note):
        kept = OTHER_NAME
    if kept and name_key(new) == name_key(clinic.name):
        return []  # written another way: nothing to tell a person
    return [Change("name", label_of("name"), clinic.name, new, kept, {"name": new})]


def _simple(name: str, new: Any, clinic: Clinic, said: Said) -> list[Change]:
    old = as_json(getattr(clinic, name))
    if new in UNKNOWN or _same(name, old, new):
        return []
    kept = verdict(name, clinic, said, is_empty=old in UNKNOWN)
    values = {name: new}
    if name == "waiting_days":
        # Its own day: a waiting time is as old as whoever said it.
        values["waiting_stated_on"] = as_json(said.stated_on)
        if not kept and old is not None:
            kept = stays(Origin(field_sources.of_field(clinic, name).source, "", clinic.waiting_stated_on), said)
    return [Change(name, label_of(name), in_words(name, old), in_words(name, new), kept, values)]


def _number(name: str, new: str, clinic: Clinic) -> list[Change]:
    old = getattr(clinic, name)
    if old == new:
        return []
    return [Change(name, label_of(name), in_words(name, old), new, OTHER_NUMBER if old else "", {name: new})]


def _same(name: str, old: Any, new: Any) -> bool:
    if name == "languages":
        return old is not None and set(old) == set(new)
    if name in ("website", "booking_url") and old:
        return _page(old) == _page(new)
    return bool(old.casefold() == new.casefold()) if name == "email" and old else bool(old == new)


def _page(url: str) -> str:
    """`"https://www.klinik.dk/"` and `"http://klinik.dk"` lead to one page."""
    host, slash, path = url.partition("://")[2].removeprefix("www.").partition("/")
    return f"{host.casefold()}{slash}{path}".rstrip("/")


# --- what cannot stand


def _valid(clinic: Clinic, found: list[Change]) -> list[Change]:
    """Without what no form would take: a field that cannot hold it, or two facts that contradict each other."""
    written = {name: one for one in found if not one.kept for name in one.values if name in SCALARS}
    problems: dict[str, str] = {}
    fields = [name for name in written if name not in ("postcode_id", *field_sources.POINT)]
    trial = _with(clinic, {name: written[name].values[name] for name in fields})
    try:
        trial.clean_fields(exclude=[one.name for one in Clinic._meta.concrete_fields if one.attname not in fields])
    except ValidationError as error:
        problems = {name: messages[0] for name, messages in error.message_dict.items()}
    if _contradiction(clinic) is None:
        left = {name: written[name].values[name] for name in fields if name not in problems}
        while left and (wrong := _contradiction(_with(clinic, left))):
            name = next((name for name in wrong.message_dict if name in left), "has_ydernummer")
            problems[name if name in left else next(iter(left))] = " ".join(wrong.messages)
            left = {name: value for name, value in left.items() if name not in problems}
    return [_refused(one, problems) for one in found]


def _refused(one: Change, problems: Mapping[str, str]) -> Change:
    text = next((problems[name] for name in one.values if name in problems), "")
    if not text or one.kept:
        return one
    return Change(one.field, one.label, one.old, one.new, f"Det kan ikke stå der: {text}", one.values)


def _with(clinic: Clinic, values: Mapping[str, Any]) -> Clinic:
    trial = copy.copy(clinic)
    trial._state = copy.copy(clinic._state)
    for name, value in values.items():
        setattr(trial, name, python(name, value))
    return trial


def python(name: str, value: Any) -> Any:
    """A value as JSON keeps it → as the field has it. One that the field cannot read stays as it is, and is refused then."""
    made: Any = Clinic._meta.get_field(name)
    try:
        return made.to_python(value)
    except ValidationError:
        return value


def _contradiction(clinic: Clinic) -> ValidationError | None:
    try:
        clinic.clean()
    except ValidationError as error:
        return error
    return None
