"""A clinic that does not want to stand here: no account, no cookie, an answer within 14 days, and it stays away."""

import pytest
from django.core import mail
from django.test import Client

from clinics.actions import ActionError
from clinics.corrections import EXPIRED, TRAP
from clinics.listing import asking, deciding
from clinics.models import Clinic, ListingRequest, RateCount, SearchEntry
from fysfinder.roles import sync_roles

from .claims import mails, moderator, owner_of, person
from .html_reader import Page
from .listing import DESK, removal, unwish
from .people import clinic
from .worlds import kept
from .xss import HTML

URL = "/for-klinikker/fjern/ryggen/"
pytestmark = pytest.mark.django_db


@kept
def here() -> Clinic:
    return clinic("Ryggen", "Aarhus C", street="Nørregade 4", source="register")


@kept
def rita():
    sync_roles()
    return moderator()


def words(response) -> str:
    return Page(response.content.decode()).words


def test_asked_without_an_account_and_without_a_cookie(here, client):
    page = client.get(URL)
    assert page.status_code == 200 and not page.cookies
    assert "Kilde: offentligt register" in words(page) and "inden for 14 dage" in words(page)
    assert '<meta name="robots" content="noindex">' in page.content.decode()
    response = client.post(URL, removal(here))
    assert (response.status_code, response["Location"]) == (302, f"{URL}?sendt=ja")
    stored = ListingRequest.objects.get()
    assert (stored.kind, stored.status, stored.clinic, stored.user) == ("remove", "waiting", here, None)
    assert (stored.email, stored.position) == ("per@example.org", "fra klinikken") and "solgt" in stored.note
    assert (stored.name, stored.street, stored.postcode_id, stored.phone) == (
        "Ryggen",
        "Nørregade 4",
        "8000",
        here.phone,
    )
    thanks = client.get(response["Location"])
    assert "Tak" in words(thanks) and not thanks.cookies and ListingRequest.objects.count() == 1
    assert client.get("/klinik/ryggen/").status_code == 200, "nothing changes before somebody has looked"
    assert mails() == [], "nobody can have mails sent to anybody"


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"fra": ""}, 422, "Vælg ja eller nej."),
        ({"fra": "måske"}, 422, "Vælg ja eller nej."),
        ({"tekst": "nej"}, 422, "Skriv kort, hvorfor"),
        ({"tekst": "\u200b" * 40}, 422, "Skriv kort, hvorfor"),
        ({"tekst": "x" * 10_000}, 422, "Der er plads til 2.000 tegn."),
        ({"tekst": "Mit nummer er 010190-1234"}, 422, "CPR-nummer"),
        ({"email": ""}, 422, "Skriv din e-mail, så vi kan svare."),
        ({"email": "per"}, 422, "Skriv en e-mailadresse som"),
        ({"email": "per@example.org\nBcc: alle@example.org"}, 422, "Skriv det på én linje."),
        ({"bevis": ""}, 422, EXPIRED),
        ({"bevis": "1:forged"}, 422, EXPIRED),
    ],
)
def test_every_fault_is_said_and_nothing_is_stored(here, client, fields, status, said):
    response = client.post(URL, removal(here, **fields))
    assert response.status_code == status and said in words(response) and not response.cookies
    assert not ListingRequest.objects.exists()


def test_a_token_of_another_clinic(here, client):
    other = clinic("Knæet", "Aarhus C")
    assert client.post(URL, removal(other)).status_code == 422


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, 403),
        ({"HTTP_SEC_FETCH_SITE": "same-site"}, 403),
        ({"HTTP_ORIGIN": "https://evil.example"}, 403),
        ({"HTTP_ORIGIN": "null"}, 403),
        ({"HTTP_SEC_FETCH_SITE": "same-origin"}, 302),
        ({"HTTP_ORIGIN": "http://testserver"}, 302),
    ],
)
def test_a_form_of_another_site(here, headers, status):
    client = Client(enforce_csrf_checks=True)
    assert client.post(URL, removal(here), **headers).status_code == status
    assert ListingRequest.objects.exists() is (status == 302)


def test_who_fills_in_every_field_is_thanked_and_not_heard(here, client):
    assert client.post(URL, removal(here, **{TRAP: "Nørregade 4"})).status_code == 302
    assert not ListingRequest.objects.exists() and not RateCount.objects.exists()


def test_nothing_else_can_be_sent_along(here, client):
    other = clinic("Knæet", "Aarhus C")
    client.post(
        URL, removal(here, kind="new", status="approved", clinic=other.pk, clinic_id=other.pk, user="1", reason="x")
    )
    stored = ListingRequest.objects.get()
    assert (stored.kind, stored.status, stored.clinic, stored.reason) == ("remove", "waiting", here, "")


def test_five_an_hour_and_the_same_wish_is_one(here, client):
    for _ in range(2):
        assert client.post(URL, removal(here, email="per@example.org")).status_code == 302
    assert ListingRequest.objects.count() == 1, "the back button stores nothing twice"
    for number in range(asking.REMOVALS_OF_SOURCE - 2):
        assert client.post(URL, removal(here, email=f"p{number}@example.org")).status_code == 302
    late = client.post(URL, removal(here, email="sidste@example.org"))
    assert late.status_code == 429 and "Vent en time" in words(late)
    assert client.post(URL, removal(here, email="en@example.org"), REMOTE_ADDR="192.0.2.7").status_code == 302


@pytest.mark.parametrize("markup", HTML)
def test_markup_is_words(here, client, rita, markup):
    page = Page(client.post(URL, removal(here, tekst=f"0123456789 {markup}", fra="")).content.decode())
    client.post(URL, removal(here, tekst=f"0123456789 {markup}"))
    desk = Client()
    desk.force_login(rita)
    screen = Page(desk.get(f"{DESK}{ListingRequest.objects.get().pk}/change/").content.decode())
    for one in (page, screen):
        assert not any(one.scripts)
        assert all(not name.startswith("on") for _, attributes in one.elements for name in attributes)


@pytest.mark.parametrize("status", ["published", "closed", "draft"])
def test_which_clinics(client, status):
    clinic("Ryggen", "Aarhus C", status=status)
    assert client.get(URL).status_code == (404 if status == "draft" else 200)


# Decided


def test_taken_off_nobody_finds_it_and_no_import_brings_it_back(here, rita, client):
    asked = unwish(here)
    desk = Client()
    desk.force_login(rita)
    assert desk.post(f"{DESK}{asked.pk}/change/", {"_approve": "1", "ready": "ja_onsket"}).status_code == 302
    here.refresh_from_db()
    assert here.status == "draft" and not SearchEntry.objects.filter(pk=here.pk).exists()
    assert client.get("/klinik/ryggen/").status_code == 404, "410 would say that it has closed"
    assert client.get(URL).status_code == 404
    assert list(deciding.removed(Clinic.objects.all())) == [here]
    asked.refresh_from_db()
    assert (asked.status, asked.email, asked.decided_by) == ("approved", "", rita) and "selv bedt om" in asked.reason
    assert (asked.name, asked.street) == ("Ryggen", "Nørregade 4"), "the memory"
    assert mails() == [("per@example.org", "Ryggen er taget af FysFinder")]
    assert "selv bedt om" in mail.outbox[0].body
    here.status = "published"
    here.save()
    assert not deciding.removed(Clinic.objects.all()).exists(), "a moderator has published it again"


def test_a_clinic_that_was_deleted_is_still_remembered(here, rita):
    asked = unwish(here)
    deciding.approve(request=asked, by=rita, reason="Ja.")
    here.delete()
    asked.refresh_from_db()
    assert (asked.clinic, asked.name, asked.phone) == (None, "Ryggen", "+4500001234")


def test_it_stays_and_the_person_is_told_why(here, rita):
    asked = unwish(here)
    deciding.refuse(request=asked, by=rita, reason="Klinikken vil gerne stå her.")
    here.refresh_from_db()
    asked.refresh_from_db()
    assert here.status == "published" and (asked.status, asked.email) == ("refused", "")
    assert mails() == [("per@example.org", "Ryggen bliver på FysFinder")]
    assert "Klinikken vil gerne stå her." in mail.outbox[0].body and "/klinik/ryggen/ret/" in mail.outbox[0].body
    assert not deciding.removed(Clinic.objects.all()).exists()


def test_who_looks_after_it_is_told(here, rita):
    owner_of(here, person("olga"))
    asked = unwish(here)
    desk = Client()
    desk.force_login(rita)
    assert "Klinikken passer selv sin profil" in words(desk.get(f"{DESK}{asked.pk}/change/"))
    mails()
    deciding.approve(request=asked, by=rita, reason="Ja.")
    assert [to for to, _ in mails()] == ["olga@example.com", "per@example.org"]


def test_two_who_ask_both_get_an_answer(here, rita):
    first, second = unwish(here), unwish(here, "bo@example.org")
    deciding.approve(request=first, by=rita, reason="Ja.")
    deciding.approve(request=second, by=rita, reason="Ja.")
    assert [to for to, _ in mails()] == ["bo@example.org", "per@example.org"]
    with pytest.raises(ActionError, match="allerede afgjort"):
        deciding.refuse(request=first, by=rita, reason="Nej.")


def test_a_clinic_deleted_in_between(here, rita):
    asked = unwish(here)
    here.delete()
    deciding.approve(request=asked, by=rita, reason="Den findes ikke længere.")
    assert [to for to, _ in mails()] == ["per@example.org"]
