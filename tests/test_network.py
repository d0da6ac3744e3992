"""Tests cannot reach the network: pyproject.toml and conftest.py say so, this proves it."""

import socket

import pytest
from pytest_socket import SocketBlockedError, SocketConnectBlockedError

pytestmark = pytest.mark.filterwarnings("ignore:A test tried to use socket", "ignore:A test asked for the address")


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_an_outside_address_is_refused(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as outside, pytest.raises(SocketConnectBlockedError):
        outside.connect((address, 443))


def test_nobody_is_asked_for_an_outside_name():
    with pytest.raises(SocketBlockedError):
        socket.create_connection(("example.org", 443), timeout=1)


def test_loopback_works_for_the_live_server():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("localhost", 0))
        server.listen()
        client.connect(server.getsockname())
