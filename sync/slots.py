"""The right to work in a shop: at most `shop.max_concurrency` lanes at a time, over all jobs and processes."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Shop, ShopSlot


def acquire(session: Session, shop: Shop, holder: str, seconds: float) -> bool:
    """Take a free slot of the shop for a while; False when there is none, or when it is somebody else's turn."""
    slots = _slots(session, shop)
    free = [slot for slot in slots if slot.holder in (None, holder)]
    fair = [slot for slot in free if not (slot.wanted and slot.last_holder == holder)]
    for slot in free:
        slot.wanted = slot.wanted and slot in fair
    if not fair:
        for slot in slots:
            slot.wanted = slot.wanted or slot not in free
        return False
    slot = fair[0]
    slot.holder = holder
    slot.wanted = False
    return True


def _slots(session: Session, shop: Shop) -> list[ShopSlot]:
    query = select(ShopSlot).where(ShopSlot.shop_id == shop.id).order_by(ShopSlot.number).with_for_update()
    slots = list(session.scalars(query))
    for number in range(len(slots), shop.max_concurrency):
        slot = ShopSlot(shop_id=shop.id, number=number, wanted=False)
        session.add(slot)
        slots.append(slot)
    return slots[: shop.max_concurrency]


def release(session: Session, shop_id: int, holder: str) -> None:
    """Give the slot back."""
    session.execute(
        update(ShopSlot)
        .where(ShopSlot.shop_id == shop_id, ShopSlot.holder == holder)
        .values(holder=None, last_holder=holder)
    )
