"""“Søg i dette område”: from the map to the list of what can be seen, and back."""

from urllib.parse import parse_qs, urlsplit

from .test_map import SEARCH, numbered, show
from .test_pages import violations


def test_the_list_becomes_that_of_the_area_and_the_map_is_still_there(open_page):
    page = show(open_page(SEARCH, width="desktop"))
    with page.expect_response("**/clinics.geojson**"):
        page.get_by_role("button", name="Flyt mod nord").click()
    link = page.get_by_role("link", name="Søg i dette område")
    link.wait_for()
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**omraade**")
    assert "i området på kortet" in page.locator("h1").inner_text()
    page.locator(".map__place").first.wait_for()
    page.wait_for_load_state("networkidle")
    numbers = [int(text.rstrip(".")) for text in page.locator(".clinic-card h3 .number").all_inner_texts()]
    assert sorted(numbered(page)) == numbers
    query = parse_qs(urlsplit(page.url).query)
    assert query["tilstand"] == ["iskias"] and query["sted"] == ["8000"]
    assert violations(page) == []
    page.get_by_role("link", name="Fjern Området på kortet").click()
    page.wait_for_url(lambda address: "omraade" not in address)
