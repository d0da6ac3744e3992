"""What reading a place can answer: a found place, or one of three ways of not finding it, each with a kind sentence."""

from dataclasses import dataclass
from typing import ClassVar

from .geo import Point
from .models import Place

POSTCODE = "postcode"  # the kind of a place that was found by its four digits


@dataclass(frozen=True)
class FoundPlace:
    """A place that was understood.

    `kind` is one of Place.Kind or "postcode". `postcodes` is empty for the whole country. `regions` are the slugs of
    the regions it lies in today, more than one on a border; `base_regions` are those its postcodes and the search
    index are filed under for good. `land` is empty for what lies on several land parts. `part_of` is the slug of the place
    it is a part of. A village, a district or an island without a postcode of its own has another place's: `post_town` and
    `post_slug` are that place's name and slug, and which of the postcode's clinics lie in the village nobody has told us.
    `reach_km` is how far a landscape or an island goes from its point, 0 where nobody asks.
    """

    slug: str
    name: str
    kind: str
    postcodes: tuple[str, ...]
    latitude: float
    longitude: float
    regions: tuple[str, ...]
    base_regions: tuple[str, ...]
    land: str
    preposition: str
    part_of: str = ""
    post_town: str = ""
    post_slug: str = ""
    reach_km: float = 0

    outcome: ClassVar[str] = "found"

    @property
    def label(self) -> str:
        """What the search field and a heading say: `8000 Aarhus C`, `Østerbro`."""
        return f"{self.postcodes[0]} {self.name}" if self.kind == POSTCODE else self.name

    @property
    def in_place(self) -> str:
        """`i Aarhus C`, `på Østerbro`, `i hele Danmark`."""
        whole = "hele " if self.kind == Place.Kind.COUNTRY else ""
        return f"{self.preposition} {whole}{self.name}"

    @property
    def here(self) -> str:
        """`på Fyn`; `nær Thurø`, which has the postcode of Svendborg."""
        return f"nær {self.name}" if self.post_town else self.in_place

    @property
    def is_area(self) -> bool:
        """Whether what lies in it is searched, and not what is near to it: an island, a landscape, a municipality without a
        town of its name, a region, the country. Its middle means nothing to anybody.
        """
        if self.kind == Place.Kind.DISTRICT:
            return len(self.postcodes) > 1 and not self.part_of
        if self.kind == Place.Kind.ISLAND:
            return bool(self.postcodes) and not self.post_town
        return self.kind in (Place.Kind.REGION, Place.Kind.COUNTRY)

    @property
    def is_city(self) -> bool:
        """Whether it is a whole city of many postcodes, all of which are near, however far from its middle."""
        return self.kind == Place.Kind.CITY

    @property
    def where(self) -> str:
        """`nær 8000 Aarhus C`, but `i hele Aarhus og omegn`, `på Fyn` and `i hele Danmark`."""
        if self.is_city:
            return f"{self.preposition} hele {self.name} og omegn"
        return self.in_place if self.is_area else f"nær {self.label}"

    def within(self, km: int) -> str:
        """`inden for 10 km`; of a city `i Aarhus eller højst 10 km fra midten`."""
        return f"{self.in_place} eller højst {km} km fra midten" if self.is_city else f"inden for {km} km"

    @property
    def sted(self) -> str:
        """The shortest text that finds this very place again, for `?sted=`."""
        return self.postcodes[0] if self.kind == POSTCODE else self.name

    @property
    def point(self) -> Point:
        return Point(self.latitude, self.longitude)


class PlaceError(Exception):
    """No place was found. `message` is a Danish sentence for the page, `outcome` its name in the API."""

    outcome: ClassVar[str] = ""
    choices: tuple[FoundPlace, ...] = ()
    suggestion: FoundPlace | None = None

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidPlace(PlaceError):  # noqa: N818 (the design's names: outcomes more than errors)
    """Nothing in the text can be a place."""

    outcome = "invalid"


class UnknownPlace(PlaceError):  # noqa: N818
    """It looks like a place, but we do not know it. A `suggestion` is asked about, never used."""

    outcome = "unknown"

    def __init__(self, message: str, suggestion: FoundPlace | None = None) -> None:
        super().__init__(message)
        self.suggestion = suggestion

    @property
    def question(self) -> str:
        """`Mente du Aarhus?`, or nothing."""
        return f"Mente du {self.suggestion.label}?" if self.suggestion else ""


class AmbiguousPlace(PlaceError):  # noqa: N818
    """Several places; `choices` has the largest first (postcodes in the order they were written)."""

    outcome = "ambiguous"

    def __init__(self, message: str, choices: tuple[FoundPlace, ...]) -> None:
        super().__init__(message)
        self.choices = choices
