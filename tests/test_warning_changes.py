"""Warnings get stronger by one hand and weaker by two: in the actions, and in every form of the admin, for every role.

Edith and Eva edit, Adam administrates, and Sara is the superuser; Sam has no rights.
"""

import threading

import pytest
from django.db import connection, connections

from clinics import warnings
from clinics.loading.safety import load_red_flags
from clinics.models import BodyRegion, Condition, RedFlag, WarningChange
from clinics.warnings import ChangeError
from clinics.weakening import Weakening, split

from .staff import staff
from .warned import GATE, WHY, dvt, leg_with, lower
from .worlds import kept

pytestmark = pytest.mark.django_db
Kind, State = WarningChange.Kind, WarningChange.State


@kept
def people():
    return staff()


@kept
def flag():
    return dvt()


@kept
def leg(flag):
    return leg_with(flag)


# What is weaker


@pytest.mark.parametrize(
    ("urgency", "wanted", "waits"),
    [
        ("doctor_now", {"urgency": "112"}, set()),
        ("doctor_now", {"urgency": "doctor_now"}, set()),
        ("doctor_now", {"urgency": "doctor_soon"}, {"urgency"}),
        ("112", {"urgency": "physio"}, {"urgency"}),
        ("physio", {"kind": "avoid"}, {"kind"}),
        ("doctor_now", {"text": "noget mildere"}, {"text"}),
        ("doctor_now", {"text": " Det ene ben bliver  hævet "}, set()),
        ("own_doctor", {"text": "noget andet"}, set()),
        ("doctor_now", {"terms": ["hævet læg", "tykt ben", "rødt ben"]}, set()),
        ("doctor_now", {"terms": ["Tykt ben", "hævet læg"]}, set()),
        ("doctor_now", {"terms": ["hævet læg"]}, {"terms"}),
        ("own_doctor", {"terms": []}, {"terms"}),
        ("own_doctor", {"group": "Andet"}, {"group"}),  # what a flag to avoid is about
        ("doctor_now", {"order": 4, "sources": [], "reviewed_by": "Frida"}, set()),
    ],
)
def test_what_makes_a_flag_weaker(flag, urgency, wanted, waits):
    flag.urgency = urgency
    saved, found = split(flag, wanted)
    assert {name for one in found for name in one.after} == waits
    assert all(saved[name] == getattr(flag, name) for name in waits - {"terms"})


def test_terms_that_are_added_count_at_once_and_those_taken_away_do_not(flag):
    saved, (found,) = split(flag, {"terms": ["rødt ben", "hævet læg"]})
    assert saved["terms"] == ["hævet læg", "tykt ben", "rødt ben"]
    assert found.after == {"terms": ["rødt ben", "hævet læg"]}


def test_a_gate_may_be_added_but_not_changed(leg):
    assert split(leg, {"care_gate": GATE + " "})[1] == []
    assert [one.kind for one in split(leg, {"care_gate": "Når du vil."})[1]] == [Kind.GATE]
    leg.care_gate = ""
    assert split(leg, {"care_gate": "Ny betingelse."}) == ({"care_gate": "Ny betingelse."}, [])


def test_another_body_region_is_weaker_when_it_takes_a_warning_off_the_page(leg, flag):
    lungs = RedFlag.objects.create(key="lunger", group="L", urgency="112", text="ikke kan få vejret", sources=[])
    one, other, both = (BodyRegion.objects.create(slug=slug, name=slug) for slug in ("ben", "arm", "begge"))
    one.red_flags.add(lungs)
    both.red_flags.add(lungs)
    Condition.objects.filter(pk=leg.pk).update(body_region=one)
    leg.refresh_from_db()
    assert [found.after for found in split(leg, {"body_region": other})[1]] == [{"body_region": other.pk}]
    assert [found.after for found in split(leg, {"body_region": None})[1]] == [{"body_region": None}]
    assert split(leg, {"body_region": both})[1] == []


# The verbs


def test_one_editor_raises_at_once(people, flag):
    warnings.raise_urgency(flag=flag, urgency="112", by=people["edith"])
    flag.refresh_from_db()
    assert (flag.urgency, flag.edited_at is not None) == ("112", True)
    with pytest.raises(ChangeError, match="kun hæves"):
        warnings.raise_urgency(flag=flag, urgency="doctor_now", by=people["sara"])
    with pytest.raises(ChangeError, match="ikke ret"):
        warnings.raise_urgency(flag=flag, urgency="112", by=people["sam"])


def test_a_proposal_changes_nothing_until_another_editor_approves(people, flag):
    change = lower(flag, people["edith"])
    assert RedFlag.objects.get().urgency == "doctor_now"
    warnings.approve(change=change, by=people["eva"])
    stored = RedFlag.objects.get()
    assert (stored.urgency, stored.edited_at is not None) == ("own_doctor", True)
    change.refresh_from_db()
    assert (change.state, change.decided_by, change.decided_at is not None) == (State.APPROVED, people["eva"], True)
    assert change.subject == "dvt: hast “Ring til læge nu” → “Egen læge”"


@pytest.mark.parametrize("name", ["edith", "adam", "sara"])
def test_nobody_approves_a_proposal_of_their_own(name, people, flag):
    change = lower(flag, people[name])
    with pytest.raises(ChangeError, match="selv foreslået"):
        warnings.approve(change=change, by=people[name])
    assert RedFlag.objects.get().urgency == "doctor_now"
    assert WarningChange.objects.get().state == State.PENDING


def test_who_has_no_right_neither_proposes_nor_decides(people, flag):
    with pytest.raises(ChangeError, match="ikke ret"):
        lower(flag, people["sam"])
    change = lower(flag, people["edith"])
    for verb in (warnings.approve, warnings.refuse):
        with pytest.raises(ChangeError, match="ikke ret"):
            verb(change=change, by=people["sam"])


@pytest.mark.parametrize("reason", ["", "   ", "ok", "nul\0byte i begrundelsen", "x" * 2001])
def test_a_proposal_needs_a_reason(reason, people, flag):
    with pytest.raises(ChangeError, match="egrundelse"):
        lower(flag, people["edith"], reason=reason)
    assert not WarningChange.objects.exists()


def test_the_same_is_proposed_once(people, flag):
    lower(flag, people["edith"])
    with pytest.raises(ChangeError, match="allerede foreslået"):
        lower(flag, people["eva"])


def test_a_decided_proposal_is_decided(people, flag):
    change = lower(flag, people["edith"])
    warnings.refuse(change=change, by=people["eva"], answer="Nej, for mildt.")
    for verb in (warnings.approve, warnings.refuse):
        with pytest.raises(ChangeError, match="allerede afgjort"):
            verb(change=change, by=people["adam"])
    change.refresh_from_db()
    assert (change.state, change.values["answer"]) == (State.REFUSED, "Nej, for mildt.")
    assert RedFlag.objects.get().urgency == "doctor_now"


def test_who_proposed_it_withdraws_it(people, flag):
    assert warnings.refuse(change=lower(flag, people["edith"]), by=people["edith"]).state == State.WITHDRAWN


def test_a_row_that_was_changed_meanwhile_is_not_weakened(people, flag):
    change = lower(flag, people["edith"])
    warnings.raise_urgency(flag=flag, urgency="112", by=people["adam"])
    with pytest.raises(ChangeError, match="ændret, siden"):
        warnings.approve(change=change, by=people["eva"])
    assert RedFlag.objects.get().urgency == "112"


def test_a_proposal_of_an_account_that_is_gone_is_not_approved(people, flag):
    change = lower(flag, people["edith"])
    people["edith"].delete()
    with pytest.raises(ChangeError, match="findes ikke længere"):
        warnings.approve(change=change, by=people["eva"])
    assert WarningChange.objects.get().values["proposed_by"] == "edith@example.org"


def test_the_log_outlives_the_flag_and_the_people(people, flag, leg):
    other = warnings.propose(row=leg, weakening=Weakening(Kind.DETACH, flag), reason=WHY, by=people["edith"])
    change = warnings.propose(row=flag, weakening=Weakening(Kind.DELETE, flag), reason=WHY, by=people["edith"])
    warnings.approve(change=change, by=people["eva"])
    assert not RedFlag.objects.exists()
    with pytest.raises(ChangeError, match="allerede fjernet"):
        warnings.approve(change=other, by=people["eva"])
    people["edith"].delete()
    people["eva"].delete()
    change.refresh_from_db()
    assert (change.state, change.reason) == (State.APPROVED, WHY)
    assert change.subject == "dvt: “det ene ben bliver hævet”"
    assert change.values["before"]["terms"] == ["hævet læg", "tykt ben"]
    assert (change.values["proposed_by"], change.values["decided_by"]) == ("edith@example.org", "eva@example.org")


@pytest.mark.parametrize("row", ["leg", "region"])
def test_a_flag_is_detached_by_two(row, people, flag, leg):
    region = BodyRegion.objects.create(slug="ben", name="Ben")
    region.red_flags.add(flag)
    about = {"leg": leg, "region": region}[row]
    change = warnings.propose(row=about, weakening=Weakening(Kind.DETACH, flag), reason=WHY, by=people["edith"])
    assert list(about.red_flags.all()) == [flag]
    warnings.approve(change=change, by=people["eva"])
    assert list(about.red_flags.all()) == []
    about.refresh_from_db()
    assert about.edited_at, "or the committed registry would bring it back"


def test_a_gate_is_taken_away_by_two(people, leg):
    weakening = Weakening(Kind.GATE, after={"care_gate": ""})
    change = warnings.propose(row=leg, weakening=weakening, reason=WHY, by=people["edith"])
    leg.refresh_from_db()
    assert leg.care_gate == GATE
    warnings.approve(change=change, by=people["eva"])
    leg.refresh_from_db()
    assert (leg.care_gate, leg.edited_at is not None) == ("", True)


def test_a_flag_that_two_editors_deleted_does_not_come_back_with_the_file(people):
    load_red_flags()
    hjerte = RedFlag.objects.get(key="hjerte")
    change = warnings.propose(row=hjerte, weakening=Weakening(Kind.DELETE, hjerte), reason=WHY, by=people["edith"])
    warnings.approve(change=change, by=people["eva"])
    assert "hjerte" in load_red_flags().kept
    assert not RedFlag.objects.filter(key="hjerte").exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_decide_once(people, flag):
    change = lower(flag, people["edith"])
    outcomes = []

    def decide(verb, name):
        try:
            outcomes.append(verb(change=change, by=people[name]).state)
        except ChangeError as error:
            outcomes.append(str(error))
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=decide, args=(warnings.approve, "eva")),
        threading.Thread(target=decide, args=(warnings.refuse, "adam")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    connection.close()
    change.refresh_from_db()
    assert "Forslaget er allerede afgjort." in outcomes
    assert (RedFlag.objects.get().urgency == "own_doctor") == (change.state == State.APPROVED)
