"""The right to work in a shop: at most `shop.max_concurrency` at a time, over all jobs, single pushes and processes.

An urgent single push has a slot of its own in each shop, so that it never waits behind a job.
"""

from collections.abc import Iterable

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import JobProgress, JobStatus, Shop, ShopSlot

URGENT = -1
"""The number of the slot for urgent single pushes."""
DELAY = 0.3
"""Seconds after which one that waits for a slot looks again."""


def acquire(session: Session, shop: Shop, holder: str, *, urgent: bool = False) -> bool:
    """Take a free slot of the shop; False when there is none, or when it is somebody else's turn.

    It is held until `release()`, or until its holder is seen to be gone (sync.presence).
    """
    slots = _slots(session, shop.id, [URGENT] if urgent else range(shop.max_concurrency))
    free = [slot for slot in slots if slot.holder in (None, holder)]
    fair = [slot for slot in free if not (slot.wanted and slot.last_holder == holder)]
    for slot in free:
        slot.wanted = slot.wanted and slot in fair
    if not fair:
        for slot in slots:
            slot.wanted = slot.wanted or slot not in free
        return False
    fair[0].holder, fair[0].wanted = holder, False
    return True


def _slots(session: Session, shop_id: int, numbers: Iterable[int]) -> list[ShopSlot]:
    numbers = list(numbers)
    found = _locked(session, shop_id, numbers)
    if len(found) == len(numbers):
        return found
    missing = set(numbers) - {slot.number for slot in found}
    try:
        with session.begin_nested():
            session.add_all(ShopSlot(shop_id=shop_id, number=number, wanted=False) for number in missing)
    except IntegrityError:
        pass  # somebody else was quicker
    return _locked(session, shop_id, numbers)


def _locked(session: Session, shop_id: int, numbers: list[int]) -> list[ShopSlot]:
    query = select(ShopSlot).where(ShopSlot.shop_id == shop_id, ShopSlot.number.in_(numbers))
    return list(session.scalars(query.order_by(ShopSlot.number).with_for_update()))


def release(session: Session, shop_id: int, holder: str) -> None:
    """Give the slot back."""
    session.execute(
        update(ShopSlot)
        .where(ShopSlot.shop_id == shop_id, ShopSlot.holder == holder)
        .values(holder=None, last_holder=holder)
    )


def delay(session: Session, shop_id: int) -> float:
    """Seconds to wait for a slot: longer the more jobs wait there, so that their asking stays a trickle."""
    running = (JobProgress.shop_id == shop_id) & (JobProgress.status == JobStatus.RUNNING)
    waiting = session.scalar(select(func.count()).select_from(JobProgress).where(running)) or 0
    return DELAY * min(20, max(1, waiting))
