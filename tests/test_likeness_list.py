"""A list held against the directory: who is found, in what order, and what it costs."""

import dataclasses
import itertools

import pytest

from clinics.geo import Point
from clinics.likeness import Decision, Described, Directory, Match, candidates_of, decide, described, proposal
from clinics.likeness import directory as room
from clinics.likeness.measuring import pairs
from clinics.models import Clinic

from .people import TOWNS, clinic

SAME, DIFFERENT, PERSON = Decision.SAME, Decision.DIFFERENT, Decision.PERSON


def one(name="", town="Aarhus C", **fields) -> Described:
    code, latitude, longitude, *_ = TOWNS[town]
    return Described(**{"name": name, "postcode": code, "town": town, "point": Point(latitude, longitude)} | fields)


def directory(*known: Described) -> Directory:
    """Numbered from 1, in memory."""
    return Directory(enumerate(known, start=1), lambda pks: [(pk, known[pk - 1]) for pk in pks])


def found(row: Described, *known: Described) -> list[tuple[int, Decision]]:
    [matches] = candidates_of([row], directory(*known))
    return [(match.pk, match.decision) for match in matches]


def test_every_labelled_pair_that_is_not_parted_is_found():
    """Keys lose nothing: whatever `decide` would merge or ask about is looked at."""
    lost = []
    for pair in pairs():
        decision = decide(pair.one, pair.other).decision
        expected = [] if decision is DIFFERENT else [(1, decision)]
        if found(pair.one, pair.other) != expected or found(pair.other, pair.one) != expected:
            lost.append(pair.text)
    assert lost == []


def test_the_surest_first_and_no_certain_stranger():
    asked = one("Ryggen", street="Nørregade 4", phone="+4500000001")
    known = [
        one("Knæet", street="Søgade 1"),
        one("Hoften", street="Nørregade 4"),
        one("Ryggen ApS", street="Nørregade 4"),
        one("Ryggen", "Aalborg"),
    ]
    assert found(asked, *known) == [(3, SAME), (2, PERSON)]


def test_no_key_is_lost_in_a_crowd():
    """A chain's website says nothing with a hundred of them; with the postcode it does."""
    chain = [
        one(f"Kæden {n}", "Aalborg", website="https://kaeden.example", phone=f"+45000001{n:02}") for n in range(99)
    ]
    assert found(one("Kæden", "Odense C", website="https://kaeden.example"), *chain) == []
    member = one("Kæden", "Odense C", website="https://kaeden.example", street="Torvet 1")
    assert found(one("Kæden", "Odense C", website="https://kaeden.example"), *chain, member) == [(100, SAME)]


def test_no_more_are_told_than_asked_for():
    known = [one("Ryggen", street=f"Nørregade {n}", phone="+4500000001") for n in range(1, 9)]
    [matches] = candidates_of([one("Ryggen", phone="+4500000001")], directory(*known), most=2)
    assert len(matches) == 2


@pytest.mark.parametrize(
    ("decisions", "answer"),
    [
        ([], DIFFERENT),
        ([SAME], SAME),
        ([SAME, PERSON], SAME),
        ([SAME, SAME], PERSON),
        ([PERSON], PERSON),
    ],
)
def test_the_proposal(decisions, answer):
    matches = [Match(pk, decision, 80, ("samme navn",), ()) for pk, decision in enumerate(decisions)]
    asked = proposal(matches)
    assert asked.decision is answer and asked.match == (matches[0] if matches else None)
    assert bool(asked.why) == (decisions == [SAME, SAME])


def test_rows_come_back_in_order_and_are_never_all_in_memory():
    taken = itertools.count()
    known = directory(one("Ryggen", street="Nørregade 4"))
    rows = (one("Ryggen", street=f"Nørregade {4 if next(taken) % 2 else 6}") for _ in range(3 * room.BATCH))
    answers = candidates_of(rows, known)
    first = next(answers)
    assert next(taken) == room.BATCH
    told = [first, *answers]
    assert [bool(matches) and matches[0].decision is SAME for matches in told[:4]] == [False, True, False, True]
    assert len(told) == 3 * room.BATCH


def test_a_key_is_the_same_in_every_process():
    assert room._hashed("tel +4500000001") == 0xD2627F095A


def test_nothing_against_nothing():
    assert found(Described()) == [] and found(Described(), Described()) == []
    assert list(candidates_of([], directory())) == [] and len(directory()) == 0


# The real directory


@pytest.mark.django_db
def test_clinics_of_every_status_are_known_and_asked_in_one_statement(django_assert_num_queries):
    twin = clinic("Ryggen", "Aarhus C", street="Nørregade 4", phone="+4500000001")
    draft = clinic("Knæet", "Odense C", street="Torvet 1", status="draft")
    closed = clinic("Hoften", "Aalborg", street="Algade 1", status="closed")
    with django_assert_num_queries(1):
        known = Directory.of_clinics()
    assert len(known) == 3
    rows = [
        one("Ryggen ApS", street="Nørregade 4B"),
        one("Nyt", "Odense C"),
        one("Knæet", "Odense C", street="Torvet 1"),
        one("Hoften", "Aalborg", street="Algade 1"),
    ]
    with django_assert_num_queries(1):
        answers = [[match.pk for match in matches] for matches in candidates_of(rows * 100, known)]
    assert answers == [[twin.pk], [], [draft.pk], [closed.pk]] * 100


@pytest.mark.django_db
def test_one_row_says_the_same_as_the_pair_itself():
    twin = clinic("Ryggen", "Aarhus C", street="Nørregade 4", phone="+4500000001", website="https://ryggen.example")
    twin = Clinic.objects.select_related("postcode").get(pk=twin.pk)
    row = one("Ryggen v/Mette", phone="+4500000001", website="https://ryggen.example/om")
    [[match]] = candidates_of([row])
    assert match == Match(twin.pk, *dataclasses.astuple(decide(row, described(twin))))


@pytest.mark.django_db
def test_numbers_of_a_register():
    moved = clinic("Ryggen", "Aarhus C", street="Ryggenvej 1", p_number="1000000001")
    other = clinic("Knæet", "Aarhus C", street="Knæetvej 1", p_number="1000000002")
    [matches] = candidates_of([one("Ryggen", "Aalborg", street="Algade 7", p_number="1000000001")])
    assert [(match.pk, match.decision) for match in matches] == [(moved.pk, SAME)] and other.pk


@pytest.mark.django_db
def test_only_some_clinics():
    clinic("Ryggen", "Aarhus C", street="Nørregade 4", is_example=True)
    known = Directory.of_clinics(Clinic.objects.filter(is_example=False))
    assert len(known) == 0 and list(candidates_of([one("Ryggen", street="Nørregade 4")], known)) == [[]]


@pytest.mark.django_db
def test_a_clinic_that_went_meanwhile():
    clinic("Ryggen", "Aarhus C", street="Nørregade 4")
    known = Directory.of_clinics()
    Clinic.objects.all().delete()
    assert list(candidates_of([one("Ryggen", street="Nørregade 4")], known)) == [[]]
