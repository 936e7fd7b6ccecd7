"""What a PUT in place of a PATCH carries."""

from __future__ import annotations

from prestashop_client.merging import merged_for_put
from prestashop_client.resources import resource_of

STORED = {
    "id": 12,
    "price": "10.000000",
    "quantity": "0",
    "manufacturer_name": "Acme",
    "position_in_category": "3",
    "date_upd": "2026-11-21 10:00:00",
    "name": {1: "Mug", 2: "Kubek"},
    "associations": {"categories": [{"id": "2"}], "product_bundle": []},
}


def test_what_is_stored_with_the_changes_laid_over():
    merged = merged_for_put(resource_of("products"), STORED, {"id": 12, "price": "12", "name": {2: "Nowy"}})
    assert merged == {"id": 12, "price": "12", "name": {1: "Mug", 2: "Nowy"}}


def test_only_associations_that_change_are_sent():
    """Left out they stay untouched; an empty product_bundle put back fails a virtual product (500, code 85)."""
    categories = {"categories": [{"id": 3}]}
    merged = merged_for_put(resource_of("products"), STORED, {"id": 12, "associations": categories})
    assert merged["associations"] == categories


def test_a_category_keeps_its_position_and_loses_what_is_read_only():
    """Left out, its position would become 0 (measured)."""
    stored = {"id": 9, "position": "4", "level_depth": "2", "nb_products_recursive": "7", "id_parent": "2"}
    assert merged_for_put(resource_of("categories"), stored, {"id": 9, "active": 0}) == {
        "id": 9,
        "position": "4",
        "id_parent": "2",
        "active": 0,
    }
