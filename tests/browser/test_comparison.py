"""From the ticks on a results page to the clinics side by side: with keys and fingers, on a phone, and on one sheet of paper."""

import re
from urllib.parse import urlencode

import pytest

from clinics.models import Clinic

from .test_pages import violations


@pytest.fixture
def address(site):
    """`address(4)`: the fullest clinics of the demo data, compared; more parameters by name."""

    def made(number: int, **query) -> str:
        def facts(clinic) -> int:
            parts = ("prices", "specialities", "treatments", "practitioners", "opening_hours")
            return sum(getattr(clinic, name).count() for name in parts)

        known = Clinic.objects.published().filter(has_ydernummer=True, confirmed_at__isnull=False, waiting_days__gte=0)
        slugs = [one.slug for one in sorted(known.order_by("pk")[:60], key=facts, reverse=True)[:number]]
        assert len(slugs) == number
        return "/sammenlign/?" + urlencode({"tilstand": "iskias", "sted": "8000", "klinik": slugs} | query, doseq=True)

    return made


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_from_ticks_to_a_comparison_and_back(open_page, javascript):
    page = open_page("/find/fysioterapeut/?tilstand=iskias&sted=8000", javascript=javascript)
    ticks = page.locator("input[form=sammenlign]")
    names = [page.locator(".clinic-card h3 a").nth(n).inner_text() for n in range(2)]
    for number in range(2):
        ticks.nth(number).check()
    page.locator("#sammenlign button").click()
    page.wait_for_url(re.compile("/sammenlign/"))
    assert page.locator("thead th a").all_inner_texts() == names
    page.get_by_role("link", name="Vis kun forskelle").click()
    assert page.get_by_role("link", name="Vis alle oplysninger").is_visible()
    page.fill("input[name=gange]", "8")
    page.get_by_role("button", name="Regn ud").click()
    page.wait_for_url(re.compile("gange=8"))
    page.get_by_role("link", name="Tilbage til klinikkerne nær 8000 Aarhus C").click()
    assert "Iskias" in page.locator("h1").inner_text() and "8000 Aarhus C" in page.locator("h1").inner_text()


@pytest.mark.parametrize("number", [2, 4])
@pytest.mark.parametrize(("width", "dark"), [("phone", False), ("phone", True), ("desktop", True)])
def test_it_is_sound(open_page, address, number, width, dark):
    for query in ({}, {"enkeltvis": "ja"}, {"kun_forskelle": "ja"}):
        page = open_page(address(number, **query), width=width, dark=dark)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert violations(page) == [], query
        assert page.get_by_role("table").count() == 1
        assert page.get_by_role("columnheader").count() == number + 1, "still a table to a screen reader"


def test_on_a_phone_the_labels_stay_when_the_clinics_are_pushed_sideways(open_page, address):
    page = open_page(address(4))
    region = page.get_by_role("region", name=re.compile("Sammenligning af"))
    region.focus()
    assert region.evaluate("e => e === document.activeElement && e.scrollWidth > e.clientWidth")
    region.evaluate("e => { e.scrollLeft = 250 }")
    assert region.evaluate("e => e.scrollLeft") > 100
    label = page.locator(".comparison__label > span", has_text="Ventetid").bounding_box()
    assert 0 <= label["x"] < 40
    # Whose cell it is stands in the cell, for the names are far up.
    assert page.locator("td[data-clinic]").first.evaluate("e => getComputedStyle(e, '::before').content").strip('"')


def test_one_clinic_after_the_other(open_page, address):
    page = open_page(address(3))
    page.get_by_role("link", name="Vis én klinik ad gangen").click()
    heads = [page.locator("thead th").nth(n).bounding_box()["y"] for n in (1, 2, 3)]
    last = page.locator("tbody tr").last.locator("td")
    assert heads[0] < last.nth(0).bounding_box()["y"] < heads[1] < last.nth(1).bounding_box()["y"] < heads[2]
    assert page.get_by_role("link", name="Vis ved siden af hinanden").is_visible()


@pytest.mark.parametrize("number", [2, 3, 4])
def test_one_sheet_of_paper(open_page, address, number):
    page = open_page(address(number), width="desktop")
    page.emulate_media(media="print")
    assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True))) == 1
    assert page.locator("thead th").last.is_visible() and not page.get_by_text("Vis kun forskelle").is_visible()


def test_at_twice_the_text_size_each_fact_says_whose_it_is(open_page, address):
    page = open_page(address(3))
    page.set_viewport_size({"width": 180, "height": 390})
    assert page.evaluate("document.documentElement.scrollWidth") <= 180
    cells = page.locator("tbody tr").nth(3).locator("td")
    assert cells.count() == 3 and cells.nth(0).bounding_box()["y"] < cells.nth(1).bounding_box()["y"]
    for cell in (page.locator(".comparison__contact td").nth(1), cells.nth(1)):
        name = cell.get_attribute("data-clinic")
        assert name and name in cell.evaluate("e => getComputedStyle(e, '::before').content")
