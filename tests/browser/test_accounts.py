"""Olga on her phone: an account by a mailed code, a second factor, a passkey, and the way back to the clinic she came for."""

import re

import pytest

from .accounts import app_code, log_in, mailed_code
from .test_pages import violations

EMAIL, PASSWORD = "ny-olga@example.org", "tre blå heste i regn"
NEXT = "/konto/enheder/"


@pytest.fixture(autouse=True)
def _leave_no_account():
    from django.contrib.auth import get_user_model

    from clinics.models import RateCount

    yield
    get_user_model().objects.filter(username=EMAIL).delete()
    RateCount.objects.all().delete()


def sound(page) -> None:
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert violations(page) == []


def sign_up(page) -> None:
    page.fill("input[name=email]", EMAIL)
    page.fill("input[name=password1]", PASSWORD)
    page.get_by_role("button", name="Opret konto").click()
    page.fill("input[name=code]", mailed_code(EMAIL))
    page.get_by_role("button", name="Bekræft").click()


def heading(page, name: str):
    page.get_by_role("heading", level=1, name=name).wait_for()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_sign_up_and_a_second_factor_on_a_phone(open_page, dark):
    page = open_page(f"/konto/log-ind/?next={NEXT}", dark=dark)
    sound(page)
    page.get_by_role("link", name="Opret en konto").click()
    sound(page)
    page.fill("input[name=email]", "olga")
    page.get_by_role("button", name="Opret konto").click()
    page.get_by_text("Skriv en e-mailadresse som").wait_for()
    assert page.locator("input[name=email]").evaluate("e => e === document.activeElement")
    sound(page)
    page.fill("input[name=email]", EMAIL)
    page.fill("input[name=password1]", PASSWORD)
    page.get_by_role("button", name="Opret konto").click()
    heading(page, "Bekræft din e-mail")
    sound(page)
    page.fill("input[name=code]", mailed_code(EMAIL))
    page.get_by_role("button", name="Bekræft").click()
    heading(page, "Her er du logget ind")
    sound(page)

    page.goto(page.url.split("/konto/")[0] + "/konto/")
    sound(page)
    page.get_by_role("link", name="Totrinslogin").click()
    sound(page)
    page.get_by_role("link", name="Brug en app").click()
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Bekræft").click()
    heading(page, "Brug en app")
    sound(page)
    secret = page.locator(".account__secret").text_content().strip()
    page.fill("input[name=code]", app_code(secret))
    page.get_by_role("button", name="Slå til").click()
    heading(page, "Gem dine nødkoder")
    sound(page)
    recovery = re.sub(r"\s", "", page.locator(".account__codes li").first.text_content())

    page.get_by_role("link", name="Jeg har gemt dem").click()
    page.get_by_role("button", name="Log ud").click()
    page.get_by_text("Du er logget ud.").wait_for()
    log_in(page, EMAIL, PASSWORD)
    heading(page, "Andet trin")
    sound(page)
    page.fill("input[name=code]", recovery)
    page.get_by_role("button", name="Log ind", exact=True).click()
    heading(page, "Din konto")


def test_a_passkey_instead_of_the_password(browser, site):
    """Chromium's own authenticator. A passkey needs a name and no number: localhost."""
    home = site.replace("127.0.0.1", "localhost")
    context = browser.new_context(viewport={"width": 360, "height": 780}, locale="da-DK")
    context.set_default_timeout(10_000)
    page, wrong = context.new_page(), []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    device = devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    page.goto(f"{home}/konto/opret/")
    sign_up(page)
    heading(page, "Din konto")
    page.goto(f"{home}/konto/totrin/noegler/ny/")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Bekræft").click()
    heading(page, "Tilføj en adgangsnøgle")
    page.fill("input[name=name]", "Min telefon")
    sound(page)
    page.get_by_role("button", name="Tilføj").click()
    heading(page, "Gem dine nødkoder")
    page.goto(f"{home}/konto/totrin/noegler/")
    page.get_by_role("heading", name="Min telefon").wait_for()
    sound(page)

    page.goto(f"{home}/konto/log-ud/")
    page.get_by_role("button", name="Log ud").click()
    page.goto(f"{home}/konto/log-ind/?next={NEXT}")
    page.get_by_role("button", name="Brug en adgangsnøgle").click()
    heading(page, "Her er du logget ind")

    page.goto(f"{home}/konto/log-ud/")
    page.get_by_role("button", name="Log ud").click()
    devices.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.get_by_role("button", name="Brug en adgangsnøgle").click()
    page.get_by_text("Det lykkedes ikke med adgangsnøglen.").wait_for()
    sound(page)
    assert wrong == []
    context.close()


def test_without_javascript_no_passkey_is_promised(open_page):
    page = open_page("/konto/log-ind/", javascript=False)
    assert not page.get_by_role("button", name="Brug en adgangsnøgle").is_visible()
    assert page.get_by_role("link", name="Få en kode på e-mail").is_visible()
