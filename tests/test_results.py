"""`/find/fysioterapeut/` as a visitor meets it, with good and with bad input."""

import re
from html import unescape

import pytest

from clinics.models import RedFlag

from .people import clinic, condition, places, speciality

pytestmark = pytest.mark.django_db

URL = "/find/fysioterapeut/"


@pytest.fixture(autouse=True)
def denmark():
    places()
    speciality("Ryg og nakke")


def text_of(response) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def clinics_in(response) -> list[str]:
    return list(dict.fromkeys(re.findall(r'href="/klinik/([a-z0-9-]+)/', response.content.decode())))


def test_nearest_matching_clinics_with_the_reason(client):
    condition("Ondt i lænden", {"Ryg og nakke": 3, "Ergonomi": 2})
    clinic("Ryggen", "Aarhus C", specialities=["Ryg og nakke"], price=550)
    clinic("Stolen", "Aarhus N", specialities=["Ergonomi"])
    clinic("Knæet", "Aarhus C", specialities=["Knæ"])
    clinic("Navnløs", "Aarhus C")
    response = client.get(URL, {"tilstand": "ondt-i-laenden", "sted": "8000"})
    assert response.status_code == 200
    assert clinics_in(response) == ["ryggen", "stolen", "navnloes"]
    text = text_of(response)
    assert "8000 Aarhus C" in re.search(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.S).group(1)
    for words in ("ryg og nakke", "550 kr.", "Pris ikke oplyst", "Har ikke oplyst specialer", "Matcher delvist"):
        assert words in text
    assert 'href="tel:+4500001234"' in response.content.decode()


def test_place_and_condition_travel_to_the_profile(client):
    condition("Ondt i lænden", {"Ryg og nakke": 3})
    clinic("Ryggen", "Aarhus C", specialities=["Ryg og nakke"])
    page = client.get(URL, {"tilstand": "ondt-i-laenden", "sted": "8000"}).content.decode()
    assert "/klinik/ryggen/?tilstand=ondt-i-laenden&amp;sted=8000" in page


def test_red_cards_stand_above_the_first_clinic(client):
    back = condition("Ondt i lænden", {"Ryg og nakke": 3})
    flag = RedFlag.objects.create(key="cauda", group="ryg", urgency="doctor_now", text="du ikke kan tisse", sources=[])
    back.red_flags.add(flag)
    clinic("Ryggen", "Aarhus C", specialities=["Ryg og nakke"])
    page = client.get(URL, {"tilstand": "ondt-i-laenden", "sted": "8000"}).content.decode()
    assert page.index("tel:112") < page.index("du ikke kan tisse") < page.index("/klinik/ryggen/")


def test_a_gate_stands_before_the_clinics(client):
    condition("Efter blodprop", {"Ryg og nakke": 3}, care_gate="Først når lægen siger god for det.")
    clinic("Ryggen", "Aarhus C", specialities=["Ryg og nakke"])
    page = client.get(URL, {"tilstand": "efter-blodprop", "sted": "8000"}).content.decode()
    assert page.index("Først når lægen siger god for det.") < page.index("/klinik/ryggen/")


def test_a_gate_of_a_chosen_speciality_stands_before_the_clinics(client):
    speciality("Ryg og nakke").__class__.objects.filter(slug="ryg-og-nakke").update(care_gate="Spørg lægen først.")
    clinic("Ryggen", "Aarhus C", specialities=["Ryg og nakke"])
    page = client.get(URL, {"speciale": "ryg-og-nakke", "sted": "8000"}).content.decode()
    assert page.index("Spørg lægen først.") < page.index("/klinik/ryggen/")


def test_widening_is_said_in_a_sentence_and_can_be_undone(client):
    clinic("Langt væk", "Randers")
    page = client.get(URL, {"sted": "8000", "radius": "10"})
    assert clinics_in(page) == ["langt-vaek"]
    assert "Ingen klinikker matcher inden for 10 km." in text_of(page)
    back = unescape(re.search(r'href="([^"]*kun_radius=ja[^"]*)"', page.content.decode()).group(1))
    narrow = client.get(back)
    assert clinics_in(narrow) == []
    assert "Søg også længere væk" in text_of(narrow)


def test_filters_stay_when_paging_and_a_page_too_far_says_so(client):
    for number in range(25):
        clinic(f"Klinik {number}", "Aarhus C", specialities=["Ryg og nakke"])
    query = {"speciale": "ryg-og-nakke", "sted": "8000"}
    first = client.get(URL, query)
    assert len(clinics_in(first)) == 20
    following = unescape(re.search(r'href="([^"]*side=2[^"]*)"', first.content.decode()).group(1))
    second = client.get(following)
    assert len(clinics_in(second)) == 5
    assert not set(clinics_in(first)) & set(clinics_in(second))
    far = client.get(URL, query | {"side": 999})
    assert far.status_code == 200 and clinics_in(far) == []
    assert "Listen har kun 2 sider" in text_of(far)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"sted": "8888"}, "Vi kender ikke postnummer 8888"),
        ({"sted": "Andeby"}, "Vi kender ikke"),
        ({"sted": "<script>alert(1)</script>"}, ""),
        ({"sted": "8000\0"}, ""),
        ({"sted": "x" * 10_000}, "Teksten er for lang"),
        ({"q": "x" * 10_000}, "Teksten er for lang"),
        ({"q": "\0"}, ""),
        ({"tilstand": "findes-ikke"}, "Vi kender ikke den tilstand"),
        ({"tilstand": "\0"}, ""),
        ({"speciale": "findes-ikke"}, "Valget findes ikke"),
        ({"radius": "-5"}, "Valget findes ikke"),
        ({"radius": "NaN"}, "Valget findes ikke"),
        ({"side": "999"}, "Listen har kun 1 side"),
        ({"side": "-1"}, "Tallet er for lille"),
        ({"side": "1e9"}, "helt tal"),
        ({"pris_max": "NaN"}, "tal"),
        ({"pris_max": "1e400"}, "Tallet er for stort"),
        ({"ydernummer": "måske"}, "Valget findes ikke"),
    ],
)
def test_bad_input_gets_a_kind_sentence_and_keeps_the_form(client, query, sentence):
    clinic("Ryggen", "Aarhus C")
    response = client.get(URL, query)
    assert response.status_code == 200
    assert sentence in text_of(response)
    assert "<script>alert" not in response.content.decode()
    if query.get("sted") == "8888":
        assert 'value="8888"' in response.content.decode()
        assert "Fejl:" in response.content.decode().split("</title>")[0]


def test_an_invalid_field_does_not_hide_the_rest(client):
    clinic("Ryggen", "Aarhus C", specialities=["Ryg og nakke"])
    response = client.get(URL, {"sted": "8000", "radius": "mange"})
    assert clinics_in(response) == ["ryggen"]


def test_a_merged_condition_is_followed(client):
    target = condition("Ondt i lænden", {"Ryg og nakke": 3})
    condition("Lændehold", {}, merged_into=target)
    assert "Ondt i lænden" in text_of(client.get(URL, {"tilstand": "laendehold", "sted": "8000"}))


def test_words_that_are_a_condition_lead_to_its_address(client):
    condition("Ondt i lænden", {"Ryg og nakke": 3}, synonyms=["hold i ryggen"])
    response = client.get(URL, {"q": "Hold i ryggen", "sted": "8000"})
    assert response.status_code == 302
    assert response["Location"] == f"{URL}?tilstand=ondt-i-laenden&sted=8000"


def test_words_of_danger_show_their_card_first_whatever_they_lead_to(client):
    condition("Kramper i benene", {"Ryg og nakke": 3}, synonyms=["hævet læg"])
    RedFlag.objects.create(
        key="dvt", group="blodprop", urgency="doctor_now", text="dit ene ben er hævet", terms=["hævet læg"], sources=[]
    )
    clinic("Ryggen", "Aarhus C", specialities=["Ryg og nakke"])
    response = client.get(URL, {"q": "hævet læg"}, follow=True)
    page = response.content.decode()
    assert page.index("dit ene ben er hævet") < page.index("/klinik/ryggen/")
    response = client.get(URL, {"q": "jeg har en hævet læg og ved ikke noget", "sted": "8000"}, follow=True)
    assert "dit ene ben er hævet" in response.content.decode()


def test_the_name_of_a_clinic_leads_to_it(client):
    clinic("Solsort Fysioterapi", "Aarhus C")
    assert client.get(URL, {"q": "solsort fysioterapi"})["Location"] == "/klinik/solsort-fysioterapi/"


def test_text_that_means_nothing_to_us_says_so_and_still_lists_clinics(client):
    clinic("Ryggen", "Aarhus C")
    response = client.get(URL, {"q": "blåbærgrød", "sted": "8000"})
    assert clinics_in(response) == ["ryggen"]
    assert "blåbærgrød" in text_of(response)


@pytest.mark.parametrize("number", [1, 60])
def test_a_results_page_asks_the_database_eight_times_at_most(client, number, django_assert_max_num_queries):
    condition("Ondt i lænden", {"Ryg og nakke": 3})
    for i in range(number):
        clinic(f"Klinik {i}", "Aarhus C", specialities=["Ryg og nakke"], treatments=["Holdtræning"], price=500)
    client.get(URL, {"sted": "8000"})  # what a process reads once
    with django_assert_max_num_queries(8):
        client.get(URL, {"tilstand": "ondt-i-laenden", "sted": "8000"})


def test_no_cookie_and_no_third_party(client):
    clinic("Ryggen", "Aarhus C")
    response = client.get(URL, {"sted": "8000"})
    assert not response.cookies
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert not re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', response.content.decode().replace('rel="noopener', ""))
