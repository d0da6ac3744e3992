"""`/find/forslag/`: what is suggested while somebody writes, with what is dangerous first; and the list of places."""

import gzip
import html
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.models import Article
from clinics import place_list
from clinics.models import Condition, Practitioner, RedFlag
from clinics.place_list import place_list as made_list
from fysfinder import suggestions

from .people import clinic, condition, speciality, treatment
from .worlds import kept

URL = "/find/forslag/"


@kept
def known() -> None:
    sciatica = condition("Iskias", {"Ryg": 3}, synonyms=["ischias", "smerter ned i benet"])
    Condition.objects.create(slug="lumbago", name="Lumbago", merged_into=sciatica)
    condition("Ondt i knæet", {"Knæ": 3})
    condition("Schlatter", {"Knæ": 2}, synonyms=["knæsmerter hos børn"])
    condition("Ømme lægge", {})
    treatment("Knæskole")
    Article.objects.create(slug="iskias", title="Iskias: hvad er det?", body="Tekst.", status="published")
    Article.objects.create(slug="iskias-kladde", title="Iskias i kladde", body="Tekst.")
    made = clinic("Knækkert Fysioterapi", "Aarhus C", is_example=True)
    Practitioner.objects.create(clinic=made, name="Mette Iskov")
    clinic("Knæklinikken", "Randers", status="draft")


def suggested(client, q: str) -> dict[str, list[str]]:
    """Heading → rows, as they stand."""
    response = client.get(URL, {"q": q})
    assert response.status_code == 200
    found: dict[str, list[str]] = {}
    for title, row in re.findall(
        r'class="combobox__group"[^>]*>([^<]*)<|role="option"[^>]*><span>([^<]*)', response.content.decode()
    ):
        if title:
            found[title] = []
        else:
            list(found.values())[-1].append(html.unescape(row))
    return found


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("isk", {"Tilstande": ["Iskias"], "Artikler": ["Iskias: hvad er det?"]}),
        ("isko", {"Klinikker": ["Mette Iskov"]}),
        ("ISKIAS", {"Tilstande": ["Iskias"], "Artikler": ["Iskias: hvad er det?"]}),
        ("ischi", {"Tilstande": ["Iskias"]}),
        ("ned i ben", {"Tilstande": ["Iskias"]}),
        ("lumb", {"Tilstande": ["Iskias"]}),
        (
            "knæ",
            {
                "Tilstande": ["Ondt i knæet", "Schlatter"],
                "Specialer": ["Knæ"],
                "Behandlinger": ["Knæskole"],
                "Klinikker": ["Knækkert Fysioterapi"],
            },
        ),
        ("oemme lae", {"Tilstande": ["Ømme lægge"]}),
        ("omme lae", {"Tilstande": ["Ømme lægge"]}),
        ("jeg har smerter ned i benet igen", {"Tilstande": ["Iskias"]}),
        ("mette", {"Klinikker": ["Mette Iskov"]}),
        ("fysioterapi", {}),
        ("fysi", {}),
        ("i", {}),
        ("", {}),
        ("xyzzy", {}),
        ("%", {}),
        ("__", {}),
    ],
)
def test_what_goes_on_from_what_was_typed(client, known, q, found):
    assert suggested(client, q) == found


def test_a_condition_is_put_in_the_field_and_a_clinic_is_a_page(client, known):
    page = client.get(URL, {"q": "knæ"}).content.decode()

    assert 'data-value="Ondt i knæet"' in page and 'data-href="/klinik/knaekkert-fysioterapi/"' in page
    assert "knæsmerter hos børn" in page  # why Schlatter is there


def test_never_more_than_eight_rows(client, db):
    for n in range(12):
        condition(f"Ondt {n}", {f"Ondt speciale {n}": 3})
        clinic(f"Ondt {n}", "Aarhus C")
        Article.objects.create(slug=f"ondt-{n}", title=f"Ondt {n}", body="Tekst.", status="published")

    found = suggested(client, "ondt")

    assert list(found) == ["Tilstande", "Specialer", "Klinikker"] or sum(map(len, found.values())) == 8
    assert sum(map(len, found.values())) <= suggestions.MOST


def test_words_of_danger_stand_before_everything(client, known):
    RedFlag.objects.create(
        key="cauda", urgency="112", text="ikke kan tisse", group="x", terms=["kan ikke tisse"], kind="seek"
    )
    RedFlag.objects.create(key="mild", urgency="own_doctor", text="har ondt", group="x", terms=["tisse"], kind="seek")

    page = client.get(URL, {"q": "iskias, og jeg kan slet ikke tisse"}).content.decode()

    assert "Ring 112 nu, hvis du …" in page and "ikke kan tisse" in page and 'href="tel:112"' in page
    assert "har ondt" not in page  # the most urgent alone
    card = page.index("combobox__care")
    assert "listbox" not in page or card < page.index("listbox")
    assert "combobox__care" not in client.get(URL, {"q": "iskias"}).content.decode()


def test_a_danger_that_is_not_112_leads_to_the_numbers(client, known):
    RedFlag.objects.create(
        key="leg", urgency="doctor_now", text="benet hæver", group="x", terms=["hævet ben"], kind="seek"
    )
    page = client.get(URL, {"q": "hævet ben"}).content.decode()

    (link,) = re.findall(r'href="(/find/fysioterapeut/[^"]*)"', page)
    assert "tel:112" not in page
    assert "benet hæver" in client.get(html.unescape(link)).content.decode()


@pytest.mark.parametrize("q", ["<script>alert(1)</script>", '"><img src=x>', "\0iskias", "a" * 10_000, "😀" * 300])
def test_hostile_text_is_only_text(client, known, q):
    page = client.get(URL, {"q": q}).content.decode()
    assert "<script" not in page and "<img" not in page


def test_a_name_with_markup_is_only_a_name(client, db):
    clinic("<b>Fodens</b> & co", "Aarhus C")
    page = client.get(URL, {"q": "fodens"}).content.decode()
    assert "&lt;b&gt;Fodens" in page and "<b>" not in page


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_any_text_is_answered(client, known, q):
    assert client.get(URL, {"q": q.encode("utf-8", "replace")}).status_code == 200


def test_few_statements_whatever_there_is(client, known):
    client.get(URL, {"q": "knæ"})  # what the process remembers
    for q, most in (("knæ", 2), ("kn", 1), ("jeg har smerter ned i benet", 3)):
        with CaptureQueriesContext(connection) as asked:
            client.get(URL, {"q": q})
        assert len(asked) <= most, q


def test_it_is_nobody_elses_to_keep_and_sets_nothing(client, known):
    response = client.get(URL, {"q": "knæ"})
    assert response["Cache-Control"] == "max-age=60, private" or "private" in response["Cache-Control"]
    assert not response.cookies
    assert client.post(URL, {"q": "knæ"}).status_code == 405


@pytest.mark.parametrize("address", ["/", "/find/fysioterapeut/?sted=8000"])
def test_the_fields_say_where_suggestions_come_from(client, db, address):
    page = client.get(address).content.decode()
    assert f'data-suggest="{URL}"' in page and 'data-places="/static/places.json"' in page


def test_the_list_of_places_is_what_the_tables_say():
    assert place_list.path().read_text(encoding="utf-8") == made_list(), "run manage.py write_place_list"


def test_the_list_is_small_and_whole():
    listed = json.loads(made_list())
    names = {name for name, *_ in listed["places"]}
    codes = {code: town for code, town, *_ in listed["postcodes"]}

    assert len(gzip.compress(made_list().encode())) < 40_000
    assert {"Aarhus", "Østerbro", "Bornholm", "Danmark"} <= names and len(names) > 700
    assert codes["8000"] == "Aarhus C" and len(codes) > 1000
    assert "0800" not in codes  # a large recipient is no place to be


def test_a_speciality_is_known_once(client, known):
    speciality("Knæ")
    assert suggested(client, "knæ")["Specialer"].count("Knæ") == 1
