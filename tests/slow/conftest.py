"""Whole checkouts, started the way people start them: `make run` with next to no environment."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.folders import open_folder
from tests.machine import slowness

BASE_DIR = Path(__file__).resolve().parents[2]
MADE_WHILE_RUNNING = (".git", ".venv", ".venv-tools", "var", "__pycache__", ".*_cache", ".hypothesis")
READY = "Ctrl-C stops everything"


class Site:
    """`make run` in one checkout."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.log = folder.with_name(f"{folder.name}-{port}.log")
        self.environment = bare_environment() | {"PORT": str(port)}
        self.make: subprocess.Popen | None = None

    def start(self, *, user: pwd.struct_passwd | None = None) -> None:
        with self.log.open("w") as log:
            self.make = subprocess.Popen(
                ["make", "run"],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=user and user.pw_uid,
                group=user and user.pw_gid,
                extra_groups=None if user is None else [],
            )

    @property
    def output(self) -> str:
        return self.log.read_text()

    def wait_until_ready(self, patience: float = 120) -> float:
        """Seconds until everything was printed. Fails when the site ends or takes longer."""
        began = time.monotonic()
        while READY not in self.output:
            assert self.make.poll() is None, self.output
            assert time.monotonic() - began < patience, self.output
            time.sleep(0.02)
        return time.monotonic() - began

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def stop(self, number: int = signal.SIGTERM, *, whole_group: bool = False) -> float:
        """Seconds until make has ended, as they would be on a machine that is as quick as the one of tests/machine.py."""
        began = time.monotonic()
        (os.killpg if whole_group else os.kill)(self.make.pid, number)
        self.make.wait(30)
        return (time.monotonic() - began) / slowness()

    def processes(self) -> dict[int, str]:
        """What works in this checkout, by pid."""
        found = {}
        for process in Path("/proc").iterdir():
            if process.name.isdigit():
                try:
                    command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    if str(self.folder) in command or (process / "cwd").readlink().is_relative_to(self.folder):
                        found[int(process.name)] = command
                except OSError:
                    continue  # it ended, or is none of ours
        return found

    def clean_up(self) -> None:
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.make:
            self.make.wait(10)


def bare_environment() -> dict[str, str]:
    """No home, no language, no user: what is left is where Python and make are."""
    return {"PATH": f"{Path(sys.executable).resolve().parent}:/usr/bin:/bin"}


def copy_checkout(target: Path) -> Path:
    """What a clone would hold."""
    ignored = shutil.ignore_patterns(*MADE_WHILE_RUNNING)
    return Path(shutil.copytree(BASE_DIR, target, symlinks=True, ignore=ignored, dirs_exist_ok=True))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def fresh_site() -> Iterator[Site]:
    """The one checkout that is installed from nothing; started and ended by the tests one after the other."""
    with open_folder() as folder:
        site = Site(copy_checkout(folder / "Ærø fys & co"), free_port())
        yield site
        site.clean_up()


@pytest.fixture
def bare_site(fresh_site) -> Iterator[Site]:
    """The same, as it is; at rest again after the test, also one that failed half way."""
    yield fresh_site
    fresh_site.clean_up()


@pytest.fixture
def site(fresh_site) -> Iterator[Site]:
    """The same, made ready before and at rest again after the test."""
    if READY not in (fresh_site.output if fresh_site.log.exists() else ""):
        fresh_site.start()
        fresh_site.wait_until_ready()
        fresh_site.stop()
    yield fresh_site
    fresh_site.clean_up()


@pytest.fixture(scope="session")
def installed_neighbour() -> Iterator[Site]:
    with open_folder() as folder:
        neighbour = Site(copy_checkout(folder / "next door"), free_port())
        yield neighbour
        neighbour.clean_up()


@pytest.fixture
def neighbour(site, installed_neighbour) -> Iterator[Site]:
    """A second checkout, which takes the packages from where the first has downloaded them."""
    installed_neighbour.environment["UV_CACHE_DIR"] = str(site.folder / ".venv-tools" / "cache")
    if not (installed_neighbour.folder / "Makefile").exists():  # a test that deletes it failed half way
        copy_checkout(installed_neighbour.folder)
    yield installed_neighbour
    installed_neighbour.clean_up()
