"""Whole checkouts, started the way people start them: `make run` with next to no environment."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

BASE_DIR = Path(__file__).resolve().parents[2]
MADE_WHILE_RUNNING = {".git", ".venv", ".venv-tools", "var", "__pycache__"}
READY = "Ctrl-C stops everything"


class Site:
    """`make run` in one checkout."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.log = folder.with_name(f"{folder.name}-{port}.log")
        self.make: subprocess.Popen | None = None

    def start(self, *, environment: dict[str, str] | None = None, user: str | None = None) -> None:
        with self.log.open("w") as log:
            self.make = subprocess.Popen(
                ["make", "run"],
                cwd=self.folder,
                env=bare_environment() | {"PORT": str(self.port)} | (environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=user,
                group=user,
                extra_groups=[] if user else None,
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
        """Seconds until make has ended."""
        began = time.monotonic()
        (os.killpg if whole_group else os.kill)(self.make.pid, number)
        self.make.wait(30)
        return time.monotonic() - began

    def processes(self) -> dict[int, str]:
        """What works in this checkout, by pid."""
        found = {}
        for process in Path("/proc").iterdir():
            if process.name.isdigit():
                try:
                    command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    if str(self.folder) in command or Path(os.readlink(process / "cwd")).is_relative_to(self.folder):
                        found[int(process.name)] = command
                except OSError:
                    continue  # it ended, or is none of ours
        return found

    def clean_up(self) -> None:
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if self.make:
            self.make.wait(10)


def bare_environment() -> dict[str, str]:
    """No home, no language, no user: what is left is where Python and make are."""
    return {"PATH": f"{Path(sys.executable).resolve().parent}:/usr/bin:/bin"}


def copy_checkout(target: Path, source: Path = BASE_DIR, *, with_tools: bool = False) -> Path:
    """What a clone would hold, and of `.venv-tools/` the downloads of an earlier one."""
    left_out = MADE_WHILE_RUNNING - ({".venv-tools"} if with_tools else set())
    shutil.copytree(source, target, symlinks=True, ignore=lambda _, names: left_out & set(names))
    return target


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def fresh_site(tmp_path_factory) -> Iterator[Site]:
    """The one checkout that is installed from nothing; started and ended by the tests one after the other."""
    site = Site(copy_checkout(tmp_path_factory.mktemp("fresh") / "Ærø fys & co"), free_port())
    yield site
    site.clean_up()


@pytest.fixture
def site(fresh_site) -> Iterator[Site]:
    """The same, made ready before and at rest again after the test."""
    if READY not in (fresh_site.output if fresh_site.log.exists() else ""):
        fresh_site.start()
        fresh_site.wait_until_ready()
        fresh_site.stop()
    yield fresh_site
    fresh_site.clean_up()


@pytest.fixture
def another_site(site, tmp_path) -> Iterator[Callable[[Path], Site]]:
    """Make a second checkout in a folder, without downloading everything again."""
    made = []

    def make(folder: Path) -> Site:
        made.append(Site(copy_checkout(folder, site.folder, with_tools=True), free_port()))
        return made[-1]

    yield make
    for other in made:
        other.clean_up()
