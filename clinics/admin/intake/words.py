"""What a row of a list says, in words for people. Every word of it was written by others: templates escape it."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist

from clinics import danish
from clinics.intake.reading.columns import FACTS
from clinics.models import Clinic, ImportRecord, Weekday
from clinics.versions.words import label_of, value_in_words

# Besides what a column may be.
LABELS = {"": "Hele rækken", "prices": "Priser"}
_ORDER = {name: place for place, name in enumerate(["name", "street", "address_extra", "postcode_id", "town", *FACTS])}
PRICES = {"first": "Første konsultation", "follow_up": "Opfølgende konsultation"}
LONGEST = 400  # letters of one fact that are shown


def label(fact: str) -> str:
    """What a fact is called; one that nobody knows by its own name."""
    if fact in FACTS:
        return FACTS[fact].label
    if fact in LABELS:
        return LABELS[fact]
    try:
        return label_of(fact)
    except FieldDoesNotExist:  # a name that a newer version wrote
        return fact


def said(record: ImportRecord) -> list[tuple[str, str]]:
    """Everything the row says, in the order of the template: (label, text). JSON in the database has an order of its own."""
    facts = sorted(record.facts.items(), key=lambda fact: _ORDER.get(fact[0], len(_ORDER)))
    return [(label(name), short(_in_words(name, value))) for name, value in facts]


def problems(record: ImportRecord) -> list[dict[str, Any]]:
    """With a label; those because of which nothing can become of the row first."""
    found = [one | {"label": label(one.get("field", ""))} for one in record.problems]
    return sorted(found, key=lambda one: not one.get("fatal"))


def figures(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def town(code: str | None, name: str | None) -> str:
    return " ".join(filter(None, [code, name])) or "Ikke oplyst"


def told(record: ImportRecord) -> list[str]:
    """By what a person knows a clinic again: address, telephone, e-mail, website."""
    facts = record.facts
    where = filter(None, [facts.get("street"), town(facts.get("postcode_id"), facts.get("town"))])
    contact = [facts.get("phone") and danish.phone(facts["phone"]), facts.get("email"), facts.get("website")]
    return [", ".join(where), *filter(None, contact)]


def _in_words(name: str, value: Any) -> str:
    if name == "opening_hours":
        return hours(value)
    if name == "prices":
        return "\n".join(_price(kind, one) for kind, one in value.items())
    if name == "practitioners":
        return danish.listing([str(one) for one in value])
    if name in ("town", "text", "external_id", "postcode_id"):
        return str(value)
    try:
        return value_in_words(Clinic._meta.get_field(name), value)
    except (FieldDoesNotExist, TypeError, ValueError):  # what a newer version wrote
        return str(value)


def hours(rows: list[dict[str, Any]]) -> str:
    """A line for each weekday on which anything is open."""
    days: dict[int, list[str]] = {}
    for row in rows:
        times = f"{row['opens'][:5]}–{row['closes'][:5]}".replace(":", ".")
        days.setdefault(row["weekday"], []).append(times)
    return "\n".join(f"{Weekday(day).label}: {', '.join(times)}" for day, times in sorted(days.items()))


def _price(kind: str, one: dict[str, Any]) -> str:
    terms = f" ({one['terms']})" if one.get("terms") else ""
    return f"{PRICES.get(kind, kind)}: {danish.kroner(float(one['amount']))}{terms}"
