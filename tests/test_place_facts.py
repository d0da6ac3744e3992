"""What the directory says of a place: counted once, from real clinics, with what is unknown left unknown."""

import datetime
from decimal import Decimal
from itertools import pairwise

import pytest
import time_machine

from clinics import clock, index, places
from clinics.loading.safety import load_out_of_hours
from clinics.models import Clinic, Place, Price, Region
from clinics.place_facts import Counts, PlaceFacts, place_facts
from clinics.price_chart import MOST_COLUMNS, WIDTH, price_chart
from clinics.tags import tag_number

from .people import TOWNS, clinic
from .people import places as towns

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def denmark():
    towns()


def facts(slug: str = "aarhus-c", **fields) -> PlaceFacts:
    place = places.place_for_slug(slug)
    assert place
    return place_facts(place, **fields)


def many(prices: list[int | None], **fields) -> None:
    """A clinic in Aarhus C for each price, None for one that has stated none; written in bulk."""
    code, latitude, longitude, *_ = TOWNS["Aarhus C"]
    where = {"postcode_id": code, "latitude": latitude, "longitude": longitude, "status": "published"}
    made = Clinic.objects.bulk_create(
        [Clinic(name=f"Nr. {n}", slug=f"nr-{n}", **where, **fields) for n in range(len(prices))]
    )
    Price.objects.bulk_create(
        [Price(clinic=one, kind="first", amount=price) for one, price in zip(made, prices, strict=True) if price]
    )
    index.rebuild([one.pk for one in made])


@pytest.mark.parametrize(
    ("prices", "lowest", "median", "highest"),
    [
        ([], None, None, None),
        ([400], None, None, None),
        ([400, 500], None, None, None),
        ([400, 500, None], None, None, None),
        ([300, 400, 900], 300, 400, 900),
        ([300, 400, 500, 900], 300, 450, 900),
        ([395, 400, 405, 410, None, None], 395, "402.5", 410),
        ([450] * 3, 450, 450, 450),
        (list(range(301, 401)), 301, "350.5", 400),
    ],
)
def test_prices_are_told_from_three_on(prices, lowest, median, highest):
    many(prices)
    told = facts()
    assert told.counts.clinics == len(prices)
    assert told.counts.priced == len([price for price in prices if price])
    wanted = tuple(None if one is None else Decimal(one) for one in (lowest, median, highest))
    assert (told.lowest, told.median, told.highest) == wanted
    assert sum(told.bins.values()) == (told.counts.priced if median else 0)
    assert bool(price_chart(told)) == bool(median)


def test_a_clinics_cheapest_first_visit_is_its_price():
    many([400, 500, 600])
    one = Clinic.objects.get(slug="nr-2")
    Price.objects.create(clinic=one, kind="first", amount=300)
    Price.objects.create(clinic=one, kind="group", amount=90)
    index.rebuild([one.pk])
    assert (facts().lowest, facts().highest, facts().counts.priced) == (300, 500, 3)


@pytest.mark.parametrize(
    ("stated", "text", "unknown"),
    [
        ([None, None], "Ikke oplyst", 2),
        ([True, None], "Ja hos den ene, der har oplyst det", 1),
        ([False], "Nej hos den ene, der har oplyst det", 0),
        ([True, True], "Ja hos begge, der har oplyst det", 0),
        ([False, False, None], "Nej hos begge, der har oplyst det", 1),
        ([True, False, True, None], "Ja hos 2 af de 3, der har oplyst det", 1),
    ],
)
def test_the_share_with_ydernummer_is_of_those_who_said(stated, text, unknown):
    for number, one in enumerate(stated):
        clinic(f"Nr. {number}", "Aarhus C", has_ydernummer=one)
    assert (facts().ydernummer_text, facts().ydernummer_not_stated) == (text, unknown)


@pytest.mark.parametrize(
    ("stated", "earliest"),
    [
        ([], None),
        ([(3, None)], None),
        ([(3, 61)], None),
        ([(3, 60)], 3),
        ([(0, 10), (5, 1)], 0),
        ([(1, 90), (14, 2), (9, 30)], 9),
    ],
)
def test_the_shortest_waiting_time_is_not_older_than_60_days(stated, earliest):
    for number, (days, ago) in enumerate(stated):
        said = clock.today() - datetime.timedelta(days=ago) if ago is not None else None
        clinic(f"Nr. {number}", "Aarhus C", waiting_days=days, waiting_stated_on=said)
    clinic("Tavs", "Aarhus C")
    waiting = facts().waiting
    assert (waiting.days if waiting else None) == earliest


def test_a_waiting_time_lapses_by_itself():
    clinic("A", "Aarhus C", waiting_days=2, waiting_stated_on=clock.today())
    assert facts(day=clock.today() + datetime.timedelta(days=60)).waiting
    assert facts(day=clock.today() + datetime.timedelta(days=61)).waiting is None


def test_of_equal_waiting_times_the_one_stated_last_is_named():
    today = clock.today()
    clinic("Gammel", "Aarhus C", waiting_days=2, waiting_stated_on=today - datetime.timedelta(days=9))
    clinic("Ny", "Aarhus C", waiting_days=2, waiting_stated_on=today)
    assert facts().waiting.clinic == "Ny"


def test_who_belongs_to_a_place():
    clinic("Midt", "Aarhus C")
    clinic("Viby", "Viby J")
    clinic("Silkeborg", "Silkeborg")
    clinic("Kladde", "Aarhus C", status="draft")
    clinic("Lukket", "Aarhus C", status="closed")
    outside = TOWNS["Aarhus C"][1] + 9 / 111.2
    clinic("Lige udenfor", "Ebeltoft", latitude=outside, longitude=TOWNS["Aarhus C"][2])
    clinic("For langt", "Ebeltoft", latitude=outside + 2 / 111.2, longitude=TOWNS["Aarhus C"][2])
    assert facts("aarhus-c").counts.clinics == 1
    assert facts("aarhus").counts.clinics == 3, "a whole city: its postcodes and what is within 10 km, each once"
    assert facts("aarhus").scope == "i Aarhus eller højst 10 km fra midten"
    assert facts("viby-j").scope == "i Viby J"
    assert facts("roenne").counts == Counts()
    Place.objects.create(
        slug="danmark", name="Danmark", kind="country", latitude=56, longitude=10, land="", keys=["danmark"]
    )
    assert facts("danmark").counts.clinics == 5


def test_a_speciality_counts_those_who_match_it():
    clinic("Knæet", "Aarhus C", specialities=["Knæ", "Hofte"])
    clinic("Ryggen", "Aarhus C", specialities=["Ryg"])
    numbers = {name: tag_number("speciality", name) for name in ("knae", "hofte", "ryg")}
    assert facts(numbers=[numbers["knae"], numbers["hofte"]]).counts.clinics == 1
    assert facts(numbers=[]).counts.clinics == 0
    assert facts().by_tag[numbers["ryg"]] == 1


def test_invented_clinics_count_only_among_themselves():
    many([400, 500, 600], is_example=True)
    assert facts().is_example and facts().median == 500 and not facts().is_indexable
    clinic("Den rigtige", "Aarhus C", price=350)
    assert not facts().is_example and facts().counts.clinics == 1 and facts().median is None


@pytest.mark.parametrize(
    ("counts", "indexable"),
    [
        (Counts(3, 3, 1, 0), True),
        (Counts(3, 2, 1, 1), True),
        (Counts(3, 3, 0, 1), True),
        (Counts(2, 2, 2, 2), False),
        (Counts(100, 2, 100, 0), False),
        (Counts(100, 0, 0, 100), False),
        (Counts(), False),
    ],
)
def test_what_search_engines_may_see(counts, indexable):
    assert counts.is_indexable is indexable


@pytest.mark.parametrize("prices", [[1, 400, 50_000], [300, 349, 350], list(range(200, 1500, 7))])
def test_the_chart_holds_every_price_and_fits_a_phone(prices):
    many(prices)
    chart = price_chart(facts())
    assert chart and len(chart.columns) <= MOST_COLUMNS
    assert sum(column.clinics for column in chart.columns) == len(prices)
    for column in chart.columns:
        inside = [price for price in prices if column.low <= price <= column.high]
        assert len(inside) == column.clinics
        assert column.x >= 0 and column.x + column.width <= WIDTH and column.y >= 20
    labelled = [column.x for column in chart.columns if column.label]
    assert all(after - before >= 39 for before, after in pairwise(labelled))
    assert all(column.text in chart.text for column in chart.filled)


def test_an_oere_below_a_round_price_is_in_the_column_below():
    many([400, 400, 400])
    Price.objects.filter(clinic__slug="nr-0").update(amount=Decimal("399.99"))
    index.rebuild()
    assert dict(facts().bins) == {350: 1, 400: 2}


@pytest.mark.parametrize("day", ["2026-12-31 12:00", "2027-01-01 12:00"])
def test_the_regions_number_is_there_before_and_after_the_regions_change(client, day):
    last = datetime.date(2026, 12, 31)
    new = Region.objects.create(slug="oestdanmark", name="Region Østdanmark", valid_from=datetime.date(2027, 1, 1))
    Region.objects.filter(slug="hovedstaden").update(valid_to=last, successor=new)
    Region.objects.get_or_create(slug="syddanmark", defaults={"name": "Region Syddanmark"})
    Region.objects.filter(slug="sjaelland").update(valid_to=last, successor=new)
    load_out_of_hours()
    with time_machine.travel(f"{day} +0100", tick=False):
        page = client.get("/find/fysioterapeut/koebenhavn-k/").content.decode().split("<main")[1]
    assert 'href="tel:1813"' in page and 'href="tel:70113131"' not in page
    assert ("Region Østdanmark" in page) == day.startswith("2027")
