"""The fields of a search: by keyboard alone, on a phone, without a script, with and without a place that is remembered."""

import csv
import json
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest

from clinics.place_list import DATA
from clinics.places import keys_for
from clinics.text import folds

from .test_pages import violations

HOME, RESULTS = "/", "/find/fysioterapeut/?sted=8000"


def query(page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def rows(page) -> list[str]:
    return [text.split("\n")[0] for text in page.get_by_role("option").all_inner_texts()]


def write(page, field: str, text: str) -> None:
    page.locator(field).click()
    page.locator(field).press_sequentially(text)


def stored(page) -> dict[str, str]:
    return json.loads(page.evaluate("JSON.stringify(Object.assign({}, localStorage, sessionStorage))"))


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_what_is_typed_is_searched_for_when_nothing_is_chosen(open_page, width):
    page = open_page(HOME, width=width)
    write(page, "#sted", "Aarhus")
    page.get_by_role("option", name="Aarhus hele byen").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/fysioterapeut/**")
    assert query(page)["sted"] == ["Aarhus"]
    assert "Aarhus" in page.title()


def test_what_is_typed_before_the_script_is_there_is_suggested_for(open_page):
    page = open_page("/om/")
    held = []
    page.route("**/combobox*.js", lambda route: held.append(route))
    page.goto(urljoin(page.url, HOME), wait_until="commit")
    write(page, "#sted", "aarh")
    assert not page.locator("[role=combobox]").count()
    held[0].continue_()
    page.get_by_role("option", name="Aarhus hele byen").wait_for()


def test_a_place_is_chosen_by_keyboard_alone(open_page):
    page = open_page(HOME, width="desktop")
    page.locator("#hvad").focus()
    page.keyboard.press("Tab")
    field = page.locator("#sted")
    assert field.evaluate("e => e === document.activeElement") and field.get_attribute("aria-expanded") == "false"
    page.keyboard.type("aarh")
    page.get_by_role("option").first.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-activedescendant") is None  # nothing is chosen for anybody
    first, second = rows(page)[:2]
    page.keyboard.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")  # back in the field
    assert field.get_attribute("aria-activedescendant") is None and field.input_value() == "aarh"
    page.keyboard.press("ArrowUp")  # and round to the last
    assert page.locator("[aria-selected=true]").inner_text().startswith(rows(page)[-1])
    page.keyboard.press("Home")
    assert field.get_attribute("aria-activedescendant") is None
    assert field.evaluate("e => e.selectionStart") == 0
    page.keyboard.press("End")
    assert field.evaluate("e => e.selectionStart") == 4
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert field.input_value() == second.split("  ")[0] and first != second
    assert field.get_attribute("aria-expanded") == "false" and urlsplit(page.url).path == "/"
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/fysioterapeut/**")


def test_escape_and_tab_close_and_keep_what_was_typed(open_page):
    page = open_page(HOME, width="desktop")
    for key in ("Escape", "Tab"):
        page.locator("#sted").fill("")
        write(page, "#sted", "odens")
        page.get_by_role("option").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press(key)
        assert page.locator("#sted").input_value() == "odens"
        assert page.get_by_role("option").count() == 0


def test_a_thumb_chooses_on_a_phone(open_page):
    page = open_page(RESULTS, width="phone")
    page.locator("#sted").fill("")
    write(page, "#sted", "2200")
    option = page.get_by_role("option", name="2200 København N")
    option.wait_for()
    assert option.bounding_box()["height"] >= 44
    box = page.locator(".combobox__popup:visible").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    option.click()
    assert page.locator("#sted").input_value() == "2200 København N"


def test_a_screen_reader_hears_how_many(open_page):
    page = open_page(HOME)
    write(page, "#sted", "bornh")
    status = page.locator(".field:has(#sted) [role=status]")
    status.filter(has_text="forslag").wait_for(state="attached")
    assert status.inner_text().startswith(f"{len(rows(page))} forslag")
    page.locator("#sted").fill("qqqq")
    status.filter(has_text="Ingen forslag").wait_for(state="attached")


def test_the_list_is_fetched_once_on_first_focus_and_nothing_while_typing(open_page):
    page = open_page(HOME)
    asked: list[str] = []
    page.wait_for_load_state("networkidle")  # the browser fetches the icon when it likes
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.locator("#hvad").focus()
    assert not asked
    write(page, "#sted", "esbj")
    page.get_by_role("option").first.wait_for()
    write(page, "#sted", "erg")
    page.locator("#hvad").focus()
    page.locator("#sted").focus()
    assert asked == ["/static/places.json"]


def test_without_a_script_it_is_a_plain_field(open_page):
    page = open_page(HOME, javascript=False)
    assert page.get_by_text("Brug min placering").is_hidden() and page.get_by_text("Husk på denne enhed").is_hidden()
    page.get_by_label("Hvor?").fill("Aarhus")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url("**/find/fysioterapeut/**")
    assert query(page)["sted"] == ["Aarhus"]


def test_words_are_suggested_under_headings_and_searched_with_the_place(open_page):
    page = open_page(HOME, width="desktop")
    page.locator("#sted").fill("8000")
    write(page, "#hvad", "iski")
    page.get_by_role("option", name="Iskias", exact=True).wait_for()
    assert page.get_by_role("group", name="Tilstande").count() == 1
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("#hvad").input_value() == "Iskias"
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/fysioterapeut/**")
    assert query(page) == {"tilstand": ["iskias"], "sted": ["8000"]}


def test_words_of_danger_are_answered_before_anything_is_sent(open_page):
    page = open_page(HOME, width="phone")
    write(page, "#hvad", "trykken for brystet")
    card = page.locator(".combobox__care")
    card.wait_for()
    assert "112" in card.inner_text()
    said = page.locator(".field:has(#hvad) [role=status]")
    said.filter(has_text="112").wait_for(state="attached")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "tel:112"
    page.keyboard.press("Escape")
    assert card.count() == 0 and page.evaluate("document.activeElement.id") == "hvad"


def test_a_place_can_be_searched_for_when_the_list_never_comes(open_page):
    page = open_page(HOME)
    page.route("**/places.json", lambda route: route.fulfill(status=204))
    write(page, "#sted", "8000")
    assert page.get_by_role("option").count() == 0
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/fysioterapeut/**")
    assert query(page)["sted"] == ["8000"]


def test_a_position_gives_a_postcode_and_nothing_else_leaves_the_device(open_page):
    page = open_page(HOME, width="phone")
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 56.156789, "longitude": 10.212345})
    asked: list[str] = []
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Brug min placering").click()
    page.get_by_text("er sat ind").wait_for()
    assert page.locator("#sted").input_value() == "8000 Aarhus C"
    assert [urlsplit(url).path for url in asked] == ["/static/places.json"]
    assert not any("56.1" in url or "10.2" in url for url in asked)
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/fysioterapeut/**")
    assert query(page)["sted"] == ["8000 Aarhus C"] and "56.1" not in page.url
    assert stored(page) == {}


@pytest.mark.parametrize("point", [(59.91, 10.75), (0.0, 0.0)])
def test_somebody_abroad_is_asked_to_write(open_page, point):
    page = open_page(HOME)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": point[0], "longitude": point[1]})
    page.get_by_role("button", name="Brug min placering").click()
    page.get_by_text("Vi kender intet dansk postnummer i nærheden").wait_for()
    assert page.locator("#sted").input_value() == ""


def test_a_no_to_the_position_is_met_kindly_and_nobody_is_asked_unbidden(open_page):
    page = open_page(HOME)
    asked = page.evaluate("""() => {
        window.asked = 0;
        navigator.geolocation.getCurrentPosition = (found, refused) => { window.asked += 1; refused({ code: 1 }); };
        return window.asked;
    }""")
    page.locator("#sted").focus()
    assert asked == page.evaluate("window.asked") == 0
    page.get_by_role("button", name="Brug min placering").click()
    page.get_by_text("Helt i orden – skriv postnummer eller by.").wait_for()
    assert page.locator("#sted").evaluate("e => e === document.activeElement")
    assert page.evaluate("window.asked") == 1


def test_a_place_is_remembered_only_when_asked_to_and_forgotten_again(open_page):
    page = open_page(HOME)
    page.locator("#sted").fill("8000")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url("**/find/fysioterapeut/**")
    assert stored(page) == {}

    page.get_by_label("Husk på denne enhed").check()
    assert stored(page) == {"sted": "8000"}
    home = urlsplit(page.url)._replace(path="/", query="").geturl()
    page.goto(home)
    assert page.locator("#sted").input_value() == "8000"
    assert page.get_by_label("Husk på denne enhed").is_checked()

    page.locator("#sted").fill("Odense")  # it can be changed
    page.locator("#sted").press("Enter")
    page.wait_for_url("**/find/fysioterapeut/**")
    assert stored(page) == {"sted": "Odense"}

    page.goto(home + "find/fysioterapeut/?sted=9000")  # what the address says stands; what is remembered is told
    assert page.locator("#sted").input_value() == "9000"
    assert page.get_by_text("Husket: Odense").is_visible() and not page.get_by_label("Husk på denne enhed").is_checked()
    page.get_by_role("button", name="Glem").click()
    assert stored(page) == {} and page.locator("#sted").input_value() == "9000"
    page.goto(home)
    assert page.locator("#sted").input_value() == "" and page.get_by_role("button", name="Glem").count() == 0


def test_unticking_forgets(open_page):
    page = open_page(RESULTS)
    box = page.get_by_label("Husk på denne enhed")
    box.check()
    assert stored(page) == {"sted": "8000"}
    box.uncheck()
    assert stored(page) == {}
    page.locator("#sted").fill("")
    box.click()
    page.get_by_text("Skriv først postnummer eller by.").wait_for()
    assert stored(page) == {} and not box.is_checked()


def test_the_browser_folds_every_name_as_the_server_does(open_page):
    page = open_page(HOME)
    with (DATA / "places.csv").open(encoding="utf-8", newline="") as file:
        names = [name for row in csv.DictReader(file) for name in (row["name"], *row["aliases"].split(";")) if name]
    names += [
        "DK-8000, Århus",
        "  ÅRHUS ",
        "Ærø\u00ad",
        "Nykøbing F.",
        "Kgs. Lyngby",
        "Malmö",
        "ǿ",
        "Straße",
        "a_b",
        "É",
    ]
    assert len(names) > 1000
    in_browser = page.evaluate("names => names.map(name => [Places.folds(name), Places.keys([name]).sort()])", names)
    for name, (folded, keys) in zip(names, in_browser, strict=True):
        assert (tuple(folded), sorted(keys)) == (folds(name), keys_for([name])), name


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_axe_finds_nothing_while_suggestions_are_open(open_page, width, dark):
    page = open_page(HOME, width=width, dark=dark)
    write(page, "#sted", "aar")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert violations(page) == []
    write(page, "#hvad", "knæ")
    page.get_by_role("group").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert violations(page) == []
    page.locator("#hvad").fill("")
    write(page, "#hvad", "trykken for brystet")
    page.locator(".combobox__care").wait_for()
    assert violations(page) == []


def test_it_fits_at_twice_the_size_of_text(open_page):
    page = open_page(HOME, width="phone")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    write(page, "#sted", "aar")
    page.get_by_role("option").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_list_that_htmx_has_changed_leaves_nothing_behind(open_page):
    page = open_page(RESULTS, width="desktop")
    assert stored(page) == {}
    page.locator("select[name=sorter]").first.select_option("pris")
    if page.get_by_role("button", name="Vis klinikker").is_visible():
        page.get_by_role("button", name="Vis klinikker").click()
    page.wait_for_url("**sorter=pris**")
    assert stored(page) == {}
