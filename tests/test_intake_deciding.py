"""What a person says about rows of a list, in bulk and one by one, and what makes no sense to say."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.actions import ActionError
from clinics.intake import deciding
from clinics.intake.deciding import choose, decide
from clinics.models import ImportBatch, ImportRecord, ListingRequest

from .intake_lists import all_of, mona_with, record, staged
from .people import clinic
from .worlds import kept

pytestmark = pytest.mark.django_db

Decision, State = ImportRecord.Decision, ImportRecord.State


@pytest.fixture
def mona(client):
    return mona_with(client)


@kept
def batch():
    return staged()


def refused(mona, records, decision) -> list[str]:
    return list(decide(records=records, decision=decision, by=mona.user).refused)


def test_many_rows_are_decided_at_once_and_who_did_it_is_kept(mona, batch):
    there = clinic("Åens Fysioterapi", "Aarhus C")
    record(batch, 2, clinic=there, score=60)
    record(batch, 3, clinic=clinic("En anden", "Aarhus C"), score=50)
    done = decide(records=all_of(batch), decision=Decision.UPDATE, by=mona.user)
    assert (done.count, done.refused) == (2, {})
    assert set(all_of(batch).values_list("decision", "decided_by", "state")) == {("update", mona.user.pk, "staged")}


@pytest.mark.parametrize(
    ("fields", "decision", "reason"),
    [
        ({}, Decision.UPDATE, deciding.NO_CLINIC),
        ({"problems": [{"field": "", "text": "Intet sted.", "fatal": True}]}, Decision.NEW, deciding.FATAL),
        ({"state": State.APPLIED}, Decision.SKIP, deciding.APPLIED),
        ({"state": State.UNDONE}, Decision.NEW, deciding.APPLIED),
        ({"facts": {"name": "Åens"}}, Decision.NEW, deciding.PLACELESS),
        ({"facts": {"postcode_id": "8000"}}, Decision.NEW, deciding.NAMELESS),
        ({"proposed": Decision.DUPLICATE}, Decision.NEW, deciding.REPEATED),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_reason(mona, batch, fields, decision, reason):
    made = record(batch, **fields)
    before = (made.decision, made.state)
    assert refused(mona, all_of(batch), decision) == [reason]
    made.refresh_from_db()
    assert (made.decision, made.state, made.decided_by) == (*before, None)


def test_a_clinic_that_surely_is_here_is_made_new_only_one_by_one(mona, batch):
    there = clinic("Åens Fysioterapi", "Aarhus C")
    made = record(batch, clinic=there, score=90, reasons=["samme navn"], proposed=Decision.UPDATE)
    assert refused(mona, all_of(batch), Decision.NEW) == [deciding.SURELY]
    choose(record=made, clinic=None, by=mona.user)
    made.refresh_from_db()
    assert (made.decision, made.clinic) == (Decision.NEW, None)
    assert made.others == [{"pk": there.pk, "score": 90, "reasons": ["samme navn"]}], "it can be chosen again"
    choose(record=made, clinic=there, by=mona.user)
    made.refresh_from_db()
    assert (made.decision, made.clinic, made.score, made.others) == (Decision.UPDATE, there, 90, [])


def test_one_that_only_resembles_can_be_made_new_in_bulk(mona, batch):
    there = clinic("Åens Fysioterapi", "Aarhus C")
    made = record(batch, clinic=there, score=60, reasons=["samme navn", "men anden adresse"])
    assert decide(records=all_of(batch), decision=Decision.NEW, by=mona.user).count == 1
    made.refresh_from_db()
    assert (made.clinic, [one["pk"] for one in made.others]) == (None, [there.pk])


@pytest.mark.parametrize("decision", [Decision.UPDATE, Decision.NEW])
def test_a_clinic_that_asked_to_be_taken_off_stays_off(mona, batch, decision):
    gone = clinic("Åens Fysioterapi", "Aarhus C", status="draft")
    ListingRequest.objects.create(clinic=gone, kind="remove", status="approved", name="x")
    made = record(batch, clinic=gone, score=90)
    assert refused(mona, all_of(batch), decision) == [deciding.REMOVED]
    for one in (gone, None):
        with pytest.raises(ActionError, match="bad om det"):
            choose(record=made, clinic=one, by=mona.user)
    assert decide(records=all_of(batch), decision=Decision.SKIP, by=mona.user).count == 1


def test_two_rows_are_never_one_clinic(mona, batch):
    there = clinic("Åens Fysioterapi", "Aarhus C")
    first, second = record(batch, 2, clinic=there, score=60), record(batch, 3, clinic=there, score=60)
    done = decide(records=all_of(batch), decision=Decision.UPDATE, by=mona.user)
    assert (done.count, done.refused) == (1, {deciding.TWICE: 1})
    first.refresh_from_db()
    assert first.decision == Decision.UPDATE, "the first of the list"
    assert refused(mona, all_of(batch).filter(pk=second.pk), Decision.UPDATE) == [deciding.TWICE]
    with pytest.raises(ActionError, match="allerede den klinik"):
        choose(record=second, clinic=there, by=mona.user)


def test_an_example_is_never_updated(mona, batch):
    made = record(batch, clinic=clinic("Eksempel", "Aarhus C", is_example=True), score=80)
    assert refused(mona, all_of(batch), Decision.UPDATE) == [deciding.EXAMPLE]
    with pytest.raises(ActionError, match="opdigtet"):
        choose(record=made, clinic=made.clinic, by=mona.user)


def test_a_closed_clinic_is_opened_before_a_list_updates_it(mona, batch):
    made = record(batch, clinic=clinic("Lukket", "Aarhus C", status="closed"), score=80)
    assert refused(mona, all_of(batch), Decision.UPDATE) == [deciding.CLOSED]
    with pytest.raises(ActionError, match="lukket"):
        choose(record=made, clinic=made.clinic, by=mona.user)


@pytest.mark.parametrize("status", ["staging", "undoing", "undone", "failed"])
def test_nothing_is_decided_of_a_list_that_is_read_or_rolled_back(mona, batch, status):
    made = record(batch)
    ImportBatch.objects.update(status=status)
    assert refused(mona, all_of(batch), Decision.SKIP) == [deciding.BUSY]
    with pytest.raises(ActionError, match="læses eller rulles"):
        choose(record=ImportRecord.objects.get(pk=made.pk), clinic=None, by=mona.user)


def test_only_who_may_moderate_decides(batch, django_user_model):
    nobody = django_user_model.objects.create_user("per", is_staff=True)
    made = record(batch)
    with pytest.raises(ActionError):
        decide(records=all_of(batch), decision=Decision.SKIP, by=nobody)
    with pytest.raises(ActionError):
        choose(record=made, clinic=None, by=nobody)
    assert ImportRecord.objects.get().decided_by is None


def test_nobody_says_duplicate_by_hand(mona, batch):
    with pytest.raises(ActionError):
        decide(records=all_of(batch), decision=Decision.DUPLICATE, by=mona.user)


def test_what_could_not_be_applied_is_decided_anew(mona, batch):
    made = record(batch, state=State.FAILED, note="Nummeret er for langt.")
    choose(record=made, clinic=None, by=mona.user)
    made.refresh_from_db()
    assert (made.state, made.note) == (State.STAGED, "")


def test_a_clinic_that_a_person_found_is_compared_all_the_same(mona, batch):
    there = clinic("Åens Fysioterapi", "Aarhus C", street="Åboulevarden 1", phone="+4586121299")
    made = record(batch)
    choose(record=made, clinic=there, by=mona.user)
    made.refresh_from_db()
    assert made.score >= deciding.SURE and made.reasons


def test_deciding_takes_as_many_statements_for_hundred_rows_as_for_two(mona, batch):
    def statements(rows) -> int:
        with CaptureQueriesContext(connection) as seen:
            decide(records=rows, decision=Decision.NEW, by=mona.user)
        return len(seen)

    few = [record(batch, row) for row in (2, 3)]
    many = [record(batch, row) for row in range(10, 110)]
    of_few = statements(ImportRecord.objects.filter(pk__in=[one.pk for one in few]))
    assert statements(ImportRecord.objects.filter(pk__in=[one.pk for one in many])) <= of_few < 12
