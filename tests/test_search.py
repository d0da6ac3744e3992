"""The search rule as a table of real towns: what is asked on the left, the clinics in their order on the right."""

import datetime
import random
from decimal import Decimal

import pytest

from clinics import index
from clinics.asked import COUNTRY, REGION, Asked, Ticked
from clinics.clock import today
from clinics.found import MATCH, MATCH_OVER_WATER, UNSTATED
from clinics.geo import Point
from clinics.matching import Wanted, matches_of, wanted_by, wanted_terms
from clinics.models import Clinic, SearchEntry, Tag
from clinics.orders import ORDERS
from clinics.search import Search
from clinics.tags import NO_SPECIALITIES, assign_numbers, tag_number

from .people import TOWNS, clinic, condition, places, postcode, speciality

pytestmark = pytest.mark.django_db


def asked(town: str | None = None, **changes) -> Asked:
    if town is None:
        return Asked(**changes)
    _, latitude, longitude, region, land = TOWNS[town]
    return Asked(point=Point(latitude, longitude), land=land, regions=(region,), **changes)


def names(found) -> list[str]:
    return [hit.name for hit in found.hits]


def back(weight: int = 3) -> tuple[tuple[Wanted, ...], ...]:
    return ((Wanted(tag_number("speciality", "ryg"), "Ryg", weight),),)


def test_nearest_first():
    for town in ("Randers", "Aarhus N", "Aarhus C"):
        clinic(f"Klinik {town}", town)
    found = Search(asked("Aarhus C", radius_km=50)).found()
    assert names(found) == ["Klinik Aarhus C", "Klinik Aarhus N", "Klinik Randers"]
    assert [round(hit.distance_km) for hit in found.hits] == [0, 4, 35]


def test_the_other_side_of_the_water_comes_after_ones_own():
    """Kalundborg is 76 km from Aarhus as the crow flies and Aalborg 101, but nobody swims to Kalundborg."""
    for town in ("Kalundborg", "Aalborg", "Silkeborg"):
        clinic(f"Klinik {town}", town, specialities=["Ryg"])
    found = Search(asked("Aarhus C", subjects=back())).found()
    assert names(found) == ["Klinik Silkeborg", "Klinik Aalborg", "Klinik Kalundborg"]
    assert [hit.over_water for hit in found.hits] == [False, False, True]


def test_who_has_stated_nothing_follows_after_the_matches_and_a_mismatch_is_left_out():
    clinic("Bar", "Aarhus C")
    clinic("Skulder", "Aarhus C", specialities=["Skulder"])
    clinic("Ryg i Randers", "Randers", specialities=["Ryg"])
    clinic("Bar på Sjælland", "Kalundborg")
    found = Search(asked("Aarhus C", subjects=back())).found()
    assert names(found) == ["Ryg i Randers", "Bar", "Bar på Sjælland"]
    assert found.counts == (1, 0, 1, 1)
    assert (found.matching, found.total) == (1, 3)


def test_a_suggested_speciality_counts_as_not_stated():
    one = clinic("Foreslået", "Aarhus C", specialities=["Ryg"])
    one.specialities.update(basis="suggested")
    index.rebuild()
    found = Search(asked("Aarhus C", subjects=back())).found()
    assert found.counts == (0, 0, 1, 0)


def test_without_a_subject_nobody_is_set_apart():
    clinic("Bar", "Aarhus C")
    clinic("Ryg", "Aarhus N", specialities=["Ryg"])
    assert names(Search(asked("Aarhus C")).found()) == ["Bar", "Ryg"]


@pytest.mark.parametrize(
    ("towns", "step"),
    [
        (["Aarhus C", "Aarhus N", "Viby J"], 10),
        (["Aarhus C", "Aarhus N", "Randers"], 50),
        (["Aarhus C", "Aarhus N", "Silkeborg", "Randers"], 50),
        (["Aarhus C", "Aarhus N", "Aalborg"], COUNTRY),
        (["Aarhus C"], COUNTRY),
    ],
)
def test_looks_no_further_than_three_matches(towns, step):
    for number, town in enumerate(towns):
        clinic(f"Klinik {number}", town)
    found = Search(asked("Aarhus C")).found()
    assert found.step == step
    assert found.total == len(towns)


def test_the_region_holds_what_lies_nearer_in_another():
    """From Aalborg: 50 km has two, the region's third is at Skagen's distance; a nearer one in Midtjylland is kept."""
    for number, (latitude, longitude) in enumerate([(57.05, 9.92), (57.06, 9.93), (57.72, 10.58)]):
        clinic(f"Nord {number}", "Aalborg", latitude=latitude, longitude=longitude)
    near = clinic("Hobro", "Randers", latitude=56.64, longitude=9.79)
    found = Search(asked("Aalborg", radius_km=10)).found()
    assert found.step == 50 and near.name in names(found)
    near.delete()
    found = Search(asked("Aalborg")).found()
    assert found.step == REGION
    assert names(found) == ["Nord 0", "Nord 1", "Nord 2"]


def test_a_chosen_radius_widens_unless_it_is_exact():
    clinic("Randers", "Randers")
    wide, exact = (
        Search(asked("Aarhus C", radius_km=5)).found(),
        Search(asked("Aarhus C", radius_km=5, exact=True)).found(),
    )
    assert (wide.widened, names(wide), wide.counts_at_first) == (True, ["Randers"], 0)
    assert (exact.widened, names(exact), exact.step) == (False, [], 5)


def test_without_a_place_the_order_is_danish():
    for name in ("Ålykke", "Zebra", "Ærø", "Østre", "Aaby", "Bøg"):
        clinic(name, "Aarhus C")
    found = Search(asked()).found()
    assert names(found) == ["Bøg", "Zebra", "Ærø", "Østre", "Aaby", "Ålykke"]
    assert found.hits[0].distance_km is None


def test_reasons_are_named_strongest_first_and_a_weak_match_says_so():
    lower_back = condition("Ondt i lænden", {"Ryg": 3, "Ergonomi": 2, "Sport": 1})
    clinic("Begge", "Aarhus C", specialities=["Ergonomi", "Ryg", "Hånd"])
    clinic("Svag", "Aarhus N", specialities=["Sport", "Ergonomi"])
    found = Search(asked("Aarhus C", subjects=(wanted_by(matches_of(lower_back)),))).found()
    assert [(hit.reason.names, hit.reason.partial) for hit in found.hits] == [
        (("Ryg", "Ergonomi"), False),
        (("Ergonomi", "Sport"), True),
    ]


def test_an_editors_matches_replace_suggestions():
    neck = condition("Nakke", {"Ryg": 3})
    neck.matches.update(origin="suggested")
    assign_numbers()
    assert [w.name for w in wanted_by(matches_of(neck))] == ["Ryg"]
    neck.matches.create(speciality=speciality("Hovedpine"), weight=3, origin="editor")
    assign_numbers()
    assert [w.name for w in wanted_by(matches_of(neck))] == ["Hovedpine"]


def test_condition_and_chosen_speciality_must_both_hold():
    clinic("Begge", "Aarhus C", specialities=["Ryg", "Sport"])
    clinic("Kun ryg", "Aarhus C", specialities=["Ryg"])
    clinic("Kun sport", "Aarhus C", specialities=["Sport"])
    clinic("Intet", "Aarhus C")
    subjects = (*back(), wanted_terms([speciality("Sport")]))
    assert names(Search(asked("Aarhus C", subjects=subjects)).found()) == ["Begge", "Intet"]


def test_price_and_facts_are_hard_filters_and_unknown_is_not_yes():
    clinic("Dyr", "Aarhus C", price=700, has_ydernummer=True)
    clinic("Billig", "Aarhus N", price=450, has_ydernummer=True)
    clinic("Uden", "Aarhus N", price=450, has_ydernummer=False)
    clinic("Ved ikke", "Aarhus C")
    ydernummer = (Ticked("ydernummer", frozenset({tag_number("facet", "has_ydernummer")})),)
    assert set(names(Search(asked("Aarhus C", ticked=ydernummer)).found())) == {"Dyr", "Billig"}
    assert names(Search(asked("Aarhus C", ticked=ydernummer, max_price=Decimal(500))).found()) == ["Billig"]


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_only_published_clinics_are_found(status):
    clinic("Skjult", "Aarhus C", status=status)
    assert Search(asked("Aarhus C")).found().total == 0


def test_pages_neither_repeat_nor_lose_a_clinic_even_at_one_address():
    for number in range(57):
        clinic(f"K{number:02}", "Aarhus C" if number % 2 else "Aarhus N", specialities=["Ryg"] if number % 3 else [])
    search = Search(asked("Aarhus C", subjects=back()))
    seen = [name for page in range(1, 7) for name in names(search.found(page, size=10))]
    assert len(seen) == len(set(seen)) == 57
    assert search.found(1, size=10).pages == 6
    assert search.found(99, size=10).hits == []


def whole_aarhus(**changes) -> Asked:
    """From the middle of the city, all of which is near."""
    return asked("Aarhus C", city=tag_number(Tag.Kind.CITY, "aarhus"), **changes)


def test_all_of_a_city_is_near_however_far_from_its_middle():
    places()
    clinic("Midt", "Aarhus C")
    clinic("Udkant", "Aarhus N", latitude=56.29, longitude=10.21)  # 15 km from the middle, and Aarhus all the same
    clinic("Nabo", "Randers", latitude=56.27, longitude=10.21)  # 13 km, and another town
    clinic("Viby", "Viby J")
    assert names(Search(asked("Aarhus C")).found()) == ["Midt", "Viby", "Nabo", "Udkant"], "three are within 25 km"
    found = Search(whole_aarhus()).found(facets=True)
    assert (found.step, names(found)) == (10, ["Midt", "Viby", "Udkant"])
    assert found.facets.within == {2: 3, 5: 3, 10: 3, 25: 4, 50: 4}
    assert found.facets.of("", tag_number("region", "midtjylland")) == 3
    chosen = Search(whole_aarhus(radius_km=2, exact=True))
    assert names(chosen.found(facets=True)) == names(chosen.found()) == ["Midt", "Viby", "Udkant"]
    by_price = Search(whole_aarhus(order=ORDERS["pris"]))
    assert names(by_price.found()) == ["Midt", "Viby", "Udkant"]
    assert {entry.clinic.name for entry in chosen.listed(2)} == {"Midt", "Viby", "Udkant"}, "as the map asks"
    assert [hit.name for hit in chosen.found(2, size=2).hits] == ["Udkant"]


def test_a_point_that_cannot_be_right_is_not_in_the_city():
    places()
    clinic("Midt", "Aarhus C")
    clinic("Forkert", "Aarhus N", latitude=57.05, longitude=9.92)  # Aalborg
    assert names(Search(whole_aarhus(radius_km=10, exact=True)).found()) == ["Midt"]


def test_a_city_and_its_postcode_are_told_apart_in_the_heading(client):
    places()
    clinic("Midt", "Aarhus C")
    clinic("Udkant", "Aarhus N", latitude=56.29, longitude=10.21)
    clinic("Viby", "Viby J")
    page = client.get("/find/fysioterapeut/", {"sted": "Aarhus"}).content.decode()
    assert "<h1>Fysioterapeuter i hele Aarhus og omegn</h1>" in page
    assert "3 klinikker i Aarhus eller højst 10 km fra midten." in page
    postcode_page = client.get("/find/fysioterapeut/", {"sted": "8000"}).content.decode()
    assert "<h1>Fysioterapeuter nær 8000 Aarhus C</h1>" in postcode_page
    assert "Kun 2 klinikker ligger inden for 10 km." in postcode_page
    listed = client.get("/api/v1/clinics/", {"place": "Aarhus"}).json()
    assert [one["name"] for one in listed["results"]] == ["Midt", "Viby", "Udkant"]
    on_map = client.get("/api/v1/clinics.geojson", {"place": "Aarhus", "bbox": "9,55,11,57", "zoom": "14"}).json()
    assert sum(one["properties"]["count"] for one in on_map["features"]) == 3


def test_the_same_clinics_as_a_brute_force_over_all():
    """200 random searches against a loop over every clinic with the haversine formula."""
    draw = random.Random(7)
    places()
    specialities = [speciality(f"S{i}") for i in range(6)]
    towns = list(TOWNS)
    for number in range(120):
        town = draw.choice(towns)
        where = postcode(town)
        clinic(
            f"K{number}",
            town,
            specialities=[s.name for s in draw.sample(specialities, draw.choice([0, 0, 1, 2, 4]))],
            price=draw.choice([None, 400, 500, 600]),
            has_ydernummer=draw.choice([True, False, None]),
            lift=draw.choice([True, False, None]),
            languages=draw.choice([None, ["da"], ["da", "ar"], ["en"]]),
            waiting_days=draw.choice([None, 0, 3, 10]),
            waiting_stated_on=today() - datetime.timedelta(days=draw.choice([5, 100])),
            latitude=where.latitude + draw.uniform(-0.3, 0.3),
            longitude=where.longitude + draw.uniform(-0.3, 0.3),
        )
    entries = list(SearchEntry.objects.select_related("clinic__postcode"))
    nothing, yes = tag_number(*NO_SPECIALITIES), tag_number(Tag.Kind.FACET, "has_ydernummer")
    lift = tag_number(Tag.Kind.FACET, "lift")
    cities = 0
    spoken = [tag_number(Tag.Kind.FACET, f"language_{code}") for code in ("da", "ar", "en", "kl")]
    for _ in range(200):
        town = draw.choice(towns)
        wanted = tuple(wanted_terms([s])[0] for s in draw.sample(specialities, draw.choice([0, 1, 2])))
        ask = asked(
            town,
            subjects=(wanted,) if wanted else (),
            ticked=tuple(
                filter(
                    None,
                    (
                        draw.choice(
                            [None, None, Ticked("fakta", frozenset({yes})), Ticked("adgang", frozenset({yes, lift}))]
                        ),
                        draw.choice([None, None, Ticked("sprog", frozenset(spoken[1:3]), any_of=True)]),
                        draw.choice([None, None, None, Ticked("form", frozenset(spoken[:1]), any_of=True)]),
                    ),
                )
            ),
            max_price=draw.choice([None, None, Decimal(500)]),
            max_waiting_days=draw.choice([None, None, None, 3]),
            radius_km=draw.choice([None, 5, 25, 50]),
            city=tag_number(Tag.Kind.CITY, "aarhus") if town == "Aarhus C" and draw.random() < 0.7 else None,
            exact=draw.random() < 0.3,
        )
        found = Search(ask).found(1, size=1000)
        expected = []
        for entry in entries:
            distance = ask.point.km_to(Point(entry.latitude, entry.longitude))
            has = set(entry.tags)
            if not all(one.numbers & has if one.any_of else one.numbers <= has for one in ask.ticked):
                continue
            if ask.max_price and (entry.price is None or entry.price > ask.max_price):
                continue
            clinic_says = entry.clinic
            if ask.max_waiting_days is not None and not (
                clinic_says.waiting_days is not None
                and clinic_says.waiting_days <= ask.max_waiting_days
                and (today() - clinic_says.waiting_stated_on).days <= 60
            ):
                continue
            matches = not wanted or {w.number for w in wanted} & set(entry.tags)
            if not matches and nothing not in entry.tags:
                continue
            over_water = entry.clinic.postcode.land != ask.land
            expected.append(((MATCH if matches else UNSTATED) + over_water, distance, entry.clinic_id, entry))
        city = {"Aarhus C", "Aarhus N", "Viby J"} if ask.city else set()
        cities += bool(city)

        def near(e, km, city=city) -> bool:
            return e[1] <= km or (e[1] <= 50 and e[3].clinic.postcode.town in city)

        reach = {km: [e for e in expected if near(e, km)] for km in (5, 10, 25, 50)}
        in_region = [e for e in expected if near(e, 50) or tag_number("region", ask.regions[0]) in e[3].tags]
        steps = {**reach, REGION: in_region, COUNTRY: expected}
        enough = next((s for s in ask.steps if sum(e[0] <= MATCH_OVER_WATER for e in steps[s]) >= 3), ask.steps[-1])
        assert found.step == enough
        assert [hit.clinic_id for hit in found.hits] == [e[2] for e in sorted(steps[enough], key=lambda e: e[:3])]
        for hit, e in zip(found.hits, sorted(steps[enough], key=lambda e: e[:3]), strict=True):
            assert hit.distance_km == pytest.approx(e[1], abs=1e-6)
        if ask.city or draw.random() < 0.2:
            assert found.counts == Search(ask).found(facets=True).counts
    assert cities > 5


def test_two_statements_a_search(django_assert_num_queries):
    for number in range(30):
        clinic(f"K{number}", "Aarhus C", specialities=["Ryg"] if number % 2 else [])
    search = Search(asked("Aarhus C", subjects=back()))
    search.found()  # what a process reads once: the regions of the day
    with django_assert_num_queries(2):
        search.found()


def test_one_index_answers_place_and_filter(db):
    """At a size where it matters the plan walks the one GiST index in order of distance, with the tags as its condition."""
    from django.db import connection

    where = postcode("Aarhus C")
    clinic("x", "Aarhus C", specialities=["Ryg"])
    Clinic.objects.bulk_create(
        Clinic(name=f"K{n}", slug=f"k{n}", postcode=where, latitude=54.6 + n % 300 / 100, longitude=8.1 + n // 300 / 10)
        for n in range(9000)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO clinics_searchentry (clinic_id, latitude, longitude, tags, review_count)"
            " SELECT id, latitude, longitude, ARRAY[(id % 90)::int], 0 FROM clinics_clinic WHERE slug LIKE 'k%'"
        )
        cursor.execute("ANALYZE clinics_searchentry")
        cursor.execute("ANALYZE clinics_clinic")
    facts = {
        "ticked": (
            Ticked("adgang", frozenset({5, 8})),
            Ticked("form", frozenset({11, 12}), any_of=True),
            Ticked("sprog", frozenset({140, 141}), any_of=True),
        )
    }
    numbers = {"max_waiting_days": 7, "max_price": Decimal(500), "open_now": True}
    for narrowed in ({}, facts, facts | numbers, facts | {"city": 7}):
        plan = Search(asked("Aarhus C", subjects=back(), **narrowed))._nearest(50, MATCH)[:20].explain()
        assert "entry_loc_tags_gist" in plan and "Order By: (loc <->" in plan, plan
        condition_line = next(line for line in plan.splitlines() if "Index Cond" in line)
        assert condition_line.count("tags &&") == (3 if narrowed else 1)
        assert condition_line.count("tags @>") == (2 if narrowed else 1)  # one is the side of the water
