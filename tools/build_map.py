"""Make what the map draws without asking anybody: the outline of Denmark and the names of towns.

    python tools/build_map.py denmark_regions.geojson

The outlines are Natural Earth's (1:10 000 000, public domain), one polygon a region, as GeoJSON. The names come from
clinics/data/places.csv. Both are written to static/map/; docs/map.md says how they are drawn.
"""

import csv
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
STATIC = ROOT / "static" / "map"
DECIMALS = 3  # 110 m at most; the outlines are coarser
# Inhabitants → the zoom from which on a name may be drawn.
ZOOMS = ((100_000, 6), (40_000, 7), (20_000, 8), (8_000, 9), (2_000, 10), (0, 11))
SHOWN = {"city", "town", "district", "island"}


def outline(regions: dict) -> dict:
    """The regions' polygons with short numbers and without anything else."""
    features = [
        {"type": "Feature", "properties": {}, "geometry": rounded(region["geometry"])} for region in regions["features"]
    ]
    return {"type": "FeatureCollection", "features": features}


def rounded(geometry: dict) -> dict:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    made = [[ring(points) for points in polygon] for polygon in polygons]
    return {"type": "MultiPolygon", "coordinates": made}


def ring(points: list) -> list:
    short = [[round(number, DECIMALS) for number in point] for point in points]
    return [point for number, point in enumerate(short) if number == 0 or point != short[number - 1]]


def names() -> list[list]:
    """[name, latitude, longitude, zoom], the largest first: they get room before the others."""
    with (ROOT / "clinics" / "data" / "places.csv").open(encoding="utf-8", newline="") as file:
        places = [row for row in csv.DictReader(file) if row["kind"] in SHOWN]
    cities = {(row["name"], row["latitude"]) for row in places if row["kind"] == "city"}
    made = []
    for row in sorted(places, key=lambda row: (-int(row["population"] or 0), row["slug"])):
        inhabitants = int(row["population"] or 0)
        zoom = next(zoom for least, zoom in ZOOMS if inhabitants >= least)
        if row["kind"] == "district":
            zoom = max(zoom, 12)
        if row["kind"] != "city" and (row["name"], row["latitude"]) in cities:
            continue
        made.append([row["name"], float(row["latitude"]), float(row["longitude"]), zoom])
    return made


def write(name: str, content: object) -> None:
    STATIC.mkdir(exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (STATIC / name).write_text(text + "\n", encoding="utf-8")
    print(f"static/map/{name}: {len(text.encode()) / 1000:.1f} kB")


if __name__ == "__main__":
    (source,) = sys.argv[1:]
    write("denmark.geojson", outline(json.loads(pathlib.Path(source).read_text(encoding="utf-8"))))
    write("towns.json", names())
