"""What visitors suggested: read in turn, answered once, and the sender forgotten."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry

from clinics import actions
from clinics.actions import ActionError
from clinics.models import Correction

from . import clinic_form
from .clinic_form import address_of
from .people import clinic
from .worlds import kept

pytestmark = pytest.mark.django_db

QUEUE = "/admin/clinics/correction/"


@pytest.fixture
def adam(client):
    return clinic_form.adam(client)


@kept
def one():
    return clinic("Havnens Fysioterapi", "Aarhus C")


def suggest(one, text: str, day: int = 1, **fields) -> Correction:
    at = datetime.datetime(2026, 11, day, tzinfo=datetime.UTC)
    return Correction.objects.create(**({"clinic": one, "group": "prices", "text": text, "created_at": at} | fields))


def address(correction: Correction) -> str:
    return f"{QUEUE}{correction.pk}/change/"


def test_the_oldest_that_waits_comes_first(adam, one):
    for text, day, status in (("ny", 9, "new"), ("gammel", 2, "new"), ("afgjort", 1, "done")):
        suggest(one, text, day, status=status)
    assert [row.text for row in adam.get(QUEUE).context["cl"].result_list] == ["gammel", "ny", "afgjort"]
    other = suggest(clinic("Den anden", "Aarhus C"), "en andens")
    found = adam.get(f"{QUEUE}?clinic={other.clinic_id}").context["cl"].result_list
    assert [row.text for row in found] == ["en andens"]


def test_one_suggestion_with_the_way_to_its_section(adam, one):
    text = "Prisen er 550 kr.\n<script>alert(1)</script>"
    page = adam.get(address(suggest(one, text, email="anna@example.org", sender="clinic"))).content.decode()
    assert f'href="{address_of(one)}?afsnit=prices#prices"' in page
    assert "mailto:anna%40example.org" in page and "slettes, når det er afgjort" in page
    assert "&lt;script&gt;" in page and "<script>alert" not in page
    assert "1 forslag til rettelse venter" in adam.get(address_of(one)).content.decode()


@pytest.mark.parametrize(("button", "status"), [("_done", "done"), ("_refused", "refused")])
def test_decided_once_and_the_sender_is_forgotten(adam, one, button, status):
    correction = suggest(one, "Prisen er 550 kr.", email="anna@example.org")
    decision = {"decision": "  Rettet efter opringning. ", button: ""}
    assert adam.post(address(correction), decision).status_code == 302
    correction.refresh_from_db()
    assert (correction.status, correction.decision, correction.email) == (status, "Rettet efter opringning.", "")
    assert correction.decided_by == adam.user and correction.decided_at is not None
    assert not any("anna" in line.change_message + line.object_repr for line in LogEntry.objects.all())
    again = adam.post(address(correction), {"decision": "Nej", "_refused": ""})
    assert "allerede afgjort" in again.content.decode()
    correction.refresh_from_db()
    assert correction.status == status
    page = adam.get(address(correction)).content.decode()
    assert "_done" not in page and "anna" not in page


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"decision": "", "_done": ""}, "Skriv, hvad der blev besluttet"),
        ({"decision": "   ", "_refused": ""}, "Skriv, hvad der blev besluttet"),
        ({"decision": "Ja"}, "Vælg, om forslaget"),
        ({"decision": "\u202e", "_done": ""}, "Skriv, hvad der blev besluttet"),
        ({"decision": " \u200b\x00\u2066 ", "_refused": ""}, "Skriv, hvad der blev besluttet"),
        ({"decision": "x" * 301, "_done": ""}, "300 tegn"),
        ({"decision": "Ja", "_new": "", "status": "done"}, "Vælg, om forslaget"),
    ],
)
def test_an_answer_without_reason_or_choice_is_none(adam, one, sent, word):
    correction = suggest(one, "Prisen er 550 kr.", email="anna@example.org")
    response = adam.post(address(correction), sent)
    assert word in response.content.decode() and "Fejl:" in response.content.decode().split("</title>")[0]
    correction.refresh_from_db()
    assert (correction.status, correction.email) == ("new", "anna@example.org")


def test_nothing_is_added_deleted_or_rewritten(adam, one):
    correction = suggest(one, "Prisen er 550 kr.")
    assert adam.get(f"{QUEUE}add/").status_code == 403
    assert adam.post(f"{QUEUE}{correction.pk}/delete/", {"post": "yes"}).status_code == 403
    adam.post(QUEUE, {"action": "delete_selected", "_selected_action": [correction.pk], "post": "yes"})
    adam.post(address(correction), {"text": "Noget andet", "clinic": "99", "decision": "Ja", "_done": ""})
    correction.refresh_from_db()
    assert (correction.text, correction.clinic) == ("Prisen er 550 kr.", one)
    assert adam.get(f"{QUEUE}999999/change/").status_code == 404
    assert adam.get(f"{QUEUE}x/change/").status_code == 404


def test_the_action_keeps_its_own_rules(one, django_user_model):
    by = django_user_model.objects.create_user("rita@example.org")
    with pytest.raises(ActionError):
        actions.decide_correction(correction=suggest(one, "x"), status="new", decision="Ja", by=by)
