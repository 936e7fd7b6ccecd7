"""A loopback HTTP server that answers from a script and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

KEY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ123456"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<prestashop xmlns:xlink="http://www.w3.org/1999/xlink">\n'
XML = {"Content-Type": "text/xml;charset=utf-8"}


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Says:
    """An answer: status, body, headers; `act` may write to the socket itself instead."""

    status: int = 200
    body: bytes | str = b""
    headers: dict[str, str] = field(default_factory=lambda: dict(XML))
    act: Callable[[BaseHTTPRequestHandler], None] | None = None


Handler = Callable[[Asked], Says]


def xml(inner: str, status: int = 200) -> Says:
    return Says(status, f"{HEAD}{inner}</prestashop>\n")


def refusal(status: int, *errors: tuple[int, str]) -> Says:
    inner = "".join(
        f"<error><code><![CDATA[{code}]]></code><message><![CDATA[{message}]]></message></error>"
        for code, message in errors
    )
    return xml(f"<errors>{inner}</errors>", status)


@dataclass
class Scripted:
    address: str
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def scripted(handler: Handler | list[Says]) -> Iterator[Scripted]:
    """A server that answers with `handler`, or with the list's answers one after the other."""
    shop = Scripted("")
    answers = iter(handler) if isinstance(handler, list) else None

    class Serve(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            parts = urlsplit(self.path)
            asked = Asked(
                self.command,
                parts.path,
                dict(parse_qsl(parts.query, keep_blank_values=True)),
                dict(self.headers.items()),
                self.rfile.read(length),
            )
            shop.asked.append(asked)
            says = next(answers) if answers is not None else handler(asked)  # type: ignore[operator]
            if says.act is not None:
                says.act(self)
                self.close_connection = True
                return
            body = says.body.encode() if isinstance(says.body, str) else says.body
            self.send_response(says.status)
            for name, value in {"Content-Length": str(len(body)), **says.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Serve)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    shop.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield shop
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
