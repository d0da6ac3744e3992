"""What a search is asked for: one frozen value, made by `clinics.inquiry` and answered by `clinics.search`."""

from dataclasses import dataclass
from decimal import Decimal

from .geo import Point
from .matching import Wanted

STEPS_KM = (10, 25, 50)  # then the place's region, then all of Denmark
REGION, COUNTRY = "region", "country"
Step = int | str


@dataclass(frozen=True)
class Asked:
    """What is searched for. `subjects`: one group for each of condition, specialities and treatments that was chosen; a
    clinic matches when it has at least one value of each group; a group without values is one that nobody can match.
    `required`: index numbers it must have all of; `any_of`: of each of these it must have one."""

    point: Point | None = None
    land: str = ""
    regions: tuple[str, ...] = ()  # slugs of the regions that the place lies in today
    area: tuple[str, ...] = ()  # postcodes: nothing but what lies in one of them
    subjects: tuple[tuple[Wanted, ...], ...] = ()
    required: frozenset[int] = frozenset()
    any_of: tuple[frozenset[int], ...] = ()
    max_price: Decimal | None = None
    max_waiting_days: int | None = None
    radius_km: int | None = None
    exact: bool = False  # not a kilometre further than the radius, even when nothing is found

    @property
    def wanted(self) -> list[Wanted]:
        return [wanted for subject in self.subjects for wanted in subject]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but place and subject was asked for."""
        numbers = (self.max_price, self.max_waiting_days)
        return bool(self.required or self.any_of) or any(number is not None for number in numbers)

    @property
    def steps(self) -> tuple[Step, ...]:
        """How far to look, step after step, until enough is found."""
        if self.radius_km is None:
            return (*STEPS_KM, REGION, COUNTRY)
        if self.exact:
            return (self.radius_km,)
        return (self.radius_km, *(km for km in STEPS_KM if km > self.radius_km), REGION, COUNTRY)
