"""“Bekræft oplysninger”: one click says that everything shown is right today; whose word it is depends on who clicks."""

import datetime

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model

from clinics import actions
from clinics.models import Clinic, SearchEntry
from clinics.models.clinic import Source

from .clinic_form import address_of, faults, form_of, send
from .people import clinic, speciality, treatment
from .worlds import kept

pytestmark = pytest.mark.django_db

SPRING, TODAY = datetime.date(2026, 4, 1), datetime.date(2026, 11, 21)
NOON = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC)


@kept
def one():
    made = clinic("Havnens Fysioterapi", "Aarhus C", price=500, phone="+4586121212", waiting_days=5)
    Clinic.objects.update(waiting_stated_on=SPRING, source="register")
    made.prices.update(confirmed_at=SPRING)
    made.practitioners.create(name="Mette", authorisation_checked_on=SPRING)
    made.specialities.create(speciality=speciality("Knæ"), confirmed_at=SPRING)
    made.specialities.create(speciality=speciality("Ryg"), basis="suggested")
    made.treatments.create(treatment=treatment("Styrke"))
    made.opening_hours.create(weekday=0, opens="08:00", closes="16:00")
    made.provenance.create(group="prices", source="clinic", stated_on=SPRING)
    made.provenance.create(group="contact", source="register", stated_on=SPRING, note="SOR")
    made.refresh_from_db()
    return made


@kept
def rita():
    return get_user_model().objects.create_user("rita@example.org", is_staff=True)


def days(one: Clinic) -> set:
    parts = (one.prices, one.practitioners, one.opening_hours, one.treatments, one.specialities.filter(basis="stated"))
    return {day for rows in parts for day in rows.values_list("confirmed_at", flat=True)}


@time_machine.travel(NOON, tick=False)
def test_a_moderators_hand_leaves_the_sources_alone(one, rita):
    actions.confirm_facts(clinic=one, by=rita)
    now = Clinic.objects.get(pk=one.pk)
    assert (now.confirmed_at, now.waiting_stated_on, now.source) == (TODAY, TODAY, "register")
    assert (one.confirmed_at, one.waiting_stated_on) == (TODAY, TODAY), "the row in hand says it too"
    assert days(one) == {TODAY}
    assert one.specialities.get(basis="suggested").confirmed_at is None
    assert one.practitioners.get().authorisation_checked_on == SPRING
    said = {row.group: (row.source, row.stated_on, row.note) for row in one.provenance.all()}
    assert said == {"prices": ("clinic", TODAY, ""), "contact": ("register", SPRING, "SOR")}
    line = LogEntry.objects.get()
    assert (line.user, line.object_id, line.change_message) == (rita, str(one.pk), "Bekræftede oplysningerne.")


@time_machine.travel(NOON, tick=False)
def test_the_clinics_own_word_is_the_source(one, rita):
    actions.confirm_facts(clinic=one, by=rita, source=Source.CLINIC)
    assert Clinic.objects.get(pk=one.pk).source == "clinic"
    said = {row.group: (row.source, row.stated_on, row.note) for row in one.provenance.all()}
    assert said == {"prices": ("clinic", TODAY, ""), "contact": ("clinic", TODAY, "")}
    assert set(one.prices.values_list("source", flat=True)) == {"clinic"}


@time_machine.travel(NOON, tick=False)
def test_no_waiting_time_stays_none(one, rita):
    Clinic.objects.update(waiting_days=None, waiting_stated_on=None)
    actions.confirm_facts(clinic=one, by=rita)
    assert Clinic.objects.get(pk=one.pk).waiting_stated_on is None


def test_days_are_danish(one, rita):
    """Half past midnight in Copenhagen is still yesterday in London."""
    with time_machine.travel(datetime.datetime(2026, 11, 20, 23, 30, tzinfo=datetime.UTC), tick=False):
        actions.confirm_facts(clinic=one, by=rita)
    assert Clinic.objects.get(pk=one.pk).confirmed_at == TODAY


@time_machine.travel(NOON, tick=False)
def test_the_index_follows(one, rita):
    """A waiting time of April counts for nothing in November; one that was just confirmed does."""
    actions.clinic_changed(clinic=one)
    actions.confirm_facts(clinic=one, by=rita)
    assert SearchEntry.objects.get(clinic=one).waiting_days == 5


# In the admin


@time_machine.travel(NOON, tick=False)
def test_one_click_on_the_form_saves_and_confirms(admin_client, one):
    page = admin_client.get(address_of(one)).content.decode()
    assert page.index('name="_continue"') < page.index('name="_confirm"'), "Enter in a field must not confirm"
    assert "også ventetiden på 5 dage" in page and "Ikke bekræftet af klinikken." in page
    values = form_of(admin_client, address_of(one)) | {"street": "Havnegade 1", "_confirm": ""}
    response = admin_client.post(address_of(one), values, follow=True)
    assert "Gemt og bekræftet. Vi spørger igen omkring 21. maj 2027." in response.content.decode()
    assert "Regnes for aktuelle til 21. maj 2027." in response.content.decode()
    one.refresh_from_db()
    assert (one.street, one.confirmed_at, one.waiting_stated_on) == ("Havnegade 1", TODAY, TODAY)
    assert days(one) == {TODAY}


def test_nothing_is_confirmed_beside_a_fault(admin_client, one):
    assert "skrives med tal" in faults(send(admin_client, one, phone="ring", _confirm=""))
    one.refresh_from_db()
    assert one.confirmed_at is None


def test_saving_alone_confirms_nothing(admin_client, one):
    assert faults(send(admin_client, one)) == ""
    one.refresh_from_db()
    assert (one.confirmed_at, one.waiting_stated_on) == (None, SPRING)


@time_machine.travel(NOON, tick=False)
def test_several_from_the_list(admin_client, one):
    other = clinic("Den anden", "Aarhus C")
    third = clinic("Den tredje", "Aarhus C")
    chosen = {"action": "confirm_chosen", "_selected_action": [one.pk, other.pk]}
    response = admin_client.post("/admin/clinics/clinic/", chosen, follow=True)
    assert "Oplysningerne om 2 klinikker er bekræftet i dag." in response.content.decode()
    confirmed = dict(Clinic.objects.values_list("name", "confirmed_at"))
    assert confirmed == {one.name: TODAY, other.name: TODAY, third.name: None}


def test_a_click_needs_a_page_of_ours(one, rita):
    """Without the token of the form nothing happens, and a link cannot confirm."""
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(get_user_model().objects.create_superuser("sara@example.org"))
    assert strict.post(address_of(one), {"_confirm": ""}).status_code == 403
    assert strict.get(f"{address_of(one)}?_confirm=1").status_code == 200
    assert Clinic.objects.get(pk=one.pk).confirmed_at is None
