"""Switching products off in a shop, or deleting them there; never one that is not surely ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models import (
    CombinationLink,
    DepartedProduct,
    ItemStatus,
    ProductSyncStatus,
    RemovalPolicy,
    SpecificPriceLink,
    SyncLog,
    SyncStatus,
    now,
)
from models.types import nfc
from prestashop_client import PrestaShopError
from prestashop_client.errors import NotFound
from sync.chunks import Claimed
from sync.outcome import Outcome, pushed, refused, skipped, snooze
from sync.removals import DEPARTED, OFF
from sync.strategies.run import BUSY_DELAY, Run, outcome_of, outcome_of_verdict
from sync.strategies.work import Work, take


@dataclass(slots=True)
class Doomed:
    """One product in hand; `work` is None for one that the catalogue has no more."""

    item: Claimed
    external_id: int
    sku: str
    work: Work | None = None
    departed_id: int | None = None
    outcome: Outcome | None = None


def remove(run: Run, items: Sequence[Claimed], policy: str) -> list[Doomed]:
    """Remove the products of these items by the policy; each has its outcome then."""
    doomed = _take(run, items)
    if run.shop.removal_policy != policy:
        _settle(doomed, skipped(f"the shop's policy is {run.shop.removal_policy} now"))
    try:
        _check(run, [one for one in doomed if one.outcome is None])
        _carry_out(run, [one for one in doomed if one.outcome is None], policy)
    except PrestaShopError as error:
        _settle(doomed, outcome_of(error))
    return doomed


def _settle(doomed: Sequence[Doomed], outcome: Outcome) -> None:
    for one in doomed:
        one.outcome = one.outcome or outcome


def _take(run: Run, items: Sequence[Claimed]) -> list[Doomed]:
    works = {work.product.id: work for work in take(run, [item.product_id for item in items if item.product_id])}
    rows = _departed(run, [item for item in items if item.key.startswith(DEPARTED)])
    return [_in_hand(item, works.get(item.product_id or 0), rows) for item in items]


def _departed(run: Run, items: Sequence[Claimed]) -> Mapping[int, DepartedProduct]:
    if not items:
        return {}
    ids = [int(item.key.removeprefix(DEPARTED)) for item in items]
    with run.services.db.read() as session:
        return {row.id: row for row in session.scalars(select(DepartedProduct).where(DepartedProduct.id.in_(ids)))}


def _in_hand(item: Claimed, work: Work | None, rows: Mapping[int, DepartedProduct]) -> Doomed:
    one = Doomed(item, item.external_id or 0, item.sku, work)
    if item.key.startswith(DEPARTED):
        one.departed_id = int(item.key.removeprefix(DEPARTED))
        if one.departed_id not in rows:
            one.outcome = skipped("it was dealt with meanwhile")
    elif item.product_id is None:
        one.outcome = skipped("the product was deleted from the catalogue meanwhile; look at the removals again")
    elif work is None:
        one.outcome = snooze(BUSY_DELAY)
    elif work.product.active:
        one.outcome = skipped("the product is active again")
    elif work.link.external_id != item.external_id:
        one.outcome = skipped("the product is not in the shop any more, or is another one there now")
    return one


def _check(run: Run, doomed: Sequence[Doomed]) -> None:
    """A shop that was set up anew gives its ids to other products: the reference has to be ours still."""
    if not doomed:
        return
    display = ("id", "reference", "active")
    present = run.client.get_many("products", [one.external_id for one in doomed], display=display)
    for one in doomed:
        stored = present.get(one.external_id)
        if stored is None:
            one.outcome = Outcome(ItemStatus.UNCHANGED, "gone", one.external_id)
        elif nfc(str(stored.get("reference") or "")) != nfc(one.sku):
            reason = (
                f"product {one.external_id} of the shop has the reference {stored.get('reference')!r} now, not ours"
            )
            one.outcome = refused(f"{reason}; it was left alone", one.external_id)


def _carry_out(run: Run, doomed: Sequence[Doomed], policy: str) -> None:
    ids = [one.external_id for one in doomed]
    if not ids:
        return
    if policy == RemovalPolicy.DELETE:
        verdicts, operation = run.client.delete_many("products", ids), "delete"
    else:
        verdicts = run.client.patch_many("products", [{"id": number, "active": 0} for number in ids])
        operation = "deactivate"
    for one, verdict in zip(doomed, verdicts, strict=True):
        if verdict.ok:
            one.outcome = pushed(operation, one.external_id)
        elif isinstance(verdict.error, NotFound):
            one.outcome = Outcome(ItemStatus.UNCHANGED, "gone", one.external_id)
        else:
            one.outcome = outcome_of_verdict(verdict, one.external_id)


def record(session: Session, run: Run, doomed: Sequence[Doomed], milliseconds: int) -> None:
    """Write what became of them to links, departed products and log, and give the leases back."""
    removed = [one for one in doomed if one.outcome and one.outcome.operation in ("delete", "gone")]
    switched_off = [one for one in doomed if one.outcome and one.outcome.operation == "deactivate"]
    _forget(session, run, [one.work for one in removed if one.work])
    gone = [one.departed_id for one in removed if one.departed_id]
    session.execute(delete(DepartedProduct).where(DepartedProduct.id.in_(gone)))
    off = [one.departed_id for one in switched_off if one.departed_id]
    session.execute(update(DepartedProduct).where(DepartedProduct.id.in_(off)).values(deactivated_at=now()))
    for one in doomed:
        if one.work is not None:
            _release(session, one)
    session.add_all(_log(run, one, milliseconds) for one in doomed if one.outcome and one.outcome.settled)


def _forget(session: Session, run: Run, works: Sequence[Work]) -> None:
    ids = [work.product.id for work in works]
    for model in (CombinationLink, SpecificPriceLink):
        session.execute(delete(model).where(model.shop_id == run.shop.id, model.product_id.in_(ids)))


def _release(session: Session, one: Doomed) -> None:
    assert one.work is not None and one.outcome is not None  # noqa: S101, PT018 - see record
    values: dict[str, Any] = {"claimed_by": None, "error_message": None, "sync_status": SyncStatus.PENDING}
    if one.outcome.operation in ("delete", "gone"):
        values |= {
            "external_id": None, "stock_available_id": None, "quantity_sent": None, "fingerprint": None, "sent": {},
            "seen": {}, "images": {}, "image_intent": None, "shop_changed_at": None, "product_changed_at": None,
            "availability": None, "drift": None, "conflict": None,
        }  # fmt: skip
    elif one.outcome.operation == "deactivate":
        values |= {"sent": {**one.work.link.sent, "active": OFF}, "fingerprint": None, "last_success_at": now()}
    elif one.outcome.status in (ItemStatus.REFUSED, ItemStatus.FAILED):
        values |= {"sync_status": SyncStatus.ERROR, "error_message": one.outcome.error}
    else:
        values["error_message"] = one.work.link.error_message
    session.execute(update(ProductSyncStatus).where(ProductSyncStatus.id == one.work.link.id).values(values))


def _log(run: Run, one: Doomed, milliseconds: int) -> SyncLog:
    assert one.outcome is not None  # noqa: S101 - see record
    well = one.outcome.status in (ItemStatus.PUSHED, ItemStatus.UNCHANGED)
    return SyncLog(
        shop_id=run.shop.id, product_id=one.item.product_id, progress_id=run.progress_id, operation="remove_product",
        status="success" if well else "error", execution_time_ms=milliseconds,
        message=one.outcome.error or f"{one.sku} ({one.external_id} there): {one.outcome.operation}",
    )  # fmt: skip
