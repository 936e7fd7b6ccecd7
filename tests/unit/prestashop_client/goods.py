"""Documents to write."""

from __future__ import annotations

from typing import Any


def product(reference: str, **more: Any) -> dict[str, Any]:
    return {
        "reference": reference,
        "price": "10",
        "state": 1,
        "active": 1,
        "name": {1: f"Mug {reference}", 2: f"Kubek {reference}"},
        "link_rewrite": {1: "mug", 2: "kubek"},
        **more,
    }


def category(name: str, parent: int = 2, **more: Any) -> dict[str, Any]:
    return {
        "id_parent": parent,
        "active": 1,
        "name": {1: name, 2: name},
        "link_rewrite": {1: "c", 2: "c"},
        **more,
    }


def references(sandbox: Any) -> list[str]:
    """The references of all products in the shop, by id."""
    with sandbox.store.lock:
        return [row["reference"] for row in sandbox.store.rows("SELECT reference FROM product ORDER BY id_product")]
