"""Warnings as a reader meets them: how far down the first one stands, what it leads to, and the editors' screen."""

import pytest

from articles.models import Article

PHONE = (360, 740)
SCREENS = 1.5


def top_of_first_card(page) -> float:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    return page.locator(".care-card").first.evaluate("card => card.getBoundingClientRect().top + window.scrollY")


def add(slug: str, **fields) -> Article:
    return Article.objects.create(**{"slug": slug, "title": "Prøve", "body": "Kort.", "status": "published"} | fields)


def test_the_first_card_of_every_article_starts_within_one_and_a_half_screens(open_page):
    far = {}
    for slug in Article.objects.published().values_list("slug", flat=True):
        top = top_of_first_card(open_page(f"/ordbog/{slug}/"))
        if top > SCREENS * PHONE[1]:
            far[slug] = top
    assert not far


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Kort", "Ordene er mange. " * 200),
        ("Ondt i armen", "Nogle lange fysioterapeutiske ord. " * 21),
        ("Ordene " * 28, "Korte ord her. " * 25),
        ("Muskuloskeletal " * 12, ""),
        ("Tabel", "| a | b |\n|---|---|\n" + "| et | to |\n" * 40),
        ("Liste", "- punkt\n" * 60),
    ],
    ids=["long lead", "just short enough", "long title", "longest title", "table", "list"],
)
def test_so_does_that_of_an_article_with_a_long_lead(open_page, title, lead):
    one = add("lang-indledning", title=title.strip()[:200], body=f"{lead}\n\n## Hvad?\n\nTekst.\n")
    try:
        assert top_of_first_card(open_page("/ordbog/lang-indledning/")) <= SCREENS * PHONE[1]
    finally:
        one.delete()


@pytest.mark.parametrize("path", ["/ordbog/", "/find/fysioterapeut/"])
def test_in_a_search_both_urgent_cards_start_within_two_screens(open_page, path):
    page = open_page(f"{path}?q=hævet+læg")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    top = page.locator(".care-card--112").first.evaluate("card => card.getBoundingClientRect().top + window.scrollY")
    assert top_of_first_card(page) < top <= 2 * PHONE[1], top


def test_without_a_place_every_region_stands_with_its_towns_and_hours(open_page):
    page = open_page("/ordbog/ondt-i-knaeet/")
    text = page.locator("#ring-til-laege .care-card__services").first.inner_text()
    for words in (
        "Region Midtjylland (Aarhus, Randers, Herning",
        "Akuttelefonen 1813",
        "Region Sjælland",
        "Region Nordjylland",
    ):
        assert words in text
    assert "Hverdage kl. 16–8" in text


def test_with_a_place_only_its_own_region_stands_there(open_page):
    page = open_page("/ordbog/ondt-i-knaeet/?sted=8000")
    assert page.locator("#ring-til-laege .care-card__services li").count() == 1
    assert "70 11 31 31" in page.locator("#ring-til-laege").inner_text()


@pytest.mark.parametrize("slug", ["kramper-i-benene", "ondt-i-benene"])
def test_the_emergency_cards_lead_to_112_and_nowhere_else(open_page, slug):
    page = open_page(f"/ordbog/{slug}/")
    if not page.locator(".care-card").count():
        pytest.skip("the five real articles are not beside this checkout")
    links = page.locator(".care-card--112 a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert set(links) == {"tel:112"}
    inside = page.locator(".care-cards--inside .care-card").count()
    assert inside >= 2
    overflow = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not overflow
