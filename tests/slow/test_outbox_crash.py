"""`kill -9` of the worker while mails are on their way: every promise is kept, and at most one mail goes twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from clinics.models import Outbox
from tests.smtp_sink import smtp_sink

BASE_DIR = Path(__file__).resolve().parents[2]
MAILS = 30
PATIENCE = 120  # seconds, for a machine that has other things to do


def wait_until(what, running: subprocess.Popen | None = None) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline
        assert running is None or running.poll() is None, "the worker ended by itself"
        time.sleep(0.05)


def everything_is_due() -> None:
    """As if the time that mails wait between two attempts were over."""
    Outbox.objects.filter(status="waiting").update(next_attempt_at=timezone.now())


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(600)
@pytest.mark.parametrize("after", ["taken", "sent"])
def test_killed_in_the_middle(tmp_path, after):
    """`taken`: the server has not answered yet. `sent`: it has the mail, and the worker dies before it can write that down."""
    stage: dict[str, subprocess.Popen] = {}

    def answer(step, number):
        if "worker" in stage and (step, number) == (("MAIL" if after == "taken" else "END"), 7):
            os.kill(stage["worker"].pid, signal.SIGKILL)
            stage["worker"].wait()
        return None

    def start(what, *more) -> subprocess.Popen:
        arguments = [connection.settings_dict["NAME"], str(tmp_path / "broker"), str(sink.port), what, *more]
        return subprocess.Popen([sys.executable, "-m", "tests.slow.mail_worker", *arguments], cwd=BASE_DIR)

    with smtp_sink(answer) as sink:
        try:
            assert start("promise", str(MAILS)).wait(PATIENCE) == 0
            assert Outbox.objects.filter(status="waiting").count() == MAILS
            stage["worker"] = start("worker")  # finds the nudge of the promise in the broker
            wait_until(lambda: stage["worker"].poll() is not None)
            assert stage["worker"].returncode == -signal.SIGKILL
            assert Outbox.objects.filter(status="sent").count() == 6

            again = stage["again"] = start("worker")
            everything_is_due()
            assert start("nudge").wait(PATIENCE) == 0  # the first went with its worker: this broker delivers once
            wait_until(lambda: Outbox.objects.filter(status="sent").count() == MAILS, again)
        finally:
            for one in stage.values():
                one.kill()
                one.wait()
    came = Counter(one["Message-ID"] for one in sink.mails)
    assert came.keys() == {*Outbox.objects.values_list("message_id", flat=True)}, "nothing is lost"
    assert sum(came.values()) == (MAILS if after == "taken" else MAILS + 1)
    assert {row.attempts for row in Outbox.objects.all()} == {1, 2} and not Outbox.objects.exclude(context={}).exists()
