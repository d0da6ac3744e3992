"""Database time of the two statements of a results page, against the usual way to write it, at four sizes."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.db.models import F, FloatField, Func, Q, Value
from django.db.models.functions import ACos, Cos, Least, Radians, Sin
from django.http import QueryDict

from clinics import counting
from clinics.asked import Asked
from clinics.clock import today
from clinics.facets import FACETS
from clinics.inquiry import Inquiry
from clinics.models import Clinic, Price, Tag
from clinics.open_times import midnight
from clinics.search import PAGE_SIZE, Search

from .conftest import SIZES
from .measure import Statement, milliseconds, server, statements

# What is asked, as the parameters of the results page.
CASES = {
    "condition, Aarhus C": "tilstand=iskias&sted=8000",
    "condition, within 50 km of Aarhus C": "tilstand=iskias&sted=8000&radius=50",
    "condition, the whole of København": "tilstand=iskias&sted=København",
    "condition, within 50 km of 2100 København Ø": "tilstand=iskias&sted=2100&radius=50",
    "condition, rural (6990)": "tilstand=iskias&sted=6990",
    "speciality and ydernummer": "speciale=skulder&ydernummer=ja&sted=8000",
    "rare speciality, price at most 430": "speciale=lymfoedem&pris_max=430&sted=8000",
    "condition, price at most 500": "tilstand=iskias&pris_max=500&sted=8000",
    "condition, open now": "tilstand=iskias&sted=8000&aaben=nu",
    "condition, open now and in the evening, lift, Arabic or English": (
        "tilstand=iskias&sted=8000&aaben=nu&aaben=aften&adgang=elevator&sprog=ar&sprog=en"
    ),
    "waiting time, insurer, confirmed, at home": (
        "ventetid_max=14&forsikring=tryg&bekraeftet=ja&form=hjemme&sted=8000"
    ),
    "nothing but a place": "sted=8000",
    "a price that nobody has": "tilstand=iskias&pris_max=1&sted=8000",
    "condition, no place": "tilstand=iskias",
}
ROUNDS, ROUNDS_USUAL = 15, 2
# Searched without an order of distance, or found by nobody: the second statement is another, or not there.
WITHOUT_NEAREST = ("condition, no place", "a price that nobody has")


def asked(query: str) -> Asked:
    inquiry = Inquiry.read(QueryDict(query))
    assert not inquiry.form.errors, inquiry.form.errors
    return inquiry.asked()


def usual(asked: Asked) -> list[Statement]:
    """Joins, DISTINCT and a distance for every clinic: a count and the nearest twenty, in one group, without widening."""
    keys = {tag.number: tag for tag in Tag.objects.all()}
    rows = Clinic.objects.published()
    for subject in asked.subjects:
        slugs = [keys[wanted.number].key for wanted in subject]
        rows = rows.filter(
            Q(specialities__speciality__slug__in=slugs) | Q(treatments__treatment__slug__in=slugs)
        ).distinct()
    for number in {number for ticked in asked.ticked for number in ticked.numbers}:
        if (key := keys[number].key) in FACETS:
            rows = rows.filter(**{FACETS[key].field: True})
    if asked.max_price is not None:
        rows = rows.filter(prices__kind=Price.Kind.FIRST, prices__amount__lte=asked.max_price).distinct()
    nearest = rows.select_related("postcode").order_by("name", "pk")
    if asked.point:
        nearest = nearest.annotate(distance=haversine(asked)).order_by("distance", "pk")
    return statements(lambda: (rows.count(), list(nearest[:PAGE_SIZE])))


def haversine(asked: Asked) -> Func:
    here = asked.point
    assert here is not None
    lat, lng = Radians(Value(here.latitude)), Radians(Value(here.longitude))
    cosine = Cos(lat) * Cos(Radians(F("latitude"))) * Cos(Radians(F("longitude")) - lng)
    inside = Least(Value(1.0), cosine + Sin(lat) * Sin(Radians(F("latitude"))), output_field=FloatField())
    return ACos(inside) * Value(6371.0)


def opening_hour() -> datetime.datetime:
    """Ten in the morning on the next working day: one that the index knows."""
    days = (today() + datetime.timedelta(days=number) for number in range(3))
    return midnight(next(day for day in days if day.weekday() < 5)) + datetime.timedelta(hours=10)


def run(cursor, statement: Statement) -> list[tuple]:
    cursor.execute(*statement)
    return cursor.fetchall()


@pytest.mark.timeout(600)
def test_search(databases, report):
    cursors, ours, theirs = {}, {}, {}
    for size in SIZES:
        databases.use(size)
        for case, query in CASES.items():
            ask = asked(query)
            with time_machine.travel(opening_hour(), tick=False):
                Search(ask).found(facets=True)  # what a process reads once
                counting.forget()
                sent = statements(lambda ask=ask: Search(ask).found(facets=True))
            ours[size, case] = (sent[0], sent[1] if len(sent) > 1 else None)
            theirs[size, case] = usual(ask)
        cursors[size] = connection.copy().cursor()
    rows, ratios = [], []
    for case in CASES:
        both, other = {}, {}
        for size in SIZES:
            for number, statement in enumerate(ours[size, case]):
                if statement:
                    both[size, number] = cursors[size], statement
            other |= {(size, number): (cursors[size], one) for number, one in enumerate(theirs[size, case])}
        own, others = server(both, ROUNDS), server(other, ROUNDS_USUAL)
        usual_way = {size: sum(ms for (of, _), ms in others.items() if of == size) for size in SIZES}
        for size in SIZES:
            count, page = own[size, 0], own.get((size, 1), 0.0)
            times = usual_way[size] / (count + page)
            rows.append(
                [case if size == SIZES[0] else "", f"{size:,}".replace(",", " ")]
                + [milliseconds(n) for n in (count, page, count + page, usual_way[size])]
                + [f"{times:.1f} ×"]
            )
        if (100_000, 1) in own:
            ratios.append(
                [case, f"{own[100_000, 1] / own[10_000, 1]:.1f} ×", f"{own[100_000, 0] / own[10_000, 0]:.1f} ×"]
            )
    checked = check_plans(cursors[100_000], ours)
    for cursor in cursors.values():
        cursor.connection.close()
    columns = ["search", "clinics", "counting", "nearest 20", "both", "usual way", "usual / both"]
    notes = (
        "Milliseconds that the database counts for planning and running (`EXPLAIN (ANALYZE, TIMING OFF)`), all numbers at the\n"
        f"filters counted too: medians of {ROUNDS} and, right after them, of {ROUNDS_USUAL} for the usual way.\n"
        "“Usual way”: joins, `DISTINCT`, a distance for every clinic, `ORDER BY` it: a count and twenty rows, without the\n"
        "numbers at the filters, hours and people, without the four groups and without widening. Without a place ours\n"
        "is ordered by Danish name. “Now” is ten in the morning on a working day."
    )
    report.add("search", "The two statements of a results page", columns, rows, notes)
    notes = f"Asserted from `EXPLAIN` at 100 000: {checked} statements use the one index for place and tags together."
    columns = ["search", "nearest 20", "counting"]
    report.add("search", "The same at 100 000 clinics as a multiple of 10 000", columns, ratios, notes)


def check_plans(cursor, ours) -> int:
    """That at 100 000 clinics place and tags are answered by the one index. Returns how many statements were looked at."""
    checked = 0
    for case in CASES:
        if case in WITHOUT_NEAREST:
            continue
        count, page = ours[100_000, case]
        for sql, params in (count, page):
            plan = "\n".join(row[0] for row in run(cursor, (f"EXPLAIN {sql}", params)))
            scans = [part for part in re.split(r"\n *-> ", plan) if "entry_loc_tags_gist" in part]
            assert scans and "Seq Scan on clinics_searchentry" not in plan, f"{case}:\n{plan}"
            wanted = "<@" if sql == count[0] else "Order By: (loc <->"
            # The numbers at a filter are counted without it: only the condition is left to narrow what is counted.
            tags = sql == page[0] or "tilstand" in CASES[case]
            fits = (
                scan for scan in scans if wanted in scan and (not tags or re.search("Index Cond: .*tags (&&|@>)", scan))
            )
            assert any(fits), f"{case}:\n{plan}"
            checked += 1
    return checked
