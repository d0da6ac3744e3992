"""A page without clinics never offers a way that is known to end at no clinic as well, and names the filter in the way."""

import random
import re
from html import unescape

import pytest
from django.http import QueryDict

from clinics.models import Speciality

from .people import clinic, condition, places, speciality
from .scattered import query, scatter

pytestmark = pytest.mark.django_db

URL = "/find/fysioterapeut/"


@pytest.fixture(autouse=True)
def denmark():
    places()


def clinics_in(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r'href="/klinik/([a-z0-9-]+)/', page)))


def ways(page: str) -> dict[str, str]:
    """Words of each way on, with what stands behind the link → its address."""
    listed = re.search(r"<h2>(?:Andre muligheder|Ingen klinikker at vise)</h2>(.*?)</section>", page, re.S)
    assert listed, "no page without clinics"
    found = re.findall(r'<li><a href="(/find/[^"]*)">([^<]*)</a>([^<]*)</li>', listed.group(1))
    return {(label + about).replace("\u00a0", " ").strip(): unescape(url) for url, label, about in found}


def look(client, **asked) -> dict[str, str]:
    return ways(client.get(URL, {"sted": "8000"} | asked).content.decode())


def counted(client, url: str) -> int:
    return len(clinics_in(client.get(url).content.decode()))


def test_the_filter_in_the_way_is_named_with_what_the_list_then_has(client):
    for number in range(4):
        clinic(f"Nær {number}", "Aarhus C", lift=True)
    clinic("Langt væk", "Aalborg", lift=True)
    made = look(client, adgang="elevator", sprog="vi")
    assert list(made) == ["Fjern “Sprog: vietnamesisk” (4 klinikker)", "Fjern alle filtre"]
    assert counted(client, made["Fjern “Sprog: vietnamesisk” (4 klinikker)"]) == 4
    assert "adgang=elevator" in made["Fjern “Sprog: vietnamesisk” (4 klinikker)"]


def test_one_tick_of_a_group_is_enough_when_the_other_is_had(client):
    clinic("Med", "Aarhus C", lift=True)
    clinic("Uden", "Aarhus C", step_free=True)
    clinic("Heller ikke", "Aarhus C")
    made = look(client, adgang=["elevator", "teleslynge"])
    assert list(made) == ["Fjern “Teleslynge” (1 klinik)", "Fjern alle filtre"]
    assert "adgang=elevator" in made["Fjern “Teleslynge” (1 klinik)"]
    all_three = look(client, adgang=["elevator", "teleslynge", "parkering"])
    assert list(all_three) == [
        "Fjern “Elevator”, “Teleslynge” og “Parkering ved døren” (3 klinikker)",
        "Fjern alle filtre",
    ]


def test_the_country_is_not_offered_when_it_has_been_searched(client):
    clinic("Nær", "Aarhus C")
    assert "Søg i hele Danmark" not in look(client, adgang="elevator")
    clinic("Langt væk", "København K", lift=True)
    made = look(client, adgang="elevator", omraade="10.1,56.1,10.3,56.2")
    assert counted(client, made["Søg i hele Danmark"]) == 1
    made = look(client, adgang="elevator", radius="5", kun_radius="ja")
    assert counted(client, made["Søg også længere væk"]) == 1 and "Søg i hele Danmark" not in made


def test_a_filter_that_alone_leaves_nobody_is_not_what_is_in_the_way(client):
    condition("Ondt i ryggen", {"Ryg": 3})
    clinic("Knæet", "Aarhus C", specialities=["Knæ"])
    made = look(client, tilstand="ondt-i-ryggen", adgang="elevator")
    assert made == {}, "nobody treats it with or without a lift"


def test_behind_a_gate_the_filters_can_go_and_the_gate_stays(client):
    condition("Efter blodprop", {"Ryg": 3}, care_gate="Spørg lægen først.")
    speciality("Åreknuder")
    Speciality.objects.filter(slug="aareknuder").update(care_gate="Spørg lægen først.")
    clinic("Ryggen", "Aarhus C", specialities=["Ryg", "Åreknuder"], price=900)
    made = look(client, tilstand="efter-blodprop", pris_max="100")
    assert list(made) == ["Fjern “Højst 100 kr.” (1 klinik)", "Fjern alle filtre"]
    assert all(counted(client, url) == 1 for url in made.values())
    for url in look(client, speciale="aareknuder", pris_max="100").values():
        assert "speciale=aareknuder" in url and "Spørg lægen først." in client.get(url).content.decode()


def test_nothing_is_offered_where_nobody_can_match(client):
    condition("Hjernerystelse", {})
    clinic("Nær", "Aarhus C")
    assert look(client, tilstand="hjernerystelse", adgang="elevator") == {}


def test_almost_is_not_offered_when_it_would_be_nobody_too(client):
    clinic("Nær", "Aarhus C", price=900)
    page = client.get(
        URL, {"sted": "8000", "pris_max": "100", "adgang": "elevator", "kun_filtre": "ja"}
    ).content.decode()
    assert "Ingen klinikker passer til alle dine filtre." in page and "Vis dem, der passer næsten" not in page


def test_every_number_is_that_of_the_page_it_leads_to(client):
    """Whatever is asked for: the list without the filter has as many as was said."""
    draw = random.Random(11)
    scatter(draw, 40)
    seen = 0
    for _ in range(150):
        asked = query(draw)
        asked.setlist("adgang", draw.sample(["elevator", "niveaufri", "parkering", "teleslynge"], 2))
        asked["sprog"] = draw.choice(["vi", "ar"])
        if draw.random() < 0.5:
            asked["kun_filtre"] = "ja"
        page = client.get(URL, asked).content.decode()
        if "Fjern alle filtre</a>" not in page:
            continue
        for words, url in ways(page).items():
            if not words.startswith("Fjern “"):
                continue
            summary = client.get(url).context["total"]
            told = re.search(r"\((\d+) klinik", words)
            assert summary == int(told.group(1)) if told else summary, (asked.urlencode(), words, url)
            seen += 1
    assert seen > 20


def test_no_more_statements_for_it(client, django_assert_max_num_queries):
    for number in range(3):
        clinic(f"K{number}", "Aarhus C", lift=True)
    asked = QueryDict("sted=8000&adgang=elevator&sprog=vi")
    client.get(URL, asked)
    with django_assert_max_num_queries(4):
        page = client.get(URL, asked).content.decode()
    assert "Fjern “Sprog: vietnamesisk” (3 klinikker)" in ways(page)
