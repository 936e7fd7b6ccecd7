"""What a push leaves behind for later: what link and shop agree on now, and what it replaced."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models import ItemChange, SentDocument, now
from sync.clients.witness import Change
from sync.transform.remote import pack
from sync.upsert import upsert

if TYPE_CHECKING:
    from sync.strategies.run import Run
    from sync.strategies.work import Work


def keep(session: Session, run: "Run", works: Sequence["Work"], progress_id: int | None) -> None:
    """Write the agreed documents and the changes of these works, in two statements at most."""
    agree(session, {work.link.id: work.settled for work in works if work.settled is not None})
    write(session, run, [(work.product.id, change) for work in works for change in work.changes], progress_id)


def write(session: Session, run: "Run", changes: Sequence[tuple[int, Change]], progress_id: int | None) -> None:
    """Write changes, each with the id of its product. One statement."""
    rows = [_row(run, product_id, change, progress_id) for product_id, change in changes]
    if rows:
        session.execute(insert(ItemChange), rows)


def agree(session: Session, documents: dict[int, dict[str, Any]]) -> None:
    """Keep what links and the shop agree on: {link id: canonical document}. One statement."""
    moment = now()
    rows = [
        {"link_id": number, "document": pack(document), "agreed_at": moment} for number, document in documents.items()
    ]
    upsert(session, SentDocument, rows, key=("link_id",), columns=("document", "agreed_at"))


def _row(run: "Run", product_id: int, change: Change, progress_id: int | None) -> dict[str, Any]:
    return {
        "progress_id": progress_id,
        "product_id": product_id,
        "shop_id": run.shop.id,
        "resource": change.resource,
        "external_id": change.external_id,
        "operation": change.operation,
        "before": change.before,
        "after": change.after,
    }
