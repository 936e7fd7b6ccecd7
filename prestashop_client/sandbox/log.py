"""The sandbox's memory of what was asked of it: tests and benchmarks count from it."""

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Entry:
    """One request. `entities`: written by a POST, PUT, PATCH or DELETE, shown by a GET. The query has no key in it."""

    number: int
    method: str
    path: str
    query: str
    resource: str
    entities: int
    status: int
    milliseconds: float
    fault: str = ""

    def as_dict(self) -> dict[str, object]:
        """The entry for JSON."""
        return asdict(self)


class RequestLog:
    """The last requests, at most `limit`; `len()` counts those kept, `total` all."""

    def __init__(self, limit: int = 200_000) -> None:
        self._entries: deque[Entry] = deque(maxlen=limit)
        self._lock = threading.Lock()
        self._started = 0
        self.total = 0

    def number(self) -> int:
        """The number of the request that begins now, counted from 1."""
        with self._lock:
            self._started += 1
            return self._started

    def add(self, entry: Entry) -> None:
        """Remember a request that has ended."""
        with self._lock:
            self._entries.append(entry)
            self.total += 1

    def clear(self) -> None:
        """Forget everything, and count from 1 again."""
        with self._lock:
            self._entries.clear()
            self._started = self.total = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        with self._lock:
            return iter(list(self._entries))

    def of(self, method: str | None = None, resource: str | None = None) -> list[Entry]:
        """The requests of a method and a resource."""
        return [e for e in self if method in (None, e.method) and resource in (None, e.resource)]

    def writes(self) -> list[Entry]:
        """The requests that wrote or tried to."""
        return [e for e in self if e.method not in ("GET", "HEAD", "OPTIONS")]
