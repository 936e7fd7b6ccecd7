"""What lies in the shop that other clients left broken."""

from __future__ import annotations

from prestashop_client.doctor import Check, Patient, good, inside, warning
from prestashop_client.xml import Document

SHOWN = 5
MOST = 1_000


def invisible_products(patient: Patient) -> Check:
    """Products made without state=1 open in the shop and are missing in the back office."""
    found = _first(patient, "products", {"state": 0})
    if found:
        return warning("invisible products", _some(found), "PATCH state=1, or they are missing in the back office")
    return good("invisible products", "none")


def orphaned_stock(patient: Patient) -> Check:
    """A PUT without id_shop leaves a stock row that belongs to nobody."""
    found = _first(patient, "stock_availables", {"id_shop": 0, "id_shop_group": 0})
    if found:
        return warning("orphaned stock", _some(found), "PATCH id_shop and id_shop_group of these rows back")
    return good("orphaned stock", "none")


def orphaned_categories(patient: Patient) -> Check:
    """A category without a parent is in no menu; only Root has none."""
    found = [row for row in _first(patient, "categories", {"id_parent": 0}) if row["id"] != 1]
    if found:
        return warning("orphaned categories", _some(found), "PATCH id_parent of these categories")
    return good("orphaned categories", "none")


def duplicate_references(patient: Patient) -> Check:
    """Among the newest products: PrestaShop takes a reference twice without a word."""
    inside(patient)
    rows = patient.reader.page("products", display=("id", "reference"), sort=("id", "DESC"), limit=MOST)
    seen: dict[str, int] = {}
    for row in rows:
        if row["reference"]:
            seen[row["reference"]] = seen.get(row["reference"], 0) + 1
    doubled = sorted(reference for reference, count in seen.items() if count > 1)
    if doubled:
        evidence = f"{len(doubled)}, e.g. {', '.join(doubled[:SHOWN])}"
        return warning("duplicate references", evidence, "make them unique: a product is found by its reference")
    return good("duplicate references", f"none among the newest {len(rows)} products")


def _first(patient: Patient, resource: str, filters: dict[str, int]) -> list[Document]:
    inside(patient)
    return patient.reader.page(resource, filters=filters, limit=MOST)


def _some(rows: list[Document]) -> str:
    ids = ", ".join(str(row["id"]) for row in rows[:SHOWN])
    return f"{len(rows)}{' or more' if len(rows) == MOST else ''}, e.g. {ids}"


DATA = (
    ("invisible products", invisible_products),
    ("orphaned stock", orphaned_stock),
    ("orphaned categories", orphaned_categories),
    ("duplicate references", duplicate_references),
)
