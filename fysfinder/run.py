"""`make run` and `make dev`: one process that checks, migrates, starts web server, worker and beat, and ends them all.

python -m fysfinder.run [--dev]
"""

import fcntl
import io
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fysfinder import signals
from fysfinder.children import Child, ChildError, beat, end_all, web_server, worker
from fysfinder.port import HOST, PortError, check_free, chosen_port

BASE_DIR = Path(__file__).resolve().parent.parent
PATIENCE = 10  # seconds in which a run that was told to end, or killed, has ended
AT_REST = 1  # seconds in which one that was told to end takes its words back


class RunError(Exception):
    """Why the site does not run, in one line."""


def main(dev: bool) -> int:
    """Run until asked to stop. Returns the exit status: 0 when asked, 1 with one line of explanation otherwise."""
    os.chdir(BASE_DIR)
    try:
        with signals.listening(), alone() as lock:
            port = chosen_port()
            check_free(port)
            serve(port, dev, lock)
    except signals.Stop:
        return 0
    except (RunError, PortError, ChildError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


@contextmanager
def alone() -> Iterator[int]:
    """Hold the lock of this checkout's run. The children inherit the file, and so hold the lock until they ended."""
    Path("var").mkdir(exist_ok=True)
    with Path("var/run.lock").open("a+") as file:
        began = time.monotonic()
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                file.seek(0)
                said = file.read()
                if time.monotonic() - began > (AT_REST if lives(said.rpartition(" ")[2]) else PATIENCE):
                    raise RunError(f"This checkout runs already: {said or 'its processes do not end'}") from None
                time.sleep(0.05)
        yield file.fileno()


def lives(pid: str) -> bool:
    """Is there such a process, and is it more than a body that nobody has buried?"""
    try:
        return bool(pid) and Path("/proc", pid, "cmdline").read_bytes() != b""
    except OSError:
        return False


def serve(port: int, dev: bool, lock: int) -> None:
    """Everything between the first look and the last process that ends; returns only by an exception."""
    os.ftruncate(lock, 0)
    os.write(lock, f"http://{HOST}:{port}/, process {os.getpid()}".encode())
    os.environ["DEBUG"] = "1" if dev else "0"
    os.environ["DJANGO_SETTINGS_MODULE"] = "fysfinder.settings"
    from django.conf import settings

    from fysfinder.postgres import PostgresError, Server

    server = Server(settings.EMBEDDED_POSTGRES) if settings.EMBEDDED_POSTGRES else None
    children = [web_server(port, dev)]
    try:
        if server:
            server.start(say)
        prepare(dev)
        children[0].start(lock)
        wait_until_it_answers(port, children[0])
        children += [worker(), beat()]
        for child in children[1:]:
            child.start(lock)
        from fysfinder import welcome

        say(welcome.text(f"http://{HOST}:{port}"))
        while True:
            for child in children:
                child.look_after(lock)
            time.sleep(0.2)
    except PostgresError as error:
        raise RunError(str(error)) from error
    finally:
        signals.deafen()
        os.ftruncate(lock, 0)  # we are on our way
        end_all(children)
        if server:
            server.leave()


def prepare(dev: bool) -> None:
    """Bring database and files up to date, in this process."""
    import django
    from django.core.management import CommandError, call_command
    from django.core.management.base import SystemCheckError
    from django.db import connections

    django.setup()
    from fysfinder import preparation

    try:
        preparation.migrate(say)
        call_command("check", databases=["default"], stdout=io.StringIO())  # complaints go to standard error
        preparation.load_demo(say)
        preparation.bring_index_in_line(say)
        preparation.render_stale(say)
        preparation.make_open_data(say)
        if not dev:
            preparation.collect_static(say)
    except (CommandError, SystemCheckError) as error:
        raise RunError(str(error)) from error
    finally:
        connections.close_all()


def wait_until_it_answers(port: int, web: Child) -> None:
    """Returns when the web server takes connections."""
    while True:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        if web.has_ended():
            raise RunError("The web server does not start: see the lines above")
        time.sleep(0.02)


def say(line: str) -> None:
    """One line of progress, at once also when the output is a file."""
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(dev="--dev" in sys.argv[1:]))
