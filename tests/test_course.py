"""What a course costs: the sum, how it is reckoned, and no sum where a part is not known."""

import datetime
from decimal import Decimal

import pytest

from clinics.course import ASK_AGAIN, CourseCost, course_cost
from clinics.models import Clinic, Price

from .money import tariff
from .people import clinic
from .test_prices import DAY, filled, page, price
from .worlds import kept

pytestmark = pytest.mark.django_db


@kept
def havtorn() -> Clinic:
    made = clinic("Havtorn", "Aarhus C", has_ydernummer=True)
    price(made, "first", "550")
    price(made, "follow_up", "420")
    return made


def reckon(of: Clinic, visits=5, day: datetime.date = DAY) -> CourseCost:
    return course_cost(filled(of), visits, day)


@pytest.mark.parametrize(
    ("visits", "text"),
    [
        (5, "1 × 550 kr. + 5 × 420 kr. = 2.650 kr."),
        (1, "1 × 550 kr. + 1 × 420 kr. = 970 kr."),
        ("20", "1 × 550 kr. + 20 × 420 kr. = 8.950 kr."),
        (" 7 ", "1 × 550 kr. + 7 × 420 kr. = 3.490 kr."),
        (None, "1 × 550 kr. + 5 × 420 kr. = 2.650 kr."),
        ("", "1 × 550 kr. + 5 × 420 kr. = 2.650 kr."),
    ],
)
def test_the_arithmetic_is_shown(havtorn, visits, text):
    cost = reckon(havtorn, visits)
    assert (cost.without.text, cost.problem) == (text, "")


@pytest.mark.parametrize(
    "nonsense", ["0", "-1", "21", "5,5", "5.5", "fem", "1e9", "\0", "<b>", "9" * 5000, "⁵", "0x5", "5;--", 0, 99]
)
def test_a_number_that_is_none_gives_a_kind_sentence_and_the_default(havtorn, nonsense):
    cost = reckon(havtorn, nonsense)
    assert (cost.visits, cost.problem) == (5, ASK_AGAIN)
    assert cost.without.text.endswith("= 2.650 kr.")
    shown = page(havtorn, gange=str(nonsense))
    assert "Skriv et helt tal fra 1 til 20" in shown and "<b>" not in shown.replace("<b>Ja", "")


def test_oere_are_added_exactly(havtorn):
    Price.objects.filter(kind="first").update(amount=Decimal("499.95"))
    Price.objects.filter(kind="follow_up").update(amount=Decimal("333.10"))
    assert reckon(havtorn, 3).without.text == "1 × 499,95 kr. + 3 × 333,10 kr. = 1.499,25 kr."


@pytest.mark.parametrize(
    ("missing", "text", "reason"),
    [
        ("first", "1 × ikke oplyst + 5 × 420 kr.", "Klinikken har ikke oplyst prisen for første gang."),
        ("follow_up", "1 × 550 kr. + 5 × ikke oplyst", "Klinikken har ikke oplyst prisen for de næste gange."),
    ],
)
def test_no_sum_where_a_part_is_not_known(havtorn, missing, text, reason):
    Price.objects.filter(kind=missing).delete()
    cost = reckon(havtorn)
    assert cost.without.total is None
    assert (cost.without.text, cost.without.reason) == (text, reason)
    assert "Ikke oplyst" in page(havtorn)


def test_several_prices_give_the_lowest_and_say_so(havtorn):
    price(havtorn, "first", "500")
    price(havtorn, "first", "700")
    assert reckon(havtorn).without.text == "1 × 500 kr. + 5 × 420 kr. = fra 2.600 kr."
    assert "Fra 2.600 kr." in page(havtorn)


def test_the_same_price_twice_is_one_price(havtorn):
    price(havtorn, "first", "550")
    assert "fra" not in reckon(havtorn).without.text


def test_with_a_referral_it_is_the_national_share(havtorn):
    tariff("first", "299.29", "2026-10-01", "2027-03-31")
    tariff("normal", "190.30", "2026-10-01", "2027-03-31")
    assert reckon(havtorn).with_referral.text == "1 × 299,29 kr. + 5 × 190,30 kr. = 1.250,79 kr."


@pytest.mark.parametrize(("day", "total"), [("2026-09-30", "1200"), ("2026-10-01", "1800"), ("2027-04-01", None)])
def test_a_course_is_reckoned_with_the_tariff_of_the_day(havtorn, day, total):
    for service in ("first", "normal"):
        tariff(service, "200", "2026-04-01", "2026-09-30")
        tariff(service, "300", "2026-10-01", "2027-03-31")
    cost = reckon(havtorn, 5, datetime.date.fromisoformat(day))
    assert cost.with_referral.total == (Decimal(total) if total else None)
    assert cost.with_referral.is_unknown == (total is None)


def test_one_tariff_is_not_enough(havtorn):
    tariff("first", "299.29", "2026-10-01", "2027-03-31")
    paid = reckon(havtorn).with_referral
    assert (paid.total, paid.text) == (None, "1 × 299,29 kr. + 5 × ikke oplyst")
    assert paid.is_unknown and paid.reason


@pytest.mark.parametrize(
    ("ydernummer", "unknown", "reason"),
    [(False, False, "har ikke ydernummer: du betaler selv"), (None, True, "ikke oplyst, om den har ydernummer")],
)
def test_without_a_ydernummer_there_is_no_sum_with_a_referral(havtorn, ydernummer, unknown, reason):
    tariff("first", "299.29", "2026-10-01", "2027-03-31")
    tariff("normal", "190.30", "2026-10-01", "2027-03-31")
    Clinic.objects.update(has_ydernummer=ydernummer)
    paid = reckon(havtorn).with_referral
    assert (paid.total, paid.is_unknown) == (None, unknown)
    assert reason in paid.reason


def test_packages_are_compared_by_the_session(havtorn):
    price(havtorn, "package", "3800", sessions=10)
    cost = reckon(havtorn)
    assert [package.text for package in cost.packages] == ["10 gange for 3.800 kr. = 380 kr. pr. gang"]
    assert cost.single == 420
    assert "Til sammenligning" in page(havtorn)


def test_a_surcharge_is_not_in_the_sum_and_that_is_said(havtorn):
    assert "Klinikkens tillæg er ikke regnet med" not in page(havtorn)
    price(havtorn, "surcharge", "75")
    assert "Klinikkens tillæg er ikke regnet med" in page(havtorn)


def test_where_nothing_is_known_nothing_is_reckoned():
    empty = clinic("Viben", "Odense C")
    assert not reckon(empty).is_known
    assert "Hvad koster et forløb" not in page(empty)


def test_the_form_keeps_where_the_visitor_came_from(havtorn):
    shown = page(havtorn, gange="3", tilstand="ondt-i-laenden", sted='8000"><script>', andet="x")
    assert '<input type="hidden" name="tilstand" value="ondt-i-laenden">' in shown
    assert "<script>" not in shown and 'name="andet"' not in shown and shown.count('name="gange"') == 1


def test_no_query_of_its_own(havtorn, django_assert_num_queries):
    one = filled(havtorn)
    course_cost(one, 5, DAY)
    with django_assert_num_queries(0):
        course_cost(one, "x", DAY)
