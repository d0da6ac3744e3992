"""The form in sections, in the order in which patients read. Each is a group of facts with its fields and its rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.helpers import AdminForm, Fieldset, InlineAdminFormSet

from clinics.completeness import Missing
from clinics.models import Provenance

ASKED = "afsnit"  # ?afsnit=prices opens a section
STANDING = "sources"  # what is not for patients to read: status and sources

_GROUP = Provenance.Group

# key, title, fields above the rows, fields below them
SECTIONS: tuple[tuple[str, str, tuple[Any, ...], tuple[Any, ...]], ...] = (
    (
        *(_GROUP.CONTACT, "Navn, adresse og kontakt"),
        ("name", "phone", "email", "website", "booking_url", "street", "address_extra", "postcode"),
        (("latitude", "longitude"), "location_precision", "slug"),
    ),
    (
        *(_GROUP.OFFERS, "Hvad I hjælper med"),
        ("focus_areas", "treatment_types", "acute_appointments", "assessment_plan"),
        (),
    ),
    (_GROUP.PRICES, "Priser uden henvisning", (), ()),
    (
        *(_GROUP.REFERRAL, "Ydernummer, tilskud og forsikring"),
        ("has_ydernummer", "free_physiotherapy", "danmark_insurance", "insurers", "insurers_note"),
        (),
    ),
    (_GROUP.PEOPLE, "Behandlere", (), ()),
    (_GROUP.WAITING, "Ventetid", ("waiting_days", "waiting_stated_on"), ()),
    (
        *(_GROUP.HOURS, "Åbningstider"),
        ("hours_treatment", "closed_days", "closed_on_holidays", "hours_note", "hours_phone", "hours_training"),
        (),
    ),
    (
        *(_GROUP.ACCESS, "Adgang, sprog og behandling hjemme"),
        ("step_free", "lift", "accessible_toilet", "parking", "hearing_loop", "access_note"),
        ("languages", "home_visits", "online"),
    ),
    (
        *(_GROUP.ANSWERS, "Klinikken med egne ord"),
        ("about", "approach_exercise", "approach_manual", "approach_follow_up"),
        (),
    ),
    (_GROUP.PHOTOS, "Billeder", (), ()),
    (STANDING, "Status og kilder", ("status", "source", "is_example"), ()),
)
FIELDSETS: Any = [
    (title, {"fields": fields, "classes": (key, where)})
    for key, title, *parts in SECTIONS
    for where, fields in zip(("above", "below"), parts, strict=True)
    if fields
]
_FLAT = {
    name: key
    for key, _, *parts in SECTIONS
    for fields in parts
    for line in fields
    for name in ((line,) if isinstance(line, str) else line)
}


@dataclass(frozen=True)
class Asked:
    """One subject in its section. `url` "" for staff; `waits`: the changes that wait, `text` in words and `url` of its page."""

    subject: str
    label: str
    url: str
    waits: list[dict[str, str]]


@dataclass(frozen=True)
class Section:
    """`missing`: what the clinic has not stated here; `advice`: sentences about what looks like a mistake; `faults`: how many
    fields were refused; `asked_for`: what this person can only ask for (asking.py)."""

    key: str
    title: str
    above: list[Fieldset]
    rows: list[InlineAdminFormSet]
    below: list[Fieldset]
    missing: list[Missing]
    advice: list[str]
    faults: int
    is_open: bool
    asked_for: tuple[Asked, ...] = ()


def sections_of(
    adminform: AdminForm,
    inlines: Iterable[InlineAdminFormSet],
    missing: Iterable[Missing],
    advice: Mapping[str, list[str]],
    asked: str,
    asked_for: Mapping[str, tuple[Asked, ...]],
) -> list[Section]:
    """All sections; open are those with faults, or else the one that is `asked` for. `advice` and `asked_for` by the key of a
    section."""
    fieldsets, inlines, missing = list(adminform), list(inlines), list(missing)
    errors = adminform.form.errors
    sections = []
    for key, title, *_ in SECTIONS:
        rows = [one for one in inlines if one.opts.section == key]
        faults = sum(_FLAT.get(name) == key for name in errors) + sum(_faults(one.formset) for one in rows)
        above, below = ([one for one in fieldsets if f"{key} {where}" in one.classes] for where in ("above", "below"))
        if not (above or rows or below):
            continue  # rows come with the second visit
        mine = [one for one in missing if one.section == key]
        said = advice.get(key, [])
        is_open = bool(faults) or key == asked
        subjects = asked_for.get(key, ())
        sections.append(Section(key, title, above, rows, below, mine, said, faults, is_open, subjects))
    return sections


def groups_changed(form: Any, formsets: Iterable[Any]) -> set[str]:
    """The groups of facts in which something was changed, by fields or rows."""
    changed = {_FLAT[name] for name in form.changed_data if name in _FLAT}
    return changed | {one.section for one in formsets if one.has_changed() and hasattr(one, "section")}


def _faults(formset: Any) -> int:
    return sum(bool(errors) for errors in formset.errors) + len(formset.non_form_errors()) if formset.is_bound else 0
