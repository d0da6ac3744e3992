"""PostgreSQL refuses to run as root, so root lends it an operating-system user of its own."""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

NAME = "fysfinder"


def server_user(data: Path) -> pwd.struct_passwd:
    """Whoever the server on `data` runs as: ourselves, or for root the owner of the data, or the user `fysfinder`.

    Raises OSError, with one readable line, when that user can be neither found nor made.
    """
    uid = os.geteuid()
    if uid == 0:
        uid = data.stat().st_uid if data.exists() else 0
    if uid == 0:
        return _find_or_make()
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise OSError(f"user {uid} has no name in /etc/passwd, and PostgreSQL wants one") from None


def _find_or_make() -> pwd.struct_passwd:
    for _ in range(20):  # two checkouts may do this at once; useradd locks the table for a moment
        try:
            return pwd.getpwnam(NAME)
        except KeyError:
            useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
            if useradd is None:
                raise OSError(f"PostgreSQL cannot run as root, and there is no useradd: make a user {NAME!r}") from None
            command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
            result = subprocess.run(
                [*command, "--shell", "/usr/sbin/nologin", NAME], capture_output=True, text=True, check=False
            )
            time.sleep(0 if result.returncode == 0 else 0.5)
    raise OSError(f"useradd could not make the user {NAME!r}: {result.stderr.strip()}")


def run(command: Sequence[str | Path], user: pwd.struct_passwd, cwd: Path) -> tuple[int, str]:
    """Run a program as `user`, in the same small environment everywhere. Returns its exit status and what it said."""
    root = os.geteuid() == 0
    # A file, since a pipe would stay open as long as a server that the program started.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        status = subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
            user=user.pw_uid if root else None,
            group=user.pw_gid if root else None,
            extra_groups=[] if root else None,
        ).returncode
        output.seek(0)
        return status, output.read().strip()


def give(path: int | Path, user: pwd.struct_passwd) -> None:
    """Make `user` the owner: only root has to, everybody else is that user."""
    if os.geteuid() == 0:
        os.chown(path, user.pw_uid, user.pw_gid)


def make_private(folder: Path, user: pwd.struct_passwd) -> None:
    """Make sure that only `user` (and root) may enter `folder`, which stands where anybody may have made it before us.

    Raises PermissionError, whose `filename` is the folder, when it is somebody else's or no folder.
    """
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    info = folder.lstat()
    if not stat.S_ISDIR(info.st_mode) or info.st_uid not in (user.pw_uid, os.geteuid()):
        raise PermissionError(0, "not ours", str(folder))
    opened = os.open(folder, os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        give(opened, user)
        os.fchmod(opened, 0o700)
    finally:
        os.close(opened)


def open_the_way(user: pwd.struct_passwd, target: Path, say: Callable[[str], None]) -> None:
    """Let `user` pass through every folder above `target`: adds at most o+x, and says where."""
    for folder in reversed(target.resolve().parents):
        if not _may_pass(user, folder):
            folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_IXOTH)
            say(f"{folder}: added o+x, so that the user {user.pw_name!r} can run PostgreSQL beneath it")


def _may_pass(user: pwd.struct_passwd, folder: Path) -> bool:
    info = folder.stat()
    if info.st_uid == user.pw_uid:
        return bool(info.st_mode & stat.S_IXUSR)
    if info.st_gid == user.pw_gid:  # the server runs without any other group
        return bool(info.st_mode & stat.S_IXGRP)
    return bool(info.st_mode & stat.S_IXOTH)
