"""The way of the patient, from what hurts to a clinic's telephone, with and without JavaScript, on all articles."""

import re

import pytest

from .conftest import REAL_ARTICLES

OWN = ["iskias", "ondt-i-knaeet", "haelspore", "skinnebensbetaendelse"]
REAL = ["ondt-i-benene", "kramper-i-benene", "ondt-i-laenden", "smerter-i-ballen-og-ned-i-benet"]
GATED = ["kramper-i-benene-ved-blodprop", "blodprop-i-benet-advarselstegn"]

needs_real = pytest.mark.skipif(
    not REAL_ARTICLES.is_dir(), reason="the five real articles (../shared/articles) are not here"
)
ARTICLES = [*OWN, *(pytest.param(slug, marks=needs_real) for slug in REAL)]


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
@pytest.mark.parametrize("slug", ARTICLES)
def test_from_the_front_page_to_a_clinic(open_page, slug, javascript):
    page = open_page("/", javascript=javascript)
    page.locator("header a[href='/ordbog/']").first.click()
    page.locator(f"main a[href='/ordbog/{slug}/']").first.click()
    assert page.locator("h1").inner_text()
    # What must be read first stands above the box.
    emergency = page.locator("a[href='tel:112']").first
    box = page.locator("#find-fysioterapeut")
    assert emergency.bounding_box()["y"] < box.bounding_box()["y"]
    # Without a place: the largest towns, all of Denmark, each matching speciality.
    assert box.locator("a[href*='sted=']").count() >= 5
    assert box.locator("a[href*='speciale=']").count() >= 1
    box.locator("input[name=sted]").fill("8000")
    box.locator("button[type=submit]").click()
    page.wait_for_url(re.compile(r"sted=8000"))
    cards = page.locator("#find-fysioterapeut a[href^='/klinik/']")
    assert cards.count() >= 1
    assert page.locator("#find-fysioterapeut a[href^='tel:+45']").count() >= 1
    page.locator("#find-fysioterapeut a[href^='/find/fysioterapeut/?']", has_text="Se alle").first.click()
    assert "8000 Aarhus C" in page.locator("h1").inner_text()
    first = page.locator("main a[href^='/klinik/']").first
    name = first.inner_text()
    first.click()
    assert name in page.locator("h1").inner_text()
    assert page.locator("main a[href^='tel:+45']").count() >= 1
    assert page.get_by_text("Eksempel").first.is_visible()


@pytest.mark.parametrize("slug", [GATED[1], pytest.param(GATED[0], marks=needs_real)])
def test_a_gate_stands_before_every_call_to_action(open_page, slug):
    page = open_page(f"/ordbog/{slug}/?sted=8000")
    box = page.locator("#find-fysioterapeut")
    assert box.locator("h2").first.inner_text() == "Genoptræning efter blodprop"
    gate = page.get_by_text("når din læge har sagt god for det").first.bounding_box()["y"]
    for link in page.locator("main a[href^='/find/'], main a[href^='/klinik/'], header a[href^='/find/']").all():
        assert not link.is_visible() or link.bounding_box()["y"] > gate
    assert page.locator("a[href='tel:112']").first.bounding_box()["y"] < gate


def test_the_front_page_search_with_condition_and_place(open_page):
    page = open_page("/")
    page.fill("input[name=q]", "hold i ryggen")
    page.fill("input[name=sted]", "8000")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile("tilstand="))
    assert "8000 Aarhus C" in page.locator("h1").inner_text()


def test_the_front_page_search_with_a_condition_alone_opens_its_article(open_page):
    page = open_page("/")
    page.fill("input[name=q]", "hælspore")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile("/ordbog/haelspore/"))


def test_the_keyboard_reaches_the_first_clinic_soon(open_page):
    """Skip link, then the content: at most 8 tabs of search form and filters before the first clinic, the rest in reach."""
    page = open_page("/find/fysioterapeut/?tilstand=iskias&sted=8000")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#indhold"


def test_emergency_card_is_seen_early_on_a_phone(open_page):
    """Within one and a half screens at 360 px."""
    page = open_page("/ordbog/iskias/")
    assert page.locator("a[href='tel:112']").first.bounding_box()["y"] < 1.5 * 780
