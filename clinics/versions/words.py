"""Two versions in words: what was, and what is, under the names that the form has."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Model

from clinics import danish
from clinics.filters import terms
from clinics.models import Clinic, Provenance, Weekday

from .facts import PARTS, SCALARS, STANDING, TERMS, Row

Group = Provenance.Group
UNKNOWN, NOT_THERE = "Ikke oplyst", "Var der ikke"
GONE = "Er der ikke"
STATUS = "standing"  # beside the groups of facts: status, source, address on the site

OF_FIELD: dict[str, str] = {
    **dict.fromkeys(("name", "street", "address_extra", "postcode_id", "latitude", "longitude"), Group.CONTACT),
    **dict.fromkeys(("location_source", "location_precision", "phone", "email", "website"), Group.CONTACT),
    **dict.fromkeys(("booking_url",), Group.CONTACT),
    **dict.fromkeys(("acute_appointments", "assessment_plan"), Group.OFFERS),
    **dict.fromkeys(("has_ydernummer", "free_physiotherapy", "danmark_insurance", "insurers"), Group.REFERRAL),
    **dict.fromkeys(("insurers_note",), Group.REFERRAL),
    **dict.fromkeys(("waiting_days", "waiting_stated_on"), Group.WAITING),
    **dict.fromkeys(("closed_on_holidays", "hours_note"), Group.HOURS),
    **dict.fromkeys(("step_free", "lift", "accessible_toilet", "parking", "hearing_loop", "access_note"), Group.ACCESS),
    **dict.fromkeys(("languages", "home_visits", "online"), Group.ACCESS),
    **dict.fromkeys(("about", "approach_exercise", "approach_manual", "approach_follow_up"), Group.ANSWERS),
    **dict.fromkeys(("slug", "status", "is_example", "source", "confirmed_at"), STATUS),
    **dict.fromkeys(("cvr", "p_number", "sor_id", "osm_id"), STATUS),
}
OF_PART: dict[str, str] = {
    **{"practitioners": Group.PEOPLE, "specialities": Group.OFFERS, "treatments": Group.OFFERS},
    **{"prices": Group.PRICES, "opening_hours": Group.HOURS, "opening_exceptions": Group.HOURS, "provenance": STATUS},
}
TITLES = {group.value: group.label.capitalize() for group in Group} | {STATUS: "Status og kilder"}
# What one row is called: its part, and these fields of it. Rows that are called the same are counted.
NAMED_BY: dict[str, tuple[str, ...]] = {
    "practitioners": ("name",),
    "specialities": ("speciality", "practitioner"),
    "treatments": ("treatment", "format", "group_topic", "practitioner"),
    "prices": ("kind", "treatment", "sessions"),
    "opening_hours": ("kind", "weekday"),
    "opening_exceptions": ("kind", "first_day"),
    "provenance": ("group",),
}
KINDS = {
    **{"practitioners": "behandler", "specialities": "speciale", "treatments": "behandling", "prices": "pris"},
    **{"opening_hours": "åbningstid", "opening_exceptions": "anden dag", "provenance": "kilde"},
}
MONEY, PHONES = frozenset({"amount"}), frozenset({"phone"})


@dataclass(frozen=True)
class Difference:
    """One field or row: `group` is a heading; `old` and `new` are words for people."""

    group: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class _Entry:
    group: str
    label: str
    text: str


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """What stands differently, in the order of the form. What neither of them knows of is no difference."""
    before, after = _entries(old), _entries(new)
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        was, is_now = before.get(key), after.get(key)
        if (was and was.text) != (is_now and is_now.text):
            one = is_now or was
            assert one is not None  # noqa: S101  # the key came from one of both
            gaps = (UNKNOWN, UNKNOWN) if key[0] == "" else (NOT_THERE, GONE)
            found.append(
                Difference(one.group, one.label, was.text if was else gaps[0], is_now.text if is_now else gaps[1])
            )
    order = list(TITLES.values())
    return sorted(found, key=lambda one: order.index(one.group))


def changed(found: Iterable[Difference]) -> str:
    """`"Priser, åbningstider"`: the groups in which something is different; "" when nothing is."""
    groups = list(dict.fromkeys(one.group for one in found))
    return ", ".join(group if number == 0 else danish.in_sentence(group) for number, group in enumerate(groups))


def _entries(facts: Mapping[str, Any]) -> dict[tuple[Any, ...], _Entry]:
    entries: dict[tuple[Any, ...], _Entry] = {}
    for name in SCALARS:
        if name in facts:
            field: Any = Clinic._meta.get_field(name)
            entries["", name] = _Entry(_title(OF_FIELD[name]), _label(field), value_in_words(field, facts[name]))
    people = [row.get("name", "") for row in rows_of(facts, "practitioners")]
    for part in PARTS:
        entries |= _hours(facts) if part == "opening_hours" else _rows(facts, part, people)
    return entries


def _rows(facts: Mapping[str, Any], part: str, people: list[str]) -> dict[tuple[Any, ...], _Entry]:
    entries: dict[tuple[Any, ...], _Entry] = {}
    seen: Counter[tuple[Any, ...]] = Counter()
    for row in rows_of(facts, part):
        called = tuple(row_value(part, name, row.get(name), people) for name in NAMED_BY[part])
        seen[called] += 1
        said = [one for name, one in zip(NAMED_BY[part], called, strict=True) if row.get(name) is not None]
        label = f"{KINDS[part].capitalize()}: {', '.join(said)}"
        entries[part, called, seen[called]] = _Entry(_title(OF_PART[part]), label, row_in_words(part, row, people))
    return entries


def _hours(facts: Mapping[str, Any]) -> dict[tuple[Any, ...], _Entry]:
    """All intervals of a weekday stand in one line."""
    days: dict[tuple[str, int], list[str]] = {}
    for row in rows_of(facts, "opening_hours"):
        times = f"{_clock(row['opens'])}–{_clock(row['closes'])}"
        days.setdefault((row["kind"], row["weekday"]), []).append(times)
    model = PARTS["opening_hours"]
    entries = {}
    for (kind, weekday), intervals in sorted(days.items()):
        label = f"{_choice(model, 'kind', kind).capitalize()}, {Weekday(weekday).label}"
        entries["opening_hours", kind, weekday] = _Entry(_title(Group.HOURS), label, ", ".join(intervals))
    return entries


def rows_of(facts: Mapping[str, Any], part: str) -> list[Row]:
    return list(facts.get(part) or [])


def row_in_words(part: str, row: Row, people: list[str]) -> str:
    """The fields that say something, a line each, without those by which the row is called."""
    said = []
    for field in PARTS[
        part
    ]._meta.concrete_fields:  # in the order of the model: JSON in the database has one of its own
        name = field.attname if field.attname in row else field.name
        value = row.get(name)
        if name in STANDING or name in NAMED_BY[part] or value in (None, "", []):
            continue
        if name == "position" or (name == "basis" and value == "stated"):
            continue
        said.append(f"{_label(field)}: {row_value(part, name, value, people)}")
    if part == "practitioners":
        said.append(f"Plads på listen: {row.get('position', 0)}")
    return "\n".join(said) or "Ja"


def row_value(part: str, name: str, value: Any, people: list[str]) -> str:
    if name == "practitioner":
        return "hele klinikken" if value is None else (people[value] if value < len(people) else UNKNOWN)
    if name in TERMS:
        return _term(name, value)
    return value_in_words(PARTS[part]._meta.get_field(name), value)


def value_in_words(field: Any, value: Any) -> str:
    """As a person reads what JSON keeps."""
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(field, ArrayField):
        names = dict(field.base_field.choices or ())
        return danish.listing([str(names.get(one, one)) for one in value]) or "Ingen"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.name in MONEY:
        return danish.kroner(float(value))
    if field.name in PHONES:
        return danish.phone(value)
    if field.get_internal_type() == "DateField":
        return danish.day(datetime.date.fromisoformat(value))
    if field.get_internal_type() == "TimeField":
        return _clock(value)
    if isinstance(value, float):
        return f"{value:.5f}".replace(".", ",")
    return str(value)


def _term(name: str, slug: str | None) -> str:
    if slug is None:
        return UNKNOWN
    known = terms().treatments if name == "treatment" else terms().specialities
    return known[slug].name if slug in known else slug


def _title(group: str) -> str:
    return TITLES[group]


def _label(field: Any) -> str:
    return str(field.verbose_name).capitalize()


def label_of(name: str) -> str:
    """What the clinic's own field is called."""
    return _label(Clinic._meta.get_field(name))


def _choice(model: type[Model], name: str, value: Any) -> str:
    field: Any = model._meta.get_field(name)
    return str(dict(field.flatchoices).get(value, value))


def _clock(text: str) -> str:
    return text[:5].replace(":", ".")


assert set(OF_FIELD) == set(SCALARS), set(OF_FIELD) ^ set(SCALARS)  # noqa: S101  # a field that comes later is named too
