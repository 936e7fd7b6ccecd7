"""The highest id a resource had before we wrote: what lies above it was created since."""

from __future__ import annotations

import threading
from collections.abc import Callable

from prestashop_client.reading import Reader

FRESH_SECONDS = 60.0  # older than this, other writers' entities would make a look-up long


class Baselines:
    """Asks the shop once and follows our own creates from there; a lower bound is always right, only slower."""

    def __init__(self, reader: Reader, clock: Callable[[], float]) -> None:
        self._reader = reader
        self._clock = clock
        self._known: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def before(self, resource: str) -> int:
        """An id that no entity created from now on can have, nor any below it."""
        with self._lock:
            highest, at = self._known.get(resource, (0, float("-inf")))
        if self._clock() - at <= FRESH_SECONDS:
            return highest
        asked_at = self._clock()
        highest = self._reader.highest_id(resource)
        self._raise(resource, highest, asked_at)
        return highest

    def created(self, resource: str, id_: int) -> None:
        """We have just created `id_`."""
        with self._lock:
            known = self._known.get(resource)
        if known is not None:
            self._raise(resource, id_, known[1])

    def _raise(self, resource: str, id_: int, at: float) -> None:
        with self._lock:
            highest, known_at = self._known.get(resource, (0, at))
            self._known[resource] = (max(highest, id_), max(known_at, at))
