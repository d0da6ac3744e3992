"""An owner on a phone, at 360 px: from the profile, by way of a new account, to a profile of their own. In few taps."""

import re

import pytest
from django.core import mail

EMAIL, PASSWORD = "olga-paa-telefon@example.net", "en rigtig lang adgangskode"
MOST_TAPS = 6  # of links and buttons; fields are filled in between


@pytest.fixture
def here(site):
    """An invented clinic with a published address. What the test leaves behind is cleared away: others share the site."""
    from django.contrib.auth.models import User

    from clinics.models import Claim, Clinic, Membership, Outbox, RateCount

    clinic = Clinic.objects.published().exclude(email="").order_by("-pk")[0]
    mail.outbox.clear()
    yield clinic
    Membership.objects.filter(clinic=clinic).delete()
    Claim.objects.filter(clinic=clinic).delete()
    Outbox.objects.all().delete()
    RateCount.objects.all().delete()
    User.objects.filter(email=EMAIL).delete()


def mailed(pattern: str) -> str:
    """What the newest mail says."""
    from clinics import outbox

    outbox.deliver_waiting()
    return re.search(pattern, mail.outbox[-1].body, re.M)[0]


def test_from_the_profile_to_an_owner(open_page, here):
    page = open_page(here.get_absolute_url())
    taps = 0

    def tap(name: str, role: str = "button") -> None:
        nonlocal taps
        page.get_by_role(role, name=name, exact=True).first.click()
        taps += 1

    tap("Det er min klinik", "link")
    tap("Opret en konto", "link")
    page.locator("input[name=email]").fill(EMAIL)
    page.locator("input[name=password1]").fill(PASSWORD)
    tap("Opret konto")
    page.wait_for_url("**/bekraeft-email/**")
    page.locator("input[name=code]").fill(mailed(r"\b\d{4}-?\d{4}\b"))
    page.locator("main form button[type=submit]").first.click()
    taps += 1
    page.wait_for_url(f"**/for-klinikker/overtag/{here.slug}/")  # kept through sign-up and confirmation
    for element in page.locator("main a.button, main button, main summary, main input:not([type=hidden])").all():
        if element.is_visible() and element.get_attribute("type") not in ("radio", "checkbox"):
            assert element.bounding_box()["height"] >= 44, element.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tap("Send koden")
    page.locator("#kode").fill(mailed(r"^[2-9A-Z]{4} [2-9A-Z]{4}$"))
    tap("Overtag profilen")
    page.get_by_role("heading", name=f"Du passer profilen for {here.name}").wait_for()
    assert page.get_by_role("link", name="Ret profilen").is_visible()
    assert taps <= MOST_TAPS, taps
    tap("Inviter kolleger", "link")
    page.get_by_role("heading", name=f"Hvem passer {here.name}?").wait_for()
