"""The processes of `make run`: started again when they die, ended with everything they started."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fysfinder import children
from fysfinder.children import Child, ChildError, end_all

from .machine import slowness

SLEEP = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
WITH_CHILD = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", sys.argv[1]])
time.sleep(60)
"""
KILLED = """
import sys, time
from fysfinder.children import Child
Child("x", ["-c", "import time; time.sleep(60)", sys.argv[1]]).start(0)
time.sleep(60)
"""


@pytest.fixture
def lock(tmp_path) -> Iterator[int]:
    with (tmp_path / "lock").open("w") as file:
        yield file.fileno()


def start(code: str, lock: int, *arguments: str) -> Child:
    child = Child("worker", ["-c", code, *arguments])
    child.start(lock)
    return child


def kill(child: Child) -> None:
    child.process.kill()
    while not child.has_ended():
        time.sleep(0.01)


def test_one_that_lives_is_left_alone(lock):
    child = start(SLEEP, lock)
    pid = child.process.pid
    child.look_after(lock)
    assert child.process.pid == pid
    end_all([child])


def test_one_that_dies_later_is_started_again(lock, monkeypatch, capsys):
    monkeypatch.setattr(children, "AT_ONCE", 0)
    child = start(SLEEP, lock)
    pid = child.process.pid
    kill(child)
    child.look_after(lock)
    assert child.process.pid != pid
    assert "worker ended with status -9; starting it again" in capsys.readouterr().out
    end_all([child])


def test_one_that_dies_at_once_would_die_again(lock):
    child = start("raise SystemExit(3)", lock)
    while not child.has_ended():
        time.sleep(0.01)
    with pytest.raises(ChildError, match="worker ended with status 3 right after its start"):
        child.look_after(lock)
    end_all([child])  # and is not asked twice


def test_one_that_does_not_listen_is_killed(lock, monkeypatch):
    monkeypatch.setattr(children, "PATIENCE", 0.3)
    deaf, polite = start(DEAF, lock), start(SLEEP, lock)
    time.sleep(0.3)
    began = time.monotonic()
    end_all([deaf, polite])
    assert time.monotonic() - began < 2 * slowness()
    assert deaf.process is polite.process is None


def test_what_it_started_ends_with_it(lock, tmp_path):
    child = start(WITH_CHILD, lock, str(tmp_path))
    while not (grandchildren := processes(str(tmp_path), but=child.process.pid)):
        time.sleep(0.02)
    kill(child)
    end_all([child])
    deadline = time.monotonic() + 30
    while processes(str(tmp_path)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert grandchildren
    assert processes(str(tmp_path)) == []


def test_it_ends_when_we_are_killed(tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], cwd=Path(__file__).parents[1])
    while not (found := processes(str(tmp_path), but=parent.pid)):
        time.sleep(0.02)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 30
    while processes(str(tmp_path)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert found
    assert processes(str(tmp_path)) == []


def processes(word: str, but: int = 0) -> list[int]:
    found = subprocess.run(["pgrep", "-f", word], capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split() if int(pid) != but]
