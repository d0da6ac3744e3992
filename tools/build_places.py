"""Make clinics/data/places.csv from clinics/data/postcodes.csv: what people call a place, and which postcodes it means.

Postal towns come from the postcodes, cities, districts, islands and regions from tools/data/places_by_hand.csv, smaller
towns from tools/data/extra_towns.csv; inhabitants and points from GeoNames. docs/places.md gives the command.
"""

import re
import statistics
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from tables import BY_HAND, DATA, Point, Town, expand, geonames_towns, km, rows, short_name, write

COLUMNS = [
    "slug",
    "name",
    "kind",
    "preposition",
    "aliases",
    "population",
    "latitude",
    "longitude",
    "land",
    "postcodes",
    "parent",
]
LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
LONG_SUFFIXES = {
    " F": " Falster",
    " M": " Mors",
    " L": " Lolland",
    " J": " Jylland",
    " Sj": " Sjælland",
    " Jyll": " Jylland",
}
SHORT_WORDS = {
    "Nørre": "Nr.", "Sønder": "Sdr.", "Store": "St.", "Lille": "Ll.", "Kirke": "Kr.", "Kongens": "Kgs.", "Vester": "Vr."
}  # fmt: skip
COMPASS = {
    "N": "Nord", "NØ": "Nordøst", "Ø": "Øst", "SØ": "Sydøst", "S": "Syd", "SV": "Sydvest", "V": "Vest", "NV": "Nordvest"
}  # fmt: skip
# GeoNames gives the whole municipality here, or a figure that belongs to another town.
WRONG_POPULATION = {"Hedensted", "Avedøre"}


@dataclass
class Place:
    name: str
    kind: str
    preposition: str
    postcodes: list[str]
    point: Point
    aliases: list[str] = field(default_factory=list)
    population: int | None = None
    parent: str = ""

    @property
    def slug(self) -> str:
        return plain(self.name)


class Builder:
    def __init__(self) -> None:
        self.codes = {row["code"]: row for row in rows(DATA / "postcodes.csv")}
        self.towns = geonames_towns()
        self.at_point = {town.point: town for namesakes in self.towns.values() for town in namesakes}
        self.places: dict[str, Place] = {}

    def build(self) -> None:
        for row in rows(BY_HAND / "places_by_hand.csv"):
            self.add(self.by_hand(row))
        self.add_postal_towns()
        self.add_extra_towns()
        self.add_municipalities()

    def add(self, place: Place) -> None:
        if place.slug in self.places:
            sys.exit(f"two places would have the address {place.slug}")
        self.places[place.slug] = place

    def by_hand(self, row: dict[str, str]) -> Place:
        codes = self.expand(row["postcodes"])
        town = self.nearest_town(row["geonames_town"], self.middle(codes)) if row["geonames_town"] else None
        point = town.point if town else None
        if row["latitude"]:
            point = Point(float(row["latitude"]), float(row["longitude"]))
        place = Place(row["name"], row["kind"], row["preposition"], codes, point or self.middle(codes))
        place.aliases = split(row["aliases"])
        place.parent = row["parent"]
        if town and not place.name.endswith(" C"):
            place.population = town.population
        return place

    def add_postal_towns(self) -> None:
        """One place for each town name in the postcodes; what places_by_hand.csv says of a name stands."""
        names = {row["town"]: row for row in rows(BY_HAND / "town_names.csv")}
        of_town: dict[str, list[str]] = defaultdict(list)
        for code, row in self.codes.items():
            of_town[row["town"]].append(code)
        if unknown := set(names) - set(of_town):
            sys.exit(f"tools/data/town_names.csv names towns without a postcode: {sorted(unknown)}")
        cities = [place for place in self.places.values() if place.kind == "city"]
        for name, codes in of_town.items():
            place = Place(name, "town", "i", codes, self.middle(codes))
            if hand := names.get(name):
                place.preposition, place.aliases = hand["preposition"], split(hand["aliases"])
            town = self.at_point.get(place.point)
            if place.slug in self.places:
                place = self.places[place.slug]
            else:
                place.population = town.population if town and town.name not in WRONG_POPULATION else None
                place.parent = next((city.name for city in cities if set(codes) <= set(city.postcodes)), "")
                if place.parent:
                    place.kind = "district"
                self.places[place.slug] = place
            if short_name(name) != name:
                place.aliases.append(short_name(name))

    def add_extra_towns(self) -> None:
        for row in rows(BY_HAND / "extra_towns.csv"):
            town = self.nearest_town(row["geonames_town"], self.point(row["postcode"]))
            place = Place(row["name"] or town.name, "town", "i", [row["postcode"]], town.point, split(row["aliases"]))
            place.population = None if town.name in WRONG_POPULATION else town.population
            self.add(place)

    def add_municipalities(self) -> None:
        """Municipalities that no town is named after ("Gribskov"): all their postcodes, seen from the largest town."""
        taken = {plain(name) for place in self.places.values() for name in (place.name, *place.aliases)}
        of_municipality: dict[str, list[str]] = defaultdict(list)
        for code, row in self.codes.items():
            of_municipality[row["municipality"]].append(code)
        for name, codes in of_municipality.items():
            short = name.removesuffix("s") if name in ("Nordfyns", "Vesthimmerlands") else name
            if plain(short) in taken:
                continue
            towns = [p for p in self.places.values() if p.kind == "town" and set(p.postcodes) <= set(codes)]
            largest = max(towns, key=lambda place: place.population or 0)
            self.add(
                Place(f"{name} Kommune", "district", "i", codes, largest.point, list(dict.fromkeys([short, name])))
            )

    def expand(self, text: str) -> list[str]:
        """Codes and ranges, `region:syddanmark`, `land:fyn` and `municipality:Vejle`."""
        codes: list[str] = []
        for part in text.split():
            what, _, value = part.partition(":")
            if what == "region":
                name = next(row["name"] for row in rows(DATA / "regions.csv") if row["slug"] == value)
                codes += [code for code, row in self.codes.items() if row["region"] == name]
            elif what in ("land", "municipality"):
                inside = [code for code, row in self.codes.items() if row[what] == value]
                codes += inside or sys.exit(f"no postcode has the {what} {value}")
            else:
                codes += expand(part, list(self.codes))
        return codes

    def point(self, code: str) -> Point:
        return Point(float(self.codes[code]["latitude"]), float(self.codes[code]["longitude"]))

    def middle(self, codes: list[str]) -> Point:
        """The median, so that one far street does not pull it; of large recipients only if there is nothing else."""
        points = [self.point(code) for code in codes if self.codes[code]["kind"] != "large_recipient"]
        points = points or [self.point(code) for code in codes] or [Point(55.96, 10.0)]
        return Point(*(round(statistics.median(values), 4) for values in zip(*points, strict=True)))

    def nearest_town(self, name: str, point: Point) -> Town:
        if name not in self.towns:
            sys.exit(f"GeoNames knows no town called {name}")
        return min(self.towns[name], key=lambda town: km(town.point, point))

    def land(self, place: Place) -> str:
        """The land part of most of its postcodes; none for a region or the country, which lie on several."""
        if place.kind in ("region", "country") and place.name != "Jylland":
            return ""
        return Counter(self.codes[code]["land"] for code in place.postcodes).most_common(1)[0][0]

    def line(self, place: Place) -> dict[str, object]:
        parent = next((p.slug for p in self.places.values() if p.name == place.parent), "")
        if place.parent and not parent:
            sys.exit(f"{place.name}: no place called {place.parent}")
        aliases = dict.fromkeys(alias for alias in spellings(place.name, place.aliases) if alias != place.name)
        return {
            "slug": place.slug,
            "name": place.name,
            "kind": place.kind,
            "preposition": place.preposition,
            "aliases": ";".join(aliases),
            "population": place.population or "",
            "latitude": f"{place.point.latitude:.4f}",
            "longitude": f"{place.point.longitude:.4f}",
            "land": self.land(place),
            "postcodes": " ".join(sorted(place.postcodes)),
            "parent": parent,
        }


def spellings(name: str, aliases: list[str]) -> list[str]:
    """The aliases, and how people shorten such names: `Nr. Alslev`, `Kbh N`, `Århus C`, `Odense Nord`."""
    found = list(aliases)
    for text in (name, *aliases):
        for short, long in LONG_SUFFIXES.items():
            if text.endswith(short) and short_name(text) != text:
                found.append(text.removesuffix(short) + long)
        first, _, rest = text.partition(" ")
        if rest and first in SHORT_WORDS:
            found.append(f"{SHORT_WORDS[first]} {rest}")
        if first == "København" and (rest in COMPASS or rest in ("C", "K")):
            found += [f"{start} {rest}" for start in ("Kbh", "Kbhvn", "Copenhagen", "CPH")]
            found.append(f"Kbh{rest}")
        if first == "Frederiksberg" and rest == "C":
            found += [f"Frb {rest}", f"Frbg {rest}"]
        if rest in COMPASS:
            found.append(f"{first} {COMPASS[rest]}")
        if rest in COMPASS.values():
            found += [f"{first} {short}" for short, long in COMPASS.items() if long == rest]
    # The old spelling, for its short fold: people write "arhus" and "abenra".
    found += [text.replace("Aa", "Å").replace("aa", "å") for text in (name, *found) if "aa" in text.lower()]
    return found


def plain(name: str) -> str:
    """A name as an address; the same as `clinics.text.slugify_da`, which a test makes sure of."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().translate(LETTERS)).strip("-")


def split(text: str) -> list[str]:
    return text.split(";") if text else []


def main() -> None:
    builder = Builder()
    builder.build()
    lines = [builder.line(place) for _, place in sorted(builder.places.items())]
    write(DATA / "places.csv", COLUMNS, lines)
    print(f"{len(lines)} places", dict(Counter(line["kind"] for line in lines)), file=sys.stderr)


if __name__ == "__main__":
    main()
