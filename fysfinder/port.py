"""Which port the site answers on, and whether it can. Standard library only: asked before anything is installed."""

import os
import socket
import sys

HOST = "127.0.0.1"


class PortError(Exception):
    """Why the site cannot answer there, in one line."""


def chosen_port() -> int:
    """PORT, or 8000. Raises PortError when it is not a port number."""
    text = os.environ.get("PORT", "").strip() or "8000"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise PortError(f"PORT={text} is not a port: choose a number from 1 to 65535")
    return int(text)


def check_free(port: int) -> None:
    """Raises PortError when something else answers on `port`, or when we may not."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that just ended are no obstacle
        try:
            probe.bind((HOST, port))
            probe.listen(1)
        except PermissionError as error:
            raise PortError(f"Port {port} is for root only: choose another, for example PORT=8001 make run") from error
        except OSError as error:
            raise PortError(f"Port {port} is in use: choose another, for example PORT=8001 make run") from error


if __name__ == "__main__":
    try:
        check_free(chosen_port())
    except PortError as error:
        sys.exit(str(error))
