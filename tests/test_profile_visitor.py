"""A clinic's page for somebody who came from a search: what fits is marked, what is dangerous stands first, ways lead on."""

import re

import pytest
import time_machine

from articles.models import Article
from clinics.models import ClinicTreatment, ConditionMatch, OutOfHoursService

from .full_clinic import MONDAY, STATED, a_full_clinic, html, in_order, main
from .html_reader import Page
from .people import clinic, condition, places, postcode, speciality, treatment

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(db):
    places()
    with time_machine.travel(MONDAY, tick=False):
        yield a_full_clinic()


# --- The visitor's condition, and its gate ---


def test_what_the_visitor_came_for_is_marked(full, client):
    condition("Ondt i lænden", {"Ryg": 3})
    page = html(client, "?tilstand=ondt-i-laenden&sted=8200")
    offers = page[page.index('id="behandler"') : page.index('id="priser"')]
    assert re.search(r'class="fits"[^>]*>\s*Ryg', offers)
    assert "ondt i lænden" in offers.lower()
    assert not re.search(r'class="fits"[^>]*>\s*Knæ', offers)
    assert 'class="fits"' not in html(client)


NOTHING_FITS = "Klinikken har ikke oplyst noget, der passer særligt til ondt i nakken. Ring og spørg."


def test_nothing_that_fits_is_said(full, client):
    condition("Ondt i nakken", {"Nakke": 3})
    condition("Ondt i lænden", {"Ryg": 3})
    assert NOTHING_FITS in html(client, "?tilstand=ondt-i-nakken")
    for query in ("", "?tilstand=ondt-i-laenden", "?sted=8000"):
        assert "passer særligt" not in html(client, query)


def test_groups_fit_too(client):
    made = clinic("Ryggen", "Aarhus C", specialities=["Knæ"])
    condition("Ondt i nakken", {"Nakke": 3})
    assert NOTHING_FITS in html(client, "?tilstand=ondt-i-nakken")
    topic = {"treatment": treatment("Holdtræning"), "format": "group", "group_topic": speciality("Nakke")}
    ClinicTreatment.objects.create(clinic=made, **topic)
    assert NOTHING_FITS not in html(client, "?tilstand=ondt-i-nakken")


@pytest.mark.parametrize(
    "fields", [{"care_gate": "Ring først til din læge."}, {}], ids=["gated", "nobody knows what fits"]
)
def test_nobody_is_told_to_ring_the_clinic_about_what_is_not_known_to_be_for_it(full, client, fields):
    condition("Ondt i nakken", {"Nakke": 3} if fields else {}, **fields)
    assert "passer særligt" not in html(client, "?tilstand=ondt-i-nakken")


def test_the_way_back_keeps_the_search(full, client):
    condition("Ondt i lænden", {"Ryg": 3})
    page = html(client, "?tilstand=ondt-i-laenden&sted=8200").replace("&amp;", "&")
    assert 'href="/find/fysioterapeut/?tilstand=ondt-i-laenden&sted=8200">Tilbage til klinikkerne' in page
    assert "/klinik/ryggen/besoegsark/?tilstand=ondt-i-laenden&sted=8200" in page
    assert 'name="sted" value="8200"' in page, "the sum of a course keeps it too"


def test_a_gate_and_its_warnings_stand_above_everything(full, client):
    clinic("Knæet", "Aarhus C", specialities=["Ryg"])
    condition("Blodprop", {"Ryg": 3}, care_gate="Ring først til din læge.")
    page = main(html(client, "?tilstand=blodprop&sted=8000"))
    in_order(page, "<h1>", "Ring først til din læge.", 'id="ring-112"', 'id="kontakt"', 'href="tel:+45')
    assert "Andre klinikker i nærheden" not in page
    assert "Andre klinikker i nærheden" in html(client)


def test_on_paper_the_number_at_night_stands_in_words(full, client):
    for town, phone in (("Aarhus C", "70113131"), ("København K", "1813")):
        region = postcode(town).regions.get()
        OutOfHoursService.objects.create(region=region, name="Lægevagten", phone=phone, verified_at=STATED)
    page = html(client)
    footer = page[page.index("<footer") :]
    paper = re.search(r'<p class="print-only">(.*?)</p>', footer, re.DOTALL)[1]
    assert Page(paper).words == "Lægevagten, Region Midtjylland: 70 11 31 31"
    OutOfHoursService.objects.update(verified_at=None)
    assert "Tjek nummeret på sundhed.dk" in html(client)[page.index("<footer") :]
    OutOfHoursService.objects.all().delete()
    assert "Lægevagten" not in html(client)


# --- Ways on ---


def article(name: str, weights: dict[str, int], status="published", **fields) -> Article:
    about = condition(name, weights, **fields)
    return Article.objects.create(slug=about.slug, title=name, condition=about, status=status, body="Indledning.")


def test_articles_on_what_it_treats_the_most_serious_first(full, client):
    article("Ondt i lænden", {"Ryg": 3})
    article("Diskusprolaps", {"Ryg": 3, "Knæ": 2})
    article("Akut rygsmerte", {"Ryg": 3}, care_gate="Ring først til din læge.")
    article("Hovedpine", {"Nakke": 3})
    article("Kun lidt ryg", {"Ryg": 1})
    article("Kladden", {"Ryg": 3}, status="draft")
    article("Taget ned", {"Ryg": 3}, status="archived")
    page = html(client, "?sted=8000")
    read = page[page.index('id="laes-mere"') : page.index('id="kilder"')]
    assert re.findall(r'href="/ordbog/([a-z-]+)/\?sted=8000"', read) == [
        "akut-rygsmerte",
        "diskusprolaps",
        "ondt-i-laenden",
    ]
    for number in range(6):
        article(f"Ryg {number}", {"Ryg": 3})
    assert len(re.findall(r'href="/ordbog/[a-z0-9-]+/"', html(client))) == 5


def test_a_suggestion_counts_only_where_no_editor_has_matched(full, client):
    edited = article("Ondt i lænden", {"Hofte": 3}).condition
    ConditionMatch.objects.create(
        condition=edited, speciality=speciality("Ryg"), weight=3, origin=ConditionMatch.Origin.SUGGESTED
    )
    assert 'id="laes-mere"' not in html(client)


def test_the_others_are_the_nearest_by_the_rule_that_is_written(full, client):
    clinic("Langt væk", "Randers", specialities=["Ryg"])
    clinic("Nabo", "Aarhus C", specialities=["Knæ"])
    clinic("Nord", "Aarhus N", specialities=["Ryg"])
    clinic("Viby", "Viby J", specialities=["Ryg", "Knæ"])
    clinic("Noget andet", "Aarhus C", specialities=["Hofte"])
    clinic("Over vandet", "Kalundborg", specialities=["Ryg"])
    clinic("Kladden", "Aarhus C", specialities=["Ryg"], status="draft")
    clinic("Opdigtet", "Aarhus C", specialities=["Ryg"], is_example=True)
    page = html(client, "?sted=8200")
    box = page[page.index('id="andre"') : page.index("</aside>", page.index('id="andre"'))]
    assert re.findall(r'href="/klinik/([a-z-]+)/\?sted=8200"', box) == ["nabo", "nord", "viby"]
    assert "mindst ét af de samme specialer, inden for 50 km på samme side af vandet" in box
    assert "Ingen kan betale" in box
    assert page.index('id="kilder"') < page.index('id="andre"'), "below everything"


def test_a_clinic_that_states_no_speciality_has_the_nearest_of_all(client):
    clinic("Ryggen", "Aarhus C")
    clinic("Nabo", "Aarhus C", specialities=["Hofte"])
    page = html(client)
    assert "/klinik/nabo/" in page and "De nærmeste andre klinikker, inden for 50 km" in page


def test_correct_it_or_own_it(full, client):
    page = html(client)
    assert 'href="/klinik/ryggen/ret/">' in page and 'href="/for-klinikker/overtag/ryggen/">' in page
