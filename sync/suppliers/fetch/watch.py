"""Ends connections when the time is up, also those whose server sends a byte now and then to keep us waiting."""

import socket
import threading
from contextlib import suppress
from contextvars import ContextVar
from types import TracebackType

_watching: ContextVar["Watch | None"] = ContextVar("watching", default=None)


class Watch:
    """Within it, sockets that are given to `watched` are shut down after `seconds`; `late` tells whether they were."""

    def __init__(self, seconds: float) -> None:
        self.late = False
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(max(seconds, 0.0), self._end)
        self._timer.daemon = True

    def __enter__(self) -> "Watch":
        self._token = _watching.set(self)
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _watching.reset(self._token)
        self._timer.cancel()
        self._timer.join()
        for each in self._sockets:
            each.close()

    def add(self, sock: socket.socket) -> None:
        """A second handle is kept: TLS takes the first one over."""
        self._sockets.append(sock.dup())

    def _end(self) -> None:
        self.late = True
        for each in list(self._sockets):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def watched(sock: socket.socket) -> socket.socket:
    """The socket, which ends with the time of the watch that is on, if one is."""
    if watch := _watching.get():
        watch.add(sock)
    return sock
