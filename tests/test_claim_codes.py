"""Codes: how long, how often, for whom; and what an attacker would type."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import User

from clinics.actions import ActionError
from clinics.claiming import asking, deciding, proving
from clinics.models import Claim, Clinic

from .claims import SOURCE, coded, moderator, person, ryggen, waiting
from .people import clinic
from .worlds import kept

NOON = datetime.datetime(2026, 11, 3, 12, 0, tzinfo=datetime.UTC)
pytestmark = pytest.mark.django_db


@kept
def here() -> Clinic:
    return ryggen()


@kept
def olga() -> User:
    return person("olga")


@kept
def rita() -> User:
    return moderator()


def no(word: str, job, **values) -> None:
    with pytest.raises(ActionError, match=word):
        job(**values)


def typed(claim: Claim, code: str, source: str = SOURCE) -> Claim:
    return proving.try_code(claim=claim, typed=code, source=source)


def test_five_wrong_tries(here, olga):
    claim, code = coded(here, olga)
    for number in range(5):
        no("ikke rigtig" if number < 4 else "spærret", typed, claim=claim, code="22222222")
    no("spærret", typed, claim=claim, code=code)
    again = asking.send_code(claim=claim, method="email", source=SOURCE)
    no("ikke rigtig", typed, claim=claim, code=code)
    assert typed(claim, again).status == "approved"


@pytest.mark.parametrize("code", ["", " ", "\0", "kode", "x" * 500, "1234567", "å" * 8, "' OR 1=1"])
def test_what_is_no_code(here, olga, code):
    claim, _ = coded(here, olga)
    no("ikke rigtig", typed, claim=claim, code=code)


def test_no_hash_is_no_code(here, olga):
    """A claim that waits for no code is not opened by nothing."""
    claim = Claim.objects.create(clinic=here, user=olga, status="code", method="email", sent_to=here.email)
    for code in ("", "22222222"):
        no("gælder ikke længere", typed, claim=claim, code=code)


@pytest.mark.parametrize(("minutes", "works"), [(29.9, True), (30, False), (600, False)])
def test_a_mailed_code_is_good_for_half_an_hour(here, olga, minutes, works):
    with time_machine.travel(NOON, tick=False) as clock:
        claim, code = coded(here, olga)
        clock.shift(datetime.timedelta(minutes=minutes))
        if works:
            assert typed(claim, code).status == "approved"
        else:
            no("gælder ikke længere", typed, claim=claim, code=code)


@pytest.mark.parametrize(
    ("method", "days", "works"),
    [("phone", 0.9, True), ("phone", 1, False), ("letter", 59.9, True), ("letter", 60, False)],
)
def test_told_and_written_codes_last_longer(here, olga, rita, method, days, works):
    with time_machine.travel(NOON, tick=False) as clock:
        claim = waiting(here, olga, method)
        code = deciding.issue_code(claim=claim, by=rita)
        clock.shift(datetime.timedelta(days=days))
        if works:
            assert typed(claim, code).status == "approved"
        else:
            no("gælder ikke længere", typed, claim=claim, code=code)


def test_a_new_code_ends_the_old_one_and_three_are_all(here, olga):
    claim, old = coded(here, olga)
    asking.send_code(claim=claim, method="email", source=SOURCE)
    no("ikke rigtig", typed, claim=claim, code=old)
    asking.send_code(claim=claim, method="email", source=SOURCE)
    no("tre koder", asking.send_code, claim=claim, method="email", source=SOURCE)


def test_codes_per_clinic(here):
    with time_machine.travel(NOON, tick=False):
        for number in range(6):
            coded(here, person(f"p{number}"), source=f"{number}" * 64)
        no("mange koder", coded, one=here, user=person("sten"), source="f" * 64)


@pytest.mark.parametrize(("people", "sources", "most"), [(1, 99, 9), (99, 1, 10)])
def test_codes_per_person_and_per_source(db, people, sources, most):
    users = [person(f"p{number}") for number in range(min(people, most + 1))]
    with time_machine.travel(NOON, tick=False):
        for number in range(most + 1):
            one = clinic(f"K{number}", "Aarhus N", email=f"k@k{number}.dk")
            given = {"one": one, "user": users[number % people], "source": f"{number % sources:064}"}
            if number < most:
                coded(**given)
            else:
                no("mange koder", coded, **given)


def test_tries_per_source(here, olga):
    claim, code = coded(here, olga)
    with time_machine.travel(NOON, tick=False):
        for _ in range(30):
            with pytest.raises(ActionError):
                typed(claim, "22222222", source="b" * 64)
        no("Vent en time", typed, claim=claim, code=code, source="b" * 64)


def test_a_code_belongs_to_its_claim(here, olga):
    claim, code = coded(here, olga)
    other, _ = coded(clinic("Foden", "Aarhus N", email="kontakt@foden.dk"), person("sten"))
    no("ikke rigtig", typed, claim=other, code=code)
    assert typed(claim, code).status == "approved"
