"""Puts the locked packages into `.venv/`, then becomes the command that wanted them. Standard library only.

    python3 -m fysfinder.install site|dev|tools [argument …]

`site` is what the site runs on, `dev` also what tests and checks need, `tools` only the pinned uv that pip puts into
`.venv-tools/`. The arguments go to `.venv/bin/python`. Nothing is needed but Python with venv.
"""

from __future__ import annotations  # an old Python shall get as far as the sentence about its age

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from fysfinder import signals

UV = "0.13.8"
TOOLS = Path(".venv-tools")
VENV = Path(".venv")
RECEIPT = VENV / "installed"  # written last, so that half an installation does not count
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
LOCKS = {"site": [Path("requirements.txt")], "dev": [Path("requirements.txt"), Path("requirements-dev.txt")]}


class InstallError(Exception):
    """Why the packages cannot be installed, in one line."""


def ensure(kind: str) -> None:
    """Make `.venv/` hold exactly what the lock says; returns at once when it does."""
    if kind == "tools":
        bootstrap_uv()
        return
    Path("var").mkdir(exist_ok=True)
    with Path("var/install.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # `make run` and `make test` at once in a fresh clone
        installed = RECEIPT.read_text().splitlines() if RECEIPT.exists() else []
        if "dev" in installed[:1]:
            kind = "dev"  # do not take away what the tests need
        wanted = receipt(kind)
        if installed == wanted:
            return
        say(f"Installing packages into {VENV}/ …")
        os.umask(0o022)  # root lends the database another user, who has to read it
        uv = bootstrap_uv()
        RECEIPT.unlink(missing_ok=True)
        if installed[1:3] != wanted[1:3]:  # otherwise it is whole, and a site may be running on it: only add to it
            shutil.rmtree(VENV, ignore_errors=True)
            run([uv, "venv", "--quiet", "--no-project", "--python", sys.executable, str(VENV)])
        sync = [
            uv,
            "pip",
            "sync",
            "--quiet",
            "--require-hashes",
            "--compile-bytecode",
            "--python",
            f"{VENV}/bin/python",
        ]
        run([*sync, *map(str, LOCKS[kind])])
        RECEIPT.write_text("\n".join(receipt(kind)))


def receipt(kind: str) -> list[str]:
    """What an installation depends on: the lock, where it stands (scripts hold their path), the Python beneath it."""
    try:
        python = subprocess.run(
            [f"{VENV}/bin/python", "-c", "import sys; print(sys.prefix, *sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        python = "broken"
    lock = hashlib.sha256(b"".join(path.read_bytes() for path in LOCKS[kind])).hexdigest()
    return [kind, str(Path.cwd()), python, lock]


def bootstrap_uv() -> str:
    """The path of the pinned uv."""
    uv = TOOLS / "bin" / "uv"
    try:
        version = subprocess.run([uv, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    except (OSError, subprocess.CalledProcessError):
        version = "none"
    if version != UV:
        if subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True).returncode != 0:
            raise InstallError("The package python3-venv is missing. On Debian: apt-get install python3-venv")
        run([sys.executable, "-m", "venv", "--clear", str(TOOLS)])
        run([f"{TOOLS}/bin/python", "-m", "pip", "install", "-qq", "--disable-pip-version-check", f"uv=={UV}"])
    return str(uv.absolute())


def run(command: list[str]) -> None:
    """Run quietly; raises InstallError with the end of what the program said."""
    environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never"}
    if SYSTEM_CERTIFICATES.exists():
        environment["UV_SYSTEM_CERTS"] = "1"  # behind a company's proxy only the system knows its certificate
    home = os.environ.get("HOME", "")
    if not home or not os.access(home, os.W_OK):  # nowhere else to keep what was downloaded
        environment.setdefault("UV_CACHE_DIR", str(TOOLS.absolute() / "cache"))
        environment["PIP_NO_CACHE_DIR"] = "1"
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
        try:
            status = process.wait()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)  # pip and venv start processes of their own
            process.wait()
            raise
        if status != 0:
            output.seek(0)
            said = "\n".join(output.read().strip().splitlines()[-15:])
            raise InstallError(f"{said}\nInstalling failed: {' '.join(map(str, command[:4]))} … (status {status})")


def say(line: str) -> None:
    print(line, flush=True)


def main(kind: str, *arguments: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  whatever `python3` is
        sys.exit(
            f"FysFinder needs Python 3.11 or later; this is {sys.version.split()[0]} (choose with PYTHON=python3.x)"
        )
    try:
        with signals.listening():
            ensure(kind)
    except InstallError as error:
        sys.exit(str(error))
    except signals.Stop:
        sys.exit(130)
    signals.restore()
    if arguments:
        python = str(VENV / "bin" / "python")
        os.execv(python, [python, *arguments])  # noqa: S606  fixed arguments, from the Makefile


if __name__ == "__main__":
    main(*sys.argv[1:])
