"""A shop with any number of products, which are made up as they are asked for: to iterate over, not to write to."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing.connection import Connection
from urllib.parse import parse_qs, urlsplit

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<prestashop xmlns:xlink="http://www.w3.org/1999/xlink"><products>'
ROW = "<product><id>{0}</id><reference><![CDATA[R-{0}]]></reference><price><![CDATA[10.000000]]></price></product>"


@contextmanager
def endless_shop(count: int) -> Iterator[str]:
    """Serve products 1 to `count` from a process of its own; the address."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs, count), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join(10)


def _serve(tell: Connection, count: int) -> None:
    class Products(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            after = int(re.sub(r"\D", "", asked["filter[id]"][0]))
            last = min(count, after + int(asked["limit"][0]))
            body = (
                HEAD + "".join(ROW.format(id_) for id_ in range(after + 1, last + 1)) + "</products></prestashop>"
            ).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    server = HTTPServer(("127.0.0.1", 0), Products)
    tell.send(server.server_port)
    server.serve_forever()
