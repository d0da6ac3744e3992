"""What is proposed for a row: by likeness, by register numbers, and never what somebody asked us not to do."""

from dataclasses import dataclass, field

import pytest

from clinics.geo import Point
from clinics.intake import proposing
from clinics.intake.proposing import Known, described, proposal_for
from clinics.likeness import Decision, Described, Match, decide
from clinics.likeness.deciding import decide_read
from clinics.likeness.described import read
from clinics.models import ListingRequest, Postcode

from .people import TOWNS, clinic

SAME, PERSON = Decision.SAME, Decision.PERSON


@dataclass
class Row:
    name: str = "Ryggen"
    external_id: str = ""
    facts: dict = field(default_factory=lambda: {"name": "Ryggen", "postcode_id": "8000", "street": "Nørregade 4"})
    problems: list = field(default_factory=list)


def match(pk=1, decision=SAME, score=90, reasons=("samme navn",), against=()):
    return Match(pk, decision, score, reasons, against)


def known_as(**fields):
    """A clinic of the directory at Nørregade 4 in Aarhus."""
    code, latitude, longitude, *_ = TOWNS["Aarhus C"]
    usual = {"name": "Ryggen", "street": "Nørregade 4", "postcode": code, "town": "Aarhus C"}
    return Described(**usual | {"point": Point(latitude, longitude)} | fields)


def test_sure_is_an_update_unsure_a_person_and_nobody_new():
    assert proposal_for(Row(), [match()]) == proposing.Proposed("update", 1, 90, ["samme navn"])
    unsure = proposal_for(Row(), [match(2, PERSON, 60, against=("forskelligt telefonnummer",)), match(3, PERSON, 50)])
    assert (unsure.decision, unsure.clinic, unsure.score) == ("person", 2, 60)
    assert unsure.reasons == ["samme navn", "men forskelligt telefonnummer"]
    assert unsure.others == [{"pk": 3, "score": 50, "reasons": ["samme navn"]}]
    assert proposal_for(Row(), []) == proposing.Proposed("new")


def test_two_that_both_are_it_are_a_persons():
    found = proposal_for(Row(), [match(1), match(2)])
    assert (found.decision, found.clinic, [one["pk"] for one in found.others]) == ("person", 1, [2])
    assert "to gange" in found.note


def test_a_fatal_row_is_skipped_whatever_it_resembles():
    row = Row(problems=[{"field": "", "text": "Rækken har intet sted.", "fatal": True}])
    assert proposal_for(row, [match()]) == proposing.Proposed("skip")


@pytest.mark.parametrize("matches, otherwise", [([], "new"), ([match()], "update")])
def test_a_postcode_that_was_guessed_is_looked_at(matches, otherwise):
    row = Row(problems=[{"field": "postcode_id", "text": "Gættet ud fra byen.", "fatal": False, "guess": True}])
    found = proposal_for(row, matches)
    assert (found.decision, found.note) == ("person", proposing.GUESSED)
    row.problems[0] = {"field": "postcode_id", "text": "8000 er Aarhus C, ikke Odense.", "fatal": False}
    assert (proposal_for(row, matches).decision, proposal_for(row, matches).note) == ("person", proposing.UNUSED)
    row.problems[0]["field"] = "phone"
    assert proposal_for(row, matches).decision == otherwise


@pytest.mark.parametrize(
    "row, note",
    [
        (Row(name="", facts={"p_number": "1", "postcode_id": "8000"}), proposing.NAMELESS),
        (Row(facts={"name": "Ryggen", "phone": "+4500000001"}), proposing.PLACELESS),
    ],
)
def test_nobody_can_be_made_without_a_name_and_a_postcode(row, note):
    assert proposal_for(row, []).note == note and proposal_for(row, []).decision == "person"
    assert proposal_for(row, [match()]).decision == "update"


def test_taken_off_and_closed():
    gone, closed = Known({1: "draft"}, {1}), Known({1: "closed"})
    assert (proposal_for(Row(), [match()], gone).decision, proposal_for(Row(), [match()], gone).note) == (
        "skip",
        proposing.REMOVED,
    )
    unsure = proposal_for(Row(), [match(decision=PERSON)], gone)
    assert (unsure.decision, unsure.note) == ("person", proposing.MAYBE_REMOVED)
    assert (proposal_for(Row(), [match()], closed).decision, proposal_for(Row(), [match()], closed).note) == (
        "person",
        proposing.CLOSED,
    )
    assert proposal_for(Row(), [match()], Known({1: "draft"})).decision == "update"


# Numbers of registers


@pytest.mark.parametrize(
    "other, decision",
    [
        ({}, "update"),
        ({"name": "Hoften"}, "update"),
        ({"street": "Søgade 1", "postcode": "8200"}, "update"),
        ({"name": "Hoften", "street": "Søgade 1", "postcode": "8200"}, "person"),
    ],
)
def test_a_p_number_is_the_clinic_unless_name_and_address_both_are_others(other, decision):
    row = Row(facts={"name": "Ryggen", "postcode_id": "8000", "street": "Nørregade 4", "p_number": "1000000001"})
    mine = known_as(p_number="1000000001", phone="+4500000001")
    theirs = known_as(**{"p_number": "1000000001", "phone": "+4500000001"} | other)
    verdict = decide(mine, theirs)
    found = proposal_for(row, [Match(7, verdict.decision, verdict.score, verdict.reasons, verdict.against)])
    assert (found.decision, found.clinic) == (decision, 7)


@pytest.mark.parametrize(
    "mine, theirs, decision",
    [
        ({}, {}, "update"),
        ({}, {"name": "Hoften", "phone": "+4500000009"}, "update"),
        ({}, {"street": "Søgade 1", "phone": "+4500000009"}, "update"),
        ({}, {"name": "Hoften", "street": "Søgade 1", "phone": "+4500000009"}, "person"),
        ({"cvr": "10000001"}, {"cvr": "10000002"}, "person"),
    ],
)
def test_so_is_an_id_of_openstreetmap(mine, theirs, decision):
    facts = {"name": "Ryggen", "postcode_id": "8000", "street": "Nørregade 4", "osm_id": "node/1"}
    asked, other = known_as(phone="+4500000001", **mine), known_as(**{"phone": "+4500000001"} | theirs)
    found = proposal_for(Row(facts=facts), [], Known({7: "published"}, (), {"node/1": [(7, other)]}), one=asked)
    assert (found.decision, found.clinic, found.reasons[0]) == (decision, 7, proposing.OSM_REASON)
    assert found.score >= 75 or decision == "person"


def test_an_id_of_one_and_the_likeness_of_another_are_a_persons():
    facts = {"name": "Ryggen", "postcode_id": "8000", "osm_id": "node/1"}
    known = Known({1: "published", 7: "published"}, (), {"node/1": [(7, known_as(street="Søgade 1"))]})
    found = proposal_for(Row(facts=facts), [match(1)], known, one=known_as())
    assert (found.decision, {found.clinic, *(one["pk"] for one in found.others)}) == ("person", {1, 7})
    again = proposal_for(Row(facts=facts), [match(7, PERSON, 50)], known, one=known_as())
    assert (again.decision, again.clinic, again.others) == ("update", 7, [])


def test_the_words_that_are_looked_for_are_those_of_likeness():
    verdict = decide_read(
        read(known_as(p_number="1", cvr="10000001", sor="3", phone="+4500000001")),
        read(known_as(name="Hoften", street="Søgade 1", p_number="2", cvr="10000002", sor="3", phone="+4500000001")),
    )
    assert {proposing.OTHER_NAME, proposing.OTHER_ADDRESS} <= set(verdict.against)
    assert {"forskelligt P-nummer", "forskelligt CVR-nummer"} <= proposing.OTHER_NUMBERS.intersection(verdict.against)
    assert "samme SOR-nummer" in verdict.reasons
    assert decide(known_as(p_number="1"), known_as(p_number="1")).reasons[0] == "samme P-nummer"


@pytest.mark.django_db
def test_what_is_known_is_asked_for_once(django_assert_max_num_queries):
    one, off, example = (
        clinic(f"Klinik {number}", "Aarhus C", osm_id="node/1", is_example=number == 3) for number in (1, 2, 3)
    )
    ListingRequest.objects.create(kind="remove", status="approved", clinic=off, name=off.name)
    off.status = "draft"
    off.save()
    row = Row(facts={"osm_id": "node/1", "postcode_id": "8000", "latitude": 56.0, "longitude": 10.0})
    with django_assert_max_num_queries(5):
        known = Known.of([row] * 50, [[match(one.pk)]] * 50)
    assert known.statuses == {one.pk: "published", off.pk: "draft"} and known.removed == {off.pk}
    assert [pk for pk, _ in known.by_osm["node/1"]] == [one.pk, off.pk] and example.pk not in known.statuses
    told = described(row, Postcode.objects.in_bulk())
    assert (told.town, told.point, told.exact) == ("Aarhus C", Point(56.0, 10.0), True)
    row.facts = {"postcode_id": "8000"}
    assert described(row, Postcode.objects.in_bulk()).exact is False
