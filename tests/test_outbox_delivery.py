"""The outbox and a mail server that answers, refuses, falls silent or hangs up: nothing is lost, nothing is tried for ever."""

import datetime
import threading

import pytest
import time_machine
from django.db import connection

from clinics import outbox
from clinics.mailing import delivery, stops
from clinics.models import Outbox

from .smtp_sink import smtp_sink
from .test_outbox import a_plain_mail, now_of, promised  # noqa: F401  a fixture that every test here uses

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(60)]
NOON = datetime.datetime.fromisoformat("2026-11-21 12:00:00+01:00")


@pytest.fixture
def through(settings):
    """Mail goes to this sink. Its patience is short; tests that need a server to answer have one that does so at once."""

    def set_to(port: int, patience: float = 20) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, patience
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""

    return set_to


def test_a_batch_over_one_connection(through):
    rows = [promised(to=f"olga{number}@example.org") for number in range(25)]
    with smtp_sink() as sink:
        through(sink.port)
        assert outbox.deliver_waiting() == 25
    assert sink.connections == 2, "twenty, and the rest"
    assert [one["Message-ID"] for one in sink.mails] == [row.message_id for row in rows]
    assert [one["To"] for one in sink.mails] == [row.to for row in rows], "the oldest first, each to one"
    (text, page) = sink.mails[0].iter_parts()
    assert "Alt er klart" in text.get_content() and "Alt er klart" in page.get_content()
    assert sink.mails[0]["Auto-Submitted"] == "auto-generated"


def test_nobody_is_called_when_nothing_waits(through):
    with smtp_sink() as sink:
        through(sink.port)
        assert outbox.deliver_waiting() == 0
    assert sink.connections == 0


@pytest.mark.parametrize("when", ["HELLO", "EHLO"])
def test_a_server_that_lets_nobody_in_costs_no_attempt(through, when):
    rows = [promised() for _ in range(3)]
    refusal = "421 too busy, see https://server.example/why?kode=4711" if when == "HELLO" else "drop"
    with smtp_sink(lambda step, number: refusal if step == when else None) as sink:
        through(sink.port)
        assert outbox.deliver_waiting() == 0
    assert sink.connections == 1, "and is not asked again for each mail"
    for row in map(now_of, rows):
        assert (row.status, row.attempts) == ("waiting", 0) and row.error.startswith("Ingen forbindelse")
        assert "4711" not in row.error
    with smtp_sink() as sink:
        through(sink.port)
        assert outbox.deliver_waiting() == 3
    assert {row.error for row in map(now_of, rows)} == {""}


def test_no_server_at_all(through):
    row = promised()
    with smtp_sink() as sink:
        port = sink.port
    through(port)
    assert outbox.deliver_waiting() == 0
    assert (now_of(row).attempts, now_of(row).error) == (
        0,
        "Ingen forbindelse til mailserveren: ConnectionRefusedError [Errno 111] Connection refused",
    )


@pytest.mark.parametrize(
    ("step", "line"),
    [("RCPT", "550 5.1.1 no such user"), ("END", "554 5.7.1 refused: https://fysfinder.example/kode/4711")],
)
@pytest.mark.parametrize("template", ["plain", "secret"])
def test_a_final_no_is_not_tried_again(through, step, line, template):
    bad, good = promised(template, to="nobody@example.org"), promised()
    with smtp_sink(lambda at, number: line if (at, number) == (step, 1) else None) as sink:
        through(sink.port)
        assert outbox.deliver_waiting() == 1
    bad = now_of(bad)
    assert (bad.status, bad.attempts, now_of(good).status) == ("failed", 1, "sent")
    assert bad.error.startswith(line[:9]) and "4711" not in bad.error
    assert outbox.can_resend(bad) is (template == "plain"), "nothing secret is kept"
    assert bad.context == ({"what": "Alt er klart"} if template == "plain" else {})


@pytest.mark.parametrize(
    ("step", "line"),
    [
        ("MAIL", "530 5.7.0 log in first"),  # ours to mend, not the address's fault
        ("MAIL", "421 closing"),
        ("RCPT", "451 greylisted"),
        ("DATA", "drop"),
        ("END", "452 no room"),
        ("END", "drop"),
    ],
)
def test_anything_else_is_tried_later(through, step, line):
    with time_machine.travel(NOON, tick=False) as clock:
        bad, good = promised(), promised()
        with smtp_sink(lambda at, number: line if (at, number) == (step, 1) else None) as sink:
            through(sink.port)
            assert outbox.deliver_waiting() == 1
            bad = now_of(bad)
            assert (bad.status, bad.attempts, now_of(good).status) == ("waiting", 1, "sent")
            assert bad.error and bad.next_attempt_at == NOON + datetime.timedelta(minutes=1)
            clock.shift(datetime.timedelta(seconds=59))
            assert outbox.deliver_waiting() == 0
            clock.shift(datetime.timedelta(seconds=1))
            assert outbox.deliver_waiting() == 1
        assert (now_of(bad).status, now_of(bad).error, now_of(bad).attempts) == ("sent", "", 2)
        assert [one["Message-ID"] for one in sink.mails] == [good.message_id, bad.message_id]


@pytest.mark.parametrize("step", ["MAIL", "DATA", "END"])
def test_a_server_that_falls_silent(through, step):
    rows = [promised() for _ in range(5)]
    with smtp_sink(lambda at, number: "hang" if at == step else None) as sink:
        through(sink.port, patience=0.3)
        assert outbox.deliver_waiting() == 0
    assert sink.connections == delivery.MOST_BROKEN, "then the others wait for the next run"
    states = [(row.status, row.attempts, row.error) for row in map(now_of, rows)]
    assert states == [("waiting", 1, "Serveren svarede ikke i tide.")] * 3 + [("waiting", 0, "")] * 2


def test_seven_attempts_and_no_more(through, caplog):
    """1, 5, 30 minutes, 2, 6, 24 hours; then a moderator decides."""
    waits = []
    with (
        time_machine.travel(NOON, tick=False) as clock,
        smtp_sink(lambda at, number: "451 later" if at == "RCPT" else None) as sink,
    ):
        through(sink.port)
        row = promised()
        while now_of(row).status == "waiting":
            assert outbox.deliver_waiting() == 0
            wait = now_of(row).next_attempt_at - delivery.clock.now()
            waits.append(wait / datetime.timedelta(minutes=1))
            clock.shift(wait)
    assert waits == [1, 5, 30, 120, 360, 1440, 0]
    row = now_of(row)
    assert (row.status, row.attempts, row.error) == ("failed", 7, "451 later")
    assert "given up" in caplog.text and "olga" not in caplog.text, "no addresses in logs"


def test_a_mail_that_kills_its_worker_is_given_up_too():
    row = promised()
    for _ in range(delivery.MOST_ATTEMPTS):
        assert delivery.take() == (row.pk, now_of(row).attempts)  # and then it dies
        assert delivery.take() is None, "nobody else takes it before its time"
        Outbox.objects.update(next_attempt_at=NOON)
    assert outbox.deliver_waiting() == 0
    assert (now_of(row).status, now_of(row).error) == ("failed", "Hvert forsøg blev afbrudt.")


def test_one_that_was_dropped_in_between_is_not_sent(mailoutbox):
    row = promised()
    taken = delivery.take()
    Outbox.objects.update(status="dropped")
    with delivery.mail_server() as server:
        assert delivery.send(server, *taken) is delivery.Outcome.NOT_SENT
    assert not mailoutbox and now_of(row).status == "dropped"


@pytest.mark.django_db(transaction=True)
def test_workers_never_share_a_mail(through):
    rows = [promised(to=f"olga{number}@example.org") for number in range(30)]
    sent = []

    def work():
        try:
            sent.append(outbox.deliver_waiting())
        finally:
            connection.close()

    with smtp_sink() as sink:
        through(sink.port)
        workers = [threading.Thread(target=work) for _ in range(4)]
        for one in workers:
            one.start()
        for one in workers:
            one.join(30)
    assert sum(sent) == 30 and len(sink.mails) == 30
    assert {one["Message-ID"] for one in sink.mails} == {row.message_id for row in rows}


@pytest.mark.django_db(transaction=True)
def test_while_a_mail_is_with_the_server_nobody_else_touches_it(through):
    """However long the server takes: another worker goes on with the next, and a moderator is told to wait."""
    first, second = promised(to="olga@example.org"), promised(to="per@example.org")
    has_it, go_on, seen = threading.Event(), threading.Event(), {}

    def answer(step, number):
        if (step, number) == ("END", 1):
            has_it.set()
            go_on.wait(20)

    def work():
        try:
            seen["sent"] = outbox.deliver_waiting(most=1)
        finally:
            connection.close()

    with smtp_sink(answer) as sink:
        through(sink.port)
        slow = threading.Thread(target=work)
        slow.start()
        assert has_it.wait(20)
        Outbox.objects.filter(pk=second.pk).update(next_attempt_at=NOON)  # a day on which both are due
        assert outbox.deliver_waiting() == 1 and now_of(second).status == "sent"
        with pytest.raises(outbox.ActionError, match="ved at blive sendt"):
            outbox.drop(row=first, by=None)
        go_on.set()
        slow.join(20)
    assert seen == {"sent": 1} and now_of(first).status == "sent" and len(sink.mails) == 2


# Reminders


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        ("2026-11-21 07:59:59+01:00", False),
        ("2026-11-21 08:00:00+01:00", True),
        ("2026-11-21 19:59:59+01:00", True),
        ("2026-11-21 20:00:00+01:00", False),
        ("2026-07-01 05:59:59+00:00", False),  # summer time
        ("2026-07-01 06:00:00+00:00", True),
        ("2026-10-25 02:30:00+01:00", False),  # the hour that comes twice
    ],
)
def test_reminders_go_by_day_and_codes_at_any_time(mailoutbox, at, goes):
    with time_machine.travel(datetime.datetime.fromisoformat(at), tick=False):
        nice, needed = promised("nice"), promised("secret")
        outbox.deliver_waiting()
        assert now_of(needed).status == "sent"
        assert (now_of(nice).status == "sent") is goes and len(mailoutbox) == 1 + goes


def test_a_stopped_address_gets_what_it_needs_and_no_reminder(mailoutbox):
    with time_machine.travel(NOON, tick=False):
        nice, needed = promised("nice", to="Olga@example.org"), promised("secret", to="Olga@example.org")
        stops.stop(digest=stops.digest_of(stops.token_for("olga@EXAMPLE.org")))
        assert outbox.deliver_waiting() == 1
    assert (now_of(nice).status, now_of(nice).context) == ("dropped", {})
    assert now_of(needed).status == "sent" and mailoutbox[0].subject == "Nyt: Alt er klart"


def test_a_reminder_can_be_stopped_from_the_mail_program(mailoutbox, client, settings):
    settings.SITE_URL = "https://fysfinder.example"
    with time_machine.travel(NOON, tick=False):
        promised("nice")
        outbox.deliver_waiting()
    (sent,) = mailoutbox
    link = sent.extra_headers["List-Unsubscribe"]
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link.startswith("<https://fysfinder.example/mails/stop/") and link.strip("<>") in sent.body
    assert max(map(len, sent.message().as_bytes().splitlines())) < 998
