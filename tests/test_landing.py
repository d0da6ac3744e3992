"""`/find/fysioterapeut/<sted>/` and `…/<speciale>/`: the clinics of a place, its facts, and who may index it."""

import json
import re
from html import unescape

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from clinics import clock, index
from clinics.loading.vocabulary_files import DATA
from clinics.models import Clinic, ClinicSpeciality, Place, Speciality
from clinics.views.landing import COMMON, LONGEST_DESCRIPTION

from .cramps import red_flags
from .people import clinic, condition, places, speciality
from .schema_org import faults
from .worlds import kept

pytestmark = pytest.mark.django_db

URL = "/find/fysioterapeut/aarhus/"


@kept(autouse=True)
def denmark():
    places()


def test_common_conditions_stand_there_and_rare_ones_do_not(client):
    condition("Ondt i knæet", {"Knæ": 3})
    condition("Ondt i lænden", {"Ryg og nakke": 3})
    condition("Muskelsvind", {"Neurologi": 3})
    page = client.get(URL).content.decode()
    assert page.index("tilstand=ondt-i-laenden") < page.index("tilstand=ondt-i-knaeet")
    assert "tilstand=muskelsvind" not in page


def test_the_common_ones_are_in_the_vocabulary_without_a_gate():
    entries = {e["slug"]: e for e in yaml.safe_load((DATA / "conditions.yaml").read_text(encoding="utf-8"))}
    assert len(COMMON) == 12
    for slug in COMMON:
        assert not entries[slug].get("care_gate"), slug
        assert entries[slug]["body_region"], slug
        assert 3 in entries[slug]["specialities"].values(), slug


def test_the_nearest_is_measured_from_the_middle_of_the_town(client):
    clinic("Ryggen", "Aarhus C")
    assert "fra midten af Aarhus." in client.get(URL).content.decode()


KNEE = f"{URL}knae/"


def town(count: int, **fields) -> None:
    """So many clinics in Aarhus C, each with a price, a ydernummer and a waiting time, all for knees."""
    stated = {"has_ydernummer": True, "waiting_days": 4, "waiting_stated_on": clock.today()} | fields
    for number in range(count):
        clinic(f"Klinik {number}", "Aarhus C", specialities=["Knæ"], price=400 + 50 * number, **stated)


def head_of(page: str) -> tuple[bool, str]:
    """Whether it is noindex, and its canonical address without the host."""
    canonical = re.search(r'<link rel="canonical" href="https?://[^/]+([^"]*)">', page)
    return '<meta name="robots" content="noindex">' in page, canonical[1] if canonical else ""


def blocks_of(page: str) -> list[dict]:
    return [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("århus", "aarhus"),
        ("Aarhus", "aarhus"),
        ("8000", "aarhus-c"),
        ("aarhus-kommune", "aarhus"),
        ("århus/Knæ", "aarhus/knae"),
        ("aarhus/knæ", "aarhus/knae"),
        ("aarhus/ondt-i-knæet", "aarhus/knae"),
        ("8000/knae", "aarhus-c/knae"),
    ],
)
def test_each_page_has_one_address(client, asked, canonical):
    speciality("Knæ")
    Speciality.objects.update(synonyms=["ondt i knæet"])
    response = client.get(f"/find/fysioterapeut/{asked}/?tilstand=x")
    assert (response.status_code, response.headers["Location"]) == (301, f"/find/fysioterapeut/{canonical}/?tilstand=x")
    assert client.get(f"/find/fysioterapeut/{canonical}/").status_code == 200


def test_a_synonym_of_two_specialities_names_neither(client):
    for name in ("Knæ", "Hofte"):
        speciality(name)
    Speciality.objects.update(synonyms=["slidgigt"])
    assert client.get(f"{URL}slidgigt/").status_code == 404


def test_an_unknown_place_is_asked_about(client):
    speciality("Knæ")
    for address, guess in (("/find/fysioterapeut/aahrus/", URL), ("/find/fysioterapeut/aahrus/knae/", KNEE)):
        response = client.get(address)
        page = response.content.decode()
        assert response.status_code == 404 and f'Mente du <a href="{guess}">Aarhus</a>?' in page
        assert 'name="sted" type="text" value="aahrus"' in page and head_of(page) == (True, "")


@pytest.mark.parametrize("slug", ["zzqx", "%00", "%F0%9F%A6%B4", "8888", "'; DROP", "a" * 3000, "..", "%25"])
def test_what_is_no_place_is_not_there(client, slug):
    assert client.get(f"/find/fysioterapeut/{slug}/").status_code == 404
    assert client.get(f"{URL}{slug}/").status_code == 404


def test_several_places_are_a_choice(client):
    for number, name in enumerate(("Nykøbing F", "Nykøbing M")):
        Place.objects.create(
            slug=name.lower().replace("ø", "oe").replace(" ", "-"),
            name=name,
            kind="town",
            latitude=55 + number,
            longitude=10,
            land="jylland",
            keys=["nykoebing", "nykobing"],
            aliases=["Nykøbing"],
        )
    response = client.get("/find/fysioterapeut/nykoebing/")
    page = response.content.decode()
    assert response.status_code == 200 and head_of(page)[0]
    assert 'href="/find/fysioterapeut/nykoebing-f/"' in page and 'href="/find/fysioterapeut/nykoebing-m/"' in page


def test_an_unknown_speciality_leads_to_the_place(client):
    town(3)
    response = client.get(f"{URL}zzz/")
    page = response.content.decode()
    assert response.status_code == 404 and f'href="{URL}"' in page and f'href="{KNEE}"' in page


@pytest.mark.parametrize(
    ("count", "fields", "indexable"),
    [
        (3, {}, True),
        (3, {"has_ydernummer": None}, True),
        (2, {}, False),
        (3, {"is_example": True}, False),
        (3, {"has_ydernummer": None, "waiting_days": None}, False),
    ],
)
def test_only_a_page_with_clinics_and_facts_of_its_own_is_indexed(client, count, fields, indexable):
    town(count, **fields)
    place, knee = (client.get(address).content.decode() for address in (URL, KNEE))
    if indexable:
        assert head_of(place) == (False, URL) and head_of(knee) == (False, KNEE)
    else:
        assert head_of(place) == (True, "/find/fysioterapeut/") and head_of(knee) == (True, URL)
        assert not blocks_of(place) and not blocks_of(knee)
    assert head_of(client.get(f"{URL}?utm_source=x").content.decode()) == (True, head_of(place)[1])


def test_invented_clinics_are_marked_wherever_their_numbers_stand(client):
    town(3, is_example=True)
    page = client.get(URL).content.decode()
    assert "Eksempeldata: klinikkerne er opdigtede" in page.split("<main")[1]
    assert "<strong>Eksempeldata.</strong>" in page


def test_the_facts_stand_on_the_page_with_their_number_and_day(client, time_machine):
    time_machine.move_to("2026-11-21 12:00 +0100", tick=False)
    town(4)
    clinic("Tavs", "Aarhus C", specialities=["Knæ"])
    clinic("Ryggen", "Aarhus C", specialities=["Ryg"], price=9000)
    for address, clinics, highest in ((URL, 6, "9.000"), (KNEE, 5, "550")):
        text = " ".join(re.sub(r"<[^>]+>", " ", client.get(address).content.decode().split("<main")[1]).split())
        assert f"Klinikker {clinics} i Aarhus eller højst 10 km fra midten" in text
        assert f"Fra 400 kr. til {highest} kr." in text
        assert f"Ja hos alle 4, der har oplyst det ( {clinics - 4} har ikke".replace("( ", "(") in text
        assert "4 dage hos Klinik 3 (oplyst 21. november 2026;" in text or "4 dage hos Klinik 0 (oplyst" in text
        assert "Talt op 21. november 2026" in text


def test_titles_and_descriptions_are_the_pages_own(client):
    town(3)
    clinic("Sportens", "Aarhus C", specialities=["Sport og løb"])
    clinic("Naboen", "Viby J")
    told = []
    for address in (URL, KNEE, f"{URL}sport-og-loeb/", "/find/fysioterapeut/viby-j/", "/find/fysioterapeut/roenne/"):
        page = client.get(address).content.decode()
        described = unescape(re.search(r'<meta name="description" content="([^"]*)">', page)[1])
        assert 40 < len(described) <= LONGEST_DESCRIPTION
        told.append((unescape(re.search("<title>(.*?)</title>", page)[1]), described))
    assert len({title for title, _ in told}) == len({text for _, text in told}) == 5
    assert told[1][1].startswith("3 klinikker i Aarhus, der arbejder med knæ. Første besøg: 400 kr. til 500 kr. uden")


def test_the_preposition_is_the_places(client):
    Place.objects.filter(slug="roenne").update(preposition="på")
    speciality("Knæ")
    assert "<h1>Fysioterapeuter på Rønne</h1>" in client.get("/find/fysioterapeut/roenne/").content.decode()
    assert "<h1>Knæ: fysioterapeuter i Aarhus</h1>" in client.get(KNEE).content.decode()


def test_structured_data_are_the_way_here_and_the_list(client):
    town(3)
    clinic("Opdigtet", "Aarhus C", specialities=["Knæ"], is_example=True)
    trail, listed = blocks_of(client.get(KNEE).content.decode())
    assert not faults(trail) and not faults(listed)
    assert [step["name"] for step in trail["itemListElement"]] == ["Forside", "Find fysioterapeut", "Aarhus", "Knæ"]
    assert {item["name"] for item in listed["itemListElement"]} == {"Klinik 0", "Klinik 1", "Klinik 2"}


def test_a_specialitys_gate_stands_before_everything_that_leads_to_a_clinic(client):
    red_flags()
    town(3)
    gate = "Først når lægen siger ja."
    Speciality.objects.update(care_gate=gate)
    main = client.get(KNEE).content.decode().split("<main")[1]
    assert main.index('id="ring-112"') < main.index('id="ring-til-laege"') < main.index(gate)
    assert main.index(gate) < main.index("<form") and main.index(gate) < main.index("/klinik/")
    assert "speciale=knae" in main.split("/klinik/")[2], "the gate travels along to the clinic"


def test_nobody_waits_for_the_facts_of_a_subject_that_waits_for_an_editor(client):
    town(3)
    condition("Blodprop", {"Knæ": 3}, awaits_acceptance=True)
    assert "/klinik/" not in client.get(f"{URL}?tilstand=blodprop").content.decode()


def test_conditions_lead_to_clinics_here_and_to_their_article(client):
    knee = condition("Ondt i knæet", {"Knæ": 3})
    condition("Ondt i ryggen", {"Ryg": 3})
    town(1)
    Article.objects.create(slug="k", title="Knæ", body="Kort.\n\n## Hvad\n\nSvar.\n", status="draft", condition=knee)
    page = unescape(client.get(KNEE).content.decode())
    assert "tilstand=ondt-i-knaeet&sted=Aarhus" in page and "ondt-i-ryggen" not in page and "/ordbog/k/" not in page
    Article.objects.update(status="published")
    assert 'href="/ordbog/k/"' in client.get(KNEE).content.decode()


def test_few_clinics_show_where_there_are_more(client):
    town(3)
    clinic("Silkeborg", "Silkeborg", specialities=["Knæ"])
    page = client.get("/find/fysioterapeut/silkeborg/knae/").content.decode()
    nearby = page.split('id="naer"')[1].split("</section>")[0]
    assert "Steder højst 50 km væk" in nearby
    assert re.findall(r'href="([^"]+)"', nearby) == [KNEE], "Aarhus, and not Aarhus C as well"
    assert 'id="naer"' not in client.get(KNEE).content.decode()


def test_a_speciality_leads_to_the_largest_towns_that_have_it(client):
    town(3)
    Place.objects.filter(slug="aalborg").update(population=140_000)
    clinic("Aalborg", "Aalborg", specialities=["Knæ"])
    page = client.get("/specialer/knae/").content.decode()
    assert f'href="{KNEE}"' in page and "/find/fysioterapeut/aalborg/" not in page


@pytest.mark.parametrize("address", [URL, KNEE])
def test_a_hundred_clinics_cost_no_more_queries_than_one(client, address):
    red_flags()
    condition("Ondt i knæet", {"Knæ": 3})
    Speciality.objects.update(care_gate="Først lægen.")
    town(3)
    client.get(address)
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address).content.decode()
        asked.append(len(queries))
        more = [
            Clinic(
                name=f"Mere {n}",
                slug=f"mere-{n}",
                postcode_id="8000",
                latitude=56.157,
                longitude=10.21,
                status="published",
            )
            for n in range(99)
        ]
        Clinic.objects.bulk_create(more, ignore_conflicts=True)
        knee = Speciality.objects.get(slug="knae")
        ClinicSpeciality.objects.bulk_create(
            ClinicSpeciality(clinic=one, speciality=knee) for one in Clinic.objects.filter(specialities=None)
        )
        index.rebuild()
    assert "102 i Aarhus" in page
    assert asked[1] <= asked[0] <= 8


# Between the search and the page of a place


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("sted=8000", "/find/fysioterapeut/aarhus-c/"),
        ("sted=Aarhus&klinik=et", "/find/fysioterapeut/aarhus/"),
        ("sted=Aarhus&speciale=knae", "/find/fysioterapeut/aarhus/knae/"),
        ("sted=Aarhus&speciale=knae&speciale=skulder", ""),
        ("sted=Aarhus&ydernummer=ja", ""),
        ("sted=Aarhus&radius=10", ""),
        ("sted=Aarhus&tilstand=ondt-i-knaeet", ""),
        ("speciale=knae", ""),
        ("", ""),
    ],
)
def test_a_search_for_a_place_and_nothing_else_leads_to_its_page(client, asked, address):
    condition("Ondt i knæet", {"Knæ": 3})
    clinic("Et", "Aarhus C", specialities=["Knæ", "Skulder"], has_ydernummer=True)
    page = client.get(f"/find/fysioterapeut/?{asked}").content.decode()
    found = re.findall(r'href="(/find/fysioterapeut/[a-z-]+/(?:[a-z-]+/)?)">[^<]*priser, ydernummer og ventetid<', page)
    assert found == ([address] if address else [])
    if address:
        back = client.get(address).content.decode()
        assert re.search(r'href="(/find/fysioterapeut/\?[^"]*sted=[^"]+)#kort"', back)
