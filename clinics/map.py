"""The map of a search: the clinics of its list that lie in a box, as points and clusters.

The list's own statements say what the search found, how far it looked and which clinics stand on the page; those get their
numbers here (there are twenty). All others are put together by PostgreSQL, in cells of a net that lies still: moving the map
never makes a cluster out of other clinics. So an answer is small however many clinics there are: docs/map.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import mean
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Avg, Count, F, Max, Min, QuerySet
from django.db.models.functions import Floor

from .found import Found, Hit
from .map_area import Box
from .models import SearchEntry
from .search import Search

DEEPEST = 18  # the zoom at which what is still together is shown as one place
CLUSTER_PX = 72  # side of a cell on the screen
PIN_PX = 44  # closer together than this, two pins cover each other
MOST_CELLS = 32  # of the net along one side of the box: a large box at a deep zoom gets a coarser net
MOST_AT_ONE = 50  # clinics that one place names
MOST_NAMED = (
    500  # clinics that all places of an answer name together; what is beyond stays a cluster until one zooms in
)
FLATTENED = 0.56  # cosine of 56 degrees: how much narrower a degree of longitude is in Denmark
DENMARK = Box(7.9, 54.5, 15.3, 57.9)
RIM = 0.002  # degrees around the clinics of a page, 120 to 220 m

CLINIC_COLUMNS = {
    "name": "clinic__name",
    "slug": "clinic__slug",
    "street": "clinic__street",
    "postcode": "clinic__postcode_id",
    "town": "clinic__postcode__town",
    "precision": "clinic__location_precision",
    "is_example": "clinic__is_example",
}


@dataclass(frozen=True)
class OnMap:
    """A clinic of a place on the map. `number`: where it stands in the list, None when that is another page."""

    name: str
    slug: str
    street: str
    postcode: str
    town: str
    precision: str
    is_example: bool
    number: int | None = None

    @property
    def address(self) -> str:
        return ", ".join(filter(None, [self.street, f"{self.postcode} {self.town}"]))


@dataclass(frozen=True)
class Spot:
    """One place on the map: a point when it names its clinics, a cluster when it does not.

    `bounds` are west, south, east and north of its clinics; `numbers` those that stand on the page of the list.
    """

    latitude: float
    longitude: float
    bounds: tuple[float, float, float, float]
    count: int
    numbers: tuple[int, ...] = ()
    clinics: tuple[OnMap, ...] = ()

    @property
    def at_one_address(self) -> bool:
        west, south, east, north = self.bounds
        return west == east and south == north


@dataclass(frozen=True)
class Net:
    """Cells of one size over the whole world. `width` and `height` in degrees."""

    width: float
    height: float

    @classmethod
    def at(cls, zoom: int, pixels: int) -> "Net":
        """Cells of so many pixels on a web map: the world is 256 pixels wide at zoom 0 and twice that at each next."""
        width = 360 / (256 * 2**zoom) * pixels
        return cls(width, width * FLATTENED)

    @classmethod
    def over(cls, box: Box, zoom: int, pixels: int) -> "Net":
        """As fine as the zoom says, unless that would be more cells than anybody can look at."""
        west, south, east, north = box.sides
        for coarser in range(zoom, -1, -1):
            net = cls.at(coarser, pixels)
            if (east - west) / net.width <= MOST_CELLS and (north - south) / net.height <= MOST_CELLS:
                return net
        return cls.at(0, pixels)


def default_box(found: Found) -> Box:
    """Where the clinics of the page lie; Denmark when there are none."""
    if not found.hits:
        return DENMARK
    bounds = _bounds((hit.latitude, hit.longitude) for hit in found.hits)
    return Box(*bounds).grown(RIM)


def spots(found: Found, box: Box, zoom: int) -> list[Spot]:
    """What the map shows of a search: at most two statements, and at most a place for each cell. Numbered places first."""
    on_page = {hit.clinic_id for hit in found.hits}
    numbered = _numbered(found, box, zoom)
    others = _others(listed(found).exclude(pk__in=on_page), Net.over(box, zoom, CLUSTER_PX), box, zoom)
    return _at_one_address(numbered, others)


def listed(found: Found) -> QuerySet[SearchEntry]:
    """Every clinic of the list, on whatever page: by the search's own conditions."""
    return Search(found.asked).listed(found.step)


def _numbered(found: Found, box: Box, zoom: int) -> list[Spot]:
    """The clinics of the page. Their pins are small and looked for, so only those that would cover each other are put
    together: in the order of the list, each with the first that is too close."""
    net = Net.at(zoom, PIN_PX)
    together: list[list[tuple[Hit, OnMap]]] = []
    for number, hit in enumerate(found.hits, start=(found.page - 1) * found.size + 1):
        if not box.holds(hit.latitude, hit.longitude):
            continue
        clinic = OnMap(number=number, **{field: getattr(hit, field) for field in CLINIC_COLUMNS})
        for some in together:
            first, _ = some[0]
            across, up = abs(first.longitude - hit.longitude), abs(first.latitude - hit.latitude)
            if across < net.width and up < net.height:
                some.append((hit, clinic))
                break
        else:
            together.append([(hit, clinic)])
    made = []
    for some in together:
        spot = Spot(
            latitude=mean(hit.latitude for hit, _ in some),
            longitude=mean(hit.longitude for hit, _ in some),
            bounds=_bounds((hit.latitude, hit.longitude) for hit, _ in some),
            count=len(some),
            numbers=tuple(clinic.number for _, clinic in some if clinic.number),
        )
        named = spot.at_one_address or zoom >= DEEPEST
        made.append(_exactly(replace(spot, clinics=tuple(clinic for _, clinic in some) if named else ())))
    return made


def _others(rows: QuerySet[SearchEntry], net: Net, box: Box, zoom: int) -> list[Spot]:
    """The clinics of other pages, cell by cell; then the names of those that can be shown as points."""
    cells = (
        box.of(rows)
        .annotate(x=Floor((F("longitude") + 180.0) / net.width), y=Floor((F("latitude") + 90.0) / net.height))
        .values("x", "y")
        .annotate(
            count=Count("pk"),
            mean_latitude=Avg("latitude"),
            mean_longitude=Avg("longitude"),
            west=Min("longitude"),
            south=Min("latitude"),
            east=Max("longitude"),
            north=Max("latitude"),
            keys=ArrayAgg("pk"),
        )
        .annotate(named=F(f"keys__0_{MOST_AT_ONE}"))
        .order_by("count", "x", "y")
        .values("count", "mean_latitude", "mean_longitude", "west", "south", "east", "north", "named")
    )
    left, made, named = MOST_NAMED, [], []
    finest = zoom >= DEEPEST and net == Net.at(zoom, CLUSTER_PX)
    for row in cells:
        keys, bounds = row["named"], (row["west"], row["south"], row["east"], row["north"])
        spot = _exactly(Spot(row["mean_latitude"], row["mean_longitude"], bounds, row["count"]))
        point = (spot.at_one_address or finest) and len(keys) <= left
        left -= len(keys) if point else 0
        made.append(spot)
        named.append(keys if point else [])
    clinics = _clinics([key for keys in named for key in keys])
    return [
        replace(spot, clinics=tuple(sorted((clinics[key] for key in keys if key in clinics), key=lambda one: one.name)))
        for spot, keys in zip(made, named, strict=True)
    ]


def _clinics(keys: Sequence[int]) -> dict[int, OnMap]:
    if not keys:
        return {}
    rows = SearchEntry.objects.filter(pk__in=keys).values("pk", *CLINIC_COLUMNS.values())
    return {row["pk"]: OnMap(**{field: row[column] for field, column in CLINIC_COLUMNS.items()}) for row in rows}


def _at_one_address(numbered: Sequence[Spot], others: Sequence[Spot]) -> list[Spot]:
    """Two clinics at one address are one point, also when the list has a page between them."""
    points = {(spot.latitude, spot.longitude): spot for spot in numbered if spot.clinics}
    rest = []
    for spot in others:
        place = spot.latitude, spot.longitude
        if spot.clinics and (known := points.get(place)):
            points[place] = replace(
                known, count=known.count + spot.count, clinics=(*known.clinics, *spot.clinics)[:MOST_AT_ONE]
            )
        else:
            rest.append(spot)
    return [*(points.get((spot.latitude, spot.longitude), spot) if spot.clinics else spot for spot in numbered), *rest]


def _exactly(spot: Spot) -> Spot:
    """Where all lie at one point it is that point: a mean of equal numbers may differ from them."""
    west, south, _, _ = spot.bounds
    return replace(spot, latitude=south, longitude=west) if spot.at_one_address else spot


def _bounds(points: Iterable[tuple[float, float]]) -> tuple[float, float, float, float]:
    latitudes, longitudes = zip(*points, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def feature(spot: Spot, url_of: Any) -> dict[str, Any]:
    """A place as a GeoJSON feature. `url_of(slug)` is the address of a clinic's page."""
    properties: dict[str, Any] = {
        "kind": "point" if spot.clinics else "cluster",
        "count": spot.count,
        "bounds": [round(side, 6) for side in spot.bounds],
        "numbers": list(spot.numbers),
        "clinics": [
            {
                "slug": clinic.slug,
                "name": clinic.name,
                "url": url_of(clinic.slug),
                "number": clinic.number,
                "address": clinic.address,
                "location_precision": clinic.precision,
                "is_example": clinic.is_example,
            }
            for clinic in spot.clinics
        ],
    }
    point = {"type": "Point", "coordinates": [round(spot.longitude, 6), round(spot.latitude, 6)]}
    return {"type": "Feature", "geometry": point, "properties": properties}
