"""Hours, people, further prices and texts of invented clinics, drawn apart from the clinics themselves."""

import datetime
import random

from django.db import connection

from clinics.copying import Row, copy_values, next_keys
from clinics.models import (
    ClinicSpeciality,
    HoursKind,
    OpeningException,
    Practitioner,
    Price,
    Provenance,
)
from clinics.models.offer import Stated

WOMEN = ["Mette", "Fatima", "Åse", "Ida", "Aisha", "Lærke", "Birgit", "Katrine", "Solveig", "Line", "Sofie"]
MEN = ["Anders", "Søren", "Jonas", "Peter", "Thomas", "Emil", "Mads", "Ahmed", "Øjvind"]
SURNAME = "Eksempel"
OTHER_LANGUAGES = ("de", "sv", "ar", "tr", "pl", "uk", "fa", "kl", "sgn")
INSURERS = ("tryg", "pfa", "danica", "dss", "falck", "topdanmark")
EXERCISE = "Vi viser dig få øvelser, skriver dem ned til dig og retter dem til næste gang. (Opdigtet eksempel.)"
MANUAL = "Vi bruger hænderne, når det kan hjælpe dig i gang, og altid sammen med øvelser. (Opdigtet eksempel.)"
FOLLOW_UP = "Vi ringer til dig efter to uger og hører, hvordan det går. (Opdigtet eksempel.)"
ACCESS = "Indgang fra gården. Bus standser 100 m fra døren. (Opdigtet eksempel.)"

# Weeks as real clinics keep them: kind, weekdays from Monday, opens, closes.
T, P, S = HoursKind.TREATMENT, HoursKind.PHONE, HoursKind.TRAINING
WEEKS: list[list[tuple[str, range | list[int], str, str]]] = [
    [(T, range(5), "08:00", "16:00")],
    [(T, range(4), "08:00", "12:00"), (T, range(4), "12:30", "17:00"), (T, [4], "08:00", "14:00"), (P, range(5), "8:00", "9:30")],
    [(T, range(5), "07:30", "18:00"), (T, [5], "09:00", "13:00"), (S, range(7), "05:00", "23:00")],
    [(T, [0, 2, 4], "09:00", "15:00"), (T, [1, 3], "12:00", "20:00"), (P, [0, 2, 4], "08:00", "09:00")],
    [(T, [1, 3], "16:00", "21:00"), (T, [5], "10:00", "14:00")],
    [(T, range(5), "08:00", "17:00"), (P, range(5), "07:30", "15:00"), (S, range(5), "06:00", "00:00")],
]  # fmt: skip


class Facts:
    """Collects the rows of a batch of clinics; `store` writes them."""

    def __init__(self, draw: random.Random, today: datetime.date) -> None:
        self.random, self.today = draw, today
        self._empty()

    def _empty(self) -> None:
        self.weeks: dict[int, list[int]] = {number: [] for number in range(len(WEEKS))}
        self.people: list[Row] = []
        self.offers: list[tuple[Row, Row]] = []
        self.closed: list[Row] = []
        self.prices: list[Row] = []
        self.sources: list[Row] = []

    def describe(self, clinic: Row, number: int, full: bool) -> None:
        """Set what stands on the clinic's own row."""
        draw = self.random
        if full:
            clinic["closed_on_holidays"] = draw.choice([True, True, None])
            clinic["languages"] = ["da", "en", *draw.sample(OTHER_LANGUAGES, draw.randrange(3))]
            clinic["insurers"] = draw.sample(INSURERS, draw.randrange(4))
            clinic["access_note"] = draw.choice([ACCESS, ""])
            clinic["booking_url"] = draw.choice([f"https://klinik{number}.example.org/tid/", ""])
            clinic["approach_exercise"], clinic["approach_manual"] = EXERCISE, draw.choice([MANUAL, ""])
            clinic["approach_follow_up"] = draw.choice([FOLLOW_UP, ""])
        elif number % 2:
            clinic["languages"] = ["da"]

    def add(self, said: Row, number: int, full: bool, stated: list[tuple[int, bool]], amounts: list[int]) -> None:
        """What the clinic with this number has beside its specialities, treatments and first prices.

        `said`: what all its rows begin with: of which clinic, who says so, since when. `stated`: its specialities' keys, and
        whether each is an official one. `amounts`: of those prices.
        """
        clinic_id = said["clinic_id"]
        if full or number % 2:
            self.weeks[self.random.randrange(len(WEEKS))].append(clinic_id)
        if not full:
            return
        self._people(said, stated)
        self._prices(said, amounts)
        if number % 4 == 0:
            self._closed(clinic_id, datetime.date(self.today.year, 12, 24), 11, "Juleferie")
        if number % 5 == 0:
            self._closed(clinic_id, self.today + datetime.timedelta(days=self.random.randrange(-3, 12)), 5, "Kursus")
        if number % 6 == 0:
            self.sources.append(
                {
                    "clinic_id": clinic_id,
                    "group": Provenance.Group.PRICES,
                    "source": said["source"],
                    "stated_on": said["confirmed_at"],
                }
            )

    def store(self) -> None:
        for person, pk in zip(self.people, next_keys(Practitioner, len(self.people)), strict=True):
            person["id"] = pk
        for person, offer in self.offers:
            offer["practitioner_id"] = person["id"]
        copy_values(Practitioner, self.people)
        copy_values(ClinicSpeciality, [offer for _, offer in self.offers])
        copy_values(OpeningException, self.closed)
        copy_values(Price, self.prices)
        copy_values(Provenance, self.sources)
        self._store_weeks()
        self._empty()

    def _store_weeks(self) -> None:
        """A week is the same for many clinics, so that the database multiplies them itself."""
        lines = [
            (number, kind, weekday, opens, closes)
            for number, week in enumerate(WEEKS)
            for kind, days, opens, closes in week
            for weekday in days
        ]
        pairs = [(number, pk) for number, keys in self.weeks.items() for pk in keys]
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO clinics_openinghours (clinic_id, kind, weekday, opens, closes, source, confirmed_at)
                SELECT c.id, line.kind, line.weekday, line.opens, line.closes, c.source, c.confirmed_at
                FROM unnest(%s::int[], %s::bigint[]) AS week(number, clinic_id)
                JOIN clinics_clinic c ON c.id = week.clinic_id
                JOIN unnest(%s::int[], %s::text[], %s::int[], %s::time[], %s::time[])
                    AS line(number, kind, weekday, opens, closes) ON line.number = week.number
                ORDER BY c.id, line.kind, line.weekday, line.opens
                """,
                [*_columns(pairs, 2), *_columns(lines, 5)],
            )

    def _people(self, said: Row, stated: list[tuple[int, bool]]) -> None:
        draw = self.random
        for position, name in enumerate(draw.sample(WOMEN + MEN, draw.randint(1, 4))):
            checked = draw.choice([self.today - datetime.timedelta(days=draw.randint(10, 300)), None])
            person = said | {
                "name": f"{name} {SURNAME}",
                "title": "Klinikejer" if not position else "",
                "gender": draw.choice(["woman" if name in WOMEN else "man", ""]),
                "authorisation_id": f"EKS{draw.randrange(100):02}" if checked else "",
                "authorisation_checked_on": checked,
                "languages": draw.choice([["da", "en"], None]),
                "position": position,
            }
            self.people.append(person)
            for key, is_official in draw.sample(stated, min(len(stated), 2)):
                offer = said | {"speciality_id": key}
                if is_official:  # only these have a title that somebody grants
                    offer["basis"], offer["evidence"] = Stated.Basis.DOCUMENTED, "Opdigtet eksempel"
                    offer["grade"] = draw.choice(Stated.Grade.values)
                self.offers.append((person, offer))

    def _prices(self, said: Row, amounts: list[int]) -> None:
        draw, kind = self.random, Price.Kind
        group = draw.randrange(80, 160, 5)
        # A little less a session than a single visit, as packages are.
        visit = min(amounts) - draw.randrange(10, 50, 10)
        chosen: list[tuple[str, int, int | None, int | None, str]] = [
            (kind.GROUP, group, 60, None, ""),
            (kind.SURCHARGE, draw.randrange(50, 200, 25), None, None, "Behandling efter kl. 17"),
            (kind.PACKAGE, visit * 5, 30, 5, ""),
        ]
        for what, amount, minutes, sessions, terms in draw.sample(chosen, draw.randrange(4)):
            price = {"kind": what, "amount": amount, "minutes": minutes, "sessions": sessions, "terms": terms}
            if sessions:
                price |= {"valid_months": 12, "refundable": draw.choice([True, None])}
            self.prices.append(said | price)

    def _closed(self, clinic_id: int, first: datetime.date, days: int, note: str) -> None:
        last = first + datetime.timedelta(days=days - 1)
        self.closed.append({"clinic_id": clinic_id, "first_day": first, "last_day": last, "note": note})


def _columns(rows: list[tuple], count: int) -> list[list]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(count)]
