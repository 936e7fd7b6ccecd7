"""A place in a shop for work outside of lanes: single pushes, and the stages before a job's lanes."""

from collections.abc import Iterator
from contextlib import contextmanager

from models import Shop
from sync import slots
from sync.services import Services

PAUSED_DELAY = 2.0
"""Seconds after which work in a paused shop looks again."""
TWICE_DELAY = 1.0
"""Seconds after which a message that was delivered twice looks whether the other one is still at work."""


class NotNow(Exception):
    """Raised when there is no place at present; `delay` is in seconds."""

    def __init__(self, delay: float) -> None:
        super().__init__(f"again in {delay:g} s")
        self.delay = delay


@contextmanager
def place_in(services: Services, shop_id: int, claimant: str, *, urgent: bool = False) -> Iterator[None]:
    """Hold one of the shop's slots over a block of work, and be known to be at it. Raises NotNow."""
    delay = _enter(services, shop_id, claimant, urgent)
    if delay is not None:
        raise NotNow(delay)
    try:
        yield
    except BaseException:
        services.watch.abandon(claimant)
        raise
    with services.db.write() as session:
        slots.release(session, shop_id, claimant)
        services.watch.leave(session, claimant)


def _enter(services: Services, shop_id: int, claimant: str, urgent: bool) -> float | None:
    with services.db.write() as session:
        shop = session.get(Shop, shop_id)
        if shop is None:
            return None  # the work itself says so, in its own words
        if shop.paused_at is not None:
            return PAUSED_DELAY
        if not services.watch.enter(session, claimant):
            return TWICE_DELAY
        if slots.acquire(session, shop, claimant, urgent=urgent):
            return None
        services.watch.leave(session, claimant)
        return slots.DELAY if urgent else slots.delay(session, shop_id)
