"""The second stage of a check: combinations, a page of short fields at a time. Skipped where we have none there."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Combination, CombinationLink, Product, ProductSyncStatus, Shop
from prestashop_client import PrestaShopClient
from prestashop_client.query import greater
from sync.drift.compare import OF_COMBINATION, combination_differences
from sync.drift.findings import DIFFERS, Finding
from sync.drift.state import State

PAGE = 2000
SHOWN = ("id", "id_product", *OF_COMBINATION)
COLUMNS = {
    "reference": "sku", "ean13": "ean", "supplier_reference": "supplier_reference", "price": "price",
    "weight": "weight", "minimal_quantity": "minimal_quantity", "default_on": "is_default",
}  # fmt: skip
Document = dict[str, Any]


def wanted(session: Session, shop: Shop) -> bool:
    """Whether any combination of ours is in the shop."""
    query = select(CombinationLink.id).where(
        CombinationLink.shop_id == shop.id, CombinationLink.external_id.is_not(None)
    )
    return session.scalar(query.limit(1)) is not None


def ask(client: PrestaShopClient, after: int) -> list[Document]:
    """The next page. Raises PrestaShopError."""
    return client.list("combinations", filters={"id": greater(after)}, display=SHOWN, limit=PAGE)


def compare(session: Session, shop: Shop, rows: list[Document], state: State) -> list[Finding]:
    """Findings of a page, and the state moved behind it."""
    after, top = state.last, int(rows[-1]["id"]) if len(rows) == PAGE else None
    shown = {int(one["id"]): one for one in rows}
    findings = []
    known: set[int] = set()
    for bond, combination, external, sku in _ours(session, shop, after, top):
        number = bond.external_id or 0
        known.add(number)
        title = f"combination {number}"
        if number not in shown:
            gone = {title: {"sent": "there", "shop": None}}
            findings.append(Finding(DIFFERS, external, bond.product_id, sku, gone))
            continue
        fields = combination_differences(bond.sent or {}, shown[number])
        found = {f"{title}.{name}": {"sent": _said(combination, name), "shop": one} for name, one in fields.items()}
        if found:
            findings.append(Finding(DIFFERS, external, bond.product_id, sku, found))
    findings += _strangers(session, shop, shown, known)
    state.count("combinations", len(rows))
    state.move(top)
    return findings


def _ours(session: Session, shop: Shop, after: int, top: int | None) -> Any:
    query = (
        select(CombinationLink, Combination, ProductSyncStatus.external_id, Product.sku)
        .join(Combination, Combination.id == CombinationLink.combination_id)
        .join(Product, Product.id == CombinationLink.product_id)
        .join(
            ProductSyncStatus,
            (ProductSyncStatus.product_id == CombinationLink.product_id) & (ProductSyncStatus.shop_id == shop.id),
        )
        .where(
            CombinationLink.shop_id == shop.id,
            CombinationLink.external_id > after,
            ProductSyncStatus.external_id.is_not(None),
            ProductSyncStatus.claimed_by.is_(None),
            ProductSyncStatus.drift.is_distinct_from("missing"),
        )
    )
    return session.execute(query if top is None else query.where(CombinationLink.external_id <= top))


def _said(combination: Combination, name: str) -> str:
    value = getattr(combination, COLUMNS[name])
    return "" if value is None else str(int(value) if isinstance(value, bool) else value)


def _strangers(session: Session, shop: Shop, shown: dict[int, Document], known: set[int]) -> list[Finding]:
    """Combinations that we do not know, of products whose combinations we keep."""
    others = {number: int(one["id_product"]) for number, one in shown.items() if number not in known}
    if not others:
        return []
    kept = select(CombinationLink.product_id).where(CombinationLink.shop_id == shop.id)
    query = (
        select(ProductSyncStatus.external_id, ProductSyncStatus.product_id, Product.sku)
        .join(Product, Product.id == ProductSyncStatus.product_id)
        .where(
            ProductSyncStatus.shop_id == shop.id,
            ProductSyncStatus.external_id.in_(set(others.values())),
            ProductSyncStatus.product_id.in_(kept),
            ProductSyncStatus.claimed_by.is_(None),
        )
    )
    ours = {external: (number, sku) for external, number, sku in session.execute(query)}
    linked = select(CombinationLink.external_id).where(
        CombinationLink.shop_id == shop.id, CombinationLink.external_id.in_(others)
    )
    mine = set(session.scalars(linked))
    return [
        Finding(DIFFERS, product, *ours[product], {f"combination {number}": {"sent": None, "shop": "there"}})
        for number, product in others.items()
        if product in ours and number not in mine
    ]
