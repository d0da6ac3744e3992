"""A clinic's page and its form in a real browser: sound on phone and desktop, in the dark, on paper, and without a cookie."""

import pytest

from .test_pages import violations


@pytest.fixture
def addresses(site, django_db_blocker) -> dict[str, str]:
    """The page of the clinic with the most to show, and of one with next to nothing."""
    from django.db.models import Count

    from clinics.models import Clinic

    with django_db_blocker.unblock():
        clinics = Clinic.objects.published().annotate(people=Count("practitioners"))
        full = clinics.exclude(access_note="").order_by("-people", "pk").first()
        bare = clinics.filter(people=0, prices=None, opening_hours=None).order_by("pk").first()
        return {"full": full.get_absolute_url(), "bare": bare.get_absolute_url()}


@pytest.mark.parametrize("which", ["full", "bare"])
def test_a_profile_is_sound(open_page, addresses, which):
    for width, dark in (("phone", False), ("desktop", True)):
        page = open_page(f"{addresses[which]}?sted=8000", width=width, dark=dark)
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert violations(page) == [], f"{which} at {width}"


def test_on_paper_there_is_nothing_to_press_and_nothing_is_folded(open_page, addresses):
    page = open_page(addresses["full"])
    page.emulate_media(media="print")
    pressed = page.locator("main button, main input, main summary, main .no-print")
    assert [one.inner_text() for one in pressed.all() if one.is_visible()] == []
    size = "parseFloat(getComputedStyle(document.querySelector('{}')).fontSize)"
    assert page.evaluate(size.format(".profile__phone")) >= 1.3 * page.evaluate(size.format("main p"))
    assert page.locator(".profile__address").is_visible()


def test_what_is_wrong_can_be_said_without_a_cookie(open_page, addresses):
    page = open_page(addresses["bare"], javascript=False)
    page.get_by_role("link", name="Foreslå en rettelse").click()
    page.get_by_label("Åbningstider").check()
    page.get_by_label("Hvad skal rettes?").fill("Om mandagen er der åbent til kl. 18.")
    page.get_by_role("button", name="Send").click()
    assert "Tak" in page.inner_text("h1")
    assert page.context.cookies() == []


def test_the_form_is_sound(open_page, addresses):
    for query in ("", "?fra=klinik", "?sendt=ja"):
        page = open_page(f"{addresses['bare']}ret/{query}", dark=bool(query))
        assert violations(page) == [], query
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
