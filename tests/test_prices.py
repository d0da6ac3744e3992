"""The prices of a clinic: what is shown, what is said to be unknown, and what may not be saved."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.test import RequestFactory

from clinics.course import course_cost
from clinics.models import Clinic, Price
from clinics.prices import hints, prices_part
from clinics.whole import fill

from .money import tariff
from .people import clinic, treatment
from .worlds import kept

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 11, 21)


def price(of: Clinic, kind: str, amount: str, **fields) -> Price:
    return Price.objects.create(clinic=of, kind=kind, amount=Decimal(amount), **fields)


def filled(made: Clinic) -> Clinic:
    again = Clinic.objects.select_related("postcode").get(pk=made.pk)
    fill([again])
    return again


def page(made: Clinic, day: datetime.date = DAY, **query) -> str:
    one = filled(made)
    context = {
        "clinic": one,
        "prices_part": prices_part(one, day),
        "course": course_cost(one, query.get("gange"), day),
        "request": RequestFactory().get("/klinik/x/", query),
    }
    return " ".join(render_to_string("clinics/_profile_prices.html", context).split())


@kept
def havtorn() -> Clinic:
    return clinic("Havtorn", "Aarhus C", has_ydernummer=True)


def test_every_kind_of_price_is_shown_with_its_conditions(havtorn):
    price(havtorn, "first", "550", minutes=45, confirmed_at=DAY)
    price(havtorn, "follow_up", "1420", minutes=30, terms="Betales på dagen.", confirmed_at=DAY)
    price(havtorn, "group", "900", sessions=12, confirmed_at=DAY)
    price(havtorn, "surcharge", "75", treatment=treatment("Akupunktur"), confirmed_at=DAY)
    price(havtorn, "package", "3800", sessions=10, valid_months=6, refundable=False, confirmed_at=DAY)
    shown = page(havtorn)
    for words in (
        "550 kr.",
        "45 minutter",
        "1.420 kr.",
        "Betales på dagen.",
        "Holdtræning, 12 gange",
        "75 kr.",
        "Tillæg: akupunktur",
        "Pakke, 10 gange",
        "3.800 kr.",
        "380 kr.",
        "6 måneder",
        "<dd>Nej</dd>",
    ):
        assert words in shown


@pytest.mark.parametrize(
    ("amount", "sessions", "one"),
    [("3800", 10, "380"), ("1000", 3, "333.33"), ("2000", 3, "666.67"), ("99.99", 2, "50.00")],
)
def test_the_price_of_one_session_of_a_package_is_computed(havtorn, amount, sessions, one):
    price(havtorn, "package", amount, sessions=sessions)
    (line,) = prices_part(filled(havtorn), DAY).packages
    assert line.per_session == Decimal(one)


def test_what_a_package_does_not_say_is_not_stated(havtorn):
    price(havtorn, "package", "3800", sessions=10)
    (line,) = prices_part(filled(havtorn), DAY).packages
    assert (line.validity, line.refund) == ("Ikke oplyst", "Ikke oplyst")


def test_the_visits_are_always_there_and_unknown_is_said(havtorn):
    price(havtorn, "follow_up", "420")
    first, follow_up = prices_part(filled(havtorn), DAY).lines
    assert (first.amount, follow_up.amount) == (None, 420)
    shown = page(havtorn)
    assert "Ikke oplyst" in shown and "nej" not in shown.lower().split()


def test_a_clinic_without_prices_is_asked(havtorn):
    assert not prices_part(filled(havtorn), DAY).has_any
    assert "Pris ikke oplyst. Ring og spørg" in page(havtorn)


def test_each_price_has_its_own_date_when_they_differ(havtorn):
    price(havtorn, "first", "550", confirmed_at=datetime.date(2026, 11, 3))
    price(havtorn, "follow_up", "420")
    shown = page(havtorn)
    assert "Bekræftet 3. november 2026" in shown and "Ikke bekræftet af klinikken" in shown


def test_nothing_is_crossed_out_or_saved(havtorn):
    price(havtorn, "follow_up", "420")
    price(havtorn, "package", "3800", sessions=10)
    shown = page(havtorn).lower()
    assert not [word for word in ("<s>", "<del", "spar", "rabat", "billigere", "tilbud") if word in shown]


# --- with a referral


@pytest.mark.parametrize(
    ("ydernummer", "says", "amount"),
    [
        (True, "Det er det samme hos alle klinikker med ydernummer", True),
        (False, "Klinikken har ikke ydernummer: du betaler selv", False),
        (None, "Ikke oplyst. Spørg klinikken, om den har ydernummer", False),
    ],
)
def test_the_share_with_a_referral_follows_the_ydernummer(havtorn, ydernummer, says, amount):
    tariff("first", "299.29", "2026-10-01", "2027-03-31")
    tariff("normal", "190.30", "2026-10-01", "2027-03-31")
    Clinic.objects.update(has_ydernummer=ydernummer)
    shown = page(havtorn)
    assert says in shown
    assert ("299,29 kr." in shown and "190,30 kr." in shown) == amount


@pytest.mark.parametrize(("day", "amount"), [("2026-09-30", "280"), ("2026-10-01", "299"), ("2027-04-01", None)])
def test_the_share_is_the_one_of_the_day(havtorn, day, amount):
    tariff("first", "280", "2026-04-01", "2026-09-30")
    tariff("first", "299", "2026-10-01", "2027-03-31")
    shown = page(havtorn, datetime.date.fromisoformat(day))
    assert (f"{amount} kr." in shown) if amount else ("Vi har ikke et bekræftet beløb for i dag" in shown)


def test_invented_and_real_amounts_never_meet(havtorn):
    tariff("first", "111", "2026-10-01", "2027-03-31", is_example=True, verified_at=None)
    assert "111 kr." not in page(havtorn)
    Clinic.objects.update(is_example=True)
    tariff("first", "299", "2026-10-01", "2027-03-31")
    shown = page(havtorn)
    assert "111 kr." in shown and "opdigtet eksempel" in shown and "299 kr." not in shown


def test_a_single_tariff_of_another_service_is_no_answer_about_visits(havtorn):
    tariff("group", "99", "2026-10-01", "2027-03-31")
    assert "Vi har ikke et bekræftet beløb for i dag" in page(havtorn)


def test_no_query_of_its_own(havtorn, django_assert_num_queries):
    tariff("first", "299", "2026-10-01", "2027-03-31")
    for number in range(30):
        price(havtorn, "surcharge", f"{number + 1}")
    one = filled(havtorn)
    prices_part(one, DAY)
    with django_assert_num_queries(0):
        prices_part(one, DAY)


# --- what may be saved


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("first", {"amount": 0}, "amount"),
        ("first", {"amount": Decimal("0.01")}, "amount"),
        ("first", {"amount": -1}, "amount"),
        ("first", {"amount": 50_001}, "amount"),
        ("first", {"amount": 10**12}, "amount"),
        ("first", {"amount": "NaN"}, "amount"),
        ("first", {"amount": Decimal("NaN")}, "amount"),
        ("first", {"amount": Decimal("-Infinity")}, "amount"),
        ("first", {"minutes": 0}, "minutes"),
        ("first", {"minutes": 600}, "minutes"),
        ("first", {"minutes": -5}, "minutes"),
        ("first", {"sessions": 3}, "sessions"),
        ("package", {"sessions": None}, "sessions"),
        ("package", {"sessions": 1}, "sessions"),
        ("package", {"sessions": 1000}, "sessions"),
        ("group", {"sessions": 0}, "sessions"),
        ("package", {"sessions": 10, "valid_months": 0}, "valid_months"),
        ("package", {"sessions": 10, "valid_months": 600}, "valid_months"),
        ("first", {"valid_months": 6}, "valid_months"),
        ("first", {"refundable": True}, "refundable"),
        ("package", {"sessions": 10, "terms": "Spar 400 kr."}, "terms"),
        ("first", {"terms": "Før 600 kr., nu 500 kr."}, "terms"),
        ("first", {"kind": "gave"}, "kind"),
    ],
)
def test_a_price_that_cannot_be_right_is_named_at_its_field(havtorn, kind, fields, field):
    made = Price(**{"clinic": havtorn, "kind": kind, "amount": Decimal(500)} | fields)
    with pytest.raises(ValidationError) as problem:
        made.full_clean()
    assert list(problem.value.message_dict) == [field]
    assert all(text[0].isupper() or text[0] in "“" for text in problem.value.message_dict[field])


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("first", {"amount": 1, "minutes": 1}),
        ("first", {"amount": 50_000, "minutes": 300}),
        ("group", {"sessions": 1}),
        ("group", {}),
        ("package", {"sessions": 2, "valid_months": 60, "refundable": None}),
        ("surcharge", {"terms": "Ring bedst før kl. 10. Du må ikke sparke døren op."}),
    ],
)
def test_a_price_that_may_be_right(havtorn, kind, fields):
    Price(**{"clinic": havtorn, "kind": kind, "amount": Decimal(500)} | fields).full_clean()


@pytest.mark.parametrize(
    ("prices", "hint"),
    [
        ([("follow_up", 420, None), ("package", 4500, 10)], "450 kr. pr. gang"),
        ([("follow_up", 420, None), ("package", 4200, 10)], ""),
        ([("package", 4500, 10)], ""),
        ([("first", 5500, None)], "5.500 kr."),
        ([("first", 550, None)], ""),
    ],
)
def test_what_is_only_unlikely_is_a_hint(prices, hint):
    rows = [Price(kind=kind, amount=Decimal(amount), sessions=sessions) for kind, amount, sessions in prices]
    found = hints(rows)
    assert len(found) == bool(hint) and hint in "".join(found)
