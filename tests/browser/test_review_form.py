"""Writing a review: checked while it is typed, sound in every state, and its author's own page too. Nothing is left behind."""

import datetime
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from .test_pages import violations


def overflow(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.fixture
def here(site) -> str:
    from clinics.models import Clinic

    clinic = Clinic.objects.published().order_by("pk").first()
    return f"/klinik/{clinic.slug}/skriv-anmeldelse/"


@pytest.fixture
def own(site) -> Iterator[str]:
    """The private link of a review that was refused: the page with most on it."""
    from clinics.models import STARS, Clinic, Review
    from clinics.reviews import tokens

    now, token = datetime.datetime.now(datetime.UTC), tokens.new_token()
    one = Review.objects.create(
        clinic=Clinic.objects.published().order_by("pk").first(), key=tokens.new_key(), secret=tokens.digest(token),
        status="rejected", confirmation="visit", visited_in=datetime.date(2026, 10, 1), consented_at=now, decided_at=now,
        text="De lyttede til mig og forklarede øvelserne, så jeg forstod dem.", nickname="Rolig Lærke",
        reason="Skriv hellere “behandleren”.", **dict.fromkeys(STARS, 4),
    )  # fmt: skip
    yield f"/anmeldelse/{token}/"
    one.delete()


@pytest.mark.parametrize(("width", "dark"), [("phone", True), ("desktop", False)])
def test_the_form_is_sound(open_page, here, width, dark):
    page = open_page(here, width=width, dark=dark)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    page.locator("summary", has_text="kommet til skade").click()
    assert overflow(page) <= 0
    assert violations(page) == []


def test_what_is_typed_is_marked_while_it_is_typed(open_page, here):
    page = open_page(here)
    page.get_by_label("Hvad var godt, og hvad kunne være bedre?").press_sequentially(
        "Jeg forstod øvelserne. Ring 86 12 12 12."
    )
    expect(page.locator("#tjek mark")).to_have_text("86 12 12 12")
    assert violations(page) == []
    page.locator("#tekst").fill("Jeg forstod øvelserne. DE VAR MEGET DÅRLIGE TIL AT LYTTE.")
    expect(page.get_by_label(re.compile("Send alligevel"))).to_be_visible()
    page.locator("#tekst").fill("Jeg forstod øvelserne.")
    expect(page.locator("#tjek mark")).to_have_count(0)
    expect(page.locator("#tjek")).to_contain_text("22 af 1.500 tegn")


def test_an_old_fault_does_not_stay_beside_a_mended_text(open_page, here):
    page = open_page(here)
    page.fill("#tekst", "Jeg forstod øvelserne, og der var god tid. Ring 86 12 12 12.")
    page.get_by_role("button", name="Send anmeldelsen").click()
    expect(page.locator("#tekst-fejl")).to_be_visible()
    page.locator("#tekst").fill("Jeg forstod øvelserne, og der var god tid til mig.")
    expect(page.locator("#tjek mark")).to_have_count(0)
    expect(page.locator("#tekst-fejl")).to_be_hidden()
    expect(page.locator("#tekst")).to_have_value("Jeg forstod øvelserne, og der var god tid til mig.")


def test_all_of_it_by_keyboard(open_page, here):
    page = open_page(here, width="desktop")
    page.focus("#kode")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[name=alvorligt][value='2']")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.locator("input[name=forklaret][value='1']")).to_be_focused()


@pytest.mark.parametrize("part", ["", "ret/", "slet/", "klag/"])
def test_the_own_pages_are_sound(open_page, own, part):
    for width, dark in (("phone", False), ("desktop", True)):
        page = open_page(own + part, width=width, dark=dark)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert overflow(page) <= 0
        assert violations(page) == []
