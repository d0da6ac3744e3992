"""Tariffs and referral rules in the admin: nothing is shown to patients before a person has verified it."""

import datetime
from decimal import Decimal

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry

from clinics import tariffs
from clinics.clock import today
from clinics.models import Tariff
from clinics.tariffs import shares_on

from .clinic_form import form_of
from .money import rule, tariff
from .staff import staff
from .worlds import kept

pytestmark = pytest.mark.django_db

LIST = "/admin/clinics/tariff/"


@kept
def people():
    return staff()


@pytest.fixture
def adam(client, people):
    client.force_login(people["adam"])
    return client


@kept
def row():
    day = today()
    ends = day + datetime.timedelta(days=60)
    return tariff("first", "299.29", str(day), str(ends), verified_at=None, source="https://fysio.dk/takster")


def act(client, action: str, *rows: Tariff, **more):
    return client.post(LIST, {"action": action, ACTION_CHECKBOX_NAME: [row.pk for row in rows]} | more, follow=True)


def test_the_list_marks_what_is_not_verified_and_sounds_the_alarm(adam, row):
    page = adam.get(LIST).content.decode()
    assert "IKKE BEKRÆFTET og vises ikke" in page
    assert "Første konsultation: intet bekræftet beløb gælder i dag" in page.replace("første", "Første")


def test_verifying_shows_the_figures_first_and_then_stamps_them(adam, people, row):
    page = act(adam, "verify_chosen", row).content.decode()
    assert "Passer tallene med kilden?" in page and "299,29 kr." in page and "https://fysio.dk/takster" in page
    row.refresh_from_db()
    assert row.verified_at is None
    act(adam, "verify_chosen", row, confirmed="1")
    row.refresh_from_db()
    assert row.verified_at == row.checked_at == today()
    tariffs.forget()
    assert shares_on(today()).amount("first") == row.patient_share
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (people["adam"], str(row.pk))
    act(adam, "withdraw_chosen", row)
    tariffs.forget()
    assert not shares_on(today())


def test_an_invented_row_cannot_be_verified(adam):
    made = tariff("first", "111", "2026-01-01", "2026-12-31", verified_at=None, is_example=True)
    page = act(adam, "verify_chosen", made, confirmed="1").content.decode()
    made.refresh_from_db()
    assert made.verified_at is None and "opdigtet eksempel" in page


def change(client, row: Tariff, **values):
    form = {
        "service": row.service,
        "code": row.code,
        "patient_share": row.patient_share,
        "full_fee": "",
        "subsidy": "",
        "valid_from": row.valid_from,
        "valid_to": row.valid_to or "",
        "source": row.source,
        "checked_at": "",
    }
    return client.post(f"{LIST}{row.pk}/change/", form | values, follow=True)


def test_a_changed_figure_must_be_verified_again(adam, row):
    Tariff.objects.update(verified_at=today())
    change(adam, row, code="0110")
    row.refresh_from_db()
    assert (row.code, row.verified_at) == ("0110", today())
    assert row.edited_at  # the committed file leaves it alone from now on
    page = change(adam, row, patient_share="301").content.decode()
    row.refresh_from_db()
    assert (row.patient_share, row.verified_at) == (301, None)
    assert "skal bekræftes igen" in page


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"patient_share": "0"}, "Beløbet skal være over 0 kr."),
        ({"patient_share": "-5"}, "Beløbet skal være over 0 kr."),
        ({"patient_share": "999999"}, "Beløbet skal være over 0 kr."),
        ({"full_fee": "500", "subsidy": "100"}, "tilsammen give det samlede honorar"),
        ({"valid_to": ""}, "Skriv sidste dag"),
        ({"valid_to": "2020-01-01"}, "Sidste dag ligger før første dag"),
    ],
)
def test_a_message_at_the_field_and_nothing_saved(adam, row, values, says):
    page = change(adam, row, **values).content.decode()
    assert page.count(says) == 1
    row.refresh_from_db()
    assert str(row.patient_share) == "299.29" and row.edited_at is None


@pytest.mark.parametrize("name", ["edith", "frida", "sam"])
def test_who_may_not(client, people, row, name):
    client.force_login(people[name])
    assert client.get(LIST).status_code in (302, 403)
    client.post(LIST, {"action": "verify_chosen", ACTION_CHECKBOX_NAME: [row.pk], "confirmed": "1"})
    row.refresh_from_db()
    assert row.verified_at is None


def test_rules_are_listed_by_what_holds(adam):
    rule("ordinary", "share", needs_referral=True)
    rule("group", "share", needs_referral=True, to_be_verified=True)
    page = adam.get("/admin/clinics/referralrule/?gaelder=nu").content.decode()
    assert page.count("IKKE BEKRÆFTET") == 1
    for value in ("senere", "slut", "venter", "vrøvl"):
        assert adam.get("/admin/clinics/referralrule/", {"gaelder": value}).status_code == 200


@pytest.mark.parametrize(
    ("typed", "amount"), [("506,72", "506.72"), ("1.250,00", "1250.00"), ("506.72", "506.72"), ("333,33 kr.", "333.33")]
)
def test_amounts_as_danes_write_them(adam, row, typed, amount):
    address = f"{LIST}{row.pk}/change/"
    page = form_of(adam, address)
    assert page["patient_share"] == "299,29"
    assert adam.post(address, page | {"patient_share": typed}).status_code == 302
    row.refresh_from_db()
    assert row.patient_share == Decimal(amount)


def test_what_was_not_changed_needs_no_new_verification(adam, row):
    Tariff.objects.update(verified_at=today())
    address = f"{LIST}{row.pk}/change/"
    assert adam.post(address, form_of(adam, address)).status_code == 302
    row.refresh_from_db()
    assert row.verified_at == today()
