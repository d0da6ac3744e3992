"""Filters and the ticks for comparing, on a phone and without a script."""

from urllib.parse import parse_qs, urlsplit


def query(page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_a_filter_is_chosen_and_taken_away_with_a_thumb(open_page):
    page = open_page("/find/fysioterapeut/?sted=8000", width="phone", javascript=False)
    page.locator("details.filters > summary").click()
    page.get_by_text("Adgang", exact=True).first.click()
    page.get_by_label("Elevator").check()
    page.get_by_label("Ventetid", exact=True).select_option("14")
    page.get_by_role("button", name="Vis klinikker").click()
    page.wait_for_url("**adgang=elevator**")
    assert query(page) == {"sted": ["8000"], "adgang": ["elevator"], "ventetid_max": ["14"]}
    page.get_by_role("link", name="Fjern Elevator").click()
    page.wait_for_url(lambda address: "adgang" not in address)
    assert query(page) == {"sted": ["8000"], "ventetid_max": ["14"]}
    page.go_back()
    page.wait_for_url("**adgang=elevator**")
    assert "adgang" in query(page)


def test_two_ticked_clinics_go_to_the_comparison_with_place_and_condition(open_page):
    page = open_page("/find/fysioterapeut/?tilstand=iskias&sted=8000", width="phone", javascript=False)
    ticks = page.locator("input[name=klinik]")
    for number in (0, 2):
        ticks.nth(number).check()
    bar = page.locator("#sammenlign")
    assert bar.bounding_box()["y"] < page.viewport_size["height"], "the button follows once something is ticked"
    slugs = [ticks.nth(number).get_attribute("value") for number in (0, 2)]
    bar.get_by_role("button").click()
    page.wait_for_url("**/sammenlign/**")
    assert urlsplit(page.url).path == "/sammenlign/"
    assert query(page) == {"klinik": slugs, "tilstand": ["iskias"], "sted": ["8000"]}


def test_a_focused_tick_is_never_hidden_behind_the_bar(open_page):
    page = open_page("/find/fysioterapeut/?sted=8000", width="phone")
    ticks = page.locator("input[name=klinik]")
    ticks.nth(0).check()
    for number in range(1, 6):
        ticks.nth(number).focus()
        tick, bar = ticks.nth(number).bounding_box(), page.locator("#sammenlign").bounding_box()
        assert tick["y"] + tick["height"] <= bar["y"] or tick["y"] >= bar["y"] + bar["height"]
