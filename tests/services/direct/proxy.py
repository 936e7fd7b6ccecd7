"""A wire between client and database server that breaks when a given statement passes."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from typing import Literal

Break = Literal["before", "after", "hang"]


class Wire:
    """Listens on a port of its own; the first time that `statement` comes from a client, it breaks.

    before: the server never sees the statement, and learns that the client has gone. after: the server answers, and
    the answer is lost. hang: the server sees neither the statement nor that the client has gone. `meanwhile` is
    called at the break. With `stay_broken` no client gets through any more.
    """

    def __init__(
        self,
        server: tuple[str, int],
        statement: bytes,
        how: Break,
        meanwhile: Callable[[], object] = lambda: None,
        stay_broken: bool = False,
    ) -> None:
        self._server, self._statement, self._how = server, b"\x03" + statement, how
        self._meanwhile, self._stay = meanwhile, stay_broken
        self.broken = False
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        for one in [self._listener, *self._open]:
            _end(one)

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.broken and self._stay:
                _end(client)
                continue
            server = socket.create_connection(self._server)
            self._open += [client, server]
            threading.Thread(target=self._forth, args=(client, server), daemon=True).start()
            threading.Thread(target=self._back, args=(client, server), daemon=True).start()

    def _forth(self, client: socket.socket, server: socket.socket) -> None:
        try:
            while data := client.recv(65536):
                if self._statement in data and not self.broken:
                    self.broken = True
                    if self._how == "after":
                        server.sendall(data)
                        continue
                    self._meanwhile()
                    _end(client)
                    if self._how == "hang":
                        return
                    break
                server.sendall(data)
        except OSError:
            pass
        if self._how != "hang":
            _end(server)

    def _back(self, client: socket.socket, server: socket.socket) -> None:
        lost = not self.broken
        try:
            while data := server.recv(65536):
                if lost and self.broken and self._how == "after":
                    self._meanwhile()
                    break
                client.sendall(data)
        except OSError:
            pass
        _end(client)


def _end(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
