"""Database time of what the map shows, at two sizes: the statement that makes the clusters and the one that fetches names."""

import json
from functools import partial

import pytest
from django.db import connection
from django.http import QueryDict

from clinics.inquiry import Inquiry
from clinics.map import DENMARK, feature, spots
from clinics.map_area import Box

from .measure import Statement, milliseconds, statements, wall
from .test_search import run

AARHUS, TOWN = Box(10.05, 56.08, 10.35, 56.24), Box(10.17, 56.14, 10.25, 56.17)
EAST_JUTLAND = Box(9.2, 55.7, 11.0, 56.6)
# What is shown: parameters of the results page, box, zoom, whether the one index must find it.
CASES = {
    "a quarter of Aarhus, nothing but a place": ("sted=8000", TOWN, 14, True),
    "Aarhus, nothing but a place": ("sted=8000", AARHUS, 12, True),
    "Aarhus, condition": ("tilstand=iskias&sted=8000", AARHUS, 12, True),
    "Aarhus, speciality and ydernummer": ("speciale=skulder&ydernummer=ja&sted=8000", AARHUS, 12, True),
    "Aarhus, every clinic of Denmark asked for": ("", AARHUS, 12, True),
    "East Jutland, every clinic of Denmark asked for": ("", EAST_JUTLAND, 9, True),
    "Denmark, condition, no place": ("tilstand=iskias", DENMARK, 7, False),
    "Denmark, every clinic": ("", DENMARK, 7, False),
    "Denmark, every clinic, a deep zoom": ("", DENMARK, 18, False),
}
SMALL, LARGE = 10_000, 100_000
ROUNDS = 7


@pytest.mark.timeout(600)
def test_map(databases, report):
    cursors, sent, shown = {}, {}, {}
    for size in (SMALL, LARGE):
        databases.use(size)
        for case, (query, box, zoom, _) in CASES.items():
            inquiry = Inquiry.read(QueryDict(query))
            assert not inquiry.form.errors, inquiry.form.errors
            found = inquiry.found()
            sent[size, case] = statements(partial(spots, found, box, zoom))
            shown[size, case] = made = spots(found, box, zoom)
            assert len(made) < 2_000 and len(sent[size, case]) <= 2
        cursors[size] = connection.copy().cursor()
    rows = []
    for case, (_, _, _, indexed) in CASES.items():
        work = {}
        for size in (SMALL, LARGE):
            for number, statement in enumerate(sent[size, case]):
                work[size, number] = partial(run, cursors[size], statement)
        own = wall(work, ROUNDS)
        if indexed:
            check_plan(cursors[LARGE], case, sent[LARGE, case][0])
        both = {size: sum(own.get((size, number), 0.0) for number in (0, 1)) for size in (SMALL, LARGE)}
        for size in (SMALL, LARGE):
            made = shown[size, case]
            features = [feature(spot, "/klinik/{}/".format) for spot in made]
            kilobytes = len(json.dumps(features, ensure_ascii=False).encode()) / 1000
            times = f"{both[LARGE] / both[SMALL]:.1f} ×" if size == LARGE else ""
            clinics = sum(spot.count for spot in made)
            cells = [case if size == SMALL else "", f"{size:,}", f"{clinics:,}", str(len(made)), f"{kilobytes:.0f}"]
            own_time, names = milliseconds(own[size, 0]), milliseconds(own.get((size, 1), 0.0))
            rows.append([cell.replace(",", " ") if cell[:1].isdigit() else cell for cell in cells])
            rows[-1] += [own_time, names, times]
    for cursor in cursors.values():
        cursor.connection.close()
    columns = ["shown", "clinics", "in the box", "places", "kB", "clusters", "names", "100 000 / 10 000"]
    notes = (
        f"Milliseconds at the client, SQL only, medians of {ROUNDS}. Before them come the two statements of the list itself.\n"
        f"Asserted from `EXPLAIN` at 100 000: {sum(indexed for *_, indexed in CASES.values())} statements find the box by the "
        "index for place and tags; the other three read\nthe index rows once, whatever is shown."
    )
    report.add("map", "The map", columns, rows, notes)


def check_plan(cursor, case: str, statement: Statement) -> None:
    sql, params = statement
    plan = "\n".join(row[0] for row in run(cursor, (f"EXPLAIN {sql}", params)))
    assert "entry_loc_tags_gist" in plan and "Seq Scan on clinics_searchentry" not in plan, f"{case}:\n{plan}"
