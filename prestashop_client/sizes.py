"""How many entities one request takes: no more than the shop carries out in good time."""

from __future__ import annotations

import threading
from dataclasses import dataclass

SMOOTHING = 0.3


@dataclass(slots=True)
class _Known:
    seconds_each: float | None = None
    ceiling: float | None = None


class BatchSizes:
    """Learns per resource and method, for all threads of a client. `target`: seconds that a batch may take."""

    def __init__(self, target: float) -> None:
        self.target = target
        self._known: dict[tuple[str, str], _Known] = {}
        self._lock = threading.Lock()

    def limit(self, resource: str, method: str, most: int) -> int:
        """Entities for the next request, from 1 to `most`."""
        with self._lock:
            known = self._known.get((resource, method))
            if known is None:
                return most
            by_time = self.target / known.seconds_each if known.seconds_each else most
            by_answers = most if known.ceiling is None else known.ceiling
            return max(1, int(min(most, by_time, by_answers)))

    def worth(self, resource: str, method: str, usual: int, round_trip: float | None) -> int:
        """Up to twice the `usual` batch where the way to the shop is long: it should cost a tenth of the work."""
        with self._lock:
            known = self._known.get((resource, method))
            each = known.seconds_each if known else None
        if not each or not round_trip:
            return usual
        return max(usual, min(2 * usual, int(10 * round_trip / each)))

    def took(self, resource: str, method: str, entities: int, seconds: float) -> None:
        """A request of `entities` was answered well; a ceiling rises a little again."""
        with self._lock:
            known = self._known.setdefault((resource, method), _Known())
            each = seconds / entities
            before = each if known.seconds_each is None else known.seconds_each
            known.seconds_each = before + SMOOTHING * (each - before)
            if known.ceiling is not None:
                known.ceiling = known.ceiling * 1.1 + 1

    def too_much(self, resource: str, method: str, entities: int) -> None:
        """A request of `entities` was too large (413) or took too long (504, our own time limit)."""
        with self._lock:
            self._known.setdefault((resource, method), _Known()).ceiling = max(1.0, entities / 2)
