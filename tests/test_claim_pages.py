"""The page of a claim, as whoever stands before it: nothing changes by looking, nothing is told about others, every step
is one's own."""

import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clinics import memberships
from clinics.claiming import objections, proving
from clinics.models import Claim, Clinic, Correction, Membership, SlugHistory

from .claims import SOURCE, coded, mails, moderator, owner_of, person, refused, ryggen, waiting
from .html_reader import Page
from .people import clinic
from .test_claim_proofs import PDF
from .worlds import kept
from .xss import HTML

URL = "/for-klinikker/overtag/ryggen/"
STEPS = ("kode", "bekraeft", "invitation", "bevis", "fortryd", "klag", "vaer-med")
pytestmark = pytest.mark.django_db


@kept
def here() -> Clinic:
    return ryggen()


@kept
def olga() -> User:
    return person("olga")


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response) -> str:
    return Page(response.content.decode()).words


def test_from_the_profile_to_owner(here, olga, client):
    profile = client.get("/klinik/ryggen/").content.decode()
    assert f'href="{URL}"' in profile
    stranger = client.get(URL)
    assert stranger.status_code == 200 and not stranger.cookies and "Er Ryggen din klinik?" in words(stranger)
    links = re.findall(r'href="([^"]*next=[^"]*)"', stranger.content.decode())
    assert all(link.endswith("?next=%2Ffor-klinikker%2Fovertag%2Fryggen%2F") for link in links) and len(links) >= 2
    me = as_(olga)
    page = words(me.get(URL))
    assert "k…@ryggen.dk" in page and "kontakt@ryggen.dk" not in page and "@ryggen.dk" in page
    assert me.post(f"{URL}kode/", {"vej": "email"})["Location"] == URL
    assert mails() == [("kontakt@ryggen.dk", "Koden til Ryggen")]
    code = re.search(r"^([2-9A-Z]{4} [2-9A-Z]{4})$", mail.outbox[0].body, re.M)[1]
    assert "Skriv koden" in words(me.get(URL))
    assert me.post(f"{URL}bekraeft/", {"kode": code})["Location"] == URL
    assert "Du passer profilen for Ryggen" in words(me.get(URL))
    profile = client.get("/klinik/ryggen/").content.decode()
    assert URL not in profile and "Klinikken passer selv sin profil." in profile


def test_nothing_happens_by_looking(here, olga):
    me = as_(olga)
    for query in ("", "?vej=email", "?kode=22222222", "?invitation=22222222"):
        assert me.get(f"{URL}{query}").status_code == 200
    assert not Claim.objects.exists()
    for step in STEPS:
        assert me.get(f"{URL}{step}/").status_code == 405


def test_whoever_is_not_logged_in_is_sent_to_log_in_and_back(here, client):
    for step in STEPS:
        response = client.post(f"{URL}{step}/", {"vej": "email"})
        assert response.status_code == 302 and response["Location"].endswith("?next=/for-klinikker/overtag/ryggen/")
    link = client.get(f"{URL}?invitation=7KQM2XRT").content.decode()
    assert "next=%2Ffor-klinikker%2Fovertag%2Fryggen%2F%3Finvitation%3D7KQM2XRT" in link
    assert not Claim.objects.exists()


def test_a_post_needs_our_own_page(here, olga):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(olga)
    for step in STEPS:
        assert strict.post(f"{URL}{step}/", {"vej": "email"}).status_code == 403


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_a_clinic_that_is_not_public(here, olga, status):
    Clinic.objects.update(status=status)
    me = as_(olga)
    expected = 404 if status == "draft" else 410
    assert me.get(URL).status_code == expected
    assert me.post(f"{URL}kode/", {"vej": "email"}).status_code == expected
    assert not Claim.objects.exists()


def test_a_clinic_that_has_moved(here, olga):
    claim, code = coded(here, olga)
    Clinic.objects.update(slug="ryg")
    SlugHistory.objects.create(kind="clinic", slug="ryggen", object_id=here.pk)
    me = as_(olga)
    response = me.get(f"{URL}?invitation=x")
    assert (response.status_code, response["Location"]) == (301, "/for-klinikker/overtag/ryg/?invitation=x")
    response = me.post(f"{URL}bekraeft/", {"kode": code})
    assert (response.status_code, response["Location"]) == (308, "/for-klinikker/overtag/ryg/bekraeft/")
    me.post(response["Location"], {"kode": code})
    claim.refresh_from_db()
    assert claim.status == "approved"


def test_nobody_else_is_told_anything(here, olga, client, django_assert_num_queries):
    """Before and after somebody else has begun, the page is the same."""
    sten = as_(person("sten"))
    strip = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')

    def seen(one) -> str:
        return strip.sub("", one.get(URL).content.decode())

    before = (seen(client), seen(sten))
    waiting(here, olga)
    coded(here, person("bo"))
    assert (seen(client), seen(sten)) == before


def test_a_step_is_one_s_own(here, olga):
    """Another's claim is not withdrawn, confirmed, or appealed by whoever posts to the same address."""
    claim, code = coded(here, olga)
    sten = as_(person("sten"))
    response = sten.post(f"{URL}bekraeft/", {"kode": code, "claim": claim.pk, "user": olga.pk, "id": claim.pk})
    assert response.status_code == 422 and not memberships.has_owner(here)
    for step in ("fortryd", "klag"):
        sten.post(f"{URL}{step}/", {"claim": claim.pk, "klage": "Min."})
    claim.refresh_from_db()
    assert claim.status == "code"


ONES = ("user", "user_id", "clinic", "clinic_id", "decided_by", "decided_by_id", "is_staff", "is_superuser")
FORGED = dict.fromkeys(ONES, 1) | dict.fromkeys(("codes_sent", "code_attempts"), -9)
FORGED |= dict.fromkeys(("sent_to", "email", "to"), "sten@example.com")
FORGED |= {
    "status": "approved",
    "reason": "Ja.",
    "method": "email",
    "role": "owner",
    "code_hash": "",
    "document_name": "x",
}


def test_mass_assignment(here):
    other = clinic("Foden", "Aarhus N", email="kontakt@foden.dk")
    stens = person("sten")
    sten = as_(stens)
    sten.post(f"{URL}kode/", FORGED | {"vej": "email", "clinic": other.pk, "clinic_id": other.pk})
    claim = Claim.objects.get()
    assert (claim.clinic, claim.user, claim.status, claim.sent_to) == (here, stens, "code", "kontakt@ryggen.dk")
    assert [to for to, _ in mails()] == ["kontakt@ryggen.dk"]
    sten.post(f"{URL}fortryd/", FORGED)
    sten.post(f"{URL}bevis/", FORGED | {"vej": "document", "forklaring": "Min."})
    claim = Claim.objects.latest("pk")
    assert (claim.status, claim.clinic, claim.codes_sent, claim.document_name) == ("waiting", here, 0, "")
    assert claim.reason == "" and claim.decided_by is None
    stens.refresh_from_db()
    assert not (stens.is_staff or stens.is_superuser or Membership.objects.exists())


@pytest.mark.parametrize(
    ("step", "fields", "sentence"),
    [
        ("kode", {}, "ikke muligt"),
        ("kode", {"vej": "email\0"}, "ikke muligt"),
        ("kode", {"vej": "domain", "navn": "sten@sten.dk"}, "før @ryggen.dk"),
        ("bekraeft", {"kode": "x"}, "afsluttet"),
        ("invitation", {"invitation": "7KQM2XRT"}, "gælder ikke for klinikken"),
        ("invitation", {"invitation": "\0" * 900}, "gælder ikke for klinikken"),
        ("bevis", {"vej": "document"}, "vedhæft en fil"),
        ("bevis", {"vej": "document", "forklaring": "010190-1234"}, "CPR"),
        ("bevis", {"vej": "document", "forklaring": "x" * 2001}, "2.000 tegn"),
        ("bevis", {"vej": "phone", "rolle": "x" * 81}, "80 tegn"),
        ("vaer-med", {"besked": "Hej"}, "ingen ejer"),
    ],
)
def test_bad_input_gets_a_sentence(here, olga, step, fields, sentence):
    response = as_(olga).post(f"{URL}{step}/", fields)
    assert response.status_code == 422 and sentence in words(response)
    assert "Fejl:" in response.content.decode().partition("</title>")[0]
    assert mails() == [] and not memberships.has_owner(here)


def test_what_was_typed_stays_and_is_text(here, olga):
    for text in HTML:
        response = as_(olga).post(
            f"{URL}bevis/", {"vej": "document", "rolle": text[:70], "forklaring": f"{text} 010190-1234"}
        )
        page = Page(response.content.decode())
        assert response.status_code == 422 and not any(page.scripts)
        assert all(not name.startswith("on") for _, attributes in page.elements for name in attributes)


def test_a_file(here, olga):
    me = as_(olga)
    response = me.post(f"{URL}bevis/", {"vej": "document", "fil": SimpleUploadedFile("x.pdf", b"<html>")})
    assert response.status_code == 422 and "Vælg en PDF" in words(response)
    me.post(f"{URL}bevis/", {"vej": "document", "fil": SimpleUploadedFile("x.pdf", PDF)})
    assert "Vi ser på din sag" in words(me.get(URL)) and "x.pdf" in words(me.get(URL))
    me.post(f"{URL}fortryd/")
    claim = Claim.objects.get()
    assert (claim.status, claim.document) == ("withdrawn", None)
    assert "Du trak din sidste sag tilbage" in words(me.get(URL))


def test_an_appeal(here, olga):
    rita = moderator()
    refused(here, olga, rita)
    me = as_(olga)
    assert "Papiret viser en anden klinik." in words(me.get(URL))
    assert me.post(f"{URL}klag/", {"klage": ""}).status_code == 422
    assert me.post(f"{URL}klag/", {"klage": "Jo."}).status_code == 302
    assert "Din klage" in words(me.get(URL))


def test_a_claimed_clinic(here, olga, client):
    owner_of(here, olga)
    assert "Klinikken passer allerede sin profil selv" in words(client.get(URL))
    sten = as_(person("sten"))
    page = words(sten.get(URL))
    assert "olga" not in page and "Send koden" not in page
    mails()
    assert sten.post(f"{URL}vaer-med/", {"besked": "Jeg er ny."}).status_code == 302
    assert "Vi har skrevet til ejeren" in words(sten.get(URL))
    assert mails() == [("olga@example.com", "sten@example.com vil være med på Ryggen")]
    assert sten.post(f"{URL}kode/", {"vej": "email"}).status_code == 422


@pytest.mark.parametrize(("production", "told"), [(False, True), (True, False)])
def test_an_invented_clinic_tells_its_code_in_development_alone(here, olga, settings, production, told):
    Clinic.objects.update(is_example=True)
    settings.PRODUCTION = production
    me = as_(olga)
    me.post(f"{URL}kode/", {"vej": "email"})
    assert bool(re.search(r"Den er [2-9A-Z]{4} [2-9A-Z]{4}", words(me.get(URL)))) == told


def test_a_real_clinic_never_tells_its_code(here, olga):
    me = as_(olga)
    me.post(f"{URL}kode/", {"vej": "email"})
    assert "Den er" not in words(me.get(URL)) and not list(me.session.get("_messages", []))


def test_a_code_of_ours(here, olga):
    code = memberships.invite_to_claim(clinic=here, by=moderator())
    me = as_(olga)
    assert f'value="{code}"' in me.get(f"{URL}?invitation={code}").content.decode()
    assert me.post(f"{URL}invitation/", {"invitation": code}).status_code == 302
    assert memberships.owners(here).get().user == olga


def test_an_account_that_is_gone_in_the_middle(here, olga):
    _, code = coded(here, olga)
    me = as_(olga)
    olga.delete()
    response = me.post(f"{URL}bekraeft/", {"kode": code})
    assert response.status_code == 302 and "next=" in response["Location"]
    assert not memberships.has_owner(here)


def test_the_pages_are_nobody_elses_to_keep(here, olga):
    response = as_(olga).get(URL)
    assert "no-store" in response["Cache-Control"] and 'content="noindex"' in response.content.decode()


# --- objections


def test_an_objection_needs_the_link_and_no_account(here, olga, client):
    claim, code = coded(here, olga)
    proving.try_code(claim=claim, typed=code, source=SOURCE)
    assert [to for to, _ in mails() if to == "kontakt@ryggen.dk"]
    body = next(sent.body for sent in mail.outbox if "passer nu profilen" in sent.subject)
    path = re.search(r"https?://[^/]+(/for-klinikker/indsigelse/\S+)", body)[1]
    page = client.get(path)
    assert page.status_code == 200 and not page.cookies
    assert client.post(path, {"besked": "Vi kender hende ikke."}).status_code == 302
    assert "Vi kender hende ikke." in Correction.objects.get().text and memberships.has_owner(here)
    for wrong in ("x", path.split("/")[-2][:-1], objections.token_for(Claim(pk=claim.pk + 1))):
        assert client.get(f"/for-klinikker/indsigelse/{wrong}/").status_code == 404
