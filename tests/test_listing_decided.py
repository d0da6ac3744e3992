"""A moderator decides: one screen, one clinic, a reason that is mailed and kept."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinics import actions
from clinics.actions import ActionError
from clinics.listing import deciding, file
from clinics.models import Clinic, ListingRequest, Provenance, SearchEntry, SlugHistory
from clinics.ownership import OWNER, is_owner
from fysfinder.accounts.actions import delete_account
from fysfinder.roles import sync_roles

from .claims import mails, moderator, owner_of, person
from .html_reader import Page
from .listing import DESK, NEW, unwish, wish
from .people import clinic, places, postcode
from .worlds import kept

NOON = datetime.datetime(2026, 11, 3, 12, 0, tzinfo=datetime.UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _towns(db):
    places()


@kept
def olga():
    return person("olga")


@kept
def rita():
    sync_roles()
    return moderator()


@pytest.fixture
def desk(rita) -> Client:
    client = Client()
    client.force_login(rita)
    return client


def words(response) -> str:
    return Page(response.content.decode()).words


def told(subject: str) -> str:
    return next(one.body for one in mail.outbox if one.subject == subject)


@time_machine.travel(NOON, tick=False)
def test_approved_the_clinic_is_public_and_whoever_asked_owns_it(desk, olga, rita, client):
    asked = wish(olga)
    mails()
    response = desk.post(f"{DESK}{asked.pk}/change/", {"_approve": "1", "ready": "ja_ringet", "reason": "Velkommen."})
    assert response["Location"] == "/admin/"
    made = Clinic.objects.get()
    assert (made.name, made.slug, made.status, made.source) == ("Knæ og Hofte", "knae-og-hofte", "published", "clinic")
    where = postcode("Aarhus C")
    assert (made.latitude, made.longitude) == (where.latitude, where.longitude)
    assert (made.location_source, made.location_precision) == ("postcode", "postcode")
    assert (made.phone, made.email, made.website) == ("+4586121212", "kontakt@knaeoghofte.dk", "https://knaeoghofte.dk")
    said = Provenance.objects.get(clinic=made)
    assert (said.group, said.source, said.stated_on) == ("contact", "clinic", NOON.date())
    assert SearchEntry.objects.filter(pk=made.pk).exists()
    assert is_owner(olga, made) and olga.groups.filter(name=OWNER).exists()
    asked.refresh_from_db()
    assert (asked.status, asked.clinic, asked.decided_by) == ("approved", made, rita)
    assert asked.reason == "Vi har talt med klinikken.\n\nVelkommen."
    assert mails() == [("olga@example.com", "Knæ og Hofte er nu på FysFinder")]
    assert "Velkommen." in told("Knæ og Hofte er nu på FysFinder") and "/klinik/knae-og-hofte/" in mail.outbox[0].body
    assert "Knæ og Hofte" in words(client.get("/klinik/knae-og-hofte/"))
    mine = Client()
    mine.force_login(olga)
    assert mine.get(f"/admin/clinics/clinic/{made.pk}/change/").status_code == 200
    assert "er oprettet" in words(mine.get(NEW))


def test_refused_with_a_reason_that_is_mailed_and_kept(desk, olga):
    asked = wish(olga)
    mails()
    page = desk.post(f"{DESK}{asked.pk}/change/", {"_refuse": "1", "ready": "nej_ukendt"})
    assert page.status_code == 302
    asked.refresh_from_db()
    assert asked.status == "refused" and "kunne ikke finde klinikken" in asked.reason and not Clinic.objects.exists()
    assert mails() == [("olga@example.com", "Knæ og Hofte er ikke oprettet")]
    assert "kunne ikke finde klinikken" in mail.outbox[0].body
    mine = Client()
    mine.force_login(olga)
    assert "kunne ikke finde klinikken" in words(mine.get(NEW)), "and may ask again"
    wish(olga)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"_approve": "1"}, "Skriv en begrundelse."),
        ({"_refuse": "1", "reason": " \u200b "}, "Skriv en begrundelse."),
        ({"_refuse": "1", "ready": "findes-ikke"}, "Skriv en begrundelse."),
        ({"_refuse": "1", "reason": "x" * 10_000}, "Begrundelsen er for lang."),
        ({"reason": "Ja."}, "Vælg, om ønsket er godkendt eller afvist."),
    ],
)
def test_a_decision_needs_its_reason(desk, olga, sent, said):
    asked = wish(olga)
    page = desk.post(f"{DESK}{asked.pk}/change/", sent)
    assert page.status_code == 422 and said in words(page)
    asked.refresh_from_db()
    assert asked.status == "waiting" and not Clinic.objects.exists()


def test_decided_once(rita, olga):
    asked = wish(olga)
    deciding.approve(request=asked, by=rita, reason="Ja.")
    for again in (deciding.approve, deciding.refuse):
        with pytest.raises(ActionError, match="allerede afgjort"):
            again(request=asked, by=rita, reason="Igen.")
    assert Clinic.objects.count() == 1


def test_only_moderators_and_not_in_their_own_case(rita, olga):
    mine, hers = wish(rita, name="Ritas"), wish(olga)
    with pytest.raises(ActionError, match="dit eget"):
        deciding.approve(request=mine, by=rita, reason="Ja.")
    for nobody in (olga, person("sten")):
        for decide in (deciding.approve, deciding.refuse):
            with pytest.raises(ActionError):
                decide(request=hers, by=nobody, reason="Ja.")
    assert not Clinic.objects.exists()


def test_an_account_that_went_or_was_closed_gets_no_clinic(rita, olga):
    asked = wish(olga)
    olga.is_active = False
    olga.save()
    with pytest.raises(ActionError, match="findes ikke længere"):
        deciding.approve(request=asked, by=rita, reason="Ja.")
    deciding.refuse(request=asked, by=rita, reason="Kontoen er lukket.")
    bo = person("bo")
    other = wish(bo, name="Et andet sted")
    delete_account(user=bo)
    with pytest.raises(ActionError, match="allerede afgjort"):
        deciding.approve(request=other, by=rita, reason="Ja.")
    assert not Clinic.objects.exists()


def test_a_clinic_that_was_listed_meanwhile_is_not_overlooked(desk, rita, olga):
    asked = wish(olga)
    assert "Ligner den en, vi har? Nej" in words(desk.get(f"{DESK}{asked.pk}/change/")).replace("\n", " ")
    twin = clinic("Knæ & Hofte ApS", "Aarhus C", phone="+4586121212", status="draft")
    screen = desk.get(f"{DESK}{asked.pk}/change/")
    assert (
        "ligner en, der allerede er her" in words(screen)
        and f"/admin/clinics/clinic/{twin.pk}/change/" in screen.content.decode()
    )
    refused = desk.post(f"{DESK}{asked.pk}/change/", {"_approve": "1", "reason": "Ja."})
    assert refused.status_code == 422 and "sæt kryds" in words(refused)
    assert (
        desk.post(f"{DESK}{asked.pk}/change/", {"_approve": "1", "reason": "Ja.", "another": "ja"}).status_code == 302
    )
    assert Clinic.objects.count() == 2


@pytest.mark.parametrize("taken", ["clinic", "history"])
def test_an_address_is_nobody_elses_and_never_was(rita, olga, taken):
    other = clinic("Knæ og Hofte", "Aalborg")
    if taken == "history":
        actions.rename(clinic=other, name="Noget andet")
    made = deciding.approve(request=wish(olga), by=rita, reason="Ja.")
    assert made.slug == "knae-og-hofte-aarhus-c"


def test_names_without_a_letter_of_ours(rita, olga):
    first = deciding.approve(request=wish(olga, name="診療所"), by=rita, reason="Ja.")
    second = deciding.approve(request=wish(olga, name="理学療法", street="Søvej 9", phone="", website="", email="a@b.dk"), by=rita, reason="Ja.")  # noqa: E501  # fmt: skip
    assert (first.slug, second.slug) == ("klinik", "klinik-aarhus-c")
    long = deciding.approve(request=wish(olga, name="å" * 160, street="Åvej 9", phone="", website="", email="c@d.dk"), by=rita, reason="Ja.")  # noqa: E501  # fmt: skip
    assert len(long.slug) <= 120


# The screen


@time_machine.travel(NOON, tick=False)
def test_the_screen_says_what_there_is_to_know(desk, olga, rita):
    olga_at_home = person("kontakt")
    olga_at_home.email = "olga@knaeoghofte.dk"
    olga_at_home.save()
    olga_at_home.emailaddress_set.update(email="olga@knaeoghofte.dk")
    earlier = wish(olga_at_home, name="Den første")
    deciding.refuse(request=earlier, by=rita, reason="Nej.")
    taken_off = clinic("Knæ og Hofte", "Aarhus N")
    deciding.approve(request=unwish(taken_off), by=rita, reason="Ja.")
    asked = wish(olga_at_home, cvr="13585627", note="Vi åbnede i maj.")
    said = words(desk.get(f"{DESK}{asked.pk}/change/"))
    for part in (
        "Nørregade 4B, 8000 Aarhus C", "86 12 12 12", "Kontrolcifret passer ikke", "Vi åbnede i maj.",
        "olga@knaeoghofte.dk (bekræftet)",
        "hører til hjemmesidens domæne", "Den første", "taget af efter ønske", "svar senest 17. november 2026",
    ):  # fmt: skip
        assert part in said, part


@pytest.mark.parametrize(
    ("website", "said"),
    [
        ("https://www.example.com/", "Personens bekræftede e-mail hører til"),
        ("https://knaeoghofte.dk/", "hører ikke til"),
        ("https://facebook.com/x", "som alle kan bruge"),
        ("", ""),
    ],
)
def test_whose_the_domain_is(olga, website, said):
    assert said in file.file_of(wish(olga, website=website)).domain
    assert bool(said) == bool(file.file_of(ListingRequest.objects.get()).domain)


@pytest.mark.parametrize(("number", "fits"), [("13585628", True), ("13748136", True), ("13585627", False), ("", True)])
def test_the_check_figure_of_a_cvr_number(number, fits):
    assert bool(file.cvr_hint(number)) is not fits


def test_what_waits_comes_first_the_oldest_first_and_says_when_it_is_late(desk, rita):
    with time_machine.travel(NOON, tick=False) as clock:
        for days, name in ((0, "Gammel"), (5, "Mellem"), (3, "Ny")):
            clock.shift(datetime.timedelta(days=days))
            wish(person(slug := name.lower()), name=f"{name} klinik {slug}", street="Søvej 1", phone="", website="")
        deciding.refuse(request=ListingRequest.objects.get(name__startswith="Mellem"), by=rita, reason="Nej.")
        clock.shift(datetime.timedelta(days=3))
        said = words(desk.get(DESK))
    assert said.index("Gammel klinik") < said.index("Ny klinik") < said.index("Mellem klinik")
    assert "11 dage (svar senest 17. november 2026)" in said and "3 dage (" not in said


def test_the_list_and_the_screen_ask_the_same_however_many(desk, olga):
    asked = wish(olga)
    clinic("Knæ og Hofte", "Aarhus C")

    def queries(address):
        desk.get(address)
        with CaptureQueriesContext(connection) as counted:
            assert desk.get(address).status_code == 200
        return len(counted)

    before = queries(DESK), queries(f"{DESK}{asked.pk}/change/")
    for number in range(7):
        wish(person(f"p{number}"), name=f"Ryggen {number}", street=f"Søvej {number + 1}", phone="", website="")
        clinic(f"Knæ og Hofte {number}", "Aarhus C", phone="+4586121212")
    assert (queries(DESK), queries(f"{DESK}{asked.pk}/change/")) == before


def test_the_queue_on_the_front_page_leads_here(desk, olga):
    wish(olga)
    assert f'href="{DESK}"' in desk.get("/admin/").content.decode()


def test_nobody_but_moderators_sees_it(olga):
    asked, sten = wish(olga), person("sten")
    owner_of(clinic("Ryggen", "Aalborg"), sten)
    client = Client()
    client.force_login(sten)
    for address in (DESK, f"{DESK}{asked.pk}/change/", f"{DESK}{asked.pk}/history/"):
        assert client.get(address).status_code in (403, 404)
        assert client.post(address, {"_approve": "1", "reason": "Ja."}).status_code in (403, 404)
    assert Clinic.objects.count() == 1


# Another name


def test_a_new_name_gets_its_own_address_and_the_old_one_leads_there(client):
    one = clinic("Ryggen", "Aarhus C")
    actions.rename(clinic=one, name="Ryggen og Knæet")
    assert (one.name, one.slug) == ("Ryggen og Knæet", "ryggen-og-knaeet")
    response = client.get("/klinik/ryggen/")
    assert (response.status_code, response["Location"]) == (301, "/klinik/ryggen-og-knaeet/")
    actions.rename(clinic=one, name="RYGGEN og knæet")
    assert one.slug == "ryggen-og-knaeet" and one.name == "RYGGEN og knæet"
    actions.rename(clinic=one, name="Ryggen")
    assert one.slug == "ryggen" and client.get("/klinik/ryggen/").status_code == 200, "and back"
    assert not SlugHistory.objects.filter(slug="ryggen").exists()
