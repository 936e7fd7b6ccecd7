"""Products that share their reference with others of the same shop: which of them is meant cannot be told."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import ItemStatus, JobItem, ProductSyncStatus, now
from models.types import nfc

Find = Callable[[Sequence[str]], Mapping[str, list[dict[str, Any]]]]
PAGE = 1000


def settle_doubles(session: Session, shop_id: int, progress_id: int, find: Find | None) -> list[dict[str, Any]]:
    """The items to skip, as rows {item_id, status, error, finished_at}; those that are linked already are sound.

    `find` asks the shop for references; None where the job's items are all the products that there are.
    """
    rows = []
    for shared in _shared_here(session, progress_id) if find is None else _shared_there(session, progress_id, find):
        items = session.execute(
            select(JobItem.id, JobItem.sku).where(
                JobItem.progress_id == progress_id,
                JobItem.sku.in_(list(shared)),
                JobItem.status == ItemStatus.PENDING,
                JobItem.external_id.not_in(_linked(shop_id)),
            )
        )
        rows += [_row(number, sku, shared[sku]) for number, sku in items]
    return rows


def _linked(shop_id: int) -> Any:
    return select(ProductSyncStatus.external_id).where(
        ProductSyncStatus.shop_id == shop_id, ProductSyncStatus.external_id.is_not(None)
    )


def _shared_here(session: Session, progress_id: int) -> Iterator[dict[str, list[int]]]:
    mine = (JobItem.progress_id == progress_id) & (JobItem.sku != "") & JobItem.external_id.is_not(None)
    doubled = session.scalars(select(JobItem.sku).where(mine).group_by(JobItem.sku).having(func.count() > 1)).all()
    for first in range(0, len(doubled), PAGE):
        part = doubled[first : first + PAGE]
        ids: dict[str, list[int]] = {}
        query = select(JobItem.sku, JobItem.external_id).where(mine, JobItem.sku.in_(part))
        for sku, external in session.execute(query.order_by(JobItem.external_id)):
            ids.setdefault(sku, []).append(external or 0)
        yield ids


def _shared_there(session: Session, progress_id: int, find: Find) -> Iterator[dict[str, list[int]]]:
    last = 0
    while True:
        query = select(JobItem.id, JobItem.sku).where(
            JobItem.progress_id == progress_id, JobItem.id > last, JobItem.sku != "", JobItem.external_id.is_not(None)
        )
        page = session.execute(query.order_by(JobItem.id).limit(PAGE)).all()
        if not page:
            return
        last = page[-1].id
        found = find(list({row.sku for row in page}))
        yield {nfc(sku): [int(one["id"]) for one in same] for sku, same in found.items() if len(same) > 1}


def _row(item_id: int, sku: str, ids: list[int]) -> dict[str, Any]:
    listed = ", ".join(str(number) for number in ids[:10]) + (" ..." if len(ids) > 10 else "")
    reason = (
        f"the shop has {len(ids)} products with reference {sku!r} (ids {listed}); which one is meant cannot be told"
    )
    return {"item_id": item_id, "status": ItemStatus.SKIPPED, "error": reason, "finished_at": now()}
