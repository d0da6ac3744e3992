"""The whole way of a search: words and place, a filter, the map, clinics side by side, a clinic, and back."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from .test_map import show

CARD = ".clinic-card h3 a"
TICKS = "input[form=sammenlign]"
SOFT_HYPHEN = "\u00ad"  # in the comparison, whose columns are narrow


def query(page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def ticked(page) -> list[str]:
    """As the page itself knows it: a script that rewrites the address is heard of late by whoever drives the browser."""
    return parse_qs(page.evaluate("location.search.slice(1)")).get("klinik", [])


@pytest.mark.parametrize(
    ("javascript", "width"), [(True, "phone"), (False, "phone"), (True, "desktop")], ids=["js", "no-js", "js-wide"]
)
def test_from_words_to_a_clinic_and_back(open_page, javascript, width):
    page = open_page("/", javascript=javascript, width=width)
    page.fill("input[name=q]", "hold i ryggen")
    page.fill("input[name=sted]", "8000")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile("tilstand="))
    expect(page.locator("h1")).to_contain_text("8000 Aarhus C")
    searched = {"tilstand": query(page)["tilstand"], "sted": ["8000"]}
    everybody = page.locator("#klinikker").get_attribute("data-found")

    if width == "phone":
        page.locator("details.filters > summary").click()
    page.get_by_label("Kun klinikker med ydernummer").check()
    page.get_by_role("button", name="Vis klinikker").click()
    page.wait_for_url("**ydernummer=ja**")
    expect(page.locator("#klinikker")).not_to_have_attribute("data-found", everybody)
    if javascript:
        expect(page.locator("[data-announce]")).to_have_text(page.locator("#klinikker").get_attribute("data-found"))
    page.get_by_role("link", name="Fjern Ydernummer").click()
    page.wait_for_url(lambda address: "ydernummer" not in address)
    expect(page.locator("#klinikker")).to_have_attribute("data-found", everybody)

    if javascript:
        show(page)
        page.get_by_role("button", name="Flyt mod vest").click()
        page.get_by_role("link", name="Søg i dette område").click()
        page.wait_for_url("**omraade**")
        searched["omraade"] = query(page)["omraade"]
    expect(page.locator(CARD).nth(1)).to_be_visible()
    names = page.locator(CARD).all_inner_texts()[:2]
    slugs = [page.locator(TICKS).nth(number).get_attribute("value") for number in range(2)]
    for number in range(2):
        page.locator(TICKS).nth(number).check()
    page.get_by_role("button", name="Sammenlign de valgte").click()
    page.wait_for_url("**/sammenlign/**")
    assert query(page) == searched | {"klinik": slugs}
    shown = page.locator("thead th a").all_inner_texts()
    assert [name.replace(SOFT_HYPHEN, "") for name in shown] == names

    page.locator("thead th a").first.click()
    page.wait_for_url("**/klinik/**")
    expect(page.locator("h1")).to_contain_text(names[0])
    assert "klinik" not in query(page) and query(page)["sted"] == ["8000"]
    page.go_back()
    page.get_by_role("link", name=re.compile("Tilbage til klinikkerne")).first.click()
    page.wait_for_url("**/find/fysioterapeut/**")
    assert query(page) == searched | {"klinik": slugs}
    assert page.locator(f"{TICKS}:checked").evaluate_all("all => all.map(one => one.value)") == slugs


def test_ticks_survive_another_page_a_filter_and_the_button_back(open_page):
    page = open_page("/find/fysioterapeut/?sted=8000&radius=50")
    page.locator(TICKS).nth(1).check()
    first = ticked(page)
    page.get_by_role("link", name="Næste").click()
    page.get_by_text("Side 2 af").wait_for()
    expect(page.locator("#sammenlign")).to_contain_text("Du har også valgt 1, som ikke står på denne side")
    page.locator(TICKS).first.check()
    both = ticked(page)
    assert len(both) == 2 and first[0] in both
    page.locator("details.filters > summary").click()
    page.get_by_label("Rækkefølge").select_option("pris")
    page.get_by_role("button", name="Vis klinikker").click()
    page.get_by_text("Sorteret efter pris").wait_for()
    assert sorted(ticked(page)) == sorted(both) and "side" not in query(page) and query(page)["radius"] == ["50"]
    page.go_back()
    page.get_by_text("Side 2 af").wait_for()
    expect(page.locator(TICKS).first).to_be_checked()
    page.locator("[data-untick]").click()
    page.wait_for_url(lambda address: first[0] not in address)
    assert query(page)["side"] == ["2"] and page.locator(f"{TICKS}:checked").count() == 1
    page.locator(TICKS).first.uncheck()
    assert ticked(page) == []


def test_with_keys_alone_the_first_clinic_is_near(open_page):
    """By the two links past the head and past the filters."""
    page = open_page("/find/fysioterapeut/?sted=8000", width="desktop")
    pressed = 0

    def tab_to(wanted: str) -> None:
        nonlocal pressed
        for _ in range(10):
            page.keyboard.press("Tab")
            pressed += 1
            if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
                return
        pytest.fail(f"ten tabs do not reach {wanted}")

    tab_to("a[href='#indhold']")
    page.keyboard.press("Enter")
    tab_to("a[href='#klinikker']")
    assert page.locator("a[href='#klinikker']").bounding_box()["height"] > 20, "it is seen when it has the focus"
    page.keyboard.press("Enter")
    tab_to(CARD)
    assert pressed <= 12
    tab_to(TICKS)
    page.keyboard.press(" ")
    tab_to(CARD)
    tab_to(TICKS)
    page.keyboard.press(" ")
    assert len(ticked(page)) == 2
    page.locator("#sammenlign button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sammenlign/**")


def test_on_a_slow_line_it_says_that_it_works(open_page):
    page = open_page("/find/fysioterapeut/?sted=8000&radius=50")
    held = []
    page.route("**/find/fysioterapeut/?*side=2*", lambda route: held.append(route))
    page.get_by_role("link", name="Næste").click()
    status = page.locator("[data-announce]")
    expect(status).to_have_text("Henter klinikker …")
    assert status.bounding_box()["y"] < page.viewport_size["height"], "seen where one is"
    held.pop().continue_()
    expect(status).to_contain_text("klinikker")
    expect(status).not_to_contain_text("Henter")
    expect(status).to_have_class(re.compile("visually-hidden"))


def test_a_place_leads_to_its_facts_and_they_to_the_map(open_page):
    page = open_page("/find/fysioterapeut/?sted=8000")
    page.get_by_role("link", name="Fysioterapeuter i Aarhus C: priser, ydernummer og ventetid").click()
    page.wait_for_url("**/find/fysioterapeut/aarhus-c/")
    page.get_by_role("link", name="Se dem på kortet").click()
    page.locator(".map__place").first.wait_for()
    assert query(page)["sted"] and page.get_by_role("button", name="Skjul kort").is_visible()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_what_a_finger_meets_is_large_enough(open_page, width):
    page = open_page("/find/fysioterapeut/?sted=8000&radius=50&form=hold", width=width)
    if width == "phone":
        page.locator("details.filters > summary").click()
    small = page.locator("main").evaluate(
        """main => [...main.querySelectorAll(
            "button, .button, .chip, .clinic-card h3 a, summary, select, label:has([type=checkbox]), input[type=text]")]
        .filter(one => one.checkVisibility() && !one.closest(".visually-hidden") && !one.matches(".visually-hidden"))
        .filter(one => one.getBoundingClientRect().height < 43.5)
        .map(one => `${one.tagName} ${one.textContent.trim().slice(0, 30)} ${one.getBoundingClientRect().height}`)"""
    )
    assert small == []


def test_the_first_clinic_is_early_on_a_phone(open_page):
    """Of a search for a place alone: nothing has to be read first. Without the banner of the demo data."""
    page = open_page("/find/fysioterapeut/?sted=8000")
    page.locator(".demo-banner").evaluate("one => one.remove()")
    assert page.locator(CARD).first.bounding_box()["y"] < 1.1 * 780
