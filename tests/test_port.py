"""PORT: what counts as one, and whether somebody is there already."""

import socket

import pytest

from fysfinder.port import PortError, check_free, chosen_port


@pytest.mark.parametrize(("text", "port"), [("", 8000), (" ", 8000), ("8001", 8001), ("65535", 65535)])
def test_a_port(monkeypatch, text, port):
    monkeypatch.setenv("PORT", text)
    assert chosen_port() == port


@pytest.mark.parametrize("text", ["0", "65536", "-1", "abc", "80 80", "８０００", "1e3"])
def test_not_a_port(monkeypatch, text):
    monkeypatch.setenv("PORT", text)
    with pytest.raises(PortError, match="is not a port"):
        chosen_port()


def test_in_use():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortError, match="is in use"):
            check_free(port)
    check_free(port)  # and free again


def test_in_use_on_all_addresses():
    with socket.socket() as other:
        other.bind(("", 0))
        other.listen()
        with pytest.raises(PortError, match="is in use"):
            check_free(other.getsockname()[1])
