"""How each fault spoils an answer."""

import math
import time
from collections.abc import Iterable, Iterator

from prestashop_client.sandbox import xml_output
from prestashop_client.sandbox.exchange import Answer
from prestashop_client.sandbox.faults import Fault

_HTML = "text/html; charset=utf-8"
_PAGES = {
    "html": (
        500,
        "<!DOCTYPE html><html><head><title>500 Server Error</title></head><body><h1>500 Server Error</h1>"
        "<p>Oops, something went wrong.</p></body></html>",
    ),
    "502": (
        502,
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1>"
        "</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
    ),
    "504": (
        504,
        "<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body>\r\n<center><h1>504 Gateway "
        "Time-out</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
    ),
    "413": (
        413,
        "<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n<body>\r\n<center><h1>413 "
        "Request Entity Too Large</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
    ),
    "503": (
        503,
        "<html><head><title>503 Service Temporarily Unavailable</title></head><body>503 Service Temporarily "
        "Unavailable</body></html>",
    ),
    "429": (429, "<html><head><title>429 Too Many Requests</title></head><body>429 Too Many Requests</body></html>"),
    "maintenance": (
        503,
        "<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>We'll be back soon.</h1></body></html>",
    ),
    "500": (500, ""),
    "401": (401, "401 Unauthorized"),
}
_NOTICE = (
    "<br />\n<b>Notice</b>:  Undefined index: id_shop in <b>/var/www/html/modules/sandbox/sandbox.php</b> "
    "on line <b>42</b><br />\n"
)


class Dropped(ConnectionError):
    """Raised to end the connection: with a reset, or quietly without the rest of the answer."""

    def __init__(self, *, reset: bool) -> None:
        super().__init__("reset" if reset else "closed")
        self.reset = reset


def instead(fault: Fault) -> Answer:
    """The answer of a request that never reached the shop. Dropped where there is none."""
    if fault.kind == "reset":
        raise Dropped(reset=True)
    if fault.kind == "302":
        return Answer(302, b"", _HTML, [("Location", fault.location)])
    if fault.kind == "deadlock":
        return _deadlock()
    status, page = _PAGES[fault.kind]
    headers = []
    if fault.retry_after is not None:
        headers.append(("Retry-After", f"{math.ceil(fault.retry_after)}"))
    elif fault.kind in ("503", "429"):
        headers.append(("Retry-After", "1"))
    return Answer(status, page.encode(), _HTML, headers)


def _deadlock() -> Answer:
    text = xml_output.errors([(46, "Unable to save resource")])
    return Answer(500, text.encode(), xml_output.CONTENT_TYPE)


def spoil(fault: Fault, answer: Answer) -> Answer:
    """The answer after the request was carried out. Dropped where the client gets none."""
    if fault.kind == "lost":
        raise Dropped(reset=False)
    if fault.kind == "500-saved":
        return Answer(500, b"", _HTML, entities=answer.entities, resource=answer.resource)
    if fault.kind == "deadlock-saved":
        return _deadlock()
    if fault.kind in ("html-saved", "504-saved"):
        status, page = _PAGES[fault.kind.removesuffix("-saved")]
        return Answer(status, page.encode(), _HTML, entities=answer.entities, resource=answer.resource)
    notice = (fault.message or _NOTICE).encode()
    if fault.kind == "notice-before":
        answer.body = notice + answer.body
    elif fault.kind == "notice-after":
        answer.body += notice
    return answer


def stream(answer: Answer, faults: Iterable[Fault]) -> Iterator[bytes]:
    """The body in pieces: slowly, or cut off in the middle."""
    body = answer.body
    for fault in faults:
        if fault.kind == "truncated":
            yield body[: max(1, len(body) // 2)]
            raise Dropped(reset=False)
        if fault.kind == "slow":
            pieces = max(1, min(len(body), 50))
            size = math.ceil(len(body) / pieces)
            for start in range(0, len(body), size):
                time.sleep(fault.milliseconds / 1000 / pieces)
                yield body[start : start + size]
            return
    yield body
