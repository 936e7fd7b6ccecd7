"""One pace per shop in a process: all its clients of that shop share it."""

import threading

from models import Shop
from prestashop_client.pace import AdaptivePacer, PaceRules

MAX_WAIT = 10.0
"""Seconds to wait for a request's turn; a longer wait comes back as an error, to be snoozed."""


class Pacers:
    """The paces of the shops that have one, made anew when the operator changes it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pacers: dict[int, tuple[float, AdaptivePacer]] = {}

    def of(self, shop: Shop) -> AdaptivePacer | None:
        """The shop's pace; None where it has none."""
        if not shop.pace:
            return None
        with self._lock:
            pace, pacer = self._pacers.get(shop.id, (None, None))
            if pacer is None or pace != shop.pace:
                pacer = AdaptivePacer(PaceRules(per_second=shop.pace), max_wait=MAX_WAIT)
                self._pacers[shop.id] = (shop.pace, pacer)
            return pacer
