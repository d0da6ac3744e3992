"""The number at each choice of a filter: what it would leave of the list, with the other groups; and with its own group's ticks
where a clinic must have all of them."""

import random
import re
from decimal import Decimal

import pytest
from django.http import QueryDict

from clinics import actions, counting, tally
from clinics.choices import FILTERS, OPEN_NOW, PRICES
from clinics.filters import terms
from clinics.inquiry import Inquiry
from clinics.matching import families
from clinics.models import Clinic, Speciality, Tag
from clinics.tags import NO_SPECIALITIES, tag_number
from clinics.views.filter_panel import filter_groups

from .people import clinic, condition, places, speciality
from .scattered import entries, point_of, query, scatter, within
from .worlds import kept

pytestmark = pytest.mark.django_db

URL = "/find/fysioterapeut/"


def shown(client, **asked) -> dict[tuple[str, str], tuple[int, bool]]:
    """(parameter, value) → the number and whether it can be ticked, as the page says it."""
    page = client.get(URL, asked).content.decode()
    made = {}
    for name, value, state, words in re.findall(
        r'<input type="checkbox" name="(\w+)" value="([\w-]+)"([^>]*)>(.*?)</label>', page, re.S
    ):
        if number := re.search(r"\(([\d.]+|ingen)\)", words):
            made[name, value] = (int(number.group(1).replace("ingen", "0")), "disabled" not in state)
    return made


@kept
def lifts():
    places()
    for number in range(4):
        clinic(f"Lift {number}", "Aarhus C", lift=True, languages=["ar"] if number < 1 else ["da"])
    for number in range(3):
        clinic(f"Trappe {number}", "Aarhus C", lift=False, step_free=True, languages=["en"])
    clinic("Langt væk", "Aalborg", hearing_loop=True)


def test_a_choice_says_how_many_it_would_leave(client, lifts):
    numbers = shown(client, sted="8000")
    assert numbers["adgang", "elevator"] == (4, True)
    assert numbers["adgang", "niveaufri"] == (3, True)
    assert numbers["sprog", "ar"] == (1, True)


def test_what_nobody_within_the_distance_has_cannot_be_ticked_but_is_there(client, lifts):
    numbers = shown(client, sted="8000")
    assert numbers["adgang", "teleslynge"] == (0, False), "Aalborg is not on this list"
    assert shown(client, sted="9000")["adgang", "teleslynge"] == (1, True)
    page = client.get(URL, {"sted": "8000"}).content.decode()
    assert "Teleslynge (til høreapparat) (ingen)" in page and "Tallene viser klinikker inden for 10 km." in page


def test_a_group_is_counted_without_itself_and_with_the_others(client, lifts):
    numbers = shown(client, sted="8000", sprog="ar")
    assert numbers["sprog", "da"] == (3, True) and numbers["sprog", "en"] == (3, True)
    assert numbers["adgang", "elevator"] == (1, True) and numbers["adgang", "niveaufri"] == (0, False)


def test_where_a_clinic_must_have_all_the_number_keeps_what_is_ticked_there(client, lifts):
    clinic("Begge dele", "Aarhus C", lift=True, step_free=True)
    assert shown(client, sted="8000")["adgang", "niveaufri"] == (4, True)
    ticked = shown(client, sted="8000", adgang="elevator")
    assert ticked["adgang", "niveaufri"] == (1, True), "ticking it leaves the one that has both"
    assert ticked["adgang", "elevator"] == (5, True) and ticked["adgang", "handicaptoilet"] == (0, False)
    assert len(counted_in(client, sted="8000", adgang=["elevator", "niveaufri"], kun_radius="ja", radius="10")) == 1


def counted_in(client, **asked) -> set[str]:
    return set(re.findall(r'href="/klinik/([a-z0-9-]+)/', client.get(URL, asked).content.decode()))


def test_what_is_chosen_can_always_be_taken_away(client, lifts):
    assert shown(client, sted="8000", adgang="handicaptoilet", kun_filtre="ja")["adgang", "handicaptoilet"] == (0, True)


def test_the_numbers_are_those_of_the_condition(client):
    places()
    condition("Ondt i ryggen", {"Ryg": 3})
    clinic("Ryggen", "Aarhus C", specialities=["Ryg"], lift=True)
    clinic("Knæet", "Aarhus C", specialities=["Knæ"], lift=True)
    clinic("Tavs", "Aarhus C", lift=True)
    assert shown(client, sted="8000")["adgang", "elevator"] == (3, True)
    assert shown(client, sted="8000", tilstand="ondt-i-ryggen")["adgang", "elevator"] == (2, True)


def test_waiting_times_have_their_numbers(client):
    places()
    for days in (0, 3, 10, 30):
        clinic(f"Om {days}", "Aarhus C", waiting_days=days, waiting_stated_on="2999-01-01")
    clinic("Tavs", "Aarhus C")
    for chosen in ("", "3"):
        page = client.get(URL, {"sted": "8000", "ventetid_max": chosen}).content.decode()
        options = re.findall(r"<option value=\"\d+\"[^>]*>(Højst [^<]*)</option>", page)
        assert options == ["Højst 3 dage (2)", "Højst en uge (2)", "Højst to uger (3)", "Højst en måned (4)"]


def test_the_same_numbers_as_a_loop_over_all_clinics():
    draw = random.Random(5)
    scatter(draw, 50)
    everybody = entries()
    groups = {
        one.name: (one.any_of, {c.slug: {tag_number(Tag.Kind.FACET, c.key)} for c in one.choices if c.holds})
        for one in FILTERS
    }
    family = families()
    groups["speciale"] = (
        True,
        {slug: family.get(number := tag_number(Tag.Kind.SPECIALITY, slug), {number}) for slug in terms().specialities},
    )
    groups["behandling"] = True, {slug: {tag_number(Tag.Kind.TREATMENT, slug)} for slug in terms().treatments}
    nothing = tag_number(*NO_SPECIALITIES)
    compared = near = 0
    for _ in range(60):
        asked = query(draw, place=False)
        asked["kun_filtre"] = "ja"
        inquiry = Inquiry.read(asked)
        found = inquiry.found(facets=True)
        panel = {
            group["name"]: group["choices"] for group in filter_groups(inquiry, found.facets) if "choices" in group
        }
        back = {w.number for w in inquiry.subjects[0]} if inquiry.condition else None

        def listed(entry, without, asked=asked, found=found, back=back, km=None) -> bool:
            has = set(entry.tags)
            subjects = [back] if back else []
            for name, (any_of, numbers) in groups.items():
                chosen = [numbers[slug] for slug in asked.getlist(name)] if name != without else []
                if name in ("speciale", "behandling"):
                    subjects += [set().union(*chosen)] if chosen else []
                elif chosen and not (any if any_of else all)(one & has for one in chosen):
                    return False
            if not all(subject & has for subject in subjects) and nothing not in has:
                return False
            price, days = asked.get("pris_max"), asked.get("ventetid_max")
            if price and without != "pris_max" and (entry.price is None or entry.price > int(price)):
                return False
            if days and without != "ventetid_max" and (entry.waiting_days is None or entry.waiting_days > int(days)):
                return False
            return within(entry, found) if km is None else found.asked.point.km_to(point_of(entry)) <= km

        assert found.total == sum(listed(entry, None) for entry in everybody)
        for name, (any_of, numbers) in groups.items():
            left = [set(entry.tags) for entry in everybody if listed(entry, name if any_of else None)]
            for choice in panel[name]:
                if choice["value"] == OPEN_NOW.slug:
                    continue  # nobody has stated any hours here: tests/test_open_now.py
                expected = sum(bool(numbers[choice["value"]] & has) for has in left)
                assert choice["count"] == expected, (asked.urlencode(), name, choice)
                assert choice["disabled"] is (expected == 0 and choice["value"] not in asked.getlist(name))
                compared += 1
        days = [entry.waiting_days for entry in everybody if listed(entry, "ventetid_max")]
        for choice in panel["ventetid_max"][1:]:
            assert choice["count"] == sum(d is not None and d <= choice["value"] for d in days)
        prices = [entry.price for entry in everybody if listed(entry, "pris_max")]
        assert found.facets.within_limit("pris_max", None) == sum(p is not None for p in prices)
        for most in (*PRICES, *([Decimal(asked["pris_max"])] if "pris_max" in asked else [])):
            assert found.facets.within_limit("pris_max", most) == sum(p is not None and p <= most for p in prices)
        if found.asked.point is None:
            assert not found.facets.within
        for km, clinics in found.facets.within.items():
            assert clinics == sum(listed(entry, None, km=km) for entry in everybody), (asked.urlencode(), km)
            near += bool(clinics)
    assert compared > 3000 and near > 50


def test_every_distance_says_how_many_lie_within_it(client):
    places()
    for town in ("Aarhus C", "Aarhus C", "Aarhus N", "Viby J", "Randers", "Kalundborg"):
        clinic(f"I {town} {Clinic.objects.count()}", town)

    def distances(**asked) -> list[str]:
        page = client.get(URL, asked).content.decode()
        select = re.search(r'<select id="radius".*?</select>', page, re.S)
        return re.findall(r"<option value=\"\d*\"([^>]*>[^<]*)</option>", select.group()) if select else []

    numbers = [">2 km (2)", ">5 km (4)", ">10 km (4)", ">25 km (4)", ">50 km (5)"]
    assert distances(sted="8000") == [" selected>De nærmeste", *numbers]
    assert distances(sted="8000", radius="25")[4] == " selected>25 km (4)"
    assert distances(sted="8200")[1:3] == [">2 km (1)", ">5 km (3)"]
    assert distances(sted="8900", adgang="elevator")[1] == " disabled>2 km (0)", "not hidden"
    assert distances() == distances(sted="Midtjylland") == []


def test_prices_are_suggested_with_how_many_ask_no_more(client):
    places()
    for price in (380, 450, 650):
        clinic(f"Til {price}", "Aarhus C", price=price, lift=price < 500)
    clinic("Tavs", "Aarhus C", lift=True)

    def prices(**asked) -> list[str]:
        page = client.get(URL, {"sted": "8000"} | asked).content.decode()
        shown = re.search(r'<ul class="filters__numbers".*?</ul>', page, re.S).group()
        assert "klinikker har oplyst en pris." in page
        return [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r"<li>(.*?)</li>", shown)]

    assert prices() == ["Højst 400 kr. (1)", "Højst 500 kr. (2)", "Højst 600 kr. (2)", "Højst 700 kr. (3)"]
    assert prices(pris_max="400", adgang="elevator")[-1] == "Højst 700 kr. (2)", "without itself, with the others"
    assert prices(pris_max="455")[1] == "Højst 455 kr. (2)"
    page = client.get(URL, {"sted": "8000", "pris_max": "500"}).content.decode()
    assert '<strong aria-current="true">Højst 500 kr.</strong>' in page and "pris_max=700" in page
    clinic("Dyr", "Odense C", price=900)
    assert (
        "Højst 400 kr.</span>" in client.get(URL, {"sted": "5000", "radius": "5", "kun_radius": "ja"}).content.decode()
    )


def test_more_clinics_than_a_place_of_the_sum_holds(monkeypatch):
    """With one decimal place for each value a sum holds nine clinics."""
    monkeypatch.setattr(tally, "PLACES", 1)
    monkeypatch.setattr(tally, "STRETCH", "clinic_id / 9")
    places()
    for number in range(31):
        clinic(f"K{number}", "Aarhus C", lift=True, step_free=number < 12)
    numbers = Inquiry.read({"sted": "8000"}).found(facets=True).facets
    assert numbers.of("adgang", tag_number(Tag.Kind.FACET, "lift")) == 31
    assert numbers.of("adgang", tag_number(Tag.Kind.FACET, "step_free")) == 12
    assert numbers.of("adgang", tag_number(Tag.Kind.FACET, "parking")) == 0


def test_a_focus_area_that_gets_another_speciality_counts_there():
    places()
    old, new = speciality("Muskuloskeletal"), speciality("Neurologisk")
    area = speciality("Kæbe")
    Speciality.objects.filter(pk=area.pk).update(parent=old)
    clinic("Kæben", "Aarhus C", specialities=["Kæbe"])

    def left() -> list[int]:
        facets = Inquiry.read({"sted": "8000"}).found(facets=True).facets
        return [facets.of("speciale", tag_number(Tag.Kind.SPECIALITY, one.slug)) for one in (old, new, area)]

    assert left() == [1, 0, 1]
    Speciality.objects.filter(pk=area.pk).update(parent=new)
    actions.vocabulary_changed()
    assert left() == [0, 1, 1]


def test_counts_cost_no_statement_of_their_own(django_assert_num_queries):
    places()
    for number in range(5):
        clinic(f"K{number}", "Aarhus C", lift=bool(number % 2))
    Inquiry.read({"sted": "8000"}).found(facets=True)
    with django_assert_num_queries(2):
        Inquiry.read({"sted": "8000"}).found(facets=True)


def test_without_a_place_the_counts_are_kept_until_a_clinic_changes(django_assert_num_queries):
    places()
    clinic("En", "Aarhus C", lift=True)
    number = tag_number(Tag.Kind.FACET, "lift")

    def lifts() -> int:
        return Inquiry.read(QueryDict("")).found(facets=True).facets.of("adgang", number)

    assert lifts() == 1
    with django_assert_num_queries(1):  # the clinics themselves are never kept
        assert lifts() == 1
    clinic("To", "Aarhus C", lift=True)
    assert lifts() == 2


def test_no_more_searches_are_kept_than_fit(monkeypatch):
    monkeypatch.setattr(counting, "MOST_KEPT", 3)
    places()
    for price in range(1, 9):
        Inquiry.read({"pris_max": str(price)}).found()
    assert 0 < len(counting._kept) <= 3
    monkeypatch.setattr(counting, "KEPT_SECONDS", 0.0)
    assert Inquiry.read({"pris_max": "8"}).found().total == 0
