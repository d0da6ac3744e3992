"""`/find/fysioterapeut/` as a visitor meets it, with good and with bad input."""

import re
from html import unescape

import pytest

from clinics.models import Place, RedFlag, Speciality
from clinics.text import folds, slugify_da

from .people import clinic, condition, places, speciality
from .worlds import kept

pytestmark = pytest.mark.django_db

URL = "/find/fysioterapeut/"


@kept(autouse=True)
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
    assert "Kun 1 klinik i hele Danmark" not in text_of(page)
    assert "Ingen klinikker ligger inden for 10 km." in text_of(page)
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
        ({"side": "1e9"}, "med cifre"),
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
    assert "Ondt i lænden" in text_of(client.get(URL, {"tilstand": "laendehold", "sted": "8000"}, follow=True))


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
def test_a_results_page_asks_the_database_four_times_at_most(client, number, django_assert_max_num_queries):
    condition("Ondt i lænden", {"Ryg og nakke": 3})
    for i in range(number):
        clinic(f"Klinik {i}", "Aarhus C", specialities=["Ryg og nakke"], treatments=["Holdtræning"], price=500)
    client.get(URL, {"sted": "8000"})  # what a process remembers: the terms, the place, the regions of the day
    with django_assert_max_num_queries(4):
        client.get(URL, {"tilstand": "ondt-i-laenden", "sted": "8000"})
    with django_assert_max_num_queries(4):
        client.get(
            URL, {"tilstand": "ondt-i-laenden", "sted": "8000", "adgang": "elevator", "sorter": "pris"} | {"side": 2}
        )


def test_no_cookie_and_no_third_party(client):
    clinic("Ryggen", "Aarhus C")
    response = client.get(URL, {"sted": "8000"})
    assert not response.cookies
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert not re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', response.content.decode().replace('rel="noopener', ""))


def test_words_of_danger_are_heard_in_a_text_that_is_too_long(client):
    RedFlag.objects.create(
        key="cauda", group="ryg", urgency="doctor_now", text="du ikke kan tisse", terms=["kan ikke tisse"], sources=[]
    )
    clinic("Ryggen", "Aarhus C")
    story = "Det begyndte i går, da jeg løftede en kasse. " * 6 + "Nu kan jeg ikke tisse."
    page = client.get(URL, {"q": story}).content.decode()
    assert page.index("du ikke kan tisse") < page.index("/klinik/ryggen/")


@pytest.mark.parametrize("fields", [{}, {"is_generic": True}])
def test_a_condition_that_leads_to_no_clinics_shows_none_and_says_so(client, fields):
    """All clinics under the heading of the condition would look as if they had to do with it."""
    condition("Søvn og smerter", {"Ryg og nakke": 3} if fields else {}, **fields)
    clinic("Ryggen", "Aarhus C", specialities=["Ryg og nakke"])
    clinic("Navnløs", "Aarhus C")
    response = client.get(URL, {"tilstand": "soevn-og-smerter", "sted": "8000"})
    assert clinics_in(response) == []
    assert "Vi kan ikke sige, hvilke klinikker der passer til søvn og smerter." in text_of(response)
    link = re.search(r'href="([^"]+)">Se klinikker nær 8000 Aarhus C<', response.content.decode()).group(1)
    assert set(clinics_in(client.get(unescape(link)))) == {"ryggen", "navnloes"}


def test_there_is_no_way_past_the_gate_of_a_condition_that_leads_to_no_clinics(client):
    condition("Efter operation", {}, care_gate="Spørg lægen først.")
    assert "Se klinikker" not in text_of(client.get(URL, {"tilstand": "efter-operation", "sted": "8000"}))


def test_a_speciality_that_the_index_has_not_met_matches_nobody(client):
    clinic("Ryggen", "Aarhus C", specialities=["Ryg og nakke"])
    speciality("Helt ny")
    assert clinics_in(client.get(URL, {"speciale": "helt-ny", "sted": "8000"})) == []


def test_distance_means_nothing_without_a_place(client):
    clinic("Ryggen", "Aarhus C")
    response = client.get(URL, {"radius": "2", "kun_radius": "ja"})
    assert clinics_in(response) == ["ryggen"]
    assert "2 km" not in text_of(response)


def area(name: str, kind: str, postcodes: list[str], **fields) -> None:
    fields = {"latitude": 56.2, "longitude": 9.4, "land": "jylland", "keys": list(folds(name))} | fields
    Place.objects.create(slug=slugify_da(name), name=name, kind=kind, postcodes=postcodes, **fields)


def test_the_whole_country_is_not_ten_kilometres_around_its_middle(client):
    area("Danmark", "country", [], land="")
    for town in ("Aarhus C", "Rønne", "Aalborg"):
        clinic(f"Klinik {town}", town)
    response = client.get(URL, {"sted": "Danmark", "radius": "5"})
    assert clinics_in(response) == ["klinik-roenne", "klinik-aalborg", "klinik-aarhus-c"]  # aa is å
    assert "i hele Danmark" in text_of(response) and " km" not in text_of(response)


def test_a_region_is_all_of_it_and_nothing_else(client):
    area("Region Midtjylland", "region", ["8000", "8400", "8900"])
    for town in ("Aarhus C", "Ebeltoft", "Randers", "Aalborg"):
        clinic(f"Klinik {town}", town)
    response = client.get(URL, {"sted": "Region Midtjylland"})
    assert clinics_in(response) == ["klinik-ebeltoft", "klinik-randers", "klinik-aarhus-c"]
    assert "Fysioterapeuter i Region Midtjylland" in text_of(response)
    assert "Sorteret efter navn" in text_of(response)


def test_an_island_with_too_few_is_widened_in_a_true_sentence_that_can_be_undone(client):
    codes = ["3700", "3720", "3730", "3740", "3751", "3760"]
    area("Bornholm", "island", codes, land="bornholm", latitude=55.125, longitude=14.92, preposition="på")
    clinic("Øens egen", "Rønne", specialities=["Ryg og nakke"])
    for number in range(3):
        clinic(f"Hovedstad {number}", "København K", specialities=["Ryg og nakke"])
    response = client.get(URL, {"sted": "Bornholm", "speciale": "ryg-og-nakke"})
    assert clinics_in(response)[0] == "oeens-egen" and len(clinics_in(response)) == 4
    assert "Kun 1 klinik matcher på Bornholm." in text_of(response)
    assert "fysioterapeuter nær Bornholm" in text_of(response)
    back = unescape(re.search(r'href="([^"]*kun_radius=ja[^"]*)"', response.content.decode()).group(1))
    narrow = client.get(back)
    assert clinics_in(narrow) == ["oeens-egen"]
    assert "Du ser kun klinikker på Bornholm." in text_of(narrow)
    assert "fysioterapeuter på Bornholm" in text_of(narrow)


@pytest.mark.parametrize(
    ("there", "query", "sentence"),
    [
        (["Randers"], {}, "Ingen klinikker ligger inden for 10 km. Her er dem"),
        (
            ["Aarhus C", "Aarhus N", "Randers"],
            {},
            "Kun 2 klinikker ligger inden for 10 km. Her er dem inden for 50 km.",
        ),
        (["Aarhus C"], {}, "Kun 1 klinik i hele Danmark er med på listen."),
        (
            ["Aarhus C", "Aalborg"],
            {"speciale": "ryg-og-nakke"},
            "Kun 1 klinik matcher inden for 10 km. Her er dem i hele",
        ),
        (["Aarhus C"], {"speciale": "ryg-og-nakke"}, "Kun 1 klinik i hele Danmark matcher."),
        ([], {"speciale": "ryg-og-nakke"}, "Ingen klinikker i hele Danmark matcher. Her er dem, der ikke har oplyst"),
        (
            ["Aalborg"],
            {"speciale": "ryg-og-nakke", "radius": "2"},
            "Ingen klinikker matcher inden for 2 km. Her er dem i",
        ),
    ],
)
def test_the_sentence_about_looking_further_is_true(client, there, query, sentence):
    for town in there:
        clinic(f"Klinik {town}", town, specialities=["Ryg og nakke"])
    if "speciale" in query:
        clinic("Navnløs", "Aalborg")
    assert sentence in text_of(client.get(URL, {"sted": "8000"} | query))


def test_a_landing_address_says_where_whatever_its_parameters_say(client):
    clinic("Ryggen", "Aarhus C")
    page = client.get("/find/fysioterapeut/aarhus/?sted=9000").content.decode()
    assert "9000" not in page


def test_an_official_speciality_is_found_through_its_focus_areas_partially(client):
    official = speciality("Sportsfysioterapi")
    focus = speciality("Sport og løb")
    Speciality.objects.filter(pk=focus.pk).update(parent=official, kind="focus")
    clinic("Løberen", "Aarhus C", specialities=["Sport og løb"])
    clinic("Specialisten", "Aarhus N", specialities=["Sportsfysioterapi"])
    found = client.get(URL, {"speciale": "sportsfysioterapi", "sted": "8000"})
    assert clinics_in(found) == ["loeberen", "specialisten"]
    assert text_of(found).count("Matcher delvist") == 1
    assert clinics_in(client.get(URL, {"speciale": "sport-og-loeb", "sted": "8000"})) == ["loeberen"]
