"""Fetches over HTTP and HTTPS. Every redirect is checked like the first address; no secret goes to another host."""

import base64
import re
from typing import Any
from urllib.parse import urljoin

import requests
from urllib3.exceptions import HTTPError

from sync.suppliers.feed_errors import FeedError, FeedRefused, FeedSignInRefused, FeedTooLarge, FeedUnreachable
from sync.suppliers.fetch.pinned import PinnedAdapter
from sync.suppliers.fetch.redact import parsed, shown
from sync.suppliers.fetch.sink import Sink
from sync.suppliers.fetch.source import Answer, Auth, Conditions, Source
from sync.suppliers.limits import FeedLimits

SCHEMES = ("http", "https")
_BLOCK = 1 << 16
_HEADERS = {"User-Agent": "Shopferry", "Accept": "*/*", "Accept-Encoding": "gzip"}
_REDIRECTS = (301, 302, 303, 307, 308)
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})


def fetch(source: Source, sink: Sink, limits: FeedLimits, conditions: Conditions) -> Answer:
    """Into the sink, unless the server says that nothing changed. Raises FeedError."""
    secret = sign_in(source.auth)
    failure: FeedError | None = None
    with _session(limits) as session:
        try:
            return _follow(session, source.address.strip(), secret, sink, limits, conditions)
        except FeedError:
            raise
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            failure = _explained(error, source.address)
    # Raised here, not in the except block: the original's text may hold the address with its tokens.
    raise failure


def _session(limits: FeedLimits) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy, which would connect unchecked, and no .netrc
    session.mount("http://", PinnedAdapter(limits))
    session.mount("https://", PinnedAdapter(limits))
    return session


def _follow(
    session: requests.Session,
    address: str,
    secret: dict[str, str],
    sink: Sink,
    limits: FeedLimits,
    conditions: Conditions,
) -> Answer:
    first = _origin(address)
    for _ in range(limits.max_redirects + 1):
        if _origin(address) != first:
            secret = {}
        with session.get(
            address,
            headers={**_HEADERS, **_asked(conditions), **secret},
            stream=True,
            allow_redirects=False,
            timeout=(limits.connect_seconds, limits.read_seconds),
            verify=str(limits.ca_file) if limits.ca_file else True,
        ) as response:
            if response.status_code not in _REDIRECTS or "Location" not in response.headers:
                return _read(response, address, sink, conditions)
            sink.check_time()
            address = urljoin(address, response.headers["Location"])
    raise FeedTooLarge(f"the address is redirected more than {limits.max_redirects} times", "give the last address")


def _read(response: requests.Response, address: str, sink: Sink, conditions: Conditions) -> Answer:
    etag, modified = response.headers.get("ETag"), response.headers.get("Last-Modified")
    if response.status_code == 304 and _asked(conditions):
        return Answer(etag or conditions.etag, modified or conditions.last_modified, unchanged=True)
    if response.status_code != 200:
        raise _refusal(response.status_code, address)
    if "Content-Encoding" not in response.headers:
        sink.expect(_size(response.headers.get("Content-Length")))
    for block in response.raw.stream(_BLOCK, decode_content=True):
        sink.write(block)
    return Answer(etag, modified)


def _size(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _asked(conditions: Conditions) -> dict[str, str]:
    asked = {"If-None-Match": conditions.etag, "If-Modified-Since": conditions.last_modified}
    return {name: value for name, value in asked.items() if value and value.isascii() and value.isprintable()}


def _origin(address: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port: a secret stays with them. Raises FeedRefused for an address that is none."""
    parts = parsed(address, SCHEMES)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme]


def sign_in(auth: Auth) -> dict[str, str]:
    """The header that says who we are. Raises FeedRefused for one that cannot be sent."""
    if auth.kind == "none":
        return {}
    if auth.kind in ("basic", "password"):
        pair = base64.b64encode(f"{auth.user}:{auth.secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}
    name = "Authorization" if auth.kind == "bearer" else auth.header
    if auth.kind not in ("bearer", "header") or not _HEADER_NAME.fullmatch(name) or name.lower() in _OURS:
        raise FeedRefused(f"the sign-in {auth.kind!r} with header {name!r} cannot be used for HTTP", "choose another")
    if not auth.secret.isprintable() or not auth.secret.isascii():
        raise FeedRefused("the token holds characters that a header cannot", "enter it again")
    return {name: f"Bearer {auth.secret}" if auth.kind == "bearer" else auth.secret}


_REMEDIES = {
    404: "check the address; the supplier may have moved the file",
    410: "ask the supplier for the new address",
    429: "fetch less often",
}


def _refusal(status: int, address: str) -> FeedError:
    what = f"{shown(address)} answers with {status}"
    if status in (401, 403, 407):
        return FeedSignInRefused(what, "check the feed's user, password or token")
    return FeedUnreachable(what, _REMEDIES.get(status, "try again later, or ask the supplier"))


def _explained(error: Exception, address: str) -> FeedError:
    where = shown(address)
    kinds: tuple[tuple[Any, str, str], ...] = (
        (requests.exceptions.SSLError, "has no valid certificate", "ask the supplier to renew it"),
        (requests.Timeout, "does not answer in time", "try again later"),
        (requests.exceptions.InvalidURL, "is no address", "correct it"),
        (requests.exceptions.InvalidHeader, "cannot be asked with this sign-in", "enter it again"),
    )
    for kind, what, remedy in kinds:
        if isinstance(error, kind):
            return FeedUnreachable(f"{where} {what}", remedy)
    return FeedUnreachable(f"{where}: the connection broke off ({type(error).__name__})", "try again later")
