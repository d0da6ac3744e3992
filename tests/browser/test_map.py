"""The map of a results page: fetched when asked for, worked with the keyboard alone, and nobody else is asked for anything."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from .test_pages import violations

SEARCH = "/find/fysioterapeut/?tilstand=iskias&sted=8000"


def show(page):
    page.get_by_role("button", name="Vis kort").click()
    page.locator(".map__place").first.wait_for()
    page.wait_for_load_state("networkidle")
    return page


def open_one(page):
    """The first pin of a single clinic, and what it says."""
    pin = page.locator(".map__pin", has_text=re.compile(r"^\d+$")).first
    pin.focus()
    page.keyboard.press("Enter")
    popup = page.get_by_role("dialog")
    popup.wait_for()
    return pin, popup


def status(page) -> str:
    return page.locator("#kort [role=status]").inner_text()


def numbered(page) -> list[int]:
    """The numbers that the places say, in the order in which the tab key meets them."""
    labels = page.locator(".map__place").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    return [int(n) for label in labels if "nummer" in label for n in re.findall(r"\d+", label.split("nummer")[1])]


def test_nothing_of_the_map_is_fetched_before_it_is_asked_for(open_page):
    page = open_page(SEARCH)
    fetched = []
    page.on("request", lambda request: fetched.append(urlsplit(request.url).path))
    page.reload()
    page.wait_for_load_state("networkidle")
    assert not [path for path in fetched if "leaflet" in path or "geojson" in path or "map-" in path]
    fetched.clear()
    show(page)
    assert [path for path in fetched if "leaflet" in path and path.endswith(".js")]
    assert len([path for path in fetched if path == "/api/v1/clinics.geojson"]) <= 3


def test_without_a_script_there_is_no_button_and_the_list_is_whole(open_page):
    page = open_page(SEARCH, javascript=False)
    assert not page.locator("#kort").is_visible()
    assert page.locator(".clinic-card").count() >= 10


def test_the_pins_have_the_numbers_of_the_list(open_page):
    page = show(open_page(SEARCH, width="desktop"))
    numbers = [int(text.rstrip(".")) for text in page.locator(".clinic-card h3 .number").all_inner_texts()]
    assert sorted(numbered(page)) == numbers
    assert "klinikker på listen" in status(page)


@pytest.mark.parametrize(("width", "dark"), [("phone", False), ("phone", True), ("desktop", True), ("desktop", False)])
def test_it_is_sound_and_fits(open_page, width, dark):
    page = show(open_page(SEARCH, width=width, dark=dark))
    assert violations(page) == []
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    canvas, window = page.locator("[data-canvas]").bounding_box(), page.viewport_size
    if width == "phone":
        assert canvas["width"] > 300 and abs(canvas["height"] - 0.6 * window["height"]) < 2
    open_one(page)
    assert violations(page) == []


def test_the_keyboard_opens_a_pin_and_escape_gives_the_focus_back(open_page):
    page = open_page(SEARCH, width="desktop")
    page.get_by_role("button", name="Vis kort").focus()
    page.keyboard.press("Enter")
    page.locator(".map__place").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skjul kort", "the focus stays where it was"
    for _ in range(40):
        page.keyboard.press("Tab")
        label = page.evaluate("document.activeElement.getAttribute('aria-label') || ''")
        if "nummer" in label and "Zoom ind" not in label:
            break
    else:
        pytest.fail("the tab key meets no pin")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "the focus is seen"
    for key in ("Enter", " "):
        page.keyboard.press(key)
        page.locator(".leaflet-popup").wait_for()
        inside = page.evaluate("document.activeElement.closest('.leaflet-popup') !== null")
        assert inside and page.evaluate("document.activeElement.href").find("/klinik/") > 0
        page.keyboard.press("Escape")
        page.locator(".leaflet-popup").wait_for(state="detached")
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == label


def test_a_popup_says_name_address_and_leads_on(open_page):
    page = show(open_page(SEARCH))
    pin, popup = open_one(page)
    number = pin.inner_text()
    card = page.locator(".clinic-card", has=page.get_by_text(f"{number}.", exact=True))
    assert card.locator("h3 a").inner_text() in popup.inner_text()
    assert "Eksempel – opdigtet klinik" in popup.inner_text()
    link = popup.locator("a[href^='/klinik/']")
    assert parse_qs(urlsplit(link.get_attribute("href")).query) == {"tilstand": ["iskias"], "sted": ["8000"]}
    popup.get_by_role("link", name=f"Vis nummer {number} på listen").click()
    expect(card.locator("h3 a")).to_be_focused()
    pin.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Luk").click()
    assert page.get_by_role("dialog").count() == 0


def test_nothing_slides_for_those_who_want_no_motion(open_page):
    """A map that still slides beneath a finger also takes the link away from under it."""
    page = show(open_page(SEARCH))
    moved = page.evaluate(
        """() => {
          const where = () => document.querySelector(".leaflet-map-pane").getBoundingClientRect().x;
          const before = where();
          const canvas = document.querySelector("[data-canvas]");
          canvas.focus();
          const key = { key: "ArrowRight", code: "ArrowRight", keyCode: 39, bubbles: true };
          canvas.dispatchEvent(new KeyboardEvent("keydown", key));
          return before - where();
        }"""
    )
    assert moved == 80, "all the way, and at once"


def test_an_approximate_point_says_so(open_page):
    page = open_page(SEARCH)

    def approximate(route):
        answer = route.fetch()
        route.fulfill(
            response=answer,
            body=answer.text().replace('"address"', '"postcode"').replace('"postcode":"', '"address":"'),
        )

    page.route("**/clinics.geojson**", approximate)
    show(page)
    _, popup = open_one(page)
    assert "Placeringen er ca." in popup.inner_text()


def test_all_clinics_at_one_address_are_reached_with_the_tab_key(open_page):
    page = open_page(SEARCH)

    shared = []  # one place with the clinics of three, out of the first answer

    def together(route):
        answer = route.fetch()
        body = answer.json()
        if not shared:
            points = [place for place in body["features"] if place["properties"]["kind"] == "point"][:3]
            clinics = [clinic for place in points for clinic in place["properties"]["clinics"]]
            numbers = [clinic["number"] for clinic in clinics]
            about = {"clinics": clinics, "numbers": numbers, "count": len(clinics)}
            shared.append(points[0] | {"properties": points[0]["properties"] | about})
        route.fulfill(response=answer, json=body | {"features": shared})

    page.route("**/clinics.geojson**", together)
    show(page)
    page.locator(".map__place").focus()
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert label.startswith("3 klinikker samme sted, nummer ")
    page.keyboard.press("Enter")
    popup = page.get_by_role("dialog")
    popup.wait_for()
    wanted = {link.get_attribute("href") for link in popup.locator("a[href^='/klinik/']").all()}
    reached = set()
    for _ in range(8):
        reached.add(page.evaluate("document.activeElement.getAttribute('href')"))
        page.keyboard.press("Tab")
    assert len(wanted) == 3 and wanted <= reached


LABELS = "[...document.querySelectorAll('.map__place')].map(place => place.getAttribute('aria-label')).join('|')"


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_a_cluster_opens_until_there_are_clinics(open_page, width):
    page = show(open_page("/find/fysioterapeut/", width=width))
    for _ in range(12):
        clusters = page.locator(".map__place[aria-label*='Zoom ind']")
        if page.locator(".map__place").count() and clusters.count() == 0:
            break
        before = page.evaluate(LABELS)
        # The answer is awaited: one that came between focus and key would take the focus to the map.
        with page.expect_response(lambda answer: "geojson" in answer.url):
            clusters.first.press("Enter")
        page.wait_for_function(f"before => {LABELS} !== before", arg=before)  # the first place may be the same one
        page.wait_for_function("() => !document.querySelector('.leaflet-zoom-anim')")
        assert page.evaluate("document.activeElement.closest('[data-canvas]') !== null"), "the focus stays at the map"
    page.locator(".map__place").first.press("Enter")
    expect(page.get_by_role("dialog").locator("a[href^='/klinik/']").first).to_be_visible()


# Answers about places wait until the test lets them come, as on a slow line.
HOLD = """
const ask = window.fetch;
window.held = null;
window.fetch = (...asked) => window.held && String(asked[0]).includes("geojson")
  ? new Promise((tell, fail) => window.held.push(() => ask(...asked).then(tell, fail)))
  : ask(...asked);
"""


def test_a_sign_that_is_older_than_the_view_leads_to_no_empty_map(open_page):
    """Pressed again and again before the answer is there, each time for a view that is long closer."""
    page = open_page("/find/fysioterapeut/", width="desktop")
    page.add_init_script(HOLD)
    page.reload()
    show(page)
    page.evaluate("() => { window.held = [] }")
    sign = page.locator(".map__place[aria-label*='Zoom ind']").first
    for _ in range(4):
        sign.press("Enter")
        page.wait_for_function("() => !document.querySelector('.leaflet-zoom-anim')")
    page.wait_for_function("() => window.held.length > 0")
    before = page.evaluate(LABELS)
    # What is asked from here on is answered at once: the last press may not have asked yet.
    page.evaluate("() => { const held = window.held; window.held = null; held.forEach((tell) => tell()) }")
    page.wait_for_function(f"before => {LABELS} !== before", arg=before)
    expect(page.locator(".map__place").first).to_be_attached()


def test_it_moves_without_dragging_and_offers_to_search_there(open_page):
    page = show(open_page(SEARCH + "&radius=10&side=1"))
    search = page.get_by_role("link", name="Søg i dette område")
    assert not search.is_visible(), "nothing has moved yet"
    with page.expect_response("**/clinics.geojson**"):
        page.get_by_role("button", name="Flyt mod vest").click()
    search.wait_for()
    query = parse_qs(urlsplit(search.get_attribute("href")).query)
    west, south, east, north = map(float, query.pop("omraade")[0].split(","))
    assert 5 < west < east < 12 and 54 < south < north < 58
    assert query == {"tilstand": ["iskias"], "sted": ["8000"]}
    assert urlsplit(search.get_attribute("href")).fragment == "kort"


def test_a_list_that_is_changed_in_place_has_its_map_in_place(open_page):
    page = show(open_page("/find/fysioterapeut/?sted=8000&radius=50", width="desktop"))
    page.get_by_role("link", name="Næste").click()
    page.wait_for_url("**side=2**")
    page.get_by_text("Side 2 af").wait_for()
    page.locator(".map__pin").first.wait_for()
    page.wait_for_load_state("networkidle")
    numbers = [int(text.rstrip(".")) for text in page.locator(".clinic-card h3 .number").all_inner_texts()]
    assert numbers[0] == 21 and sorted(numbered(page)) == numbers
    assert page.locator(".leaflet-container").count() == 1
    page.get_by_role("button", name="Skjul kort").click()
    page.get_by_role("link", name="Forrige").click()
    page.get_by_text("Side 1 af").wait_for()
    assert page.get_by_role("button", name="Vis kort").is_visible()
    assert not page.locator("[data-canvas]").is_visible(), "as closed as it was left"


def test_the_button_hides_the_map_again(open_page):
    page = show(open_page(SEARCH))
    page.get_by_role("button", name="Skjul kort").click()
    assert not page.locator("[data-canvas]").is_visible()
    page.get_by_role("button", name="Vis kort").click()
    assert page.locator("[data-canvas]").is_visible()


def test_a_map_that_cannot_be_had_is_said_in_words_and_tried_again(open_page):
    page = open_page(SEARCH)
    page.route("**/static/leaflet/leaflet.js", lambda route: route.fulfill(status=404, body=""))
    page.get_by_role("button", name="Vis kort").click()
    page.get_by_text("Kortet kan ikke vises lige nu. Listen er hel uden det.").wait_for()
    page.unroute("**/static/leaflet/leaflet.js")
    page.get_by_role("button", name="Skjul kort").click()
    show(page)
    assert not page.get_by_text("Kortet kan ikke vises lige nu").is_visible()


def test_no_map_of_a_search_that_has_to_be_mended(open_page):
    assert open_page("/find/fysioterapeut/?sted=8888").locator("#kort").count() == 0


def test_names_of_the_base_map_are_no_stops_on_the_way(open_page):
    page = show(open_page(SEARCH, width="desktop"))
    names = page.locator(".map__name")
    assert "Aarhus" in names.all_inner_texts()
    assert names.first.evaluate("one => one.closest('[aria-hidden=true]') !== null && one.tabIndex < 0")
