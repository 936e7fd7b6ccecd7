"""What a check found, as items of its job: one for each product, all its fields together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from models import ItemStatus, JobItem, ProductSyncStatus, now

DIFFERS, MISSING, UNKNOWN, DOUBLED = "differs", "missing", "unknown", "doubled"
WORDS = (DIFFERS, MISSING, UNKNOWN, DOUBLED)
TEXT = 120
"""Characters of a value that an item's line shows; `data` holds all of it."""
UNKNOWN_LISTED = 10_000
"""Products unknown to us that get an item each; more are only counted."""


@dataclass(slots=True)
class Finding:
    """A product of the shop that is not as it should be. `fields` is {field: {"sent": value, "shop": value}}."""

    word: str
    external_id: int
    product_id: int | None = None
    sku: str = ""
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    reason: str = ""

    def text(self) -> str:
        """One readable line."""
        shown = [f"{name}: sent {_short(one['sent'])}, shop {_short(one['shop'])}" for name, one in self.fields.items()]
        return self.reason or "; ".join(shown)


def _short(value: Any) -> str:
    text = "nothing" if value is None else ", ".join(value.values()) if isinstance(value, Mapping) else str(value)
    return text if len(text) <= TEXT else text[: TEXT - 1] + "…"


def keep(session: Session, progress_id: int, shop_id: int, findings: Sequence[Finding]) -> None:
    """Write findings down, in four statements at most; those of a product that has an item already join it."""
    if not findings:
        return
    joined = _joined(findings)
    known = {
        key: (number, data or {})
        for number, key, data in session.execute(
            select(JobItem.id, JobItem.key, JobItem.data).where(
                JobItem.progress_id == progress_id, JobItem.key.in_([_key(one) for one in joined])
            )
        )
    }
    fresh = [_row(progress_id, one) for one in joined if _key(one) not in known]
    if fresh:
        session.execute(insert(JobItem), fresh)
    again = [_again(*known[_key(one)], one) for one in joined if _key(one) in known]
    if again:
        session.connection().execute(_JOIN, again)
    _mark(session, shop_id, joined)


_JOIN = (
    update(JobItem)
    .where(JobItem.id == bindparam("item_id"))
    .values(data=bindparam("data", type_=JobItem.__table__.c.data.type), error=bindparam("error"))
)


def _key(one: Finding) -> str:
    return f"external:{one.external_id}"


def _joined(findings: Iterable[Finding]) -> list[Finding]:
    found: dict[int, Finding] = {}
    for one in findings:
        before = found.setdefault(one.external_id, one)
        if before is not one:
            before.fields |= one.fields
    return list(found.values())


def _row(progress_id: int, one: Finding) -> dict[str, Any]:
    return {
        "progress_id": progress_id,
        "key": _key(one),
        "product_id": one.product_id,
        "external_id": one.external_id,
        "sku": one.sku,
        "status": ItemStatus.SKIPPED,
        "operation": one.word,
        "data": one.fields,
        "error": one.text()[:2000],
        "finished_at": now(),
    }


def _again(number: int, data: Mapping[str, Any], one: Finding) -> dict[str, Any]:
    fields = {**data, **one.fields}
    whole = Finding(one.word, one.external_id, fields=fields, reason=one.reason)
    return {"item_id": number, "data": fields, "error": whole.text()[:2000]}


def _mark(session: Session, shop_id: int, findings: Iterable[Finding]) -> None:
    """Say on the links what was found."""
    rows = [{"number": one.product_id, "word": one.word} for one in findings if one.product_id and one.word != UNKNOWN]
    if rows:
        session.connection().execute(_FOUND.where(ProductSyncStatus.shop_id == shop_id), rows)


_FOUND = (
    update(ProductSyncStatus).where(ProductSyncStatus.product_id == bindparam("number")).values(drift=bindparam("word"))
)


def settle_doubles(session: Session, progress_id: int) -> int:
    """Of the products unknown to us, those that share their reference are doubled ones; how many."""
    mine = (JobItem.progress_id == progress_id) & (JobItem.operation == UNKNOWN) & (JobItem.sku != "")
    doubled = session.execute(
        select(JobItem.sku, func.count()).where(mine).group_by(JobItem.sku).having(func.count() > 1)
    ).all()
    for sku, number in doubled:
        reason = f"the shop has {number} products with reference {sku!r}"
        session.execute(update(JobItem).where(mine, JobItem.sku == sku).values(operation=DOUBLED, error=reason))
    return sum(number for _, number in doubled)
