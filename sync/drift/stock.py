"""The last stage of a check: stock, thousands of rows at a time."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import CombinationLink, Product, ProductSyncStatus, Shop
from prestashop_client import PrestaShopClient
from prestashop_client.query import greater
from sync.drift.findings import DIFFERS, Finding
from sync.drift.state import State

PAGE = 5000
"""Rows a page: 0.085 ms each (prestashop.md 10)."""
SHOWN = ("id", "id_product", "id_product_attribute", "id_shop", "quantity", "out_of_stock")
PART = 1000
Document = dict[str, Any]


def ask(client: PrestaShopClient, after: int) -> list[Document]:
    """The next page. Raises PrestaShopError."""
    return client.list("stock_availables", filters={"id": greater(after)}, display=SHOWN, limit=PAGE)


def compare(session: Session, shop: Shop, rows: list[Document], state: State) -> list[Finding]:
    """Findings of a page, and the state moved behind it."""
    mine = [row for row in rows if shop.id_shop is None or int(row["id_shop"] or 0) in (0, shop.id_shop)]
    findings = _products(session, shop, [row for row in mine if row["id_product_attribute"] == "0"])
    findings += _combinations(session, shop, [row for row in mine if row["id_product_attribute"] != "0"])
    state.count("stock", len(rows))
    state.move(int(rows[-1]["id"]) if len(rows) == PAGE else None)
    return findings


def _parts(rows: list[Document]) -> Iterable[list[Document]]:
    return (rows[first : first + PART] for first in range(0, len(rows), PART))


def _products(session: Session, shop: Shop, rows: list[Document]) -> list[Finding]:
    """The product's own row; of one with combinations it is the shop's own sum."""
    link = ProductSyncStatus
    varied = select(CombinationLink.product_id).where(CombinationLink.shop_id == shop.id)
    found = []
    for part in _parts(rows):
        query = (
            select(link.external_id, link.product_id, Product.sku, link.quantity_sent, link.availability)
            .join(Product, Product.id == link.product_id)
            .where(
                link.shop_id == shop.id,
                link.external_id.in_([int(row["id_product"]) for row in part]),
                link.product_id.not_in(varied),
                link.claimed_by.is_(None),
            )
        )
        known = {row.external_id: row for row in session.execute(query)}
        for row in part:
            ours = known.get(int(row["id_product"]))
            if ours is None:
                continue
            told = ours.availability or {}
            quantity = ours.quantity_sent if told.get("quantity") is None else told["quantity"]
            fields = _differs("quantity", quantity, row["quantity"])
            fields |= _differs("out_of_stock", told.get("out_of_stock"), row["out_of_stock"])
            if fields:
                found.append(Finding(DIFFERS, int(row["id_product"]), ours.product_id, ours.sku, fields))
    return found


def _differs(name: str, sent: int | None, shown: str) -> dict[str, dict[str, Any]]:
    return {} if sent is None or int(shown or 0) == sent else {name: {"sent": sent, "shop": int(shown or 0)}}


def _combinations(session: Session, shop: Shop, rows: list[Document]) -> list[Finding]:
    bond, link = CombinationLink, ProductSyncStatus
    found = []
    for part in _parts(rows):
        query = (
            select(bond.external_id, bond.product_id, Product.sku, bond.quantity_sent)
            .join(Product, Product.id == bond.product_id)
            .join(link, (link.product_id == bond.product_id) & (link.shop_id == shop.id))
            .where(
                bond.shop_id == shop.id,
                bond.external_id.in_([int(row["id_product_attribute"]) for row in part]),
                link.claimed_by.is_(None),
            )
        )
        known = {row.external_id: row for row in session.execute(query)}
        for row in part:
            number = int(row["id_product_attribute"])
            ours = known.get(number)
            if ours is None:
                continue
            fields = _differs(f"combination {number}.quantity", ours.quantity_sent, row["quantity"])
            if fields:
                found.append(Finding(DIFFERS, int(row["id_product"]), ours.product_id, ours.sku, fields))
    return found
