"""Two who change one clinic at once: which fields and rows another has saved since a page was shown, in words.

A page carries a short mark of each field and row that it showed (`seen`). When it comes back, what another has changed
since differs from its mark; where what was typed differs from it too, somebody is asked. Compared with `articles`, a clinic
has no versions to look up: the marks are all that is known of the page.
"""

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.timezone import localtime

from clinics import danish
from clinics.models import Clinic, Weekday
from clinics.ownership import name_for

SEEN, ACCEPTED = "seen", "accepted_version"  # names of the fields; what is accepted is a later `seen`
NOTHING, GONE, NOT_THERE = "Ikke oplyst", "Slettet", "Var der ikke"
CONFIRM = "_confirm"

Marks = dict[str, str]  # name of a field, or part and key of a row → mark of its value


@dataclass(frozen=True)
class Difference:
    """A field or a row: what is stored now beside what was typed, in words."""

    label: str
    stored: str
    typed: str


@dataclass(frozen=True)
class Conflict:
    """`title`: who saved, and when; `seen`: what a yes accepts."""

    title: str
    differences: list[Difference]
    seen: str


def mark(value: Any) -> str:
    """Eight characters that differ when the value does; the order of a list of keys does not count."""
    if isinstance(value, list):
        value = sorted(value)
    return hashlib.blake2b(repr(value).encode(), digest_size=4).hexdigest()


def mark_of_row(row: Model) -> str:
    """The day on which a row was confirmed is nothing that the form writes."""
    fields = [field.attname for field in row._meta.concrete_fields if field.name != "confirmed_at"]
    return mark({name: getattr(row, name) for name in fields})


def row_key(part: str, key: Any) -> str:
    return f"{part} {key}"


def written(marks: Mapping[str, str]) -> str:
    return ",".join(f"{name}:{value}" for name, value in marks.items())


def seen_by(data: Mapping[str, Any]) -> Marks:
    """The marks of the page that was sent, or of the later state that was accepted; {} when it has none."""
    parts = str(data.get(ACCEPTED) or data.get(SEEN) or "").split(",")
    return dict(part.split(":", 1) for part in parts if ":" in part)


def changed_since(seen: Marks, now: Marks) -> set[str]:
    """What the page showed and stands differently now."""
    return {name for name, value in now.items() if name in seen and seen[name] != value}


def of_fields(form: forms.BaseForm, names: Iterable[str]) -> list[Difference]:
    """Fields of a bound form: what they held when it was made beside what was typed."""
    return [
        Difference(str(form[name].label), in_words(form.fields[name], form[name].initial), _typed(form, name))
        for name in names
    ]


def row_in_words(form: forms.BaseForm, typed: bool = True) -> str:
    """The fields of a row that hold something, one after the other; as they were typed, or as they were before."""
    found = []
    for name, field in form.fields.items():
        if name in ("id", "clinic", "DELETE") or isinstance(field, forms.FileField):
            continue
        text = _typed(form, name) if typed else in_words(field, form[name].initial)
        if text != NOTHING:
            found.append(f"{form[name].label}: {text}")
    return ". ".join(found) or NOTHING


def in_words(field: forms.Field, value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(value, datetime.date):
        return danish.day(value)
    value = field.prepare_value(value)
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        chosen = {str(one) for one in (value if isinstance(value, list | tuple | set) else [value])}
        choices: Any = field.choices
        return danish.listing([str(label) for key, label in choices if key != "" and str(key) in chosen]) or NOTHING
    if isinstance(value, list):  # a week
        days = zip(Weekday, value, strict=False)
        return "; ".join(f"{day.label.capitalize()} {text}" for day, text in days if text) or NOTHING
    if isinstance(value, datetime.time):
        return f"{value:%H.%M}"
    return NOTHING if value in (None, "") else str(value)


def _typed(form: forms.BaseForm, name: str) -> str:
    cleaned = getattr(form, "cleaned_data", {})
    return in_words(form.fields[name], cleaned[name] if name in cleaned else form[name].data)


def title(clinic: Clinic, user: Any) -> str:
    """`"Du har gemt imens, 3. december 2026 kl. 08.00"`."""
    rows = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Clinic), object_id=str(clinic.pk))
    last = rows.select_related("user").order_by("-action_time").first()
    if last is None:
        return "En anden har gemt imens"
    who = "Du" if last.user_id == user.pk else name_for(user, last.user, clinic)
    at = date_format(localtime(last.action_time), "j. F Y \\k\\l. H.i")
    return f"{who} har gemt imens, {at}"
