"""Repairing what a check found: through the same jobs that push and import, with what differs marked as never sent."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from models import CombinationLink, JobItem, JobProgress, ProductSyncStatus, SpecificPriceLink, SyncStatus
from sync import jobs
from sync.availability.told import told_fields
from sync.drift.findings import DIFFERS, MISSING, UNKNOWN, WORDS
from sync.intake import ImportSelection, open_import
from sync.selection import Selection

CREATE, UNLINK, LEAVE = "create", "unlink", "leave"
PART = 500
COMBINATION = "combination "


@dataclass(frozen=True, slots=True)
class Repair:
    """What was set going: the job that pushes, the job that imports, and how many links were given up."""

    push: JobProgress | None = None
    intake: JobProgress | None = None
    unlinked: int = 0

    @property
    def started(self) -> list[JobProgress]:
        """The jobs to be sent."""
        return [job for job in (self.push, self.intake) if job is not None]


def repair(
    session: Session,
    check: JobProgress,
    *,
    words: Collection[str] = WORDS,
    missing: str = CREATE,
    item_ids: Collection[int] | None = None,
    user_id: int | None = None,
) -> Repair:
    """Repair a check's findings (`item_ids`: only these) of the kinds in `words`.

    What differs is pushed again, these fields only; what is missing is created again, or unlinked, or left; what is
    unknown is imported; doubled ones are for somebody to decide. Raises ShopInactive, ValueError.
    """
    if missing not in (CREATE, UNLINK, LEAVE):
        raise ValueError(f"unknown way with missing products {missing!r}; one of: {CREATE}, {UNLINK}, {LEAVE}")
    shop = check.shop
    if shop is None:
        raise ValueError("the shop of that check was deleted")
    pushed: list[int] = []
    unlinked = 0
    if DIFFERS in words:
        for items in _items(session, check.id, DIFFERS, item_ids):
            pushed += _forget_fields(session, shop.id, items)
    if MISSING in words and missing != LEAVE:
        for items in _items(session, check.id, MISSING, item_ids):
            gone = [item.product_id for item in items if item.product_id is not None]
            if missing == UNLINK:
                unlinked += _unlink(session, shop.id, gone)
            else:
                pushed += _forget(session, shop.id, gone)
    strangers = [
        item.external_id
        for items in (_items(session, check.id, UNKNOWN, item_ids) if UNKNOWN in words else ())
        for item in items
        if item.external_id is not None
    ]
    push = intake = None
    if pushed:
        selection = Selection("ids", tuple(pushed))
        push = jobs.open_push(session, shop, selection, user_id=user_id)
        push.parent_id, push.title = check.id, "Repair drift"
    if strangers:
        chosen = ImportSelection("ids", ids=tuple(strangers))
        intake = open_import(session, shop, chosen, user_id=user_id, parent_id=check.id)
    return Repair(push, intake, unlinked)


def _items(
    session: Session, progress_id: int, word: str, item_ids: Collection[int] | None
) -> Iterable[Sequence[JobItem]]:
    """The findings of a kind, some hundreds at a time."""
    last = 0
    while True:
        query = select(JobItem).where(JobItem.progress_id == progress_id, JobItem.operation == word, JobItem.id > last)
        if item_ids is not None:
            query = query.where(JobItem.id.in_(list(item_ids)))
        page = session.scalars(query.order_by(JobItem.id).limit(PART)).all()
        if not page:
            return
        last = page[-1].id
        yield page


def _forget_fields(session: Session, shop_id: int, items: Sequence[JobItem]) -> list[int]:
    """Mark the differing fields as never sent, so that a push sends just them; the products to push."""
    fields = {item.product_id: set(item.data or {}) for item in items if item.product_id is not None}
    links = session.scalars(_links(shop_id, fields)).all()
    for link in links:
        names = fields[link.product_id]
        link.sent = {name: mark for name, mark in (link.sent or {}).items() if name not in names}
        link.seen = {name: mark for name, mark in (link.seen or {}).items() if name not in names}
        link.fingerprint = link.product_changed_at = link.drift = None
        if "quantity" in names:
            link.quantity_sent = None
        if "out_of_stock" in names or names & told_fields(link.availability):
            link.availability = {**(link.availability or {}), "out_of_stock": None}  # its next run tells it again
        link.sync_status = SyncStatus.PENDING
    _forget_combinations(session, shop_id, fields)
    return [link.product_id for link in links]


def _forget_combinations(session: Session, shop_id: int, fields: dict[int, set[str]]) -> None:
    """Mark differing combinations as never sent; forget those that the shop has no more."""
    numbers: dict[int, set[str]] = {}
    for names in fields.values():
        for name in names:
            if name.startswith(COMBINATION):
                number, _, field = name.removeprefix(COMBINATION).partition(".")
                numbers.setdefault(int(number), set()).add(field)
    if not numbers:
        return
    bonds = session.scalars(
        select(CombinationLink).where(CombinationLink.shop_id == shop_id, CombinationLink.external_id.in_(numbers))
    ).all()
    for bond in bonds:
        names = numbers[bond.external_id or 0]
        if "" in names:
            session.delete(bond)
            continue
        bond.sent = {name: mark for name, mark in (bond.sent or {}).items() if name not in names}
        bond.fingerprint = None
        if "quantity" in names:
            bond.quantity_sent = None


def _forget(session: Session, shop_id: int, product_ids: Sequence[int]) -> list[int]:
    """The shop has these no more: nothing that we knew of them there holds; the products to push."""
    found = list(session.scalars(_links(shop_id, product_ids)))
    for link in found:
        link.external_id = link.stock_available_id = link.quantity_sent = link.fingerprint = None
        link.product_changed_at = link.shop_changed_at = link.conflict = link.image_intent = link.drift = None
        link.sent, link.seen, link.images, link.availability = {}, {}, {}, None
        link.sync_status = SyncStatus.PENDING
    _drop_parts(session, shop_id, [link.product_id for link in found])
    return [link.product_id for link in found]


def _unlink(session: Session, shop_id: int, product_ids: Sequence[int]) -> int:
    found = [link.id for link in session.scalars(_links(shop_id, product_ids))]
    session.execute(delete(ProductSyncStatus).where(ProductSyncStatus.id.in_(found)))
    _drop_parts(session, shop_id, product_ids)
    return len(found)


def _drop_parts(session: Session, shop_id: int, product_ids: Sequence[int]) -> None:
    for model in (CombinationLink, SpecificPriceLink):
        mine = (model.shop_id == shop_id) & model.product_id.in_(list(product_ids))
        session.execute(delete(model).where(mine))


def _links(shop_id: int, product_ids: Iterable[int]) -> Select[ProductSyncStatus]:
    """Links that nobody pushes at the moment."""
    return (
        select(ProductSyncStatus)
        .where(
            ProductSyncStatus.shop_id == shop_id,
            ProductSyncStatus.product_id.in_(list(product_ids)),
            ProductSyncStatus.claimed_by.is_(None),
        )
        .with_for_update()
    )
