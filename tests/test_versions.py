"""What a clinic said, each time somebody saved: versions, what is different between them, going back, and forgetting."""

import datetime
import json

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics import actions, filters, index, ownership, versions
from clinics.actions import ActionError
from clinics.models import (
    Clinic,
    ClinicSpeciality,
    ClinicVersion,
    OpeningException,
    PendingChange,
    Practitioner,
    Price,
    Speciality,
    TreatmentType,
)
from clinics.tasks import purge_versions
from clinics.versions.erasing import MOST_VERSIONS
from clinics.versions.facts import facts_of

from .clinic_form import adam, send
from .full_clinic import a_full_clinic
from .test_memberships import together
from .test_pending import member, user
from .worlds import kept

pytestmark = pytest.mark.django_db


@kept
def here() -> Clinic:
    return a_full_clinic()


@kept
def olga(here):
    return member(here, "olga")


@kept
def mona():
    return user("mona", ownership.MODERATOR)


def notes(one: Clinic) -> list[str]:
    return list(ClinicVersion.objects.filter(clinic=one).order_by("pk").values_list("note", flat=True))


def changed(one: Clinic, by, **fields) -> ClinicVersion:
    """A change of some fields, kept as a version."""
    versions.begin(clinic=one)
    Clinic.objects.filter(pk=one.pk).update(**fields)
    made = versions.record(clinic=one, by=by)
    assert made
    return made


def said(differences) -> list[tuple[str, str, str]]:
    return [(one.label, one.old, one.new) for one in differences]


# --- keeping


def test_the_first_save_keeps_what_was_there_before_it(client, here):
    adam(client)
    assert send(client, here, about="Vi er nye.", phone="86 12 12 12").status_code == 302
    assert notes(here) == ["Før den første ændring", "Navn, adresse og kontakt, klinikken om sig selv"]
    before, after = ClinicVersion.objects.order_by("pk")
    assert (before.facts["about"], after.facts["about"]) == ("Vi undersøger dig og lægger en plan.", "Vi er nye.")
    assert (before.made_by, after.made_by) == (None, client.user)


def test_a_save_that_changes_nothing_is_no_version(client, here):
    adam(client)
    send(client, here, about="Vi er nye.")
    assert send(client, here).status_code == 302
    assert len(notes(here)) == 2
    assert versions.record(clinic=here, by=client.user) is None


def test_confirming_is_a_version(here, olga):
    actions.confirm_facts(clinic=here, by=olga)
    assert notes(here)[-1] == "Bekræftede oplysningerne"


def test_what_it_costs(here, olga):
    versions.begin(clinic=here)
    Clinic.objects.filter(pk=here.pk).update(about="Nyt.")
    filters.terms()
    with CaptureQueriesContext(connection) as asked:
        versions.record(clinic=here, by=olga)
    statements = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert len(statements) == 3, statements
    size = len(json.dumps(ClinicVersion.objects.latest("pk").facts))
    assert size < 20_000, size  # 200 of them are a few megabytes


def test_facts_need_no_keys_of_the_database(here):
    ClinicSpeciality.objects.filter(clinic=here).update(evidence="Kursus")
    facts = facts_of(here)
    keys = {
        name
        for part in facts.values()
        if isinstance(part, list)
        for row in part
        if isinstance(row, dict)
        for name in row
    }
    assert not keys & {"id", "clinic", "clinic_id", "practitioner_id", "speciality_id", "treatment_id"}
    assert {row["speciality"] for row in facts["specialities"]} == {"ryg", "knae"}
    assert facts == json.loads(json.dumps(facts)) == facts_of(Clinic.objects.get(pk=here.pk))


# --- differences


def test_differences_in_words(here):
    before = facts_of(here)
    Clinic.objects.filter(pk=here.pk).update(lift=None, parking=False, languages=["da", "de"], waiting_days=None)
    here.prices.filter(kind="first").update(amount=600)
    here.prices.filter(kind="package").delete()
    here.opening_hours.filter(weekday=0).update(closes=datetime.time(12))
    OpeningException.objects.create(
        clinic=here, first_day=datetime.date(2026, 12, 24), last_day=datetime.date(2026, 12, 26), note="Jul"
    )
    here.practitioners.update(title="Klinikejer")
    found = versions.differences(before, facts_of(Clinic.objects.get(pk=here.pk)))
    texts = said(found)
    assert ("Elevator", "Nej", "Ikke oplyst") in texts
    assert ("Parkering ved døren", "Ja", "Nej") in texts
    assert ("Sprog", "dansk og engelsk", "dansk og tysk") in texts
    assert ("Ventetid i dage", "3", "Ikke oplyst") in texts
    assert any(label.startswith("Pris: første") and "550 kr." in old and "600 kr." in new for label, old, new in texts)
    assert any(label.startswith("Pris: pakke") and new == "Er der ikke" for label, _, new in texts)
    assert ("Behandling, mandag", "08.00–18.00", "08.00–12.00") in texts
    assert any("24. december 2026" in label and "Jul" in new for label, _, new in texts)
    assert any(label == "Behandler: Mette Eksempel" and "Klinikejer" in new for label, _, new in texts)
    assert versions.changed(found) == "Priser, behandlere, åbningstider, adgang, sprog og behandling hjemme, ventetid"


def test_what_a_version_does_not_know_is_no_fault(here):
    assert versions.differences({}, {"name": "Ryggen"})[0].new == "Ryggen"
    assert versions.differences({"specialities": [{"speciality": "væk", "practitioner": 7}]}, {})


def test_what_was_stored_and_read_again_is_the_same(here, olga):
    """The database keeps the names of a row in an order of its own."""
    OpeningException.objects.create(
        clinic=here, first_day=datetime.date(2026, 12, 24), last_day=datetime.date(2026, 12, 26), note="Jul"
    )
    versions.begin(clinic=here)
    assert versions.differences(ClinicVersion.objects.get().facts, facts_of(here)) == []
    assert versions.plan_for(version=ClinicVersion.objects.get(), by=olga).differences == []


# --- going back


def test_going_back_brings_fields_and_rows(here, olga):
    before = changed(here, olga, about="Den gamle tekst.", lift=True)
    Clinic.objects.filter(pk=here.pk).update(about="Fejl!", lift=None, latitude=here.latitude)
    here.prices.all().delete()
    here.opening_hours.filter(weekday=4).delete()
    ClinicSpeciality.objects.filter(clinic=here, speciality__slug="knae").delete()
    Practitioner.objects.filter(clinic=here).update(title="Forkert")
    kept = here.opening_hours.first()
    versions.record(clinic=here, by=olga)
    versions.restore(version=before, by=olga)
    here.refresh_from_db()
    assert (here.about, here.lift) == ("Den gamle tekst.", True)
    assert sorted(here.prices.values_list("kind", "amount")) == [("first", 550), ("follow_up", 420), ("package", 3800)]
    assert here.opening_hours.count() == 5 and here.opening_hours.first() == kept
    assert set(here.specialities.values_list("speciality__slug", flat=True)) == {"ryg", "knae"}
    assert here.practitioners.get().title == ""
    assert not index.disagreements()
    assert notes(here)[-1].startswith("Gendannede versionen fra ")
    with pytest.raises(ActionError, match="intet at gendanne"):
        versions.restore(version=before, by=olga)


@time_machine.travel(datetime.datetime(2026, 11, 20, 10, tzinfo=datetime.UTC), tick=False)
def test_what_comes_back_is_the_clinics_word_of_today(here, olga):
    before = changed(here, olga, about="Den gamle tekst.")
    here.prices.filter(kind="first").delete()
    versions.record(clinic=here, by=olga)
    versions.restore(version=before, by=olga)
    assert here.prices.get(kind="first").confirmed_at == datetime.date(2026, 11, 20)
    assert here.prices.get(kind="follow_up").confirmed_at == datetime.date(2026, 11, 3)  # it had not gone


def trusted_then_and_now(here) -> ClinicVersion:
    """A version with a title, an authorisation, another name and place; and now all of it is otherwise."""
    mette = here.practitioners.get()
    row = ClinicSpeciality.objects.get(clinic=here, practitioner=mette)
    ClinicSpeciality.objects.filter(pk=row.pk).update(basis="documented", grade="certified", evidence="Bevis")
    before = changed(here, None, name="Det gamle navn", street="Gammelvej 1", status="published", email="a@b.dk")
    ClinicSpeciality.objects.filter(pk=row.pk).update(basis="stated", grade="", evidence="")
    Practitioner.objects.filter(pk=mette.pk).update(authorisation_id="11AA1", is_restricted=True)
    Clinic.objects.filter(pk=here.pk).update(
        name="Nyt navn", street="Nyvej 2", status="closed", is_example=True, email="ny@b.dk"
    )
    versions.record(clinic=here, by=None)
    return before


def test_a_member_brings_back_nothing_that_touches_trust(here, olga):
    before = trusted_then_and_now(here)
    left_out = " ".join(versions.restore(version=before, by=olga))
    here.refresh_from_db()
    mette = here.practitioners.get()
    assert (here.name, here.street, here.status, here.is_example) == ("Nyt navn", "Nyvej 2", "closed", True)
    assert (mette.authorisation_id, mette.is_restricted) == ("11AA1", True)
    assert not here.specialities.exclude(grade="", basis="stated", evidence="").exists()
    assert "Navn, adresse" in left_out and "Titler" in left_out
    assert here.email == "a@b.dk"
    assert LogEntry.objects.filter(change_message__contains="Vej til klinikken ændret: e-mail").exists()


def test_a_documented_title_of_today_stays(here, olga):
    before = changed(here, olga, about="Før titlen.")
    row = ClinicSpeciality.objects.filter(clinic=here).exclude(practitioner=None).get()
    ClinicSpeciality.objects.filter(pk=row.pk).update(basis="documented", grade="certified", evidence="Bevis")
    changed(here, olga, about="Efter.")
    versions.restore(version=before, by=olga)
    row.refresh_from_db()
    assert (row.grade, row.basis) == ("certified", "documented")


def test_a_moderator_brings_back_all_but_status(here, mona):
    before = trusted_then_and_now(here)
    versions.restore(version=before, by=mona)
    here.refresh_from_db()
    assert (here.name, here.street, here.status) == ("Det gamle navn", "Gammelvej 1", "closed")
    assert here.practitioners.get().authorisation_id == "09YM8"
    assert here.specialities.filter(grade="certified").exists()


def test_people_who_left_and_people_who_came(here, olga):
    before = changed(here, olga, about="Med Mette.")
    here.practitioners.all().delete()
    otto = Practitioner.objects.create(clinic=here, name="Otto Ny")
    ClinicSpeciality.objects.create(clinic=here, speciality=Speciality.objects.get(slug="knae"), practitioner=otto)
    changed(here, olga, about="Uden Mette.")
    left_out = " ".join(versions.restore(version=before, by=olga))
    assert [one.name for one in here.practitioners.all()] == ["Otto Ny"]
    assert here.specialities.filter(practitioner=otto).exists()
    assert "Mette Eksempel er ikke hos klinikken længere" in left_out and "Otto Ny er kommet til" in left_out


def test_a_term_and_a_rule_that_came_since(here, olga):
    taping = TreatmentType.objects.get(slug="taping")
    before = changed(here, olga, about="Vi er bedst i Danmark og garanterer, at du bliver rask.")
    Price.objects.filter(clinic=here).update(treatment=None)
    here.treatments.filter(treatment=taping).delete()
    changed(here, olga, about="En god tekst.", lift=True)
    taping.delete()
    filters.forget()
    left_out = " ".join(versions.restore(version=before, by=olga))
    here.refresh_from_db()
    assert here.about == "En god tekst." and here.lift is False
    assert "“taping” findes ikke længere" in left_out and "“Om klinikken” bliver" in left_out


def test_who_may_not_go_back(here, olga):
    before = changed(here, olga, about="Før.")
    changed(here, olga, about="Efter.")
    from .people import clinic

    bent = member(clinic("Andens", "Odense C"), "bent")
    for by in (bent, user("edith", "Redaktør")):
        with pytest.raises(ActionError):
            versions.restore(version=before, by=by)
    with pytest.raises(ActionError, match="gemt imens"):
        versions.restore(version=before, by=olga, seen="0" * 16)
    here.refresh_from_db()
    assert here.about == "Efter."


@pytest.mark.django_db(transaction=True)
def test_two_who_go_back_at_once():
    here = a_full_clinic()
    olga = member(here, "olga")
    first = changed(here, olga, about="Først.")
    second = changed(here, olga, about="Så.")
    changed(here, olga, about="Nu.")
    seen = versions.plan_for(version=first, by=olga).seen
    answers = together(
        lambda: versions.restore(version=first, by=olga, seen=seen),
        lambda: versions.restore(version=second, by=olga, seen=seen),
    )
    assert answers.count("") == 1 and "gemt imens" in answers[1]
    here.refresh_from_db()
    assert here.about in ("Først.", "Så.")


# --- keeping only so long, and forgetting


@time_machine.travel(datetime.datetime(2026, 11, 20, 10, tzinfo=datetime.UTC), tick=False)
def test_old_versions_go_and_the_last_stays(here):
    old = datetime.datetime(2024, 11, 1, tzinfo=datetime.UTC)
    for days in (0, 1, 2):
        ClinicVersion.objects.create(clinic=here, made_at=old - datetime.timedelta(days=days), note=str(days))
    assert purge_versions() == 2
    assert notes(here) == ["0"]
    ClinicVersion.objects.bulk_create(ClinicVersion(clinic=here, note="ny") for _ in range(MOST_VERSIONS + 3))
    assert purge_versions() == 4
    assert ClinicVersion.objects.count() == MOST_VERSIONS and not ClinicVersion.objects.filter(note="0").exists()


def test_a_person_is_forgotten(here, olga):
    changed(here, olga, about="Mette Eksempel er vores ejer. Mette Eksempelsen er en anden.")
    Practitioner.objects.create(clinic=here, name="Åse Østergård", position=5)
    changed(here, olga, about="Uden.")
    done = PendingChange.objects.create(
        clinic=here, subject="title", status="refused", old={"person": "Mette Eksempel"}, evidence="mette eksempel 2024"
    )
    LogEntry.objects.log_actions(olga.pk, [here], 2, [{"added": {"name": "behandler", "object": "Åse Østergård"}}])
    assert versions.forget_person(clinic=here, name="mette eksempel") == 4
    assert versions.forget_person(clinic=here, name="Åse Østergård") == 2
    assert versions.forget_person(clinic=here, name=" ") == 0
    kept = json.dumps([one.facts for one in ClinicVersion.objects.all()], ensure_ascii=False)
    assert "Mette Eksempel " not in kept and "Mette Eksempelsen" in kept and "Åse" not in kept
    done.refresh_from_db()
    assert done.old == {"person": "[slettet]"} and done.evidence == "[slettet] 2024"
    assert "“[slettet]”" in LogEntry.objects.latest("pk").get_change_message()
    for one in ClinicVersion.objects.all():  # what hung on her went too, and the others' places still fit
        for row in one.facts["specialities"]:
            assert row["practitioner"] is None or row["practitioner"] < len(one.facts["practitioners"])
