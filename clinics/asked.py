"""What a search is asked for: one frozen value, made by `clinics.inquiry` and answered by `clinics.search`."""

from dataclasses import dataclass
from decimal import Decimal

from .geo import Point
from .map_area import Box
from .matching import Wanted
from .orders import BY_DISTANCE, Order

STEPS_KM = (10, 25, 50)  # then the place's region, then all of Denmark
CITY_KM = 50  # what has a postcode of a city and lies further than this from its point has a wrong point
REGION, COUNTRY = "region", "country"
Step = int | str


@dataclass(frozen=True)
class Ticked:
    """What was ticked of one filter, as index numbers. `any_of`: one of them is enough; otherwise a clinic has them all."""

    name: str
    numbers: frozenset[int]
    any_of: bool = False


@dataclass(frozen=True)
class Asked:
    """What is searched for. `subjects`: one group for each of condition, specialities and treatments that was chosen; a
    clinic matches when it has at least one value of each group; a group without values is one that nobody can match.
    `chosen`: the parameter that each group comes from, "" for the condition. `ticked`: facts it must have."""

    point: Point | None = None
    land: str = ""
    regions: tuple[str, ...] = ()  # slugs of the regions that the place lies in today
    city: int | None = (
        None  # the index number of the whole city that was named: however near one looks, all of it is near
    )
    area: tuple[str, ...] = ()  # postcodes: nothing but what lies in one of them
    subjects: tuple[tuple[Wanted, ...], ...] = ()
    chosen: tuple[str, ...] = ()
    ticked: tuple[Ticked, ...] = ()
    max_price: Decimal | None = None
    max_waiting_days: int | None = None
    min_average: Decimal | None = None  # of the reviews, as it is shown
    open_now: bool = False  # at the moment of the search
    radius_km: int | None = None
    box: Box | None = None  # the part of the map that can be seen: nothing but what lies in it
    exact: bool = False  # not a kilometre further than the radius, even when nothing is found
    order: Order = BY_DISTANCE

    @property
    def wanted(self) -> list[Wanted]:
        return [wanted for subject in self.subjects for wanted in subject]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but place and subject was asked for."""
        numbers = (self.max_price, self.max_waiting_days, self.min_average)
        return bool(self.ticked) or self.open_now or any(number is not None for number in numbers)

    @property
    def steps(self) -> tuple[Step, ...]:
        """How far to look, step after step, until enough is found."""
        if self.point is None or self.box is not None:  # a box is as far as one looks
            return (COUNTRY,)
        if self.radius_km is None:
            return (*STEPS_KM, REGION, COUNTRY)
        if self.exact:
            return (self.radius_km,)
        return (self.radius_km, *(km for km in STEPS_KM if km > self.radius_km), REGION, COUNTRY)

    def subject_of(self, name: str) -> tuple[Wanted, ...]:
        """What was chosen of the specialities or the treatments."""
        return next(
            (subject for subject, chosen in zip(self.subjects, self.chosen, strict=False) if chosen == name), ()
        )
