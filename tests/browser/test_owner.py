"""Olga on her phone: from “Det er min klinik” to what patients read, in few taps. And Mona, who empties the queue."""

import datetime
import re
from collections.abc import Iterator

import pytest
from django.core import mail

from .accounts import log_in
from .test_pages import violations

EMAIL, PASSWORD = "olga-og-hendes-klinik@example.net", "tre blå heste i regn"
MOST_TAPS = 25  # of links, buttons, ticks and folds, and one into each field that is typed in


@pytest.fixture
def here(site) -> Iterator:
    """A clinic that has only its address and its mail. What the test leaves behind is cleared away: others share the site."""
    from django.contrib.auth.models import User

    from clinics import actions, index
    from clinics.models import Clinic, Outbox, Postcode, RateCount

    where = Postcode.objects.get(code="8000")
    clinic = Clinic.objects.create(
        name="Tapklinikken", slug="tapklinikken", street="Nørregade 1", postcode=where, latitude=where.latitude,
        longitude=where.longitude, email="post@tapklinikken.example", status="published", is_example=True,
    )  # fmt: skip
    index.rebuild([clinic.pk])
    mail.outbox.clear()
    yield clinic
    for one in Clinic.objects.filter(slug__in=["tapklinikken", "helt-ny-klinik"]):
        actions.delete_clinic(clinic=one)
    Outbox.objects.all().delete()
    RateCount.objects.all().delete()
    User.objects.filter(email__in=[EMAIL, "venter@example.net"]).delete()


def mailed(pattern: str) -> str:
    """What the newest mail says."""
    from clinics import outbox

    outbox.deliver_waiting()
    return re.search(pattern, mail.outbox[-1].body, re.M)[0]


def sound(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert violations(page) == []


def test_from_the_profile_to_prices_hours_and_focus_areas(open_page, here):
    page = open_page(here.get_absolute_url())
    taps = []

    def tap(what, name: str = "") -> None:
        taps.append(name or str(what))
        what.click()

    def button(name: str, role: str = "button") -> None:
        tap(page.get_by_role(role, name=name, exact=True).first, name)

    def write(field: str, text: str) -> None:
        one = page.locator(field)
        if not one.evaluate("e => e === document.activeElement"):
            tap(one, field)
        one.fill(text)

    button("Det er min klinik", "link")
    button("Opret en konto", "link")
    write("input[name=email]", EMAIL)
    write("input[name=password1]", PASSWORD)
    button("Opret konto")
    page.wait_for_url("**/bekraeft-email/**")
    write("input[name=code]", mailed(r"\b\d{4}-?\d{4}\b"))
    tap(page.locator("main form button[type=submit]").first, "confirm the address")
    page.wait_for_url(f"**/for-klinikker/overtag/{here.slug}/")
    button("Send koden")
    write("#kode", mailed(r"^[2-9A-Z]{4} [2-9A-Z]{4}$"))
    button("Overtag profilen")
    button("Ret profilen", "link")

    tap(page.locator("#prices > summary"), "prices")
    write("input[name=prices-0-amount]", "550")
    write("input[name=prices-1-amount]", "420")
    tap(page.locator("#hours > summary"), "hours")
    write("input[name=hours_treatment_0]", "8-17")
    button("Pause mandag 12-13")
    assert page.input_value("input[name=hours_treatment_0]") == "8-17, pause 12-13"
    tap(page.locator("#hours .week__all").first, "copy Monday")
    assert page.input_value("input[name=hours_treatment_4]") == "8-17, pause 12-13"
    tap(page.locator("#offers > summary"), "offers")
    ticks = page.locator(".field-focus_areas .ticks")
    tap(ticks.locator("summary"), "focus areas")
    focus = ticks.locator("label").first
    area = focus.inner_text().strip()
    tap(focus, area)
    sound(page)
    button("Gem")
    page.get_by_text("Gemt. Du kan rette videre herunder.").wait_for()
    assert len(taps) <= MOST_TAPS, (len(taps), taps)

    page.goto(page.url.split("/admin/")[0] + here.get_absolute_url())
    read = " ".join(page.locator("main").inner_text().split())  # amounts do not break
    for words in ("550 kr.", "420 kr.", "8.00–12.00", "13.00–17.00"):
        assert words in read, words
    assert area.casefold() in read.casefold()
    assert not page.get_by_role("link", name="Det er min klinik").count()

    page.goto(page.url.split("/klinik/")[0] + "/admin/")
    page.get_by_role("heading", level=1, name=here.name).wait_for()
    first = page.get_by_role("button", name="Bekræft oplysninger").bounding_box()
    assert first["y"] + first["height"] <= 780, "the first thing to do is in sight"
    assert first["height"] >= 44
    sound(page)
    page.get_by_role("button", name="Bekræft oplysninger").click()
    page.get_by_text("Tak. Oplysningerne er bekræftet i dag.").wait_for()
    page.get_by_role("link", name="Alle tal").click()
    sound(page)


def test_hours_without_a_script(open_page, here):
    """The buttons are not promised, and the tick copies."""
    from fysfinder.demo import PASSWORD as DEMO

    page = open_page("/admin/login/", javascript=False)
    log_in(page, "adam@example.org", DEMO)
    page.goto(f"{page.url.split('/admin/')[0]}/admin/clinics/clinic/{here.pk}/change/?afsnit=hours")
    assert not page.locator("[data-week]").first.is_visible()
    page.fill("input[name=hours_treatment_0]", "0830-16, pause 12-12.30")
    page.fill("input[name=closed_days]", "uge 29-30")
    page.locator("input[name=hours_treatment_copy]").check()
    page.get_by_role("button", name="Gem", exact=True).last.click()
    page.get_by_text("Tilføjet: lukket").wait_for()
    assert page.input_value("input[name=hours_treatment_4]") == "08.30–12.00, 12.30–16.00"
    assert here.opening_exceptions.get().first_day.isocalendar()[1] == 29


def test_a_tap_on_the_telephone_is_counted(open_page, here):
    """By the browser itself, without a cookie."""
    from clinics import statistics
    from clinics.models import Clinic, DailyStatistic
    from clinics.statistics import visitors

    Clinic.objects.filter(pk=here.pk).update(phone="+4500001234", website="https://tapklinikken.example/")
    assert visitors.ROBOT.search("HeadlessChrome")  # the browser of these tests says what it is
    page = open_page(here.get_absolute_url())
    page.evaluate("document.querySelectorAll('a').forEach(a => a.addEventListener('click', e => e.preventDefault()))")
    for name, event in ((re.compile("Ring "), "phone"), (re.compile("Hjemmeside"), "website")):
        with page.expect_request("**/talt/") as asked:
            page.locator(".profile__contact").get_by_role("link", name=name).click()
        assert asked.value.method == "POST" and asked.value.post_data == event
        assert asked.value.response().status == 204
    statistics.flush()
    assert not DailyStatistic.objects.filter(clinic=here).exists()


def test_a_moderator_empties_the_queue(open_page, here):
    """A claim, a new clinic and a change: from the front page to a queue of nothing."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth.models import User

    from clinics.models import Claim, Clinic, ListingRequest, PendingChange, Postcode
    from fysfinder.demo import PASSWORD as DEMO

    olga = User.objects.create_user("venter@example.net", email="venter@example.net")
    EmailAddress.objects.create(user=olga, email=olga.email, verified=True, primary=True)
    now = datetime.datetime.now(datetime.UTC)
    Claim.objects.create(clinic=here, user=olga, status="waiting", method="document", explanation="Min.", queued_at=now)
    ListingRequest.objects.create(
        kind="new", user=olga, name="Helt ny klinik", street="Vestergade 99", postcode=Postcode.objects.get(code="9000"),
        phone="+4500004321", position="Ejer",
    )  # fmt: skip
    other = Clinic.objects.published().exclude(pk=here.pk).order_by("-pk")[0]
    PendingChange.objects.create(
        clinic=other, subject="name", old={"name": other.name}, new={"name": f"{other.name} Nyt"}, asked_by=olga
    )
    try:
        page = open_page("/admin/login/", width="desktop")
        log_in(page, "mona@example.org", DEMO)
        page.wait_for_url("**/admin/")
        for label, answer in (
            ("Overtagelser", "Godkend"),
            ("Nye klinikker og ønsker om at blive fjernet", "Godkend og opret"),
            ("Ændringer, der skal godkendes", "Afvis"),
        ):
            line = page.locator(".start__queue li").filter(has_text=label)
            assert line.locator(".start__count").inner_text() == "1"
            line.get_by_role("link").click()
            page.locator("#result_list tbody th a").first.click()
            page.fill("#reason", "Vi har set efter i registret.")
            sound(page)
            page.get_by_role("button", name=answer, exact=True).click()
            page.locator(".messagelist .success").wait_for()
            page.goto(page.url.split("/admin/")[0] + "/admin/")
        assert set(page.locator(".start__queue .start__count").all_inner_texts()) == {"0"}
        assert Clinic.objects.filter(name="Helt ny klinik", status="published").exists()
        assert here.memberships.filter(user=olga, ended_at=None).exists()
    finally:
        PendingChange.objects.filter(clinic=other).delete()
        ListingRequest.objects.all().delete()
