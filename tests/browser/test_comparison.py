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
        if javascript:
            page.get_by_role("button", name=f"Sammenlign de valgte ({number + 1})").wait_for()
    page.locator("#sammenlign button").click()
    page.wait_for_url(re.compile("/sammenlign/"))
    assert [one.replace("\u00ad", "") for one in page.locator("thead th a").all_inner_texts()] == names
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
    for query in ({}, {"enkeltvis": "ja"}, {"enkeltvis": "nej"}, {"kun_forskelle": "ja"}):
        page = open_page(address(number, **query), width=width, dark=dark)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert violations(page) == [], query
        if width == "desktop" and not query:
            page.emulate_media(color_scheme="light")
            assert violations(page) == [], "in light colours"
        assert page.get_by_role("table").count() == 1
        bar = page.get_by_role("group", name="Vis klinik")
        shown = 1 if bar.count() else number
        assert bool(bar.count()) == (
            width == "phone" and (query.get("enkeltvis") == "ja" or (number > 2 and "nej" not in query.values()))
        )
        assert page.get_by_role("columnheader").count() == shown + 1, "still a table to a screen reader"


def test_on_a_phone_the_labels_stay_when_the_clinics_are_pushed_sideways(open_page, address):
    page = open_page(address(4, enkeltvis="nej"))
    region = page.get_by_role("region", name=re.compile("Sammenligning af"))
    region.focus()
    assert region.evaluate("e => e === document.activeElement && e.scrollWidth > e.clientWidth")
    region.evaluate("e => { e.scrollLeft = 250 }")
    assert region.evaluate("e => e.scrollLeft") > 100
    label = page.locator(".comparison__label > span", has_text="Ventetid").bounding_box()
    assert 0 <= label["x"] < 40
    # Whose cell it is stands in the cell, for the names are far up.
    assert named(page.locator("tbody tr").nth(3).locator("td").first)


@pytest.mark.parametrize(("number", "width"), [(2, 360), (3, 500), (4, 640)])
def test_where_the_names_stay_in_sight_they_are_not_said_again(open_page, address, number, width):
    page = open_page(address(number))
    page.set_viewport_size({"width": width, "height": 780})
    cell = page.locator("tbody tr").last.locator("td").first
    cell.scroll_into_view_if_needed()
    assert not named(cell)
    assert page.locator("thead th a").first.bounding_box()["y"] >= 0
    left, right = (page.locator("tbody tr").last.locator("td").nth(n).bounding_box() for n in (0, 1))
    assert right["x"] - left["x"] - left["width"] >= 12


def named(cell) -> bool:
    name = cell.get_attribute("data-clinic")
    return bool(name) and name in cell.evaluate("e => getComputedStyle(e, '::before').content")


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_one_clinic_at_a_time(open_page, address, javascript):
    page = open_page(address(3), javascript=javascript)
    last = page.locator("tbody tr").last
    last.scroll_into_view_if_needed()
    for number in (1, 0, 2):
        before = last.bounding_box()["y"]
        page.get_by_role("radio").nth(number).check()
        shown = [last.locator("td").nth(n).is_visible() for n in range(3)]
        assert shown == [n == number for n in range(3)]
        assert page.locator("thead th").nth(number + 1).is_visible()
        assert page.get_by_role("group", name="Vis klinik").is_visible() and before > 0
    page.get_by_role("link", name="Vis ved siden af hinanden").click()
    assert page.locator("tbody tr").last.locator("td").nth(2).is_visible()
    page.get_by_role("link", name="Vis én klinik ad gangen").click()
    assert not page.locator("tbody tr").last.locator("td").nth(2).is_visible()


@pytest.mark.parametrize(("number", "pages", "point"), [(2, 1, 9), (3, 2, 9), (4, 2, 8.5)])
def test_paper(open_page, address, number, pages, point):
    """Two full clinics are one sheet. Three or four go over to a second, with the names again, rather than into small print."""
    page = open_page(address(number), width="desktop")
    page.emulate_media(media="print")
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) <= pages
    width, height = map(float, re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf).groups())
    assert (width > height) == (number == 4)
    sizes = """all => all.filter(e => e.checkVisibility())
        .map(e => Math.round(parseFloat(getComputedStyle(e).fontSize) * 7.5) / 10)"""  # in points
    assert min(page.locator("td p, th, .comparison__notes li").evaluate_all(sizes)) >= 8.5
    assert min(page.locator("td p").evaluate_all(sizes)) == point
    assert page.locator("thead th").last.is_visible() and not page.get_by_text("Vis kun forskelle").is_visible()
    assert page.locator(".comparison__emergency").is_visible()


@pytest.mark.parametrize(("number", "query"), [(3, {"enkeltvis": "nej"}), (2, {})])
def test_at_twice_the_text_size_each_fact_says_whose_it_is(open_page, address, number, query):
    page = open_page(address(number, **query))
    page.set_viewport_size({"width": 180, "height": 390})
    assert page.evaluate("document.documentElement.scrollWidth") <= 180
    cells = page.locator("tbody tr").nth(3).locator("td")
    assert cells.count() == number and cells.nth(0).bounding_box()["y"] < cells.nth(1).bounding_box()["y"]
    for cell in (page.locator(".comparison__contact td").nth(1), cells.nth(1)):
        assert named(cell)


def test_at_twice_the_text_size_one_at_a_time_fits(open_page, address):
    page = open_page(address(3))
    page.set_viewport_size({"width": 180, "height": 390})
    assert page.evaluate("document.documentElement.scrollWidth") <= 180
