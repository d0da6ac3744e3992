"""The processes that `make run` starts and ends."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
AT_ONCE = 10  # seconds: who ends sooner has a wrong setting, and would end again
PATIENCE = 2  # seconds to end in; five are promised for everything, and the database comes after


class ChildError(Exception):
    """A process does not stay alive, in one line."""


@dataclass
class Child:
    """One process, at the head of a process group of its own."""

    name: str
    arguments: list[str]  # for the Python that runs us
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None  # while it runs
    started: float = 0

    def start(self, lock: int) -> None:
        """Start it; `lock` is a file it holds as long as it lives."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, *self.arguments],
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            pass_fds=[lock],
            start_new_session=True,  # Ctrl-C reaches us alone: we end the others in order
            preexec_fn=_end_with_parent,
        )

    def look_after(self, lock: int) -> None:
        """Start it again when it ended; raises ChildError when it ended soon after its start."""
        if not self.has_ended():
            return
        status = self.end()
        if time.monotonic() - self.started < AT_ONCE:
            raise ChildError(f"{self.name} ended with status {status} right after its start")
        print(f"{self.name} ended with status {status}; starting it again", flush=True)
        self.start(lock)

    def has_ended(self) -> bool:
        """Without burying it: as long as the body lies there, its group's number is not given to others."""
        return not self.process or bool(os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT))

    def end(self) -> int:
        """Kill what is left of it and its group. Returns its exit status."""
        if not self.process:
            return 0
        os.killpg(self.process.pid, signal.SIGKILL)
        status = self.process.wait()
        self.process = None
        return status


def end_all(children: list[Child]) -> None:
    """Ask all to end, at once, and after a while do it for them."""
    for child in children:
        if child.process:
            os.kill(child.process.pid, signal.SIGTERM)  # Popen.terminate would bury one that has just died
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and not all(child.has_ended() for child in children):
        time.sleep(0.02)
    for child in children:
        child.end()


def web_server(port: int, dev: bool) -> Child:
    if dev:
        return Child("web server", ["manage.py", "runserver", f"127.0.0.1:{port}"])
    options = ["--graceful-timeout", "1", "--log-level", "warning"]
    return Child("web server", ["-m", "gunicorn", *options], {"PORT": str(port)})


def worker() -> Child:
    # One task at a time in one process: it ends at once when asked. A development machine may well be root's container.
    options = ["--pool", "solo", "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
    return Child("worker", ["-W", "ignore:You're running the worker with superuser", *CELERY, "worker", *options])


def beat() -> Child:
    return Child("beat", [*CELERY, "beat", "--loglevel", "WARNING", "--pidfile", ""])


CELERY = ["-m", "celery", "--quiet", "-A", "fysfinder"]


def _end_with_parent() -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)  # after kill -9 of the parent nobody else would tell them
