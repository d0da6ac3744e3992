"""Make clinics/data/postcodes.csv: every Danish postcode with its town, region and a point on land.

The command, the sources and their licences, and what was measured stand in docs/places.md.
"""

import json
import pathlib
import sys

import countrystatecity_postal_codes
from tables import BY_HAND, DATA, Point, Town, expand, geonames_towns, km, rows, short_name, write

COLUMNS = ["code", "town", "region", "latitude", "longitude", "municipality", "land", "kind", "other_regions"]
REGION_NAMES = {row["slug"]: row["name"] for row in rows(DATA / "regions.csv")}
# A town this far from its postcode's middle is looked at by a person: a namesake, or a polygon that runs out to sea.
FAR_KM = 9.0


def main() -> None:
    package = package_rows()
    codes = sorted(package)
    towns = geonames_towns()
    by_hand = {row["code"]: row for row in rows(BY_HAND / "points_by_hand.csv")}
    municipality, region = municipalities(codes)
    also = {row["code"]: row["also_region"] for row in rows(BY_HAND / "region_borders.csv")}
    lands = {code: row["land"] for row in rows(BY_HAND / "islands.csv") for code in expand(row["codes"], codes)}
    unknown = sorted((set(by_hand) | set(also)) - set(codes))
    if unknown:
        sys.exit(f"tools/data names postcodes that are not in the package: {unknown}")

    lines = {}
    for code in codes:
        town, middle = package[code]
        lines[code] = {
            "code": code,
            "town": town,
            "region": REGION_NAMES[region[code]],
            **coordinates(point_of(code, town, middle, region[code], by_hand.get(code), towns)),
            "municipality": municipality[code],
            "land": lands.get(code) or mainland(code),
            "kind": "street" if "1050" <= code <= "1999" else "area",
            "other_regions": REGION_NAMES[also[code]] if code in also else "",
        }
    for row in rows(BY_HAND / "large_recipients.csv"):
        for code in expand(row["codes"]):
            if code in package:
                sys.exit(f"{code} is a large recipient by hand and an area in the package")
            lines[code] = {**lines[row["point_of"]], "code": code, "town": row["town"], "kind": "large_recipient"}
    write(DATA / "postcodes.csv", COLUMNS, [lines[code] for code in sorted(lines)])
    print(f"{len(lines)} postcodes", file=sys.stderr)


def package_rows() -> dict[str, tuple[str, Point]]:
    """The package's codes with town name and the middle of the polygon (which may lie in the sea)."""
    path = pathlib.Path(countrystatecity_postal_codes.__file__).parent / "data" / "by-country" / "DK" / "postcodes.json"
    return {
        row["code"]: (row["localityName"], Point(row["latitude"], row["longitude"]))
        for row in json.loads(path.read_text(encoding="utf-8"))
    }


def municipalities(codes: list[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The municipality and region of each code. By hand: the package's regions are wrong for twelve border towns."""
    municipality: dict[str, str] = {}
    region: dict[str, str] = {}
    for row in rows(BY_HAND / "municipalities.csv"):
        for code in expand(row["codes"], codes):
            if code in municipality:
                sys.exit(f"{code} stands under {municipality[code]} and {row['municipality']}")
            municipality[code], region[code] = row["municipality"], row["region"]
    missing = [code for code in codes if code not in municipality]
    if missing:
        sys.exit(f"without a municipality: {missing}")
    return municipality, region


def point_of(
    code: str, town: str, middle: Point, region: str, hand: dict[str, str] | None, towns: dict[str, list[Town]]
) -> Point:
    """By hand first, then the town of that name in GeoNames, then the middle of the polygon."""
    if hand and hand["latitude"]:
        return Point(float(hand["latitude"]), float(hand["longitude"]))
    name = hand["geonames_town"] if hand else town
    near = [t for t in towns.get(name, towns.get(short_name(name), [])) if t.region == region]
    if hand and not near:
        sys.exit(f"{code}: no town called {name} in {region} in GeoNames")
    if not near or code < "2000":
        return middle
    best = min(near, key=lambda t: km(middle, t.point))
    if not hand and (away := km(middle, best.point)) > FAR_KM:
        print(f"{code} {town}: GeoNames' {best.name} lies {away:.0f} km from the package's point", file=sys.stderr)
    return best.point


def coordinates(point: Point) -> dict[str, str]:
    """Four decimals are 11 m; more would promise more than there is."""
    return {"latitude": f"{point.latitude:.4f}", "longitude": f"{point.longitude:.4f}"}


def mainland(code: str) -> str:
    """The big land part of a postcode that is on no island of its own (docs/places.md gives the rule)."""
    if code < "5000":
        return "sjaelland"
    return "fyn" if code < "6000" else "jylland"


if __name__ == "__main__":
    main()
