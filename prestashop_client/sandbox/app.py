"""The WSGI application: nginx, PHP and PrestaShop in one, with faults, costs and a log around the dispatcher."""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, unquote_to_bytes

from werkzeug.formparser import FormDataParser
from werkzeug.wrappers import Request as Incoming
from werkzeug.wrappers import Response

from prestashop_client.sandbox.control import PREFIX, serve_control
from prestashop_client.sandbox.costs import cost
from prestashop_client.sandbox.exchange import Answer, Request
from prestashop_client.sandbox.faults import AFTER, BEFORE, Fault, Faults
from prestashop_client.sandbox.images import Upload
from prestashop_client.sandbox.log import Entry, RequestLog
from prestashop_client.sandbox.php import parse_query
from prestashop_client.sandbox.routing import Dispatcher
from prestashop_client.sandbox.spoiled import Dropped, instead, spoil, stream

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MOST_URL = 8_192  # nginx's large_client_header_buffers: the request line with its end
MOST_BODY = 40_000_000
_NGINX = (
    "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n<hr><center>nginx"
    "</center>\r\n</body>\r\n</html>\r\n"
)
_KEY_IN_QUERY = re.compile(r"(ws_key=)[^&]*")
_BUFFER = 4_096
"""PHP's output buffer: an answer that fits still gets the shop's cookie, a longer one has left before."""
_COOKIE = "PrestaShop-0123456789abcdef0123456789abcdef=def50200; path=/; HttpOnly; SameSite=Lax"
_LOOPBACK = ("127.0.0.1", "::1", "localhost", "")


@dataclass
class Timing:
    """How long the sandbox takes besides its own work."""

    latency: float = 0.0
    """Milliseconds of the way to the shop and back, added to every request."""
    prestashop_cost: bool = False
    """Whether a request takes the time that a real PrestaShop would."""


class SandboxApp:
    """The application. `domains`: the Host names that the shop answers to; others are redirected, none means all."""

    def __init__(
        self, dispatcher: Dispatcher, faults: Faults, log: RequestLog, timing: Timing, domains: Iterable[str] = ()
    ) -> None:
        self._dispatcher = dispatcher
        self._faults = faults
        self._log = log
        self._timing = timing
        self._domains = frozenset(domains)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        began = time.perf_counter()
        incoming = Incoming(environ)
        body = incoming.get_data(cache=True) if "multipart/" not in (incoming.content_type or "") else b""
        if environ["PATH_INFO"].startswith(PREFIX):
            return self._control(incoming, body)(environ, start_response)
        number = self._log.number()
        query = environ.get("QUERY_STRING", "")
        strikes = self._faults.strikes(number, incoming.method, incoming.path, body, began)
        log = _Logged(self._log, number, incoming, query, strikes, began)
        try:
            answer = self._answer(incoming, environ, body, strikes)
        except Dropped:
            log.end(0, 0, "")
            raise
        self._spend(answer, incoming.method, query, began)
        response = self._response(answer, strikes, began)
        log.end(answer.status, answer.entities, answer.resource)
        return response(environ, start_response)

    def _control(self, incoming: Incoming, body: bytes) -> Response:
        if (incoming.remote_addr or "") not in _LOOPBACK:
            return Response("not from here\n", 403)
        status, content = serve_control(self._faults, self._log, incoming.method, incoming.path, body)
        return Response(content, status, content_type="application/json")

    def _answer(self, incoming: Incoming, environ: "WSGIEnvironment", body: bytes, strikes: list[Fault]) -> Answer:
        waiting = sum(fault.milliseconds for fault in strikes if fault.kind == "latency")
        if waiting:
            time.sleep(waiting / 1000)
        refused = self._refused_by_nginx(environ) or next(
            (instead(fault) for fault in strikes if fault.kind in BEFORE), None
        )
        if refused:
            return refused
        request = self._request(incoming, environ, body)
        if request is None:
            return Answer(404, _NGINX.format("404 Not Found").encode(), "text/html")
        if self._domains and request.host.partition(":")[0] not in self._domains:
            path = request.path
            return Answer(
                302,
                b"",
                "text/html; charset=utf-8",
                [("Location", f"http://{min(self._domains)}/?url={path.replace('/', '%2F')}")],
            )
        if any(fault.kind == "cgi" for fault in strikes):
            request.headers.pop("authorization", None)
        answer = self._dispatcher.answer(request, [f for f in strikes if f.kind in ("refuse", "skip")])
        for fault in strikes:
            if fault.kind in AFTER:
                answer = spoil(fault, answer)
        return answer

    def _refused_by_nginx(self, environ: "WSGIEnvironment") -> Answer | None:
        line = len(environ["REQUEST_METHOD"]) + len(environ.get("RAW_URI", "")) + len(" HTTP/1.1\r\n") + 1
        if line > MOST_URL:
            return Answer(414, _NGINX.format("414 Request-URI Too Large").encode(), "text/html")
        if int(environ.get("CONTENT_LENGTH") or 0) > MOST_BODY:
            return Answer(413, _NGINX.format("413 Request Entity Too Large").encode(), "text/html")
        return None

    def _request(self, incoming: Incoming, environ: "WSGIEnvironment", body: bytes) -> Request | None:
        raw = str(environ.get("RAW_URI") or environ["PATH_INFO"]).partition("?")[0]
        path = re.sub(r"/{2,}", "/", unquote(raw, errors="replace"))
        if path == "/api":
            path = "/api/"
        if not path.startswith("/api/"):
            return None
        headers = {name.lower(): value for name, value in incoming.headers.items()}
        upload = self._upload(incoming, environ)
        return Request(
            incoming.method,
            path.removeprefix("/api/"),
            parse_query(environ.get("QUERY_STRING", "")),
            headers,
            _form_xml(body),
            upload,
            headers.get("host", "127.0.0.1"),
        )

    @staticmethod
    def _upload(incoming: Incoming, environ: "WSGIEnvironment") -> Upload | None:
        """The part named `image`. PHP reads a multipart body of a POST only."""
        if incoming.method != "POST" or "multipart/form-data" not in (incoming.content_type or ""):
            return None
        _, _, files = FormDataParser().parse_from_environ(environ)
        part = files.get("image")
        upload = Upload(part.filename or "", part.stream.read()) if part is not None else None
        for file in files.values():
            file.close()
        return upload

    def _spend(self, answer: Answer, method: str, query: str, began: float) -> None:
        wanted = cost(method, answer, query) / 1000 if self._timing.prestashop_cost else 0.0
        left = wanted - (time.perf_counter() - began)
        if left > 0:
            time.sleep(left)

    def _response(self, answer: Answer, strikes: list[Fault], began: float) -> Response:
        spent = time.perf_counter() - began
        if self._timing.latency:
            time.sleep(self._timing.latency / 1000)
        streamed = any(fault.kind in ("truncated", "slow") for fault in strikes)
        body: Iterable[bytes] = stream(answer, strikes) if streamed else [answer.body]
        response = Response(body, answer.status, direct_passthrough=streamed)
        response.automatically_set_content_length = False  # PHP behind nginx sends its answers in chunks
        response.headers.clear()
        if answer.content_type:
            response.headers["Content-Type"] = answer.content_type
        for name, value in answer.headers:
            response.headers.add(name, value)
        response.headers["Execution-Time"] = f"{spent:.3f}"
        if 0 < len(answer.body) < _BUFFER:
            response.headers["Set-Cookie"] = _COOKIE
        return response


def _form_xml(body: bytes) -> bytes:
    """PHP takes the body as it is, or what follows `xml=` in a form."""
    if body.startswith(b"xml="):
        return unquote_to_bytes(body[4:].replace(b"+", b" "))
    return body


class _Logged:
    def __init__(
        self, log: RequestLog, number: int, incoming: Incoming, query: str, strikes: list[Fault], began: float
    ) -> None:
        self._end: Callable[[int, int, str], None] = lambda status, entities, resource: log.add(
            Entry(
                number,
                incoming.method,
                incoming.path,
                _KEY_IN_QUERY.sub(r"\1***", query),
                resource or incoming.path.removeprefix("/api/").partition("/")[0],
                entities,
                status,
                round((time.perf_counter() - began) * 1000, 3),
                ",".join(fault.kind for fault in strikes),
            )
        )

    def end(self, status: int, entities: int, resource: str) -> None:
        """Log the request with its outcome; status 0 where no answer was sent."""
        self._end(status, entities, resource)
