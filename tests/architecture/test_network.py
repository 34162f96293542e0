"""The tests' own fence: no test reaches beyond this machine."""

import os
import socket
from threading import Thread

import pytest
from pytest_socket import SocketBlockedError, SocketConnectBlockedError

SOMEWHERE = ("192.0.2.1", 80)  # RFC 5737: documentation only
REFUSALS = (SocketBlockedError, SocketConnectBlockedError, UserWarning)


def test_a_test_cannot_open_a_socket() -> None:
    """Whatever forgets its fake fails at once, loudly."""
    with pytest.raises(REFUSALS):
        socket.create_connection(SOMEWHERE, timeout=1)


def test_a_test_cannot_look_up_a_name() -> None:
    """A name server is the network too."""
    with pytest.raises(REFUSALS):
        socket.getaddrinfo("a.klaviyo.com", 443)


@pytest.mark.network
def test_a_network_test_cannot_leave_this_machine() -> None:
    """The mark opens loopback and nothing else."""
    with pytest.raises(REFUSALS):
        socket.create_connection(SOMEWHERE, timeout=1)


@pytest.mark.network
def test_a_network_test_reaches_a_server_on_loopback() -> None:
    """Sandboxes and the local stack listen there."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        answering = Thread(target=_answer, args=[server])
        answering.start()
        with socket.create_connection(server.getsockname(), timeout=5) as connection:
            answer = connection.recv(2)
        answering.join()

    assert answer == b"ok"


def test_credentials_are_nobodys() -> None:
    """A call that slipped through could not touch an account."""
    assert (os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_DEFAULT_REGION"]) == ("testing", "us-east-1")
    assert "AWS_PROFILE" not in os.environ


def _answer(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        connection.sendall(b"ok")
