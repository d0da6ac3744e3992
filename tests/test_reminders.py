"""Half a year after the last confirmation: one friendly mail a month, three at most, to those who want it."""

import datetime
import itertools

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model

from clinics import outbox, reminders, tasks
from clinics.mailing import stops
from clinics.models import Clinic, Membership, Outbox

from .people import clinic

DATE = datetime.date.fromisoformat
DAY = datetime.timedelta(days=1)
LONG_AGO = datetime.datetime.fromisoformat("2024-01-01 12:00:00+01:00")


def member(of: Clinic, name="olga", joined=LONG_AGO, verified=True, **fields) -> Membership:
    user, new = get_user_model().objects.get_or_create(username=name, email=f"{name}@example.org")
    if new:
        EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
    return Membership.objects.create(clinic=of, user=user, created_at=joined, **fields)


def ryggen(confirmed="2026-05-14", **fields) -> Clinic:
    return clinic("Ryggen & Co", "Aarhus C", confirmed_at=confirmed and DATE(confirmed), **fields)


def days_of_reminders(start: str, end: str) -> list[str]:
    """The days on which the daily task promised something."""
    found, day = [], DATE(start)
    while day <= DATE(end):
        with time_machine.travel(
            datetime.datetime.combine(day, datetime.time(9, 5), outbox.clock.COPENHAGEN), tick=False
        ):
            found += [str(day)] * tasks.remind_clinics()
        day += DAY
    return found


# When


@pytest.mark.parametrize(
    ("confirmed", "due"),
    [
        ("2026-05-14", "2026-11-14"),
        ("2026-08-31", "2027-03-01"),  # February ends before
        ("2027-08-31", "2028-03-01"),
        ("2027-08-29", "2028-02-29"),
        ("2026-08-28", "2027-02-28"),
        ("2026-06-30", "2026-12-30"),
        ("2026-07-31", "2027-01-31"),
        ("2026-07-01", "2027-01-01"),
    ],
)
def test_the_day_on_which_facts_are_due(confirmed, due):
    assert str(reminders.due_on(DATE(confirmed))) == due


def test_due_is_what_everybody_else_calls_due():
    """Two years of days: the first day on which the profile says so too."""
    for number in range(731):
        confirmed = DATE("2026-01-01") + number * DAY
        due = reminders.due_on(confirmed)
        assert reminders.due_until(due - DAY) < confirmed <= reminders.due_until(due)


def test_a_round_has_three_and_they_are_a_month_apart():
    for number in range(366):
        confirmed = DATE("2026-01-01") + number * DAY
        days = [reminders.due_on(confirmed) + ahead * DAY for ahead in range(-2, 100)]
        rounds = [(reminders.round_of(confirmed, DATE("2024-01-01"), day), day) for day in days]
        first = [next(day for found, day in rounds if found == wanted) for wanted in (1, 2, 3)]
        assert first[0] == reminders.due_on(confirmed) and rounds[1][0] is None
        assert all(28 <= (after - before).days <= 31 for before, after in itertools.pairwise(first))
        assert {found for found, day in rounds if day >= reminders.months_after(first[0], 3)} == {None}


@pytest.mark.django_db
def test_the_rounds_of_one_clinic():
    member(ryggen("2026-05-14"))
    assert days_of_reminders("2026-11-12", "2027-02-16") == ["2026-11-14", "2026-12-14", "2027-01-14"]


@pytest.mark.django_db
def test_over_the_end_of_a_year_and_a_short_month():
    member(ryggen("2026-06-30"))
    assert days_of_reminders("2026-12-29", "2027-03-02") == ["2026-12-30", "2027-01-30", "2027-03-01"]


@pytest.mark.django_db
def test_a_worker_that_was_away_does_not_send_two_in_a_month():
    member(ryggen("2026-05-14"))
    assert days_of_reminders("2026-12-10", "2027-02-16") == ["2026-12-10", "2027-01-10", "2027-02-10"]


@pytest.mark.django_db
def test_confirming_ends_a_round_and_begins_the_next():
    of = member(ryggen("2026-05-14")).clinic
    assert days_of_reminders("2026-11-14", "2026-11-20") == ["2026-11-14"]
    Clinic.objects.filter(pk=of.pk).update(confirmed_at=DATE("2026-11-21"))
    assert days_of_reminders("2026-11-21", "2026-12-16") == days_of_reminders("2027-05-19", "2027-05-20") == []
    assert days_of_reminders("2027-05-21", "2027-05-22") == ["2027-05-21"]


@pytest.mark.django_db
def test_whoever_has_just_come_is_left_in_peace_for_a_month():
    member(ryggen("2025-01-01"), joined=datetime.datetime.fromisoformat("2026-11-30 23:30:00+00:00"))
    assert days_of_reminders("2026-12-30", "2027-03-02") == ["2027-01-01", "2027-02-01", "2027-03-01"], (
        "1 December here"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("promised_at", "sent_at"),
    [
        ("2027-03-28 01:30:00+01:00", "2027-03-28 08:00:00+02:00"),  # the clock goes forward
        ("2026-10-25 02:30:00+02:00", "2026-10-25 08:00:00+01:00"),  # and back
        ("2026-12-31 23:59:00+01:00", "2027-01-01 08:00:00+01:00"),
    ],
)
def test_nobody_is_woken(mailoutbox, promised_at, sent_at):
    member(ryggen("2026-01-01"), joined=LONG_AGO)
    Clinic.objects.update(confirmed_at=reminders.months_after(DATE(promised_at[:10]), -6))
    with time_machine.travel(datetime.datetime.fromisoformat(promised_at), tick=False):
        assert reminders.remind() == 1 and outbox.deliver_waiting() == 0
    morning = datetime.datetime.fromisoformat(sent_at)
    with time_machine.travel(morning - datetime.timedelta(minutes=1), tick=False):
        assert outbox.deliver_waiting() == 0
    with time_machine.travel(morning, tick=False):
        assert outbox.deliver_waiting() == 1 and len(mailoutbox) == 1


# To whom


@pytest.fixture
def today():
    with time_machine.travel(datetime.datetime.fromisoformat("2026-11-21 09:05:00+01:00"), tick=False):
        yield


@pytest.mark.django_db
def test_the_mail(today, mailoutbox, settings):
    settings.SITE_URL = "https://fysfinder.example"
    of = member(ryggen()).clinic
    assert reminders.remind() == 1 and reminders.remind() == 0
    outbox.deliver_waiting()
    (sent,) = mailoutbox
    assert sent.to == ["olga@example.org"] and sent.subject == "Passer oplysningerne om Ryggen & Co stadig?"
    assert "14. maj 2026" in sent.body and "Profilen er" in sent.body and "* Priser" in sent.body
    link = f"https://fysfinder.example/admin/clinics/clinic/{of.pk}/change/"
    ((page, _),) = sent.alternatives
    assert link in sent.body and f'href="{link}"' in page and "Ryggen &amp; Co" in page
    assert sent.extra_headers["List-Unsubscribe"]
    assert Outbox.objects.get().clinic == of


@pytest.mark.django_db
def test_who_gets_none(today):
    of = ryggen()
    member(of, "said-no", wants_reminders=False)
    member(of, "left", ended_at=LONG_AGO)
    member(of, "unconfirmed", verified=False)
    member(of, "closed").user.__class__.objects.filter(username="closed").update(is_active=False)
    member(of, "stopped")
    stops.stop(digest=stops.digest_of(stops.token_for("stopped@example.org")))
    member(clinic("Frisk", "Aarhus N", confirmed_at=DATE("2026-05-22")), "fresh")
    member(clinic("Aldrig", "Viby J", confirmed_at=None), "never")
    member(clinic("Lukket", "Randers", confirmed_at=DATE("2026-05-14"), status="closed"), "shut")
    assert reminders.remind() == 0


@pytest.mark.django_db
def test_every_member_and_every_clinic_for_itself(today):
    of, other = ryggen(), clinic("Knæet", "Aarhus N", confirmed_at=DATE("2026-05-21"))
    member(of), member(of, "per", role="staff"), member(other)
    assert reminders.remind() == 3
    assert sorted(Outbox.objects.values_list("to", "clinic__name")) == [
        ("olga@example.org", "Knæet"),
        ("olga@example.org", "Ryggen & Co"),
        ("per@example.org", "Ryggen & Co"),
    ]


@pytest.mark.django_db
def test_statements_do_not_grow_but_with_the_mails(today, django_assert_num_queries, django_assert_max_num_queries):
    member(ryggen())
    with django_assert_max_num_queries(14):
        reminders.remind()
    for number in range(10):
        member(clinic(f"Klinik {number}", "Aarhus C", confirmed_at=DATE("2026-05-14")), f"person{number}")
    with django_assert_max_num_queries(14 + 10 * 4):
        assert reminders.remind() == 10
