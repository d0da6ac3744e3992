"""What a clinic may not change itself: its owner asks, a moderator decides once, and nothing shows before."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core import mail
from django.db import connection

from clinics import outbox, ownership, pending
from clinics.actions import ActionError
from clinics.models import (
    Clinic,
    ClinicSpeciality,
    ClinicVersion,
    Membership,
    PendingChange,
    Practitioner,
    Provenance,
    SearchEntry,
    SlugHistory,
    Speciality,
)
from fysfinder.roles import sync_roles

from .people import clinic, postcode, treatment
from .test_memberships import together
from .worlds import kept

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 20)
OLD, NEW = "Havnens Fysioterapi", "Bugtens Fysioterapi"


def user(name: str, *groups: str) -> User:
    sync_roles()
    made = User.objects.create_user(name, email=f"{name}@example.org", is_staff=True)
    made.groups.set(Group.objects.filter(name__in=groups))
    return made


def member(one: Clinic, name: str, role: str = "owner") -> User:
    made = user(name, ownership.OWNER if role == "owner" else ownership.STAFF)
    Membership.objects.create(clinic=one, user=made, role=role)
    return made


@kept
def here() -> Clinic:
    for town in ("Aarhus N", "Odense C", "Aalborg"):
        postcode(town)
    return clinic(OLD, "Aarhus C", price=500, street="Havnegade 1")


@kept
def olga(here) -> User:
    return member(here, "olga")


@kept
def mona() -> User:
    return user("mona", ownership.MODERATOR)


@kept
def mette(here) -> Practitioner:
    return Practitioner.objects.create(clinic=here, name="Mette Eksempel")


@kept
def sports() -> Speciality:
    return Speciality.objects.create(slug="idraet", name="Idræt", kind="official")


def ask_name(here, by, name: str = NEW) -> PendingChange:
    return pending.ask(clinic=here, by=by, subject="name", new={"name": name}, evidence="CVR 12345678")


def ask_address(here, by, street="Bugten 2", extra="", code="8200") -> PendingChange:
    new = {"street": street, "address_extra": extra, "postcode": code}
    return pending.ask(clinic=here, by=by, subject="address", new=new, evidence="Se hjemmesiden.")


def refused(action, word: str) -> None:
    with pytest.raises(ActionError) as error:
        action()
    assert word in error.value.text


# --- asking


def test_nothing_is_changed_by_asking(client, here, olga):
    change = ask_name(here, olga)
    here.refresh_from_db()
    assert (here.name, change.old, change.new) == (OLD, {"name": OLD}, {"name": NEW})
    page = client.get(here.get_absolute_url()).content.decode()
    assert NEW not in page


def test_asking_again_takes_the_place_of_what_waits(here, olga):
    first, second = ask_name(here, olga), ask_name(here, olga, "Det Tredje Navn")
    first.refresh_from_db()
    assert (first.status, second.status) == ("withdrawn", "waiting")
    assert pending.waiting(here) == [second]


def test_who_may_not_ask(here, olga, mette):
    other = clinic("Andens Fysioterapi", "Odense C")
    bent = member(other, "bent")
    stella = member(here, "stella", "staff")
    mona = user("mona", ownership.MODERATOR)
    for by in (bent, stella, mona):
        refused(lambda by=by: ask_name(here, by), "ejer")
    refused(
        lambda: pending.ask(
            clinic=other, by=bent, subject="authorisation", row=mette.pk, new={"authorisation_id": "09YM8"}
        ),
        "ikke hos klinikken",
    )
    Membership.objects.filter(user=olga).update(ended_at=datetime.datetime.now(datetime.UTC))
    refused(lambda: ask_name(here, olga), "ejer")
    assert not PendingChange.objects.exists()


@pytest.mark.parametrize(
    ("subject", "new", "word"),
    [
        ("name", {"name": NEW, "status": "closed"}, "kan der ikke bedes om"),
        ("name", {}, "kan der ikke bedes om"),
        ("status", {"status": "closed"}, "kan der ikke bedes om"),
        ("name", {"name": OLD}, "står der allerede"),
        ("authorisation", {"authorisation_id": "09YM8"}, "Vælg behandleren"),
        ("name", {"name": "Klinik 010190-1234"}, "CPR"),
    ],
)
def test_what_cannot_be_asked_for(here, olga, subject, new, word):
    refused(lambda: pending.ask(clinic=here, by=olga, subject=subject, new=new), word)
    assert not PendingChange.objects.exists()


def test_an_owner_takes_it_back_and_nobody_else(here, olga):
    change = ask_name(here, olga)
    stella = member(here, "stella", "staff")
    bent = member(clinic("Andens", "Odense C"), "bent")
    for by in (stella, bent):
        refused(lambda by=by: pending.withdraw(change=change, by=by), "ejer")
    pending.withdraw(change=change, by=olga)
    refused(lambda: pending.withdraw(change=change, by=olga), "venter ikke")
    assert not pending.waiting(here)


def test_only_so_many_a_day(here, olga, monkeypatch):
    monkeypatch.setattr("clinics.pending.asking.MOST_A_DAY", 2)
    ask_name(here, olga)
    ask_name(here, olga, "Det Andet Navn")
    refused(lambda: ask_name(here, olga, "Det Tredje Navn"), "i morgen")


# --- deciding


@time_machine.travel(datetime.datetime(2026, 11, 20, 10, tzinfo=datetime.UTC), tick=False)
def test_a_new_name_moves_the_address_on_the_site_and_is_told(client, here, olga, mona):
    Provenance.objects.create(clinic=here, group="contact", source="register", note="Et register")
    old = here.get_absolute_url()
    pending.approve(change=ask_name(here, olga), by=mona, reason="Det står i CVR.")
    here.refresh_from_db()
    assert (here.name, here.slug) == (NEW, "bugtens-fysioterapi")
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (301, "/klinik/bugtens-fysioterapi/")
    source = here.provenance.get(group="contact")
    assert (source.source, source.stated_on, source.note) == ("clinic", DAY, "")
    outbox.deliver_waiting()
    (letter,) = mail.outbox
    assert letter.to == ["olga@example.org"] and "Det står i CVR." in letter.body and NEW in letter.body
    change = PendingChange.objects.get()
    assert (change.status, change.reason, change.decided_by) == ("approved", "Det står i CVR.", mona)
    assert ClinicVersion.objects.filter(clinic=here, made_by=mona, note="Godkendt ændring: navn").exists()


def test_an_address_on_the_site_that_is_or_was_anothers_is_left_to_it(here, olga, mona):
    clinic(NEW, "Odense C")
    elsewhere = clinic("Fjern", "Odense C")
    SlugHistory.objects.create(kind="clinic", slug="bugtens-fysioterapi-aarhus-c", object_id=elsewhere.pk)
    pending.approve(change=ask_name(here, olga), by=mona, reason="Ja.")
    here.refresh_from_db()
    assert here.slug == "bugtens-fysioterapi-aarhus-c-2"


def test_a_new_address_takes_the_point_along(here, olga, mona):
    Clinic.objects.filter(pk=here.pk).update(latitude=56.15, longitude=10.2, location_source="geocoder")
    pending.approve(change=ask_address(here, olga), by=mona, reason="Ja.")
    here.refresh_from_db()
    point = (here.latitude, here.longitude)
    assert (here.street, here.postcode_id, point) == ("Bugten 2", "8200", (56.1930, 10.1820))
    assert (here.location_source, here.location_precision) == ("postcode", "postcode")
    entry = SearchEntry.objects.get(clinic=here)
    assert (entry.latitude, entry.longitude) == point


@pytest.mark.parametrize(
    ("source", "new", "kept"),
    [
        ("hand", {"street": "Havnegade 1", "extra": "2. tv.", "code": "8000"}, True),
        ("geocoder", {"street": "Havnegade 1", "extra": "2. tv.", "code": "8000"}, True),
        ("hand", {"street": "Havnegade 1", "code": "8200"}, True),
        ("hand", {"street": "Havnegade 1", "code": "9000"}, False),  # the same name of a street in another town
        ("geocoder", {"street": "Havnegade 1", "code": "8200"}, False),
        ("hand", {"street": "Bugten 2", "code": "8000"}, False),
    ],
)
def test_a_point_set_by_hand_stays_while_the_street_does(here, olga, mona, source, new, kept):
    Clinic.objects.filter(pk=here.pk).update(latitude=56.16, longitude=10.22, location_source=source)
    pending.approve(change=ask_address(here, olga, **new), by=mona, reason="Ja.")
    here.refresh_from_db()
    assert (here.latitude == 56.16) is kept
    assert (here.location_source == source) is kept


@time_machine.travel(datetime.datetime(2026, 11, 20, 10, tzinfo=datetime.UTC), tick=False)
def test_an_authorisation_was_looked_up_today(here, olga, mona, mette):
    change = pending.ask(clinic=here, by=olga, subject="authorisation", row=mette.pk, new={"authorisation_id": "09YM8"})
    pending.approve(change=change, by=mona, reason="Slået op.")
    mette.refresh_from_db()
    assert (mette.authorisation_id, mette.authorisation_checked_on) == ("09YM8", DAY)


def test_a_title_is_documented_on_the_row_that_is_there(client, here, olga, mona, mette, sports):
    row = ClinicSpeciality.objects.create(clinic=here, speciality=sports, practitioner=mette)
    new = {"term": "speciality/idraet", "grade": "specialist"}
    change = pending.ask(clinic=here, by=olga, subject="title", row=mette.pk, new=new, evidence="Specialistrådet, 2024")
    assert "Specialistrådet" not in client.get(here.get_absolute_url()).content.decode()
    pending.approve(change=change, by=mona, reason="Slået op.")
    row.refresh_from_db()
    assert (row.grade, row.basis, row.evidence) == ("specialist", "documented", "Specialistrådet, 2024")
    assert here.specialities.count() == 1


def test_a_certificate_in_a_treatment_and_a_speciality_of_the_clinic(here, olga, mona, mette, sports):
    treatment("Akupunktur")
    one = pending.ask(
        clinic=here, by=olga, subject="title", row=mette.pk,
        new={"term": "treatment/akupunktur", "grade": "certified"}, evidence="Kursus 2024",
    )  # fmt: skip
    two = pending.ask(
        clinic=here, by=olga, subject="speciality", new={"term": "speciality/idraet", "documented": True}, evidence="B"
    )
    for change in (one, two):
        pending.approve(change=change, by=mona, reason="Ja.")
    assert here.treatments.get().grade == "certified"
    row = here.specialities.get()
    assert (row.basis, row.grade, row.practitioner) == ("documented", "", None)


def test_a_refusal_changes_nothing_and_says_why(here, olga, mona):
    pending.refuse(change=ask_name(here, olga), by=mona, reason="Vi kan ikke finde navnet i CVR.")
    here.refresh_from_db()
    assert here.name == OLD
    outbox.deliver_waiting()
    assert "Vi kan ikke finde navnet i CVR." in mail.outbox[0].body


def test_who_may_not_decide(here, olga, mona):
    change = ask_name(here, olga)
    olga.groups.add(Group.objects.get(name=ownership.MODERATOR))
    stella = member(here, "stella", "staff")
    adam = user("adam", "Redaktør")
    olga = User.objects.get(pk=olga.pk)
    for by, word in ((olga, "selv til klinikken"), (stella, "moderator"), (adam, "moderator")):
        refused(lambda by=by, word=word: pending.approve(change=change, by=by, reason="Ja."), word)
        refused(lambda by=by, word=word: pending.refuse(change=change, by=by, reason="Nej."), word)
    refused(lambda: pending.approve(change=change, by=mona, reason="  \u200b "), "begrundelse")
    refused(lambda: pending.approve(change=change, by=mona, reason="x" * 1001), "for lang")
    assert pending.waiting(here) == [change]


def test_a_clinic_that_closed_or_is_gone(here, olga, mona):
    change = ask_name(here, olga)
    Clinic.objects.filter(pk=here.pk).update(status="closed")
    refused(lambda: pending.approve(change=change, by=mona, reason="Ja."), "lukket")
    pending.refuse(change=change, by=mona, reason="Klinikken er lukket.")
    refused(lambda: ask_name(here, olga), "lukket")
    Clinic.objects.filter(pk=here.pk).delete()
    refused(lambda: pending.refuse(change=change, by=mona, reason="Nej."), "slettet")
    refused(lambda: ask_name(here, olga), "ikke længere")


def test_a_practitioner_who_is_gone(here, olga, mona, mette):
    change = pending.ask(clinic=here, by=olga, subject="authorisation", row=mette.pk, new={"authorisation_id": "09YM8"})
    mette.delete()
    refused(lambda: pending.approve(change=change, by=mona, reason="Ja."), "ikke længere hos")
    pending.refuse(change=change, by=mona, reason="Behandleren er stoppet.")


@pytest.mark.parametrize("gone", ["account", "membership"])
def test_whoever_asked_is_gone(here, olga, mona, gone):
    member(here, "otto")  # there is another owner, who can ask anew
    change = ask_name(here, olga)
    if gone == "account":
        olga.delete()
    else:
        Membership.objects.filter(user=olga).update(ended_at=datetime.datetime.now(datetime.UTC))
    refused(lambda: pending.approve(change=change, by=mona, reason="Ja."), "ikke længere ejer")
    pending.refuse(change=change, by=mona, reason="Spørg igen.")
    here.refresh_from_db()
    assert here.name == OLD
    outbox.deliver_waiting()
    assert len(mail.outbox) == (gone == "membership")


def test_a_term_that_is_gone(here, olga, mona, mette, sports):
    from clinics import filters

    new = {"term": "speciality/idraet", "grade": "specialist"}
    change = pending.ask(clinic=here, by=olga, subject="title", row=mette.pk, new=new, evidence="2024")
    sports.delete()
    filters.forget()
    refused(lambda: pending.approve(change=change, by=mona, reason="Ja."), "findes ikke længere")
    assert [line.new for line in pending.lines(change)] == ["idraet", "Specialist"]


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_once():
    connection.ensure_connection()
    here = clinic(OLD, "Aarhus C")
    change = ask_name(here, member(here, "olga"))
    mona, maja = user("mona", ownership.MODERATOR), user("maja", ownership.MODERATOR)
    answers = together(
        lambda: pending.approve(change=change, by=mona, reason="Ja."),
        lambda: pending.refuse(change=change, by=maja, reason="Nej."),
    )
    assert answers.count("") == 1 and "allerede afgjort" in answers[1]
    change.refresh_from_db()
    here.refresh_from_db()
    assert (here.name == NEW) == (change.status == "approved")
    assert change.decided_by == (mona if change.status == "approved" else maja)
