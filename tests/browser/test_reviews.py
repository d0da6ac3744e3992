"""From a printed card to a review that everybody can read, and the clinic's answer to it: four people, each at their own screen.

Olga owns the clinic, a patient has a card from it, Mona moderates, and somebody looks for a clinic.
"""

import base64
import io
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import segno
from PIL import Image
from playwright.sync_api import expect

from .accounts import log_in
from .test_pages import violations

EMAIL, PASSWORD = "olga-og-kortene@example.net", "fire hvide duer i sne"
TEXT = "De tog sig tid til at lytte, og jeg forstod øvelserne. Bare ventetiden var kortere."
PAPER = {"width": 733, "height": 1062}  # A4 without its margins, at 96 dots an inch
SCALE = 4  # pixels of the picture to one of these: a square of the QR code is some 2 px wide on paper


@pytest.fixture
def here(site) -> Iterator:
    """A clinic of Olga's alone. What the test leaves behind is cleared away: others share the site."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth.models import User

    from clinics import actions, index, memberships
    from clinics.models import Clinic, Outbox, Postcode, RateCount

    where = Postcode.objects.get(code="8000")
    clinic = Clinic.objects.create(
        name="Kortklinikken", slug="kortklinikken", street="Nørregade 1", postcode=where, latitude=where.latitude,
        longitude=where.longitude, phone="+4500001234", status="published",
    )  # fmt: skip
    index.rebuild([clinic.pk])
    olga = User.objects.create_user(EMAIL, email=EMAIL, password=PASSWORD)
    EmailAddress.objects.create(user=olga, email=EMAIL, verified=True, primary=True)
    memberships.join(clinic=clinic, user=olga, role="owner", by=olga)
    yield clinic
    actions.delete_clinic(clinic=clinic)
    Outbox.objects.all().delete()
    RateCount.objects.all().delete()
    olga.delete()


def at(page, name: str | re.Pattern, *, level: int = 1) -> None:
    """On the page with this heading, and it is sound."""
    expect(page.get_by_role("heading", level=level, name=name).first).to_be_visible()
    page.wait_for_load_state("load")  # its colours too
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert violations(page) == []


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_a_card_to_the_clinics_reply(open_page, here):
    from fysfinder.demo import PASSWORD as STAFF_PASSWORD

    codes = f"/for-klinikker/besoegskoder/{here.slug}/"
    olga = open_page(f"/konto/log-ind/?next={codes}")
    site = olga.url.split("/konto/")[0]
    log_in(olga, EMAIL, PASSWORD)
    at(olga, f"Besøgskoder til {here.name}")
    press(olga, "Lav et nyt ark")
    at(olga, "24 koder, klar til at printe")
    expect(olga.get_by_role("button", name="Print arket")).to_be_visible()
    cards = olga.locator(".code-card")
    expect(cards).to_have_count(24)
    address = scanned(olga, here, cards.nth(23))

    patient = open_page(address)
    at(patient, f"Skriv en anmeldelse af {here.name}")
    write(patient)
    at(patient, "Tak for din anmeldelse")
    own = patient.url.split("?")[0]
    assert patient.context.cookies() == []

    for url in (f"/for-klinikker/anmeldelser/{here.slug}/", codes, f"/klinik/{here.slug}/"):  # nobody knows of it
        olga.goto(site + url)
        expect(olga.locator("main")).to_contain_text(here.name)
        expect(olga.locator("main")).not_to_contain_text("Bare ventetiden")

    mona = open_page("/konto/log-ind/?next=/admin/clinics/review/", width="desktop")
    log_in(mona, "mona@example.org", STAFF_PASSWORD)
    mona.get_by_role("row").filter(has_text="De tog sig tid").get_by_role("link").first.click()
    expect(mona.get_by_role("heading", name="Afgørelse")).to_be_visible()
    assert violations(mona) == []
    press(mona, "Godkend")
    expect(mona.get_by_text("Godkendt. Anmeldelsen vises nu")).to_be_visible()

    patient.goto(own)
    at(patient, "Din anmeldelse er vist")
    anybody = open_page(f"/klinik/{here.slug}/", dark=True)
    at(anybody, here.name)
    shown = anybody.get_by_role("article").filter(has_text="Bare ventetiden var kortere")
    expect(shown).to_contain_text("Bekræftet besøg")
    expect(shown).not_to_contain_text("Svar fra klinikken")
    expect(anybody.locator(".rating__average").first).to_contain_text("1 bekræftet besøg")

    olga.goto(f"{site}/for-klinikker/anmeldelser/{here.slug}/")
    at(olga, re.compile("Anmeldelser"))
    olga.get_by_role("link", name="Rolig Lærke").click()
    at(olga, "Rolig Lærke")
    olga.get_by_role("link", name="Ved kritik").click()
    expect(olga.locator("#svar-tekst")).to_have_value(re.compile("kritik alvorligt"))
    press(olga, "Send svaret")
    expect(olga.get_by_role("status").first).to_contain_text("Svaret er sendt.")

    mona.goto(f"{site}/admin/clinics/reviewreply/")
    mona.get_by_role("row").filter(has_text=here.name).get_by_role("link").first.click()
    expect(mona.get_by_role("heading", name="Afgørelse")).to_be_visible()
    assert violations(mona) == []
    press(mona, "Godkend")
    expect(mona.get_by_role("heading", name="Venter på en afgørelse")).to_be_visible()

    later = open_page(f"/klinik/{here.slug}/")
    shown = later.get_by_role("article").filter(has_text="Bare ventetiden var kortere")
    expect(shown).to_contain_text("Svar fra klinikken")
    expect(shown).to_contain_text("vi tager kritik alvorligt")
    at(later, here.name)


def test_the_sheet_without_javascript(open_page, here):
    olga = open_page(f"/konto/log-ind/?next=/for-klinikker/besoegskoder/{here.slug}/", javascript=False)
    log_in(olga, EMAIL, PASSWORD)
    press(olga, "Lav et nyt ark")
    expect(olga.locator(".code-card")).to_have_count(24)
    expect(olga.get_by_role("button", name="Print arket")).to_be_hidden()
    olga.get_by_role("link", name="Færdig").click()
    olga.locator("main summary").filter(has_text="Annullér").click()
    press(olga, "Annullér arket")
    expect(olga.get_by_role("status")).to_contain_text("Arket er annulleret.")


def scanned(page, clinic, card) -> str:
    """The path that the QR code of a card opens, read off the paper square by square."""
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print arket")).to_be_hidden()
    assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4"))) == 1, "one sheet of paper"
    code = (card.locator(".code-card__code").text_content() or "").replace(" ", "")
    from clinics.reviews.cards import card as made

    wanted = made(clinic, code)
    phone = page.viewport_size
    page.set_viewport_size(PAPER)
    place = card.locator(".code-card__qr").evaluate(
        "e => { const { x, y, width, height } = e.getBoundingClientRect();"
        " return { x: x + scrollX, y: y + scrollY, width, height } }"
    )
    session = page.context.new_cdp_session(page)
    shot = session.send("Page.captureScreenshot", {"clip": place | {"scale": SCALE}, "captureBeyondViewport": True})
    session.detach()
    picture = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("L")
    page.set_viewport_size(phone)
    page.emulate_media(media="screen")
    assert min(place["width"], place["height"]) >= 23.9 / 25.4 * 96, "24 mm"
    step = [length / wanted.qr.side for length in picture.size]
    matrix = segno.make(wanted.url, error="l", micro=False).matrix
    quiet = (wanted.qr.side - len(matrix)) // 2
    seen = [
        [
            int(picture.getpixel((int((x + quiet + 0.5) * step[0]), int((y + quiet + 0.5) * step[1]))) < 128)
            for x in line
        ]
        for y, line in enumerate([range(len(matrix))] * len(matrix))
    ]
    assert seen == [list(row) for row in matrix]
    parts = urlsplit(wanted.url)
    return f"{parts.path}?{parts.query}"


def write(page) -> None:
    """As a patient with a card: the code is there already."""
    expect(page.locator("#kode")).to_have_value(re.compile("^[2-9A-Z]{10}$"))
    page.select_option("#maaned", index=1)
    for question in ("alvorligt", "forklaret", "aftaler", "rammer", "samlet"):
        page.locator(f"input[name={question}][value='4']").check()
    page.fill("#tekst", TEXT)
    page.fill("#kaldenavn", "Rolig Lærke")
    page.locator("input[name=samtykke]").check()
    press(page, "Send anmeldelsen")
