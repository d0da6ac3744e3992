"""`/for-klinikker/besoegskoder/<slug>/`: the sheet that is printed, the list of sheets, and what a moderator may read."""

import datetime
import html
import re

import pytest
import segno
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from clinics.models import Clinic, CodeSheet, Role, SlugHistory, VisitCode
from clinics.reviews import cards, codes
from clinics.views.visit_codes import EXPIRED
from fysfinder.roles import sync_roles

from .claims import moderator, owner_of, person, ryggen
from .html_reader import Page
from .people import clinic
from .worlds import kept

URL = "/for-klinikker/besoegskoder/ryggen/"
FORM = re.compile(r'name="ark" value="([^"]+)"')
CODE = re.compile(r'<p class="code-card__code">([2-9A-Z]{5} [2-9A-Z]{5})</p>')
QR = re.compile(r'<svg class="code-card__qr" viewBox="0 0 (\d+) \1".*?<path fill="#000" d="([^"]+)"')
pytestmark = pytest.mark.django_db


@kept
def here() -> Clinic:
    return ryggen()


@kept
def olga(here) -> Client:
    user = person("olga")
    owner_of(here, user)
    return as_(user)


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def printed(client: Client):
    """The answer to the button on the page as it is now."""
    return client.post(URL, {"ark": FORM.search(client.get(URL).content.decode())[1]})


def said(response) -> str:
    return Page(response.content.decode()).words


def matrix_of(side: int, path: str) -> list[list[int]]:
    """The squares that the path draws, without the quiet zone."""
    drawn = [[0] * side for _ in range(side)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
        for column in range(int(x), int(x) + int(width)):
            drawn[int(y)][column] = 1
    inside = slice(cards.QUIET, -cards.QUIET)
    assert not any(map(any, drawn[: cards.QUIET] + drawn[-cards.QUIET :])), "white around it"
    return [row[inside] for row in drawn[inside]]


def test_a_sheet_to_print(here, olga, settings):
    settings.SITE_URL = "https://fysfinder.test"
    response = printed(olga)
    assert response.status_code == 200 and "no-store" in response["Cache-Control"]
    page = response.content.decode()
    made = CODE.findall(page)
    assert len(set(made)) == 24 == VisitCode.objects.filter(clinic=here).count()
    drawn = QR.findall(page)
    for code, (side, path) in zip(made, drawn, strict=True):
        address = f"https://fysfinder.test/klinik/ryggen/skriv-anmeldelse/?kode={code.replace(' ', '')}"
        wanted = [list(row) for row in segno.make(address, error="l", micro=False).matrix]
        assert matrix_of(int(side), path) == wanted
    assert "style=" not in page and "<style" not in page and "onclick" not in page
    assert "find os på fysfinder.test" in said(response)
    assert codes.redeem(clinic=here, typed=made[7]) == CodeSheet.objects.get()


def test_it_is_seen_once(here, olga):
    made = CODE.findall(printed(olga).content.decode())
    again = olga.get(URL)
    assert "no-store" in again["Cache-Control"] and not CODE.search(again.content.decode())
    assert not any(code in again.content.decode() or code.replace(" ", "") in again.content.decode() for code in made)
    assert set(made).isdisjoint(CODE.findall(printed(olga).content.decode()))


def test_loading_the_sheet_again_makes_no_other(here, olga):
    """A browser sends the form again, and so does a second press."""
    form = {"ark": FORM.search(olga.get(URL).content.decode())[1]}
    made = CODE.findall(olga.post(URL, form).content.decode())
    again = olga.post(URL, form)
    assert again.status_code == 422 and "Arket er allerede lavet" in said(again) and len(made) == 24
    assert not CODE.search(again.content.decode()) and CodeSheet.objects.count() == 1
    next_form = {"ark": FORM.search(again.content.decode())[1]}
    assert olga.post(URL, next_form).status_code == 200 and CodeSheet.objects.count() == 2


def test_a_form_of_nothing_of_another_clinic_or_of_yesterday(here, olga):
    owner_of(clinic("Foden", "Aarhus N"), User.objects.get(email="olga@example.com"))
    foden = FORM.search(olga.get(URL.replace("ryggen", "foden")).content.decode())[1]
    own = FORM.search(olga.get(URL).content.decode())[1]
    for form in ({}, {"ark": ""}, {"ark": "x\0ø"}, {"ark": own + "x"}, {"ark": foden}):
        answer = olga.post(URL, form)
        assert answer.status_code == 422 and EXPIRED in said(answer)
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1, minutes=1)):
        olga.force_login(User.objects.get(email="olga@example.com"))
        assert olga.post(URL, {"ark": own}).status_code == 422
    assert not CodeSheet.objects.exists() and olga.post(URL, {"ark": own}).status_code == 200


def test_a_form_that_was_refused_can_be_sent_again(here, olga):
    own = {"ark": FORM.search(olga.get(URL).content.decode())[1]}
    full = CodeSheet.objects.create(clinic=here, size=codes.MOST_CODES)
    assert codes.TOO_MANY in said(olga.post(URL, own))
    full.delete()
    assert olga.post(URL, own).status_code == 200


def test_how_to_hand_them_out(olga):
    page = said(olga.get(URL))
    for rule in ("Giv alle et kort", "Skriv aldrig en anmeldelse selv", "Giv ingen rabat", "Bland kortene"):
        assert rule in page


def test_the_list_of_sheets(here, olga):
    stella = person("stella")
    owner_of(here, stella, Role.STAFF)
    printed(as_(stella))
    page = said(olga.get(URL))
    assert "24 koder" in page and "Lavet af stella@example.com · gælder til" in page
    sheet = CodeSheet.objects.get()
    answer = olga.post(f"{URL}{sheet.pk}/annuller/")
    assert answer.status_code == 302 and answer["Location"] == URL
    page = said(olga.get(URL))
    assert "Arket er annulleret." in page and "· annulleret" in page and "Annullér arket" not in page
    again = olga.post(f"{URL}{sheet.pk}/annuller/")
    assert again.status_code == 422 and "Arket er allerede annulleret." in said(again)
    assert not VisitCode.objects.exists()


def test_no_room_is_said_on_the_page(here, olga):
    CodeSheet.objects.create(clinic=here, size=codes.MOST_CODES)
    response = printed(olga)
    assert response.status_code == 422 and codes.TOO_MANY in said(response) and not VisitCode.objects.exists()
    assert "<title>Fejl: " in response.content.decode()


def test_the_page_does_not_tell_what_was_used(here, olga):
    """Byte for byte, but for the tokens of the form."""

    def page() -> str:
        return re.sub(r'(name="(?:csrfmiddlewaretoken|ark)" value=")[^"]+', r"\1", olga.get(URL).content.decode())

    made = CODE.findall(printed(olga).content.decode())
    before = page()
    for code in made[:20]:
        codes.redeem(clinic=here, typed=code)
    assert page() == before
    sheet = CodeSheet.objects.get()
    answer = olga.post(f"{URL}{sheet.pk}/annuller/", follow=True)
    assert "20" not in re.sub(r"20\d\d", "", said(answer).split("Sådan deler I dem ud")[0])


def test_others_find_nothing_there(here, olga):
    printed(olga)
    sheet, bent = CodeSheet.objects.get(), person("bent")
    owner_of(clinic("Foden", "Aarhus N"), bent)
    anybody = Client()
    for method, url in (("get", URL), ("post", URL), ("post", f"{URL}{sheet.pk}/annuller/")):
        answer = getattr(anybody, method)(url)
        assert answer.status_code == 302 and answer["Location"].startswith("/konto/log-ind/")
        for other in (bent, User.objects.filter(email="sten@example.com").first() or person("sten")):
            assert getattr(as_(other), method)(url).status_code == 404
    rita = as_(moderator())
    assert rita.get(URL).status_code == 404 == rita.post(URL).status_code
    foden = URL.replace("ryggen", "foden")
    assert as_(bent).post(f"{foden}{sheet.pk}/annuller/").status_code == 404
    assert olga.get(f"{URL}{sheet.pk}/annuller/").status_code == 405
    sheet.refresh_from_db()
    assert sheet.revoked_at is None and CodeSheet.objects.count() == 1


def test_another_site_cannot_press_the_button(here):
    user = person("olga")
    owner_of(here, user)
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(user)
    assert careful.post(URL).status_code == 403 and not CodeSheet.objects.exists()


def test_a_renamed_clinic(here, olga):
    SlugHistory.objects.create(kind="clinic", slug="rygklinikken", object_id=here.pk)
    answer = olga.get(URL.replace("ryggen", "rygklinikken"))
    assert answer.status_code == 301 and answer["Location"] == URL


def test_a_name_is_shown_as_it_is(here, olga):
    name = "<script>alert(1)</script> & Søn"
    Clinic.objects.filter(pk=here.pk).update(name=name)
    page = printed(olga).content.decode()
    assert "<script>alert" not in page and page.count(html.escape(name)) >= 24


def test_the_ways_there(here, olga):
    assert URL in olga.get("/for-klinikker/medlemmer/ryggen/").content.decode()
    page = olga.get(URL).content.decode()
    for way in ("/admin/?klinik=", "/for-klinikker/anmeldelser/ryggen/", "/for-klinikker/medlemmer/ryggen/"):
        assert f'href="{way}' in page, way
    sync_roles()
    rita = as_(moderator())
    assert URL not in rita.get("/for-klinikker/medlemmer/ryggen/").content.decode(), "no way to what is not theirs"


SCREEN = "/admin/clinics/codesheet/"


def test_a_moderator_reads_and_changes_nothing(here, olga):
    sync_roles()
    printed(olga)
    sheet, rita = CodeSheet.objects.get(), as_(moderator())
    assert (
        "Ryggen" in said(rita.get(SCREEN))
        and sheet.source not in rita.get(f"{SCREEN}{sheet.pk}/change/").content.decode()
    )
    assert "olga@example.com" in said(rita.get(f"{SCREEN}{sheet.pk}/change/"))
    for url in (f"{SCREEN}add/", f"{SCREEN}{sheet.pk}/change/", f"{SCREEN}{sheet.pk}/delete/"):
        assert rita.post(url, {"post": "yes", "size": 1}).status_code == 403
    assert olga.get(SCREEN).status_code == 403
    assert CodeSheet.objects.get().size == 24


def test_a_moderator_reads_nothing_of_the_own_clinic(here, olga):
    sync_roles()
    mona = moderator("mona")
    owner_of(here, mona, Role.STAFF)
    made = CODE.findall(printed(olga).content.decode())
    codes.redeem(clinic=here, typed=made[0])
    sheet = CodeSheet.objects.get()
    for used in ("True", "False"):
        assert "Ryggen" not in said(as_(mona).get(f"{SCREEN}?codes__is_used={used}"))
    assert as_(mona).get(f"{SCREEN}{sheet.pk}/change/").status_code == 404
