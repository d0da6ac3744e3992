"""Many at the same instant, on a real PostgreSQL with real commits: a limit is a limit, a code is one review."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from clinics.models import Outbox, RateCount, Review, VisitCode
from clinics.reviews import codes, tokens, writing

from .people import clinic
from .review_writing import SOURCE, answers, code_of, fields
from .reviews import rating, review
from .test_memberships import together
from .worlds import kept

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/klinik/ryggen/skriv-anmeldelse/"


@kept
def ryggen():
    return clinic("Ryggen", "Aarhus C")


def submit(here, **given) -> None:
    code, email = given.pop("code", ""), given.pop("email", "")
    writing.submit(clinic=here, answers=answers(), code=code, email=email, source=given.pop("source", SOURCE), **given)


def test_five_of_two_hundred(ryggen):
    """Through the pages, forty at a time (each has a connection of its own), one network, 200 different senders."""
    sent = [fields(ryggen, email=f"p{number}@example.org") for number in range(200)]
    everybody = threading.Barrier(40)

    def send(number: int) -> int:
        try:
            if number < 40:
                everybody.wait(60)
            return Client(REMOTE_ADDR="192.0.2.77").post(URL, sent[number]).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(40) as threads:
        statuses = list(threads.map(send, range(200)))
    assert (statuses.count(302), statuses.count(429)) == (5, 195)
    assert Review.objects.count() == 5 == Outbox.objects.count()


def test_right_codes_past_the_limit_stay_good(ryggen):
    given = [code_of(ryggen) for _ in range(12)]
    said = together(*[lambda code=code: submit(ryggen, code=code) for code in given])
    assert said.count("") == 5 and said.count(writing.TOO_MANY) == 7
    assert Review.objects.count() == 5 == VisitCode.objects.filter(is_used=True).count()
    assert RateCount.objects.get(key=f"review:{SOURCE}").count == 5


def test_a_code_is_one_review(ryggen):
    code = code_of(ryggen)
    said = together(*[lambda n=n: submit(ryggen, code=code, source=str(n) * 64) for n in range(8)])
    assert said.count("") == 1 and said.count(codes.NOT_GOOD) == 7
    assert Review.objects.count() == 1


def test_a_form_is_one_review(ryggen):
    code, token = code_of(ryggen), tokens.token_of("opened once")
    assert together(*[lambda: submit(ryggen, code=code, token=token)] * 6) == [""] * 6
    assert (
        together(*[lambda: submit(ryggen, email="p@example.org", token=tokens.token_of("b"), source="c" * 64)] * 6)
        == [""] * 6
    )
    assert Review.objects.count() == 2 and Outbox.objects.count() == 1


def test_a_form_is_one_review_on_the_page(ryggen):
    given = fields(ryggen, kode=code_of(ryggen))
    where = []

    def send() -> None:
        where.append(Client().post(URL, given)["Location"])

    assert together(*[send] * 4) == [""] * 4
    assert len(set(where)) == 1 and Review.objects.count() == 1


def test_confirmed_once(ryggen):
    writing.submit(clinic=ryggen, answers=answers(), code="", email="per@example.org", source=SOURCE)
    one = Review.objects.get()
    assert together(*[lambda: writing.confirm_email(review=Review.objects.get())] * 5) == [""] * 5
    one.refresh_from_db()
    assert one.status == "pending"


def test_correcting_and_erasing_at_once_count_right(ryggen):
    one, other = review(ryggen, 2), review(ryggen, 5)
    said = together(
        *[lambda n=n: writing.edit(review=one, answers=answers(overall=n)) for n in (1, 3, 5)],
        lambda: writing.erase(review=one),
        lambda: writing.erase(review=one),
    )
    assert not [answer for answer in said if answer.startswith("fejl")], said
    assert list(Review.objects.all()) == [other] and rating(ryggen)[:3] == (1, 1, 5)
    assert not Review.objects.filter(is_counted=True).exclude(status="published").exists()


def test_a_sheet_that_is_cancelled_meanwhile(ryggen):
    from .claims import owner_of, person

    olga = person("olga")
    owner_of(ryggen, olga)
    sheet, given = codes.make_sheet(clinic=ryggen, by=olga, source="d" * 64, size=4)
    said = together(
        lambda: codes.revoke(sheet=sheet, by=olga), *[lambda code=code: submit(ryggen, code=code) for code in given]
    )
    assert not [answer for answer in said if answer.startswith("fejl")], said
    assert Review.objects.count() == VisitCode.objects.filter(is_used=True).count()
    assert not VisitCode.objects.filter(is_used=False).exists()
