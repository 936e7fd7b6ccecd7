"""A request, its raw answer, and the count of them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from requests.structures import CaseInsensitiveDict

from prestashop_client.query import Params


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `path` is below /api; `resource` and `ids` are what errors name; `entities` what is counted."""

    method: str
    path: str
    resource: str
    ids: tuple[int, ...] = ()
    params: Params = field(default_factory=list)
    body: bytes | None = None
    file: tuple[str, bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    entities: int = 1

    @property
    def writes(self) -> bool:
        return self.method not in ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `content` is decompressed; `seconds` is what the caller waited."""

    status: int
    headers: CaseInsensitiveDict[str]
    content: bytes
    seconds: float

    @property
    def execution_time(self) -> float | None:
        """The shop's own seconds for it (header Execution-Time), 80 to 90 % of the wait (measured)."""
        try:
            return float(self.headers["Execution-Time"])
        except (KeyError, ValueError):
            return None


@dataclass(slots=True)
class RequestCounter:
    """Requests sent so far: in all, by method, by (method, resource); seconds of the last one."""

    total: int = 0
    by_method: Counter[str] = field(default_factory=Counter)
    by_resource: Counter[tuple[str, str]] = field(default_factory=Counter)
    last_latency: float | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, request: Request) -> None:
        with self._lock:
            self.total += 1
            self.by_method[request.method] += 1
            self.by_resource[request.method, request.resource] += 1
