"""What an item keeps of itself between being written and being settled, so that a kill changes no result."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from models import ItemStatus, JobItem, ProductSyncStatus
from sync.chunks import Claimed
from sync.intake.values import Incoming
from sync.outcome import Outcome, pushed, unchanged
from sync.plan import FOREIGN_IMAGES

_REMEMBER = (
    update(JobItem)
    .where(JobItem.id == bindparam("item_id"))
    .values(
        data=bindparam("data", type_=JobItem.__table__.c.data.type),
        product_id=bindparam("product_id"),
    )
)


def remember(
    session: Session,
    items: Mapping[int, Claimed],
    products: Iterable[Incoming],
    outcomes: Mapping[int, Outcome],
    links: Mapping[int, ProductSyncStatus],
    with_images: bool,
) -> None:
    """Keep with each item, in the transaction that writes its product, what came of it and which images are left."""
    rows = []
    for one in products:
        link, outcome = links.get(one.external_id), outcomes.get(one.external_id)
        if link is None or outcome is None or outcome.status not in (ItemStatus.PUSHED, ItemStatus.UNCHANGED):
            continue
        left = _images(one, link) if with_images else {}
        data = {"operation": outcome.operation, "note": outcome.error, **left}
        rows.append({"item_id": items[one.external_id].id, "product_id": link.product_id, "data": data})
    if rows:
        session.connection().execute(_REMEMBER, rows)


def _images(one: Incoming, link: ProductSyncStatus) -> dict[str, Any]:
    present = {number for key, number in (link.images or {}).items() if key != FOREIGN_IMAGES}
    if set(one.images) <= present:
        return {}
    shown = {str(each.external_id): list(each.images) for each in one.combinations if each.images}
    return {"images": list(one.images), "shown": shown}


def images_left(data: Mapping[str, Any]) -> bool:
    """Whether the item's product has images to be fetched."""
    return bool(data.get("images"))


def remembered(data: Mapping[str, Any], external_id: int | None) -> Outcome:
    """What came of the item when it was written."""
    operation = data.get("operation")
    outcome = pushed(operation, external_id) if operation else unchanged(external_id)
    return replace(outcome, error=data.get("note"))
