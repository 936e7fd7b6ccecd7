"""What the ledger knows after an undo: the shop no longer holds what we sent, and nothing pushes it back unasked."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from models import (
    CombinationLink,
    ItemChange,
    SentDocument,
    SpecificPriceLink,
    SyncStatus,
)
from sync.strategies import history
from sync.strategies.run import Run
from sync.strategies.work import write_links
from sync.transform.remote import moment, unpack
from sync.undo.apply import Undone
from sync.undo.plan import FAILED, REVERSED, Entity

_SETTLED = (
    update(ItemChange)
    .where(ItemChange.id == bindparam("change_id"))
    .values(undone=bindparam("undone"), undone_by=bindparam("undone_by"), reason=bindparam("reason"))
)


def record(session: Session, run: Run, found: Sequence[Undone]) -> None:
    """Write links, what is agreed on now, and what became of each change, and give the leases back."""
    agreed = _agreed(session, found)
    for one in found:
        _note(run, one, agreed.get(one.work.link.id, {}))
    write_links(session, run, [one.work for one in found])
    _settle(session, run, found)
    _parts(session, run, found)
    history.keep(session, run, [one.work for one in found], run.progress_id)
    gone = [one.work.link.id for one in found if one.removed]
    if gone:
        session.execute(delete(SentDocument).where(SentDocument.link_id.in_(gone)))


def _agreed(session: Session, found: Sequence[Undone]) -> dict[int, dict[str, Any]]:
    query = select(SentDocument.link_id, SentDocument.document).where(
        SentDocument.link_id.in_([one.work.link.id for one in found])
    )
    return {number: unpack(content) for number, content in session.execute(query)}


def _note(run: Run, one: Undone, agreed: dict[str, Any]) -> None:
    link = one.work.link
    if one.removed:
        one.work.forget()
        one.work.settled = None
    restored: list[str] = []
    for index, entity in enumerate(one.entities):
        if one.results.get(index) != REVERSED:
            continue
        if entity.resource == "stock_availables":
            link.quantity_sent = None
            restored.append("quantity")
        elif entity.resource == "products" and entity.operation == "update":
            before = one.steps[index].restore
            link.sent = {name: mark for name, mark in link.sent.items() if name not in before}
            link.fingerprint = None
            link.shop_changed_at = moment(one.written_at, run.shop.time_zone)
            one.work.settled = {**agreed, **before}
            restored += before
        elif entity.resource != "products":
            restored.append(entity.resource)
    # Counted as in step, so that "what changed" does not push it again; a push of all does.
    link.sync_status = SyncStatus.SYNCED if link.product_changed_at else SyncStatus.PENDING
    if restored or one.removed:
        what = "the product was deleted there" if one.removed else ", ".join(dict.fromkeys(restored))
        link.error_message = f"undone by job {run.progress_id}: {what}; a push of it sends it again"


def _settle(session: Session, run: Run, found: Sequence[Undone]) -> None:
    rows = [
        {
            "change_id": change,
            "undone": result,
            "undone_by": run.progress_id,
            "reason": (one.outcome.error if one.outcome and result == FAILED else one.steps[index].reason) or None,
        }
        for one in found
        for index, result in one.results.items()
        for change in one.entities[index].changes
    ]
    if rows:
        session.connection().execute(_SETTLED, rows)


def _parts(session: Session, run: Run, found: Sequence[Undone]) -> None:
    """Combinations and specific prices: those that are gone are forgotten, the others count as never sent."""
    removed = [one.work.product.id for one in found if one.removed]
    reversed_ = [
        entity for one in found for index, entity in enumerate(one.entities) if one.results.get(index) == REVERSED
    ]
    for table, resource in ((CombinationLink, "combinations"), (SpecificPriceLink, "specific_prices")):
        ours = [entity for entity in reversed_ if entity.resource == resource]
        gone = [entity.external_id for entity in ours if entity.operation == "create"]
        changed = [entity.external_id for entity in ours if entity.operation == "update"]
        here = table.shop_id == run.shop.id
        if gone or removed:
            session.execute(delete(table).where(here, table.external_id.in_(gone) | table.product_id.in_(removed)))
        if changed:
            unsent: dict[str, Any] = (
                {"sent": {}, "fingerprint": None} if table is CombinationLink else {"fingerprint": ""}
            )
            session.execute(update(table).where(here, table.external_id.in_(changed)).values(unsent))
    _stock_of_combinations(session, run, reversed_)


def _stock_of_combinations(session: Session, run: Run, entities: Sequence[Entity]) -> None:
    rows = [entity.external_id for entity in entities if entity.resource == "stock_availables"]
    if rows:
        session.execute(
            update(CombinationLink)
            .where(CombinationLink.shop_id == run.shop.id, CombinationLink.stock_available_id.in_(rows))
            .values(quantity_sent=None)
        )
