"""The moderators' side of claims: the queue, one screen to decide on, a document that is saved and never shown."""

import datetime
import re

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinics import memberships
from clinics.claiming import asking, channels, proving
from clinics.models import Claim
from clinics.ownership import OWNER
from fysfinder.roles import sync_roles

from .claims import SOURCE, coded, mails, moderator, owner_of, person, refused, ryggen, waiting
from .clinic_form import adam, send
from .html_reader import Page
from .people import clinic
from .test_claim_proofs import PDF
from .worlds import kept

LIST = "/admin/clinics/claim/"
pytestmark = pytest.mark.django_db


@kept
def rita():
    sync_roles()
    return moderator()


@pytest.fixture
def desk(rita) -> Client:
    client = Client()
    client.force_login(rita)
    return client


def screen(claim: Claim) -> str:
    return f"{LIST}{claim.pk}/change/"


def words(response) -> str:
    return Page(response.content.decode()).words


def test_what_waits_longest_comes_first(desk, rita):
    now = datetime.datetime(2026, 11, 3, 9, 0, tzinfo=datetime.UTC)
    with time_machine.travel(now, tick=False) as clock:
        clinics = [
            clinic(name, "Aarhus C", email=f"k@{name.lower()}.dk") for name in ("Alfa", "Beta", "Gamma", "Delta")
        ]
        refused(clinics[0], person("a"), rita)
        waiting(clinics[1], person("b"))
        clock.shift(datetime.timedelta(days=3))
        waiting(clinics[2], person("c"))
        asking.begin(clinic=clinics[3], user=person("d"))
        page = words(desk.get(LIST))
    order = [page.index(name) for name in ("b@example.com", "c@example.com", "d@example.com")]
    assert order == sorted(order) and "3 dage" in page and "i dag" in page


def test_one_screen_has_all_of_it(desk, rita):
    here, olga = ryggen(), person("olga")
    clinic("Ryggen Nord", "Aarhus N", phone=here.phone)
    owner_of(clinic("Foden", "Aarhus N"), olga)
    before = {"email": "gammel@ryggen.dk"}
    channels.changed(clinic=here, by=rita, before=before)
    waiting(here, person("bo"))
    claim = waiting(here, olga)
    page = words(desk.get(screen(claim)))
    for text in ("kontakt@ryggen.dk", "00 00 12 34", "Ændret for nylig", "olga@example.com", "Foden (ejer)", "bo@example.com",
                 "Jeg ejer klinikken.", "Kun klinikken bruger domænet", "8200 Aarhus N"):  # fmt: skip
        assert text in page, text


def test_approving_and_refusing(desk):
    here, olga = ryggen(), person("olga")
    claim = waiting(here, olga)
    response = desk.post(screen(claim), {"_approve": "", "reason": ""})
    assert response.status_code == 422 and "Skriv en begrundelse" in words(response)
    assert desk.post(screen(claim), {"reason": "Uden knap."}).status_code == 422
    assert desk.post(screen(claim), {"_approve": "", "ready": "ja_papir", "reason": "Velkommen."}).status_code == 302
    claim.refresh_from_db()
    assert claim.reason == "Dokumentationen viser, at du hører til klinikken.\n\nVelkommen."
    assert memberships.owners(here).get().user == olga
    other = waiting(clinic("Foden", "Aarhus N"), olga)
    mails()
    assert desk.post(screen(other), {"_refuse": "", "ready": "findes ikke", "reason": "Nej."}).status_code == 302
    other.refresh_from_db()
    assert (other.status, other.reason) == ("refused", "Nej.") and len(mails()) == 1
    assert desk.post(screen(other), {"_approve": "", "reason": "Jo."}).status_code == 422


def test_a_code_is_shown_once(desk):
    here, olga = ryggen(), person("olga")
    claim = waiting(here, olga, "phone")
    response = desk.post(screen(claim), {"_code": ""})
    page = Page(response.content.decode())
    assert "00 00 12 34" in page.words and "no-store" in response["Cache-Control"]
    code = re.search(r"\b([2-9A-Z]{4} [2-9A-Z]{4})\b", response.content.decode().partition("claim-code__code")[2])[1]
    assert code not in desk.get(screen(claim)).content.decode()
    assert proving.try_code(claim=claim, typed=code, source=SOURCE).status == "approved"


def test_a_dispute(desk):
    here, olga, bo = ryggen(), person("olga"), person("bo")
    owner_of(here, olga)
    claim = waiting(here, bo)
    assert "Sagen er en tvist" in words(desk.get(screen(claim)))
    desk.post(screen(claim), {"_approve": "", "reason": "Bo ejer den.", "replace": "ja"})
    assert memberships.owners(here).get().user == bo


def test_nobody_decides_their_own(desk, rita):
    claim = waiting(ryggen(), rita)
    assert desk.post(screen(claim), {"_approve": "", "reason": "Ja."}).status_code == 422
    assert 'name="_approve"' not in desk.get(screen(claim)).content.decode()


def test_the_document_is_saved_and_never_shown(desk):
    here, olga = ryggen(), person("olga")
    claim = asking.begin(clinic=here, user=olga)
    asking.ask_moderator(claim=claim, method="document", upload=SimpleUploadedFile("bevis.pdf", PDF))
    response = desk.get(f"{LIST}{claim.pk}/dokument/")
    assert response.content == PDF and response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="bevis.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff" and "no-store" in response["Cache-Control"]
    assert "sandbox" in response["Content-Security-Policy"]
    assert LogEntry.objects.filter(change_message="Hentede dokumentet.").count() == 1
    desk.post(screen(claim), {"_refuse": "", "reason": "Nej."})
    assert desk.get(f"{LIST}{claim.pk}/dokument/").status_code == 404


@pytest.mark.parametrize("who", ["nobody", "claimant", "owner", "staff without a role"])
def test_only_moderators_come_in(rita, who):
    here, olga = ryggen(), person("olga")
    claim = asking.begin(clinic=here, user=olga)
    asking.ask_moderator(claim=claim, method="document", upload=SimpleUploadedFile("bevis.pdf", PDF))
    client = Client()
    if who == "claimant":
        client.force_login(olga)
    elif who == "owner":
        owner_of(here, olga)
        assert olga.groups.filter(pk__in=Group.objects.filter(name=OWNER)).exists()
        client.force_login(olga)
    elif who == "staff without a role":
        per = person("per")
        per.is_staff = True
        per.save()
        client.force_login(per)
    for url in (
        LIST,
        screen(claim),
        f"{LIST}{claim.pk}/dokument/",
        f"{LIST}{claim.pk}/history/",
        f"{LIST}{claim.pk}/delete/",
    ):
        response = client.get(url)
        assert response.status_code in (302, 403, 404), url
        assert b"%PDF" not in response.content and b"olga@example.com" not in response.content.partition(b"<main")[2], (
            url
        )
    assert client.post(screen(claim), {"_approve": "", "reason": "Ja."}).status_code in (302, 403, 404)
    claim.refresh_from_db()
    assert claim.status == "waiting"


def test_a_changed_channel_is_noted_by_the_form(rita, client):
    """Whoever saves a clinic's form: its channels are what a claim is proven by."""
    here, olga = ryggen(), person("olga")
    adam(client)
    coded(here, olga)
    assert send(client, here).status_code == 302
    assert channels.changes(here) == [], "the same number, in another notation, is no change"
    response = send(client, here, email="sten@sten.dk", phone="86 12 12 12")
    assert response.status_code == 302
    assert [channels.words_of(row) for row in channels.changes(here)] == [["e-mail", "telefon"]]
    assert "åben overtagelse" in words(client.get(response["Location"]))


def test_an_owner_is_not_told_of_a_rival(rita, client):
    here, olga = ryggen(), person("olga")
    owner_of(here, olga)
    waiting(here, person("bo"))
    client.force_login(olga)
    response = send(client, here, email="ny@ryggen.dk")
    assert response.status_code == 302 and len(channels.changes(here)) == 1
    assert "overtagelse" not in words(client.get(response["Location"]))


def test_the_number_of_queries_does_not_grow(desk):
    for number in range(4):
        waiting(clinic(f"K{number}", "Aarhus N"), person(f"p{number}"))
    desk.get(LIST)
    with CaptureQueriesContext(connection) as few:
        desk.get(LIST)
    for number in range(4, 12):
        waiting(clinic(f"K{number}", "Aarhus N"), person(f"p{number}"))
    with CaptureQueriesContext(connection) as many:
        desk.get(LIST)
    assert len(many) == len(few)
