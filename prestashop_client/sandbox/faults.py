"""Faults on demand: what goes wrong between a client and a shop, by rate, by request number or by rule.

A fault is made in Python (`faults.add(Fault("lost", methods=("POST",), rate=0.1))`), on the command line
(`--faults "lost method=POST rate=0.1; 503 at=3,7 retry_after=2"`) or over HTTP (`POST /__sandbox__/faults`).
"""

import random
import threading
from dataclasses import dataclass, fields, replace
from typing import Any

BEFORE = frozenset(("reset", "503", "429", "401", "302", "maintenance", "html", "502", "500", "deadlock", "413", "504"))
"""Nothing is saved: the request never reaches the shop. `deadlock` is 500 with code 46."""
AFTER = frozenset(
    (
        "500-saved",
        "lost",
        "truncated",
        "notice-before",
        "notice-after",
        "slow",
        "html-saved",
        "504-saved",
        "deadlock-saved",
    )
)
"""The request is carried out, and the answer is spoilt."""
OTHER = frozenset(("latency", "refuse", "skip", "cgi"))
"""`latency` waits; `refuse` refuses an entity that holds a text; `skip` makes a PHP notice in the middle of a batch,
after which PrestaShop silently skips the later entities; `cgi` loses the Authorization header, as under CGI: only a key
in the query is seen."""
KINDS = BEFORE | AFTER | OTHER


@dataclass(frozen=True)
class Fault:
    """One fault and when it strikes: all the conditions that are set must hold."""

    kind: str
    rate: float = 1.0
    """The share of the matching requests that it strikes, 0..1."""
    at: tuple[int, ...] = ()
    """Request numbers, counted from 1 since the start or the last clearing of the log."""
    every: int = 0
    """Every so many-th matching request."""
    times: int = 0
    """How often it strikes at most; 0 for ever."""
    method: tuple[str, ...] = ()
    path: str = ""
    """A part of the path, e.g. `/products`."""
    text: str = ""
    """A part of the request's body, e.g. a reference."""
    milliseconds: float = 0.0
    """How long `latency` waits, and how long `slow` takes to send the answer."""
    retry_after: float | None = None
    location: str = "https://www.example.com/"
    """Where `302` points."""
    message: str = ""
    seconds: float = 0.0
    """`maintenance` and `reset` last that long from the first strike; 0 for a single request."""
    entity: int = 1
    """`skip`: how many entities of the batch are still saved."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no fault {self.kind!r}; there is {', '.join(sorted(KINDS))}")

    def matches(self, method: str, path: str, body: str) -> bool:
        """Whether the request is one of those that the fault is meant for."""
        return (not self.method or method in self.method) and self.path in path and (not self.text or self.text in body)


class Faults:
    """The faults in force. Randomness is seeded: the same requests in the same order fail alike."""

    def __init__(self, seed: int = 0) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(seed)
        self._faults: dict[int, Fault] = {}
        self._seen: dict[int, int] = {}
        self._struck: dict[int, int] = {}
        self._until: dict[int, float] = {}
        self._next = 1

    def seed(self, seed: int) -> None:
        """Begin the randomness anew."""
        with self._lock:
            self._random.seed(seed)

    def add(self, fault: Fault | str, **more: Any) -> int:
        """Put a fault in force, made or named with its conditions; its number."""
        made = Fault(fault, **_typed(more)) if isinstance(fault, str) else replace(fault, **_typed(more))
        with self._lock:
            number, self._next = self._next, self._next + 1
            self._faults[number] = made
            return number

    def remove(self, number: int) -> None:
        """End one fault."""
        with self._lock:
            self._faults.pop(number, None)

    def clear(self) -> None:
        """End them all."""
        with self._lock:
            for memory in (self._faults, self._seen, self._struck, self._until):
                memory.clear()

    def listed(self) -> dict[int, Fault]:
        """The faults in force by number."""
        with self._lock:
            return dict(self._faults)

    def strikes(self, number: int, method: str, path: str, body: bytes, now: float) -> list[Fault]:
        """The faults that strike a request. `number`: the request's; `now`: seconds of a steady clock."""
        with self._lock:
            if not self._faults:
                return []
            text = body.decode("utf-8", "replace")
            return [
                fault
                for key, fault in list(self._faults.items())
                if fault.matches(method, path, text) and self._strikes(key, fault, number, now)
            ]

    def _strikes(self, key: int, fault: Fault, number: int, now: float) -> bool:
        until = self._until.get(key)
        if until is not None:
            return now < until
        self._seen[key] = self._seen.get(key, 0) + 1
        if fault.times and self._struck.get(key, 0) >= fault.times:
            return False
        if fault.at and number not in fault.at:
            return False
        if fault.every and self._seen[key] % fault.every:
            return False
        if fault.rate < 1 and self._random.random() >= fault.rate:
            return False
        self._struck[key] = self._struck.get(key, 0) + 1
        if fault.seconds:
            self._until[key] = now + fault.seconds
        return True


def parse_faults(text: str) -> list[Fault]:
    """The faults of a command line: `lost rate=0.1 method=POST; 503 at=3,7`. ValueError for what it cannot read."""
    found = []
    for one in text.split(";"):
        words = one.split()
        if words:
            found.append(Fault(words[0], **_typed(dict(word.partition("=")[::2] for word in words[1:]))))
    return found


def _typed(options: dict[str, Any]) -> dict[str, Any]:
    known = {f.name: f.type for f in fields(Fault)}
    typed: dict[str, Any] = {}
    for name, value in options.items():
        if name not in known or name == "kind":
            raise ValueError(f"no option {name!r} of a fault; there is {', '.join(n for n in known if n != 'kind')}")
        typed[name] = _value(name, value)
    return typed


def _value(name: str, value: Any) -> Any:
    if name in ("method", "at"):
        parts: list[Any] = [value] if isinstance(value, int) else list(value)
        if isinstance(value, str):
            parts = value.split(",")
        return tuple(str(part).upper() if name == "method" else int(part) for part in parts)
    if not isinstance(value, str):
        return value
    if name in ("every", "times", "entity"):
        return int(value)
    return float(value) if name in ("rate", "milliseconds", "retry_after", "seconds") else value
