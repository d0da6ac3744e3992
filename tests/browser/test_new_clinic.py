"""An owner whose clinic is not on the list, on a phone: from “For klinikker” to a public page that a moderator said yes to."""

import pytest

from .accounts import log_in
from .test_pages import violations

NAME, SLUG = "Zebraens Knæ og Hofte", "zebraens-knae-og-hofte"


@pytest.fixture(autouse=True)
def _leave_no_clinic():
    # Asks for nothing: the browser must run before the site's database is made, or this thread has two connections to it.
    from clinics import actions, memberships
    from clinics.models import Clinic, ListingRequest, Outbox, RateCount

    yield
    for clinic in Clinic.objects.filter(slug=SLUG):
        for member in memberships.members(clinic):
            memberships.end(membership=member, by=member.user)
        actions.delete_clinic(clinic=clinic)
    ListingRequest.objects.all().delete()
    Outbox.objects.all().delete()
    RateCount.objects.all().delete()


def sound(page) -> None:
    page.wait_for_load_state("load")  # its colours too
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert violations(page) == []


def heading(page, name: str) -> None:
    page.get_by_role("heading", level=1, name=name).wait_for()
    sound(page)


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_not_on_the_list_to_a_public_page(open_page):
    from fysfinder.demo import PASSWORD

    page = open_page("/for-klinikker/")
    site = page.url.removesuffix("/for-klinikker/")
    heading(page, "For klinikker")
    page.fill("#q", "zebraens knæ")
    press(page, "Find")
    page.get_by_role("heading", name="Vi fandt ingen").wait_for()
    sound(page)
    page.get_by_role("link", name="Opret den").click()
    heading(page, "Opret din klinik")
    page.locator("main").get_by_role("link", name="Log ind").click()
    log_in(page, "olga@example.org", PASSWORD)
    heading(page, "Opret din klinik")
    for name, value in {
        "navn": NAME, "vej": "Nørregade 4B", "postnummer": "8000", "telefon": "86 12 12 12", "rolle": "ejer",
    }.items():  # fmt: skip
        page.fill(f"[name={name}]", value)
    press(page, "Send")
    page.get_by_role("heading", level=1, name=f"Vi ser på {NAME}").wait_for()
    assert "8000 Aarhus C" in page.inner_text("main"), "the town is shown"
    sound(page)

    desk = open_page("/konto/log-ind/?next=/admin/clinics/listingrequest/")
    log_in(desk, "mona@example.org", PASSWORD)
    desk.get_by_role("link", name=NAME).click()
    desk.get_by_role("heading", name="Afgørelse").wait_for()
    sound(desk)
    desk.select_option("#ready", "ja_ringet")
    press(desk, "Godkend og opret")
    desk.get_by_text("Klinikken er oprettet.").wait_for()

    page.goto(f"{site}/klinik/{SLUG}/")
    heading(page, NAME)
    page.goto(f"{site}/for-klinikker/opret/")
    page.get_by_role("link", name="Gå til klinikken").click()
    heading(page, f"Du passer profilen for {NAME}")


def test_one_that_is_there_already_is_asked_about(open_page):
    from clinics.models import Clinic
    from fysfinder.demo import PASSWORD

    twin = Clinic.objects.published().exclude(street="").select_related("postcode").order_by("pk").first()
    page = open_page("/konto/log-ind/?next=/for-klinikker/opret/", dark=True)
    log_in(page, "olga@example.org", PASSWORD)
    for name, value in {
        "navn": f"{twin.name} ApS", "vej": twin.street, "postnummer": twin.postcode_id, "telefon": "86 12 12 12",
        "rolle": "ejer", "besked": "Første linje\nAnden linje",
    }.items():  # fmt: skip
        page.fill(f"[name={name}]", value)
    press(page, "Send")
    heading(page, "Er det en af disse?")
    press(page, "Ret det, jeg skrev")
    heading(page, "Opret din klinik")
    assert page.input_value("[name=besked]") == "Første linje\nAnden linje"
    press(page, "Send")
    heading(page, "Er det en af disse?")
    press(page, "Nej, min er en anden")
    heading(page, f"Vi ser på {twin.name} ApS")
    press(page, "Træk ønsket tilbage")
    heading(page, "Opret din klinik")


@pytest.mark.parametrize(("width", "dark"), [("phone", True), ("desktop", False)])
def test_taken_off_without_an_account(open_page, width, dark):
    from clinics.models import Clinic, ListingRequest

    one = Clinic.objects.published().order_by("pk").first()
    page = open_page(f"/for-klinikker/?q={one.postcode_id}", width=width, dark=dark)
    heading(page, "For klinikker")
    page.goto(page.url.split("/for-klinikker/")[0] + f"/for-klinikker/fjern/{one.slug}/")
    heading(page, f"Skal {one.name} ikke stå på FysFinder?")
    page.get_by_label("Ja, jeg ejer den").check()
    page.fill("[name=tekst]", "Jeg er holdt op og vil ikke stå her.")
    page.fill("[name=email]", "per@example.org")
    press(page, "Send")
    heading(page, "Tak, vi har fået din besked")
    assert ListingRequest.objects.filter(clinic=one, kind="remove").count() == 1
    assert page.context.cookies() == []
