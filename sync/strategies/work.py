"""Taking products in hand for one go at a shop, and writing down what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from models import ItemStatus, Product, ProductSyncStatus, SyncLog, SyncStatus, now
from sync.availability.told import give_back, is_on, told_fields
from sync.clients.witness import Change
from sync.fingerprint import Marks
from sync.modes import is_forced, mode_of
from sync.outcome import Outcome
from sync.plan import ProductPlan, Wish, marks_after, plan_product
from sync.services import Services
from sync.strategies import history
from sync.strategies.loading import load_with_links
from sync.strategies.run import Run
from sync.transform.product import Document, Snapshot, snapshot
from sync.transform.remote import canonical

logger = structlog.get_logger(__name__)


@dataclass(slots=True)
class Work:
    """One product in hand. `link` is a copy that fills with what is done; `document` is all that we say of the
    product, `plan` what of it has to be sent; `outcome` comes last.

    `agreed` is what link and shop agreed on before, `shown` what the shop showed just now, `kept` what stays as the
    shop has it, `settled` what they agree on now (None: as before), all canonical (sync.transform.remote); `changes`
    is what was replaced; `note` goes with a good outcome.

    `wish` says how much is to be sent, `complete` whether the document could be made in full; `has_links`: there is
    something known of combinations or specific prices of it in the shop. `touched`: something besides the plan was
    written; `later`: the outcome if nothing worse comes; `warnings` are what went wrong without the product failing.
    """

    product: Snapshot
    link: ProductSyncStatus
    document: Document = field(default_factory=dict)
    plan: ProductPlan | None = None
    operation: str | None = None
    outcome: Outcome | None = None
    agreed: Document = field(default_factory=dict)
    kept: Document = field(default_factory=dict)
    shown: Document = field(default_factory=dict)
    settled: Document | None = None
    changes: list[Change] = field(default_factory=list)
    note: str | None = None
    wish: Wish = field(default_factory=Wish)
    complete: bool = True
    has_links: bool = False
    touched: bool = False
    later: Outcome | None = None
    warnings: list[str] = field(default_factory=list)
    was_in_step: bool = False
    marks: tuple[Document, Marks] | None = None

    @property
    def open(self) -> bool:
        return self.outcome is None

    def make_plan(self) -> ProductPlan:
        """Plan from what the link knows now."""
        self.plan = plan_product(self.product, self.document, self.link, self.wish, self._marked())
        return self.plan

    def sent(self, operation: str) -> None:
        """The document now stands in the shop, as far as the push speaks of it."""
        self.operation = self.operation or operation
        self.mark()

    def mark(self) -> None:
        """What we say of the product holds from now on, but for what stays as the shop has it."""
        mode = self.wish.mode
        self.link.sent, self.link.fingerprint = marks_after(self._marked(), self.link.sent, mode, self.complete)
        said = {name: value for name, value in canonical(self.document).items() if mode.covers(name)}
        self.settled = {**self.agreed, **said, **self.kept}

    def _marked(self) -> Marks:
        """The document's marks: a document is put together anew, never changed."""
        if self.marks is None or self.marks[0] is not self.document:
            self.marks = self.document, Marks.of(self.document)
        return self.marks[1]

    def touch(self) -> None:
        """Something that belongs to the product was written."""
        self.touched = True

    @property
    def in_step(self) -> bool:
        """Whether nothing of the product is left to be sent. A partial push cannot tell of combinations and specific
        prices: with them it is in step if it was so before."""
        if self.warnings:
            return False
        if self.wish.mode.whole:
            return True
        if self.product.variants or self.product.group_prices or self.has_links:
            return self.was_in_step
        return self.complete and not plan_product(self.product, self.document, self.link, marks=self._marked())

    def forget(self) -> None:
        """The product is gone from the shop: nothing that we knew of it there holds any more."""
        link = self.link
        link.external_id = link.stock_available_id = link.quantity_sent = link.fingerprint = None
        link.shop_changed_at = link.conflict = link.image_intent = None
        link.sent, link.seen, link.images, self.agreed = {}, {}, {}, {}
        self.make_plan()


def take(run: Run, product_ids: Sequence[int]) -> list[Work]:
    """Lease the links of these products and read them. Those that somebody else holds or that are gone stay out."""
    with run.services.db.write() as session:
        links = _lease(session, run, product_ids)
        products, linked = load_with_links(session, links, run.shop.id)
        told = _told(session, run.shop.id, products, links)
        locks = {product.id: (*run.shop.locked_fields, *told.get(product.id, ())) for product in products}
        snapshots = [snapshot(product, run.shop.id, locks[product.id]) for product in products]
    wish = Wish(mode_of(run.params), is_forced(run.params))
    return [_in_hand(product, links[product.id], wish, product.id in linked) for product in snapshots]


def _told(
    session: Session, shop_id: int, products: Iterable[Product], links: Mapping[int, ProductSyncStatus]
) -> dict[int, frozenset[str]]:
    """What availability has written of these products, which the push leaves alone; where it is off, ours again."""
    told = [product for product in products if links[product.id].availability is not None]
    if not told:
        return {}
    if not is_on(session, shop_id):
        for product in told:
            give_back(links[product.id])
        return {}
    return {
        product.id: told_fields(links[product.id].availability, combined=bool(product.combinations)) for product in told
    }


def _in_hand(product: Snapshot, link: ProductSyncStatus, wish: Wish, has_links: bool) -> Work:
    was_in_step = link.product_changed_at == product.changed_at and not link.error_message
    return Work(product, link, wish=wish, has_links=has_links, was_in_step=was_in_step)


def _lease(session: Session, run: Run, product_ids: Sequence[int]) -> dict[int, ProductSyncStatus]:
    link = ProductSyncStatus
    mine = (
        update(link)
        .where(
            link.shop_id == run.shop.id,
            link.product_id.in_(product_ids),
            # a claim ends with its claimant, see sync.presence
            or_(link.claimed_by.is_(None), link.claimed_by == run.claimant),
        )
        .values(
            claimed_by=run.claimant,
            last_attempt_at=now(),
            sync_status=SyncStatus.SYNCING,
        )
    )
    if session.get_bind().dialect.update_returning:
        leased = session.scalars(mine.returning(link), execution_options={"synchronize_session": False})
    else:
        session.execute(mine)
        held = (link.shop_id == run.shop.id, link.product_id.in_(product_ids), link.claimed_by == run.claimant)
        leased = session.scalars(select(link).where(*held))
    return {row.product_id: row for row in leased}


def ensure_links(services: Services, shop_id: int, product_ids: Iterable[int]) -> None:
    """Make the links of these products and the shop that do not exist yet."""
    with services.db.write() as session:
        known = select(ProductSyncStatus.product_id).where(ProductSyncStatus.shop_id == shop_id)
        fresh = select(Product.id).where(Product.id.in_(list(product_ids)), Product.id.not_in(known))
        session.add_all(
            ProductSyncStatus(product_id=number, shop_id=shop_id) for number in session.scalars(fresh).all()
        )


def bind(run: Run, works: Sequence[Work]) -> None:
    """Remember the ids in the shop, at once, in a transaction of their own: they must survive whatever comes next.

    What was told of another id there was not told of this one.
    """
    if not works:
        return
    rows = [
        {"link_id": work.link.id, "external_id": work.link.external_id, "stock_id": work.link.stock_available_id}
        for work in works
    ]
    with run.services.db.write() as session:
        session.connection().execute(_BIND, rows)


_BIND = (
    update(ProductSyncStatus)
    .where(ProductSyncStatus.id == bindparam("link_id"))
    .values(
        external_id=bindparam("external_id"), stock_available_id=bindparam("stock_id"), availability=None,
        availability_sent_at=None,
    )
)  # fmt: skip
_RECORDED = (
    "sync_status", "external_id", "stock_available_id", "fingerprint", "sent", "quantity_sent", "images",
    "product_changed_at", "last_success_at", "error_message", "retry_count", "seen", "shop_changed_at", "conflict",
)  # fmt: skip
_RECORD = (
    update(ProductSyncStatus)
    .where(ProductSyncStatus.id == bindparam("link_id"), ProductSyncStatus.claimed_by == bindparam("held_by"))
    .values(
        {name: bindparam(name, type_=ProductSyncStatus.__table__.c[name].type) for name in _RECORDED}
        | {"claimed_by": None}
    )
)


def record(
    session: Session, run: Run, works: Sequence[Work], milliseconds: int, progress_id: int | None = None
) -> None:
    """Write links, log and history in four statements, in the caller's transaction, and give the leases back.

    `milliseconds`: each product's share of the time that it took.
    """
    if not works:
        return
    for work in works:
        _note(work)
    write_links(session, run, works)
    logs = [_log(run, work, milliseconds, progress_id) for work in works if _is_news(work)]
    if logs:
        session.execute(insert(SyncLog), logs)
    history.keep(session, run, works, progress_id)
    for work in works:
        if work.outcome and work.outcome.error and work.outcome.status not in WELL:
            logger.warning("not pushed", sku=work.product.sku, shop=run.shop.name, reason=work.outcome.error)


def write_links(session: Session, run: Run, works: Sequence[Work]) -> None:
    """Write the links as the works have them, and give the leases back. One statement."""
    if works:
        session.connection().execute(_RECORD, [_row(work, run.claimant) for work in works])


def _row(work: Work, claimant: str) -> dict[str, Any]:
    return {name: getattr(work.link, name) for name in _RECORDED} | {"link_id": work.link.id, "held_by": claimant}


WELL = (ItemStatus.PUSHED, ItemStatus.UNCHANGED, ItemStatus.SKIPPED)
_LINK_STATUS = {
    ItemStatus.PUSHED: SyncStatus.SYNCED,
    ItemStatus.UNCHANGED: SyncStatus.SYNCED,
    ItemStatus.SUPERSEDED: SyncStatus.SYNCED,
    ItemStatus.REFUSED: SyncStatus.ERROR,
    ItemStatus.FAILED: SyncStatus.ERROR,
}


def _note(work: Work) -> None:
    """Bring the link in step with the outcome."""
    link, outcome = work.link, work.outcome or Outcome(ItemStatus.PENDING)
    before = link.error_message
    link.sync_status = _LINK_STATUS.get(outcome.status, SyncStatus.PENDING)
    link.error_message = outcome.error
    if link.conflict:
        link.sync_status = SyncStatus.CONFLICT
        return
    if outcome.status in (ItemStatus.PUSHED, ItemStatus.UNCHANGED):
        link.retry_count = 0
        link.last_success_at = now()
        link.product_changed_at = work.product.changed_at
        if not work.in_step:
            link.product_changed_at, link.error_message = None, outcome.error if work.warnings else before
            link.sync_status = SyncStatus.ERROR if link.error_message else SyncStatus.PENDING
    elif _never_tried(work):
        link.error_message = before
        link.sync_status = SyncStatus.ERROR if before else SyncStatus.PENDING
    elif outcome.status not in (ItemStatus.PENDING, ItemStatus.SUPERSEDED):
        link.retry_count += 1


def _never_tried(work: Work) -> bool:
    """Whether the push was partial and the product is not in the shop: nothing happened to it."""
    return bool(work.outcome and work.outcome.status == ItemStatus.SKIPPED and work.link.external_id is None)


def _is_news(work: Work) -> bool:
    quiet = (ItemStatus.UNCHANGED, ItemStatus.SUPERSEDED, ItemStatus.PENDING)
    return work.outcome is not None and work.outcome.status not in quiet and not _never_tried(work)


def _log(run: Run, work: Work, milliseconds: int, progress_id: int | None) -> dict[str, Any]:
    assert work.outcome is not None  # noqa: S101 - see _is_news
    status = {ItemStatus.PUSHED: "success", ItemStatus.RETRY: "retry"}.get(work.outcome.status, "error")
    return {
        "shop_id": run.shop.id,
        "product_id": work.product.id,
        "progress_id": progress_id,
        "operation": "sync_product",
        "direction": "to_shop",
        "status": status,
        "message": work.outcome.error or f"{work.outcome.operation or 'update'}d",
        "execution_time_ms": milliseconds,
    }
