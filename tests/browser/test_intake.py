"""A moderator and a spreadsheet: its columns said, decided with the keyboard, brought in, found by a patient, rolled back."""

import pytest

from .accounts import log_in
from .test_pages import violations

NEW, THERE = "Zebralistens Fysioterapi", "Zebraklinikken ved Åen"
SHEET = f"""Klinik;Gadenavn;Postnr;Fon;Første gang;Kommentar
{NEW};Kajgade 7;8400;86 34 12 07;506,72;=cmd()
{THERE};Ågade 2;8900;86 42 12 08;;
Uden sted;;;;;
"""


@pytest.fixture
def there(site):
    """A clinic that one row nearly is. What the test leaves behind is cleared away: others share the site."""
    from clinics import actions
    from clinics.models import Clinic, ImportBatch, Outbox, Postcode

    where = Postcode.objects.get(code="8900")
    made = Clinic.objects.create(
        name=THERE, slug="zebraklinikken", street="Vestergade 90", postcode=where, latitude=where.latitude,
        longitude=where.longitude, phone="+4586421208", status="published",
    )  # fmt: skip
    actions.clinic_changed(clinic=made)
    yield made
    ImportBatch.objects.all().delete()
    for one in Clinic.objects.filter(name__in=[NEW, THERE]):
        actions.delete_clinic(clinic=one)
    Outbox.objects.all().delete()


def worker() -> None:
    """What the worker does when it is nudged; the page that is open looks by itself."""
    from clinics.intake import working
    from clinics.models import ImportBatch

    assert working.work(ImportBatch.objects.get().pk)


def sound(page) -> None:
    page.wait_for_load_state("load")
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert violations(page) == []


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_a_spreadsheet_to_the_search_and_back(open_page, there):
    from fysfinder.demo import PASSWORD

    desk = open_page("/konto/log-ind/?next=/admin/clinics/importbatch/", dark=True)
    log_in(desk, "mona@example.org", PASSWORD)
    desk.get_by_role("link", name="Tilføj").click()
    sound(desk)
    press(desk, "Læs listen")
    desk.get_by_text("Vælg filen med klinikkerne.").wait_for()
    sound(desk)
    desk.set_input_files(
        "[name=file]", {"name": "regneark.csv", "mimeType": "text/csv", "buffer": SHEET.encode("cp1252")}
    )
    desk.fill("[name=name]", "Zebralisten")
    press(desk, "Læs listen")

    desk.get_by_label("Fon").select_option(label="Telefon")
    desk.get_by_label("Kommentar").select_option(label="Skal ikke med")
    desk.get_by_label("Første gang").select_option(label="Første konsultation")
    sound(desk)
    press(desk, "Gem, og læs listen")
    desk.get_by_text("Listen læses.").wait_for()
    sound(desk)
    worker()
    desk.get_by_text("Listen er læst. Ingen klinik er ændret endnu.").wait_for()
    sound(desk)

    desk.get_by_role("link", name="Se rækken, der venter").click()
    desk.get_by_role("heading", level=1, name=THERE).wait_for()
    sound(desk)
    desk.keyboard.press("Space")
    assert desk.get_by_role("radio").first.is_checked()
    desk.keyboard.press("Enter")
    desk.get_by_text("Alle rækker er set.").wait_for()
    desk.get_by_role("link", name="Indfør 2 klinikker").click()
    desk.get_by_role("heading", level=1, name="Indfør “Zebralisten”?").wait_for()
    sound(desk)
    press(desk, "Ja, indfør 2 klinikker")
    desk.get_by_text("Listen indføres.").wait_for()
    worker()
    desk.get_by_role("link", name="Rul listen tilbage").wait_for()
    sound(desk)

    patient = open_page("/")
    site = patient.url.rstrip("/")
    find = f"{site}/find/fysioterapeut/?q={NEW}"
    patient.goto(find)
    patient.get_by_role("heading", level=1, name=NEW).wait_for()
    assert "86 34 12 07" in patient.inner_text("main") and "Zebralisten" in patient.inner_text("main")
    profile = patient.url
    patient.goto(f"{site}/klinik/zebraklinikken/")
    assert "Ågade 2" in patient.inner_text("main")

    desk.get_by_role("link", name="Rul listen tilbage").click()
    desk.get_by_role("heading", level=1, name="Rul “Zebralisten” tilbage?").wait_for()
    sound(desk)
    press(desk, "Ja, rul listen tilbage")
    desk.get_by_text("Listen rulles tilbage.").wait_for()
    worker()
    desk.get_by_text("Listen er rullet tilbage.").wait_for()
    sound(desk)

    other = open_page("/")  # whose browser keeps no page from before
    assert other.goto(profile).status == 404
    other.goto(find)
    assert other.get_by_role("link", name=NEW).count() == 0
    other.goto(f"{site}/klinik/zebraklinikken/")
    assert "Vestergade 90" in other.inner_text("main")


def test_another_clinic_is_searched_for_while_one_types(open_page, there):
    from clinics.models import ImportBatch, ImportRecord
    from fysfinder.demo import PASSWORD

    batch = ImportBatch.objects.create(name="Zebralisten", file_name="x.csv", digest="0" * 64, status="staged")
    row = ImportRecord.objects.create(
        batch=batch, row=2, name="Ukendt", facts={"name": "Ukendt", "postcode_id": "8900"}
    )
    address = f"/admin/clinics/importrecord/{row.pk}/change/"
    desk = open_page(f"/konto/log-ind/?next={address}", width="desktop")
    log_in(desk, "mona@example.org", PASSWORD)
    desk.wait_for_load_state()  # what is typed before the script is there waits for the button
    desk.get_by_label("En anden klinik").press_sequentially("zebraklin")
    desk.get_by_role("radio", name=THERE).check()
    sound(desk)
    press(desk, "Gem")
    desk.get_by_text("Alle rækker er set.").wait_for()
    row.refresh_from_db()
    assert (row.decision, row.clinic) == ("update", there)

    row.decision, row.clinic = "person", None
    row.save()
    plain = open_page(f"/konto/log-ind/?next={address}", javascript=False)
    log_in(plain, "mona@example.org", PASSWORD)
    plain.get_by_label("En anden klinik").fill("8900")
    press(plain, "Søg")
    plain.get_by_role("radio", name=THERE).check()
    press(plain, "Gem")
    plain.get_by_text("Alle rækker er set.").wait_for()
