"""One pace per shop: all clients of that shop share it, those of other processes too where there is a shared store."""

import threading
from collections.abc import Callable

from models import Shop
from prestashop_client.pace import AdaptivePacer, MemoryStore, PaceRules, PaceStore

MAX_WAIT = 10.0
"""Seconds to wait for a request's turn; a longer wait comes back as an error, to be snoozed."""


class Pacers:
    """The paces of the shops that have one, made anew when the operator changes it."""

    def __init__(self, store_of: Callable[[int], PaceStore] | None = None) -> None:
        self._store_of = store_of or (lambda _shop_id: MemoryStore())
        self._lock = threading.Lock()
        self._pacers: dict[int, tuple[float, AdaptivePacer]] = {}

    def of(self, shop: Shop) -> AdaptivePacer | None:
        """The shop's pace; None where it has none."""
        if not shop.pace:
            return None
        with self._lock:
            pace, pacer = self._pacers.get(shop.id, (None, None))
            if pacer is None or pace != shop.pace:
                rules = PaceRules(per_second=shop.pace)
                pacer = AdaptivePacer(rules, self._store_of(shop.id), max_wait=MAX_WAIT)
                self._pacers[shop.id] = (shop.pace, pacer)
            return pacer
