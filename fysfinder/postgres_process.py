"""The operating-system side of the embedded PostgreSQL: find its processes, end them, and the keeper.

Run as a script this file is the keeper: a small process that waits until nobody uses the server any more and then
ends it, so that neither a finished command nor one killed with -9 leaves a server behind. Standard library only.
"""

import fcntl
import os
import signal
import sys
import time
from pathlib import Path

ANY_NAME = "cluster_name=fysfinder-"  # of a postmaster; its children carry only the name itself
ESCALATION = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)  # PostgreSQL: fast shutdown, immediate shutdown, crash


def find(name: str, uid: int) -> list[int]:
    """The pids of all PostgreSQL processes of user `uid` that carry `name` (a `cluster_name`) in their command line."""
    pids = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and is_ours(int(entry.name), name, uid):
            pids.append(int(entry.name))
    return pids


def is_ours(pid: int, name: str, uid: int) -> bool:
    """Is `pid` now a PostgreSQL process of this cluster? A number alone proves nothing: numbers are used again."""
    process = Path("/proc", str(pid))
    try:
        return (
            process.stat().st_uid == uid
            and (process / "comm").read_text().strip() == "postgres"
            and name.encode() in (process / "cmdline").read_bytes()
        )
    except OSError:
        return False  # it ended while we looked


def end(pids: list[int], name: str, uid: int, patience: float = 1.5) -> list[int]:
    """End the processes, ever more firmly, `patience` seconds a step. Returns the pids that are still there.

    A shutdown that was not clean loses nothing that was committed: the next start replays it.
    """
    for number in ESCALATION:
        for pid in pids:
            if is_ours(pid, name, uid):
                os.kill(pid, number)
        deadline = time.monotonic() + patience
        while pids := [pid for pid in pids if is_ours(pid, name, uid)]:
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        if not pids:
            return []
    return pids


def keep(users_file: str, uid: int, postmaster: int, data: int) -> None:
    """Wait until no process holds `users_file`, then end the server. Newcomers wait for the lock meanwhile.

    `data` is the number of the open data folder: the server may have been started again since, under another pid, or
    the folder may be gone, and a new one of the same name is none of this keeper's business.
    """
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # meant for those that use the server, not for the server
    with Path(users_file).open("ab") as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        end([postmaster, *recorded_postmaster(Path(f"/proc/self/fd/{data}"))], ANY_NAME, uid)


def recorded_postmaster(data: Path) -> list[int]:
    """The pid that the server on `data` wrote down, if any; it may be stale."""
    try:
        return [int((data / "postmaster.pid").read_bytes().split()[0])]
    except (OSError, ValueError, IndexError):
        return []


if __name__ == "__main__":
    keep(sys.argv[1], *map(int, sys.argv[2:]))
