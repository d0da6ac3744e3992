"""The list changes in place when a filter is chosen or a page is turned; without a script the same links load the page."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect


def query(page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def first(page) -> str:
    return page.locator(".clinic-card h3 a").first.inner_text()


@pytest.mark.parametrize("javascript", [True, False])
def test_order_pages_and_back(open_page, javascript):
    page = open_page("/find/fysioterapeut/?tilstand=iskias&sted=8000&radius=50", width="desktop", javascript=javascript)
    nearest = first(page)
    page.locator("html").evaluate("html => html.dataset.same = 'yes'")
    page.get_by_label("Rækkefølge").select_option("pris")
    page.get_by_role("button", name="Vis klinikker").click()
    page.wait_for_url("**sorter=pris**")
    page.get_by_text("Sorteret efter pris").wait_for()
    assert query(page)["tilstand"] == ["iskias"] and "side" not in query(page)
    if javascript:
        assert page.locator("html").get_attribute("data-same") == "yes", "the page itself stays"
        expect(page.locator("[data-announce]")).to_contain_text("klinik")
        expect(page.locator("#klinikker")).to_be_focused()
        assert page.evaluate("Object.keys(localStorage).filter(key => key.includes('htmx')).length") == 0
    page.get_by_role("link", name="Næste").click()
    page.wait_for_url("**side=2**")
    page.get_by_text("Side 2 af").wait_for()
    assert query(page)["sorter"] == ["pris"]
    page.go_back()
    page.get_by_text("Side 1 af").wait_for()
    page.go_back()
    page.get_by_text("Sorteret efter afstand").wait_for()
    assert first(page) == nearest


@pytest.mark.parametrize("javascript", [True, False])
def test_a_chip_takes_its_filter_and_the_page_away(open_page, javascript):
    page = open_page("/find/fysioterapeut/?sted=8000&radius=50&form=hold&side=2", width="phone", javascript=javascript)
    page.get_by_role("link", name="Fjern På hold").click()
    page.wait_for_url(lambda url: "form=" not in url)
    page.get_by_text("Side 1 af").wait_for()
    assert query(page) == {"sted": ["8000"], "radius": ["50"]}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
