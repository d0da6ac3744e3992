"""Reading and finding articles: by keyboard, on a phone, in the dark, on paper."""

import re

import pytest

from .test_pages import violations

LONG = "/ordbog/ondt-i-knaeet/"
PAGES = {
    "index": "/ordbog/",
    "parts of the body": "/ordbog/kropsdele/",
    "search": "/ordbog/?q=ischias",
    "search, next page": "/ordbog/?q=smerter&side=2",
    "typo": "/ordbog/?q=ischas",
    "danger": "/ordbog/?q=h%C3%A6vet+l%C3%A6g",
    "nothing found": "/ordbog/?q=kvantemekanik",
    "no words": "/ordbog/?q=!!!",
    "excerpts among clinics": "/find/fysioterapeut/?q=trapper+om+natten",
    "exercises and questions": LONG,
    "expired preview": "/ordbog/kladde/1:x:y/",
}


def overflow(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound(open_page, name):
    for width, dark in (("phone", True), ("desktop", False)):
        page = open_page(PAGES[name], width=width, dark=dark)
        assert page.locator("h1").count() == 1
        assert overflow(page) <= 0, f"{name} at {width}"
        assert violations(page) == [], f"{name} at {width}"


def test_searching_by_keyboard_alone(open_page):
    page = open_page("/ordbog/")
    page.focus("#soegeord")
    page.keyboard.type("ischias")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/ordbog/\?q=ischias"))
    first = page.locator(".hit a").first
    assert first.inner_text() == "Iskias"
    assert page.locator(".hit mark").first.is_visible()
    assert page.locator("#soegeord").input_value() == "ischias"
    first.press("Enter")
    page.wait_for_url(re.compile("/ordbog/iskias/"))


def test_a_typo_is_one_press_from_what_was_meant(open_page):
    page = open_page("/ordbog/?q=ischas", javascript=False)
    page.locator(".notice a").click()
    assert page.locator(".hit a").first.inner_text() == "Iskias"


def test_a_letter_leads_to_its_articles(open_page):
    page = open_page("/ordbog/")
    page.locator(".letters a", has_text="S").click()
    assert page.evaluate("location.hash") == "#bogstav-S"
    heading = page.locator("#bogstav-S").bounding_box()
    assert 0 <= heading["y"] < 780, "the letter can be seen"


def test_the_breadcrumb_leads_to_the_part_of_the_body(open_page):
    page = open_page(LONG)
    page.locator(".breadcrumb a").nth(1).click()
    page.wait_for_url(re.compile(r"/ordbog/kropsdele/#knae$"))
    assert page.locator("#knae").is_visible()


def test_what_a_finger_hits_is_large_enough(open_page):
    for address, what in (
        ("/ordbog/", ".letters a, .letter a, .chip"),
        ("/ordbog/kropsdele/", ".letter a, .chip"),
        ("/ordbog/?q=ischias", ".hit a"),
        (LONG, ".question__link, .contents a"),
    ):
        for link in open_page(address).locator(what).all():
            if link.is_visible():
                assert link.bounding_box()["height"] >= 43.5, (address, link.inner_text())


def test_a_question_has_a_link_to_send_on(open_page):
    page = open_page(LONG)
    link = page.locator(".question__link").first
    question = page.locator(".question h3").first
    assert question.inner_text() in link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("decodeURIComponent(location.hash)") == f"#{question.get_attribute('id')}"
    assert 0 <= question.bounding_box()["y"] < 780


def test_a_wide_table_says_that_it_scrolls_and_does(open_page):
    def hint(page) -> str:
        return page.evaluate("getComputedStyle(document.querySelector('.table-scroll'), '::before').content")

    phone = open_page(LONG)
    table = phone.locator(".table-scroll").first
    # as a table of numbers is: only prose bears the roles and becomes blocks
    table.evaluate("e => e.querySelector('table').removeAttribute('role')")
    assert table.evaluate("e => e.scrollWidth > e.clientWidth") and "Rul til siden" in hint(phone)
    table.focus()
    table.evaluate("e => { e.onscroll = () => { e.dataset.scrolled = 'yes' } }")
    phone.keyboard.press("ArrowRight")  # the region has the focus, so it scrolls by itself
    phone.locator(".table-scroll[data-scrolled]").wait_for()
    assert overflow(phone) <= 0
    desktop = open_page(LONG, width="desktop")
    assert desktop.locator(".table-scroll").first.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert "Rul til siden" not in hint(desktop)


def test_on_a_phone_a_row_of_prose_is_a_block_and_still_a_row(open_page):
    page = open_page(LONG)
    table = page.locator(".table-scroll").first
    assert table.evaluate("e => e.scrollWidth <= e.clientWidth")
    first, second = (table.locator("tbody tr").first.locator("th, td").nth(n).bounding_box() for n in (0, 1))
    assert second["y"] >= first["y"] + first["height"]
    cell = table.locator("tbody td").first
    shown = cell.evaluate("e => getComputedStyle(e, '::before').content")
    assert cell.get_attribute("data-label") in shown
    header = page.get_by_role("columnheader")
    assert header.count() == 3 and page.get_by_role("rowheader").count() >= 2
    desktop = open_page(LONG, width="desktop").locator("td[data-label]").first
    assert desktop.evaluate("e => getComputedStyle(e, '::before').content") == "none"


@pytest.mark.parametrize("where", [".lead", ".article__section"])
def test_a_picture_keeps_its_room_free_and_is_never_wider_than_the_page(open_page, where):
    page = open_page(LONG)
    page.locator(where).first.evaluate(
        "e => { e.innerHTML += '<figure><img width=1440 height=900 alt=Knæ><figcaption>Foto</figcaption></figure>' }"
    )
    box = page.locator(f"{where} img").first.bounding_box()
    assert overflow(page) <= 0
    assert 300 < box["width"] <= 328 and abs(box["width"] / box["height"] - 1.6) < 0.05


def test_the_first_card_is_seen_within_one_and_a_half_screens(open_page):
    for address in (LONG, "/ordbog/?q=h%C3%A6vet+l%C3%A6g"):
        page = open_page(address)
        assert page.locator(".care-card").first.bounding_box()["y"] < 1.5 * 780


def test_on_paper_there_are_cards_and_exercises_and_nothing_to_press(open_page):
    page = open_page(LONG)
    page.emulate_media(media="print")
    for shown in (".care-card", ".exercise", ".question h3", ".print-only"):
        assert page.locator(shown).first.is_visible(), shown
    for hidden in (".contents", ".question__link", ".site-nav", ".clinic-box form", "#laes-ogsaa"):
        assert not page.locator(hidden).first.is_visible(), hidden
    printed = page.locator(".print-only").inner_text()
    assert re.search(r"Udskrevet \d+\. \w+ \d{4} fra .*/ordbog/ondt-i-knaeet/", printed)


def test_no_page_is_heavier_than_50_kb(open_page):
    for address in ("/ordbog/", f"{LONG}?sted=8000", "/ordbog/?q=smerter"):
        page = open_page(address)
        assert len(page.content().encode()) < 50_000, address
