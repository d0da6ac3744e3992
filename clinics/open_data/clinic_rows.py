"""The published clinics as rows, in batches, so that a hundred thousand of them need no more memory than five hundred.

Facts alone: no sentences that a clinic wrote (they are its own), no pictures, no reviews, nobody's name, and no e-mail
addresses (they often are somebody's name, and a list of them is what unwanted mail is made of).
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from clinics.field_sources import own_words
from clinics.json_ld import absolute
from clinics.models import Clinic, Price, Provenance
from clinics.models.clinic import Source
from clinics.offers import is_official, shown
from clinics.opening import hours_text
from clinics.prices import lowest
from clinics.sources import SourceLine, source_lines
from clinics.whole import fill

from . import licences
from .columns import Column, Record, Value, day, field, record

BATCH = 500
Group = Provenance.Group
WEEK = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
KEPT_NAMES = (
    Source.REGISTER,
    Source.IMPORT,
)  # a list's name is a list's; what a clinic is called by us may be a person's


# Column → the fact as `clinics.field_sources` knows it, where it has another name there.
FACT_OF = {
    **{"postcode": "postcode_id", "town": "postcode_id", "longitude": "latitude"},
    **{"price_first": "prices", "price_follow_up": "prices"},
}


@dataclass
class Row:
    """A clinic that was read with `whole.fill`, with who stated what of it."""

    clinic: Clinic
    lines: dict[str, SourceLine]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.clinic, name)

    def source_name(self, group: str) -> str:
        """`"Sundhedsdatastyrelsens register"`, or the kind of source where it has no name that may be told."""
        return _told(self.lines[group].source, self.lines[group].note)

    @cached_property
    def facts(self) -> Record:
        return record(FACTS, self)

    @property
    def licence(self) -> str:
        """Of all that is stated in the files: of each fact its own source's terms, else its group's."""
        own = own_words(self.clinic)
        found = set()
        for column in FACTS:
            if self.facts[column.name] is None:
                continue
            if row := own.get(FACT_OF.get(column.name, column.name)):
                found.add(licences.licence(row.source, _told(row.source, row.note)))
            elif column.group:
                found.add(licences.licence(self.lines[column.group].source, self.source_name(column.group)))
        return licences.together(found)


def _told(source: str, note: str) -> str:
    name = note.strip()
    return name if name and source in KEPT_NAMES else str(Source(source).label)


def batches(today: datetime.date) -> Iterator[list[Record]]:
    """Every published clinic that is no example, in the order in which they came to us, which never changes."""
    last = 0
    real = Clinic.objects.published().filter(is_example=False).select_related("postcode").order_by("pk")
    while clinics := list(real.filter(pk__gt=last)[:BATCH]):
        last = clinics[-1].pk
        fill(clinics)
        rows = [Row(clinic, source_lines(clinic, today)) for clinic in clinics]
        yield [row.facts | record(ORIGIN, row) for row in rows]


# --- how a column is read


def _phone(row: Row) -> Value:
    """As one rings from Denmark: no plus sign, which a spreadsheet takes for a formula."""
    number = row.phone
    if number.startswith("+45") and len(number) == 11:
        return number[3:]
    return f"00{number[1:]}" if number.startswith("+") else number or None


def _slugs(rows: Iterable[Any], term: str) -> list[str] | None:
    return sorted({getattr(row, term).slug for row in rows}) or None


def _official(row: Row) -> Value:
    return _slugs((one for one in shown(row.specialities.all()) if is_official(one)), "speciality")


def _focus(row: Row) -> Value:
    return _slugs((one for one in shown(row.specialities.all()) if not is_official(one)), "speciality")


def _price(kind: str) -> Any:
    def read(row: Row) -> Value:
        amount, _ = lowest(row.prices.all(), kind)
        if amount is None:
            return None
        return int(amount) if amount == int(amount) else float(amount)

    return read


def _hours(row: Row) -> Value:
    """Treatment hours as OpenStreetMap writes them: `"Mo-Th 08:00-18:00; Fr 08:00-12:00,13:00-15:00"`."""
    runs: list[tuple[list[int], str]] = []
    for weekday, times in hours_text(row.clinic).items():
        text = ",".join(f"{opens}-{'24:00' if closes == '00:00' else closes}" for opens, closes in times)
        if runs and runs[-1][1] == text and runs[-1][0][-1] == weekday - 1:
            runs[-1][0].append(weekday)
        else:
            runs.append(([weekday], text))
    return "; ".join(f"{_weekdays(days)} {text}" for days, text in runs) or None


def _weekdays(days: list[int]) -> str:
    return WEEK[days[0]] if len(days) == 1 else f"{WEEK[days[0]]}-{WEEK[days[-1]]}"


def _stated(group: str) -> list[Column]:
    label = Group(group).label
    return [
        Column(f"{group}_source", f"Kilden til {label}", lambda row: row.lines[group].source),
        Column(f"{group}_stated_on", f"Dagen for {label}", lambda row: _iso(row.lines[group].stated_on)),
    ]


def _iso(on: datetime.date | None) -> str | None:
    return None if on is None else on.isoformat()


FACTS: tuple[Column, ...] = (
    field("slug", "Klinikkens korte navn i vores webadresse"),
    Column("url", "Klinikkens side på FysFinder", lambda row: absolute(row.get_absolute_url())),
    field("name", "Navn", Group.CONTACT),
    field("street", "Vej og husnummer", Group.CONTACT),
    field("address_extra", "Etage, dør, bygning", Group.CONTACT),
    field("postcode", "Postnummer (tekst på fire cifre)", of="postcode_id"),
    Column("town", "By", lambda row: row.postcode.town),
    Column("latitude", "Breddegrad (WGS 84)", lambda row: round(row.latitude, 6)),
    Column("longitude", "Længdegrad (WGS 84)", lambda row: round(row.longitude, 6)),
    field("location_precision", "Hvor præcist punktet er: address, street eller postcode (kun postnummerets punkt)"),
    Column("phone", "Telefon, som man ringer fra Danmark", _phone, Group.CONTACT),
    field("website", "Hjemmeside", Group.CONTACT),
    field("booking_url", "Online booking", Group.CONTACT),
    Column("official_specialities", "Dokumenterede officielle specialer", _official, Group.OFFERS),
    Column("focus_areas", "Fokusområder, som klinikken selv oplyser", _focus, Group.OFFERS),
    Column(
        "treatments", "Behandlingstyper", lambda row: _slugs(shown(row.treatments.all()), "treatment"), Group.OFFERS
    ),
    Column("price_first", "Laveste pris første gang uden henvisning, kr.", _price(Price.Kind.FIRST), Group.PRICES),
    Column("price_follow_up", "Laveste pris for opfølgning, kr.", _price(Price.Kind.FOLLOW_UP), Group.PRICES),
    field("has_ydernummer", "Ydernummer", Group.REFERRAL),
    field("free_physiotherapy", "Vederlagsfri fysioterapi", Group.REFERRAL),
    field("danmark_insurance", "Tilskud fra sygeforsikringen “danmark”", Group.REFERRAL),
    field("insurers", "Aftaler med sundhedsforsikringer", Group.REFERRAL),
    Column("opening_hours", "Åbningstider for behandling, skrevet som i OpenStreetMap", _hours, Group.HOURS),
    field("closed_on_holidays", "Lukket på helligdage", Group.HOURS),
    field("home_visits", "Hjemmebehandling", Group.ACCESS),
    field("online", "Onlinekonsultation", Group.ACCESS),
    field("assessment_plan", "Undersøgelse og plan for træning", Group.ACCESS),
    field("step_free", "Niveaufri adgang", Group.ACCESS),
    field("lift", "Elevator", Group.ACCESS),
    field("accessible_toilet", "Handicaptoilet", Group.ACCESS),
    field("parking", "Parkering ved døren", Group.ACCESS),
    field("hearing_loop", "Teleslynge", Group.ACCESS),
    field("languages", "Sprog (ISO 639)", Group.ACCESS),
    field("acute_appointments", "Akutte tider", Group.WAITING),
    field("waiting_days", "Ventetid i dage", Group.WAITING),
)
SAID = (Group.CONTACT, Group.OFFERS, Group.PRICES, Group.REFERRAL, Group.HOURS, Group.ACCESS, Group.WAITING)
ORIGIN: tuple[Column, ...] = (
    *(column for group in SAID for column in _stated(group)),
    Column("source", "Hvor navn, adresse og kontakt kommer fra", lambda row: row.lines[Group.CONTACT].source),
    Column("source_name", "Kildens navn", lambda row: row.source_name(Group.CONTACT)),
    day("confirmed_on", "Dagen, klinikken sidst bekræftede oplysningerne", "confirmed_at"),
    day("updated_on", "Dagen, rækken sidst blev ændret hos os", "updated_at"),
    field("licence", "Vilkårene for rækken"),
)
CLINICS = (*FACTS, *ORIGIN)
