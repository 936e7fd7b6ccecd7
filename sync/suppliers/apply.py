"""Applies a planned chunk: its rows are remembered and its offers written, in one transaction with its item's end."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from models import Feed, FeedRow, MissingBehavior, Offer, now
from sync.among import among, looked_up
from sync.bulk import insert_rows, update_rows
from sync.suppliers.chunk_rows import PlannedRow
from sync.suppliers.merging import OFFER_FIELDS, merged

_ROWS = cast(Table, FeedRow.__table__)
_OFFERS = cast(Table, Offer.__table__)


def apply_rows(session: Session, feed: Feed, progress_id: int, rows: Sequence[PlannedRow]) -> None:
    """Write what the chunk changes. The caller holds the supplier's row, so that nobody writes its offers meanwhile."""
    gone = [row for row in rows if row.result == "missing"]
    _remember(session, feed.id, progress_id, [row for row in rows if row.fresh and row.result != "missing"])
    _forget(session, progress_id, gone)
    changed = {row.product_id for row in rows if row.result in ("linked", "updated") and row.product_id}
    back = {row.product_id for row in rows if row.back and row.product_id}
    fresh = {row.key: row.values for row in rows if row.fresh and row.result != "missing"}
    write_offers(session, feed, sorted(changed), back, fresh)
    _withdraw(session, feed, {row.product_id for row in gone if row.product_id})


def _remember(session: Session, feed_id: int, progress_id: int, rows: Sequence[PlannedRow]) -> None:
    """What somebody linked by hand stays linked as it is."""
    insert_rows(session, _ROWS, [_row(row, feed_id, progress_id) for row in rows if row.row_id is None])
    known = [{**_row(row, feed_id, progress_id), "id": row.row_id} for row in rows if row.row_id is not None]
    update_rows(session, _ROWS, [_without(row, "feed_id", "key", "linked_by") for row in known], AUTOMATIC)
    update_rows(session, _ROWS, [_without(row, *_LINK) for row in known], BY_HAND)


AUTOMATIC, BY_HAND = "linked_by = 'auto'", "linked_by = 'manual'"
_LINK = ("feed_id", "key", "linked_by", "result", "product_id")


def _without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _row(row: PlannedRow, feed_id: int, progress_id: int) -> dict[str, Any]:
    return {
        "feed_id": feed_id, "key": row.key, "number": row.number, "hash": row.hash, "product_id": row.product_id,
        "result": "linked" if row.product_id else row.result, "linked_by": "auto",
        "data": row.values if row.product_id else {**row.values, "_candidates": row.candidates},
        "progress_id": progress_id,
    }  # fmt: skip


def _forget(session: Session, progress_id: int, gone: Sequence[PlannedRow]) -> None:
    """Rows that the feed has no longer: those of products are marked, the others go."""
    linked = [row.row_id for row in gone if row.product_id]
    if linked:
        session.execute(update(FeedRow).where(FeedRow.id.in_(linked)).values(result="missing", progress_id=progress_id))
    others = [row.row_id for row in gone if not row.product_id]
    if others:
        session.execute(delete(FeedRow).where(FeedRow.id.in_(others)))


def write_offers(
    session: Session, feed: Feed, product_ids: Sequence[int], back: Collection[int] = (),
    fresh: Mapping[str, dict[str, Any]] | None = None,
) -> None:  # fmt: skip
    """Set the supplier's offers of these products to what the feed's rows say of them.

    Fields that the feed does not map stay as they are: another feed of the supplier may bring them. For products that
    are `back`, what the missing behaviour wrote is taken back. `fresh`: {key: values} of rows that were written just
    now, so that they need not be read again.
    """
    if not product_ids:
        return
    said = _said(session, feed.id, product_ids, fresh or {})
    moment = now()
    before = _offers(session, feed.supplier_id, product_ids)
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for product_id in product_ids:
        if product_id not in said:
            continue
        offer = merged(said[product_id])
        if product_id in back:
            offer = {**dict.fromkeys(_withdrawn(feed.missing_behavior)), **offer}
        old = before.get(product_id)
        row = {**_blank(old), **offer, "feed_id": feed.id, "checked_at": moment}
        if old is None:
            new.append({**row, "product_id": product_id, "supplier_id": feed.supplier_id, "changed_at": moment})
        else:
            differs = any(offer[name] != old[name] for name in offer)
            changed.append({**row, "id": old["id"], "changed_at": moment if differs else old["changed_at"]})
    insert_rows(session, _OFFERS, new)
    update_rows(session, _OFFERS, changed)


def _blank(old: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: old[name] if old else None for name in OFFER_FIELDS}


def _said(
    session: Session, feed_id: int, product_ids: Iterable[int], fresh: Mapping[str, dict[str, Any]]
) -> dict[int, list[dict[str, Any]]]:
    """{product id: what each row of the feed says of it}, in the order of the file.

    Only the product is asked for: the other columns have indexes that would lead through the whole feed.
    """
    columns = (_ROWS.c.product_id, _ROWS.c.feed_id, _ROWS.c.result, _ROWS.c.number, _ROWS.c.key, _ROWS.c.id)
    query = looked_up(session, select(*columns), _ROWS.c.product_id, product_ids)
    rows = [
        (number, product_id, key, row_id)
        for product_id, feed, result, number, key, row_id in session.execute(query).all()
        if feed == feed_id and result == "linked"
    ]
    others = [row_id for _, _, key, row_id in rows if key not in fresh]
    stored = _data(session, others) if others else {}
    found: dict[int, list[dict[str, Any]]] = {}
    for _, product_id, key, row_id in sorted(rows):
        found.setdefault(product_id, []).append(fresh[key] if key in fresh else stored[row_id])
    return found


def _data(session: Session, row_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    query = select(_ROWS.c.id, _ROWS.c.data).where(among(session, _ROWS.c.id, row_ids))
    return {row.id: row.data for row in session.execute(query).all()}


def _offers(session: Session, supplier_id: int, product_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    columns = (_OFFERS.c.id, _OFFERS.c.product_id, _OFFERS.c.changed_at, *(_OFFERS.c[name] for name in OFFER_FIELDS))
    ours = select(*columns).where(_OFFERS.c.supplier_id == supplier_id)
    query = looked_up(session, ours, _OFFERS.c.product_id, product_ids)
    names = [column.name for column in columns]
    return {row.product_id: dict(zip(names, row, strict=True)) for row in session.execute(query).all()}


def _withdraw(session: Session, feed: Feed, product_ids: set[int]) -> None:
    """The offers of products that the feed has no longer, as the feed's missing behaviour says."""
    if not product_ids:
        return
    still = set(_said(session, feed.id, product_ids, {}))
    write_offers(session, feed, sorted(still))  # another row of the feed still speaks of it
    values = _withdrawn(feed.missing_behavior)
    if values:
        moment = now()
        values |= {"checked_at": moment, "changed_at": moment}
        gone = Offer.product_id.in_(product_ids - still)
        session.execute(update(Offer).where(Offer.supplier_id == feed.supplier_id, gone).values(values))


def _withdrawn(behavior: str) -> dict[str, Any]:
    """What an offer is set to when the feed has it no longer."""
    match behavior:
        case MissingBehavior.ZERO:
            return {"stock_quantity": 0}
        case MissingBehavior.UNAVAILABLE:
            return {"is_available": False}
        case _:
            return {}
