"""A cell, and the parts of one clinic that its cells are made of."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from clinics.contact import Contact, contact_part
from clinics.course import CourseCost, course_cost
from clinics.matching import Wanted
from clinics.models import Clinic
from clinics.offers import OffersPart, TrainingPart, offers_part, training_part
from clinics.places import FoundPlace
from clinics.prices import PricesPart, prices_part

STRONG, FITS, MORE, DATE = "strong", "fits", "more", "date"


@dataclass(frozen=True)
class Line:
    """`kind`: "" is a plain fact, `strong` a figure, `fits` what the visitor looks for, `more` what explains the line
    above it, `date` when it was stated."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Cell:
    """Without lines, or with `is_unknown`, it reads "Ikke oplyst". `is_fixed`: a price that is the same everywhere."""

    lines: tuple[Line, ...] = ()
    is_unknown: bool = False
    is_fixed: bool = False

    @property
    def fact(self) -> tuple[bool, tuple[Line, ...]]:
        """What two cells are compared by: all but the day on which it was said."""
        return self.is_unknown, tuple(line for line in self.lines if line.kind != DATE)


UNKNOWN = Cell()


@dataclass(frozen=True)
class Facts:
    """The parts of one clinic that its cells are made of."""

    clinic: Clinic
    place: FoundPlace | None
    wanted: Sequence[Wanted]
    fits: str
    now: datetime.datetime
    contact: Contact
    offers: OffersPart
    training: TrainingPart
    prices: PricesPart
    course: CourseCost

    @classmethod
    def of(
        cls,
        clinic: Clinic,
        place: FoundPlace | None,
        wanted: Sequence[Wanted],
        fits: str,
        visits: int,
        now: datetime.datetime,
    ) -> "Facts":
        day = now.date()
        return cls(
            clinic,
            place,
            wanted,
            fits,
            now,
            contact=contact_part(clinic, place, day),
            offers=offers_part(clinic, wanted),
            training=training_part(clinic, wanted),
            prices=prices_part(clinic, day),
            course=course_cost(clinic, visits, day),
        )


def cell(*texts: str, kind: str = "") -> Cell:
    """One line for each text that is not empty."""
    return Cell(tuple(Line(text, kind) for text in texts if text))
