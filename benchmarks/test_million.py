"""What the map asks of a million clinics: on request, because making them takes minutes. BENCH_MILLION=1 make bench

The clinics are copies of ten thousand invented ones, each a little aside; only what the map reads is copied.
"""

import os
from functools import partial

import pytest
from django.db import connection
from django.http import QueryDict

from clinics.inquiry import Inquiry
from clinics.map import DENMARK, spots
from clinics.map_area import Box

from .measure import milliseconds, server, statements
from .test_map import AARHUS, TOWN, check_plan

STREET = Box(10.200, 56.150, 10.215, 56.156)
# What is shown: parameters of the results page, box, zoom, whether the one index must find it.
CASES = {
    "a street of Aarhus": ("", STREET, 17, True),
    "a quarter of Aarhus": ("", TOWN, 14, True),
    "Aarhus": ("", AARHUS, 12, True),
    "Aarhus, condition": ("tilstand=iskias", AARHUS, 12, True),
    "Denmark, condition": ("tilstand=iskias", DENMARK, 7, False),
    "Denmark, every clinic": ("", DENMARK, 7, False),
}
SMALL, LARGE = 10_000, 1_000_000
COPIES = LARGE // SMALL
ROUNDS = 5

# A page of the list comes along with the map; copies need no rows but these three.
COPY = """
    ALTER TABLE clinics_clinic DISABLE TRIGGER ALL;
    ALTER TABLE clinics_searchcard DISABLE TRIGGER ALL;
    ALTER TABLE clinics_searchentry DISABLE TRIGGER ALL;
    DROP INDEX clinic_name_words, clinic_name_alike, entry_loc_tags_gist, entry_rating;
    INSERT INTO clinics_clinic ({clinic}) SELECT {clinic_copied} FROM clinics_clinic c, generate_series(1, {copies}) n;
    INSERT INTO clinics_searchentry ({entry}) SELECT {entry_copied}
        FROM clinics_searchentry e, generate_series(1, {copies}) n;
    INSERT INTO clinics_searchcard (clinic_id, facts) SELECT clinic_id + n * {last}, facts
        FROM clinics_searchcard, generate_series(1, {copies}) n;
    CREATE INDEX entry_loc_tags_gist ON clinics_searchentry USING gist (loc gist_cube_ops, tags gist__intbig_ops (siglen=16));
"""


def copy(copies: int) -> None:
    from clinics.models import Clinic, SearchEntry

    def columns(model) -> list[str]:
        return [field.column for field in model._meta.concrete_fields if not field.generated]

    last = Clinic.objects.order_by("-pk").values_list("pk", flat=True)[0]
    aside = {name: f"{name} + 0.02 * (random() + random() - 1)" for name in ("latitude", "longitude")}
    clinic = {name: name for name in columns(Clinic)} | aside
    clinic |= {"id": f"id + n * {last}", "slug": f"'kopi-' || (id + n * {last})"}
    entry = {name: name for name in columns(SearchEntry)} | aside | {"clinic_id": f"clinic_id + n * {last}"}
    sql = COPY.format(
        copies=copies,
        last=last,
        clinic=", ".join(clinic),
        clinic_copied=", ".join(clinic.values()),
        entry=", ".join(entry),
        entry_copied=", ".join(entry.values()),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("VACUUM ANALYZE clinics_searchcard")
        cursor.execute("VACUUM ANALYZE clinics_searchentry")
        cursor.execute("VACUUM ANALYZE clinics_clinic")


@pytest.mark.skipif("BENCH_MILLION" not in os.environ, reason="takes minutes: BENCH_MILLION=1")
@pytest.mark.timeout(3600)
def test_the_map_of_a_million_clinics(databases, report):
    databases.create("million", of=SMALL)
    copy(COPIES - 1)
    cursors, sent, shown = {}, {}, {}
    for name, size in ((SMALL, SMALL), ("million", LARGE)):
        databases.use(name)
        for case, (query, box, zoom, _) in CASES.items():
            inquiry = Inquiry.read(QueryDict(query))
            found = inquiry.found()
            sent[size, case] = statements(partial(spots, found, box, zoom))
            shown[size, case] = spots(found, box, zoom)
        cursors[size] = connection.copy().cursor()
    rows = []
    for case, (*_, indexed) in CASES.items():
        work = {
            (size, number): (cursors[size], statement)
            for size in (SMALL, LARGE)
            for number, statement in enumerate(sent[size, case])
        }
        own = server(work, ROUNDS)
        if indexed:
            check_plan(cursors[LARGE], case, sent[LARGE, case][0])
        for size in (SMALL, LARGE):
            both = sum(ms for (of, _), ms in own.items() if of == size)
            made = shown[size, case]
            cells = [f"{size:,}", f"{sum(spot.count for spot in made):,}", f"{len(made):,}"]
            rows.append(
                [case if size == SMALL else "", *(cell.replace(",", " ") for cell in cells), milliseconds(both)]
            )
    for cursor in cursors.values():
        cursor.connection.close()
    report.add("million", "The map of a million clinics", ["shown", "clinics", "in the box", "places", "ms"], rows)
