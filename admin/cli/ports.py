"""Ports on 127.0.0.1: which is free, and whether somebody answers."""

import socket
from collections.abc import Container
from http.client import HTTPConnection, HTTPException

import click

from admin.cli.frame import CliError

TRIED = 50


def is_free(port: int) -> bool:
    """Whether 127.0.0.1:`port` can be listened on. A connection that is only just closed does not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(wanted: int, what: str, taken: Container[int] = ()) -> int:
    """`wanted`, or the next free one, and then it is said. `taken` are promised already. Raises CliError."""
    for port in range(wanted, min(wanted + TRIED, 65536)):
        if port not in taken and is_free(port):
            if port != wanted:
                click.echo(f"port {wanted} is taken; {what} is on {port}")
            return port
    raise CliError(f"no port is free for {what} from {wanted} to {wanted + TRIED - 1}; choose another with --port")


def serves(port: int) -> bool:
    """Whether a web server on 127.0.0.1:`port` answers a request, with whatever."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("HEAD", "/")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True
