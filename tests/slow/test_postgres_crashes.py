"""The embedded server after everything that can happen to it: killed, moved, deleted, two at once, strange languages."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from fysfinder import os_user, postgres_process
from fysfinder.postgres import Server

USE = r"""
import sys, time
from pathlib import Path
from fysfinder.postgres import Server
server = Server(Path(sys.argv[1]))
server.start(say=lambda line: None)
with server.connect("fysfinder") as connection:
    connection.execute("SELECT pg_advisory_lock(1)")  # two at once may both find no table
    connection.execute("CREATE TABLE IF NOT EXISTS visits (word text)")
    connection.execute("INSERT INTO visits VALUES ('\u00e6r\u00f8')")
    count, lower = connection.execute("SELECT count(*), lower('\u00c6\u00d8\u00c5') FROM visits").fetchone()
    print(count, "Danish" if lower == "\u00e6\u00f8\u00e5" else "lost", flush=True)
time.sleep(float(sys.argv[2]))
"""
CODE = str(Path(__file__).resolve().parents[2])


class Users:
    """Other processes that use the server on one folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.running: list[subprocess.Popen] = []

    def start(self, seconds: float = 0, **environment: str) -> subprocess.Popen:
        user = subprocess.Popen(
            [sys.executable, "-c", USE, str(self.data), str(seconds)],
            cwd=CODE,
            env={"PATH": os.defpath} | environment,
            stdout=subprocess.PIPE,
        )
        self.running.append(user)
        return user

    def visit(self, **environment: str) -> str:
        """One more comes and goes: how many there were, and whether Danish is Danish."""
        return self.start(**environment).communicate(timeout=60)[0].decode().strip()

    def stay(self) -> subprocess.Popen:
        user = self.start(60)
        assert user.stdout.readline()
        return user

    @property
    def postmaster(self) -> int:
        return postgres_process.recorded_postmaster(self.data)[0]

    def processes(self) -> list[int]:
        server = Server(self.data)
        return postgres_process.find(server.name, os_user.server_user(self.data).pw_uid)

    def keepers(self) -> list[int]:
        found = subprocess.run(["pgrep", "-f", f"{self.data.parent}/postgres.users"], capture_output=True, check=False)
        return [int(pid) for pid in found.stdout.split()]

    def wait_until_gone(self) -> None:
        deadline = time.monotonic() + 5
        while self.processes() or self.keepers():
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.fixture
def users(folder) -> Iterator[Users]:
    users = Users(folder / "Ærø" / "var" / "postgres")
    yield users
    for user in users.running:
        user.kill()
        user.communicate()
    users.wait_until_gone()


def kill_9(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):  # PostgreSQL's processes follow each other
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize(
    "environment",
    [
        {"LANG": "da_DK.ISO-8859-1"},
        {"LC_ALL": "da_DK.ISO-8859-1"},
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LANG": "", "HOME": "", "TMPDIR": "/nonexistent"},
        {"PGHOST": "elsewhere.example", "PGPORT": "1", "PGUSER": "nobody", "PGDATA": "/nonexistent", "PGDATABASE": "x"},
    ],
    ids=lambda environment: ",".join(environment),
)
def test_any_environment(users, environment):
    assert users.visit(**environment) == "1 Danish"


def test_eight_at_once_on_a_fresh_folder(users):
    eight = [users.start(1) for _ in range(8)]
    counts = [user.communicate(timeout=60)[0].split()[0] for user in eight]
    assert sorted(map(int, counts)) == list(range(1, 9))


def test_a_user_killed_with_9_leaves_no_server(users):
    users.stay().kill()
    users.wait_until_gone()
    assert users.visit() == "2 Danish"


@pytest.mark.parametrize("victims", ["postmaster", "all of PostgreSQL", "PostgreSQL and its keeper"])
def test_a_server_killed_with_9_comes_back_for_the_next(users, victims):
    users.stay()
    keepers = users.keepers()
    processes = [users.postmaster] if victims == "postmaster" else users.processes()
    kill_9(processes + (keepers if "keeper" in victims else []))
    assert users.visit() == "2 Danish"
    assert users.visit() == "3 Danish"


def test_a_stale_pid_that_is_in_use_again(users):
    users.stay()
    file = users.data / "postmaster.pid"
    lines = file.read_text().splitlines()
    kill_9([*users.processes(), *users.keepers()])
    somebody = subprocess.Popen(["sleep", "60"])
    file.write_text("\n".join([str(somebody.pid), *lines[1:]]) + "\n")
    assert users.visit() == "2 Danish"
    assert somebody.poll() is None  # none of our business
    somebody.kill()
    somebody.wait()


@pytest.mark.parametrize("keeper", [True, False], ids=["while it runs", "after kill -9 of all but PostgreSQL"])
def test_deleted_and_made_again_at_the_same_path(users, keeper):
    user = users.stay()
    if not keeper:
        kill_9([user.pid, *users.keepers()])
    while users.data.parent.exists():
        shutil.rmtree(users.data.parent, ignore_errors=True)  # the server still makes and removes files in there
    assert users.visit() == "1 Danish"
    assert users.visit() == "2 Danish"


def test_moved_while_it_runs(users):
    users.stay()
    users.data.parent.rename(users.data.parent.with_name("moved"))
    moved = Users(users.data.parent.with_name("moved") / "postgres")
    assert moved.visit() == "2 Danish"
    for user in users.running:
        user.kill()
    moved.wait_until_gone()


def test_a_copy_beside_a_running_original(users):
    users.visit()
    users.wait_until_gone()
    shutil.copytree(users.data.parent, users.data.parent.with_name("copy"))
    shutil.chown(users.data.parent.with_name("copy") / "postgres", *owner(users.data))
    subprocess.run(["cp", "-a", f"{users.data}/.", users.data.parent.with_name("copy") / "postgres"], check=True)
    users.stay()
    # What a copy of a running checkout holds: the pid of the original's server.
    shutil.copy2(users.data / "postmaster.pid", users.data.parent.with_name("copy") / "postgres")
    copy = Users(users.data.parent.with_name("copy") / "postgres")
    original = users.postmaster
    assert copy.visit() == "2 Danish"
    copy.wait_until_gone()
    assert original in users.processes()
    assert users.visit() == "3 Danish"


def owner(path: Path) -> tuple[int, int]:
    return path.stat().st_uid, path.stat().st_gid


def test_the_folder_of_its_socket_is_lost(users):
    users.stay()
    shutil.rmtree(Server(users.data).socket_folder)
    assert users.visit() == "2 Danish"


def test_a_start_that_is_interrupted_leaves_nothing(users):
    for delay in (0.05, 0.1, 0.2, 0.4, 0.8):
        user = users.start(60)
        time.sleep(delay)
        user.send_signal(signal.SIGINT)
        user.communicate(timeout=10)
        users.wait_until_gone()
    assert users.visit().endswith("Danish")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to open the way for another user")
def test_root_adds_only_what_is_needed(folder):
    home = folder / "home"
    home.mkdir(mode=0o700)
    said = []
    server = Server(home / "var" / "postgres")
    server.start(say=said.append)
    server.leave()
    assert home.stat().st_mode & 0o777 == 0o701
    assert [line for line in said if line.startswith(f"{home}: added o+x")]
    assert owner(server.data) != (0, 0)
