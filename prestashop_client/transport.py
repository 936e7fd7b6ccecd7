"""One request to one shop and its raw answer: time limits, size caps, TLS, no redirects, the key kept secret."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from prestashop_client.failures import AnswerTooLong, explain
from prestashop_client.query import MAX_REQUEST_LINE, encode
from prestashop_client.secret import Secret, guard_urllib3_log
from prestashop_client.wire import Answer, Request, RequestCounter

MAX_ANSWER = 64 * 1024 * 1024  # 1,000 full products are 8.2 MB (measured)
CHUNK = 64 * 1024
OTHER_PARAMS = 500  # bytes kept for display, sort, limit, id_shop and ws_key


class KeyAuth(AuthBase):
    """Sets the Authorization header; nothing in `ws_key` mode. Given always, so that no .netrc is asked."""

    def __init__(self, key: Secret, by_query: bool) -> None:
        self._key = key
        self._by_query = by_query

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        if not self._by_query:
            prepared.headers["Authorization"] = self._key.basic()
        return prepared


class Transport:
    """Sends requests over one `requests.Session` per thread. Knows nothing of PrestaShop's answers."""

    def __init__(
        self,
        address: str,
        key: Secret,
        *,
        timeout: tuple[float, float],
        id_shop: int | str | None = None,
        user_agent: str,
        verify: bool | str = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.base = api_address(address)
        self.key = key
        self.timeout = timeout
        self.id_shop = id_shop
        self.key_in_query = False
        self.tunnel = False
        self.counter = RequestCounter()
        self._user_agent = user_agent
        self._verify = verify
        self._clock = clock
        self._local = threading.local()
        self._sessions: weakref.WeakSet[requests.Session] = weakref.WeakSet()
        self._lock = threading.Lock()

    def use_query_key(self) -> None:
        """Send the key as `ws_key` from now on: CGI set-ups strip the Authorization header."""
        guard_urllib3_log()
        self.key_in_query = True

    def send(self, request: Request) -> Answer:
        """The answer, whatever its status. Raises ShopUnavailable, BadAnswer or InsecureConnection."""
        self.counter.add(request)
        started = self._clock()
        failure: BaseException | None = None
        try:
            answer = self._exchange(request, started)
        except (requests.RequestException, HTTPError, OSError) as error:
            failure = error
        self.counter.last_latency = self._clock() - started
        if failure is None:
            return answer
        # Raised here, not in the except block: the original's text may hold the address with the key.
        raise explain(request, failure, self.base, self.key)

    def address_of(self, request: Request) -> str:
        """The address as sent, key included: for nobody's eyes but the session's."""
        params = list(request.params)
        if self._tunnelled(request):
            params.append(("ps_method", request.method))
        if self.id_shop is not None:
            params.append(("id_shop", str(self.id_shop)))
        if self.key_in_query:
            params.append(("ws_key", self.key.reveal()))
        path = f"{self.base}/{request.path}" if request.path else self.base
        return f"{path}?{encode(params)}" if params else path

    def room_for_query(self, path: str) -> int:
        """Bytes that the address of `path` leaves for a filter's value below the request line's limit."""
        return MAX_REQUEST_LINE - len(self.base) - len(path) - OTHER_PARAMS

    def close(self) -> None:
        """Close every thread's session."""
        with self._lock:
            for session in list(self._sessions):
                session.close()

    def _exchange(self, request: Request, started: float) -> Answer:
        headers = {"User-Agent": self._user_agent, "Accept-Encoding": "gzip, deflate", **request.headers}
        if request.body is not None:
            headers["Content-Type"] = "text/xml; charset=utf-8"
        with self._session().request(
            "POST" if self._tunnelled(request) else request.method,
            self.address_of(request),
            data=request.body,
            files={"image": request.file} if request.file else None,
            headers=headers,
            auth=KeyAuth(self.key, self.key_in_query),
            timeout=self.timeout,
            verify=self._verify,
            allow_redirects=False,
            stream=True,
        ) as response:
            content = self._read(response, started)
            return Answer(response.status_code, response.headers, content, self._clock() - started)

    def _read(self, response: requests.Response, started: float) -> bytes:
        """The body as it comes, piece by piece: one that unpacks to gigabytes stops at the cap, one that drips in
        stops at the time limit (each byte alone would come in time)."""
        until = started + self.timeout[0] + 2 * self.timeout[1]
        parts: list[bytes] = []
        size = 0
        while part := response.raw.read1(CHUNK, decode_content=True):
            size += len(part)
            if size > MAX_ANSWER:
                raise AnswerTooLong(MAX_ANSWER)
            if self._clock() > until:
                raise requests.ReadTimeout("the body came too slowly")
            parts.append(part)
        return b"".join(parts)

    def _tunnelled(self, request: Request) -> bool:
        return self.tunnel and request.method in ("PUT", "PATCH", "DELETE")

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            self._local.session = session
            with self._lock:
                self._sessions.add(session)
        return session


def api_address(address: str) -> str:
    """`https://shop.example/api` from an address with or without /api, slash or query."""
    address = address.strip().split("?")[0].split("#")[0].rstrip("/")
    if "://" not in address:
        address = f"https://{address}"
    return address if address.endswith("/api") else f"{address}/api"
