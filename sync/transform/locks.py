"""Locked fields: what a shop keeps for itself. By the catalogue's names, which are those of forms and files."""

from collections.abc import Collection, Mapping
from typing import Any

LOCKABLE: Mapping[str, tuple[str, ...]] = {
    **{
        name: (name,)
        for name in (
            "name", "description", "description_short", "link_rewrite", "meta_title", "meta_description",
            "available_now", "available_later", "price", "weight", "width", "height", "depth", "supplier_reference",
            "minimal_quantity", "condition", "visibility", "active",
        )
    },
    "ean": ("ean13",),
    "tax_rate": ("id_tax_rules_group",),
    "manufacturer": ("id_manufacturer",),
    "categories": ("id_category_default", "associations.categories"),
    "features": ("associations.product_features",),
    "quantity": (),
    "images": (),
    "combinations": (),
    "specific_prices": (),
}  # fmt: skip
"""What may be locked, and the fields of a product's document that it stands for; the last four are not in it."""
NEEDED = (
    "name", "price", "id_tax_rules_group", "minimal_quantity", "id_category_default", "associations.categories",
)  # fmt: skip
"""Sent once, on creation, though locked: PrestaShop refuses a product without name or price, and stores 0 for the rest,
which means no tax, no minimal quantity and no place in the shop (prestashop.md 2.2)."""


def locked_fields(locked: Collection[str]) -> frozenset[str]:
    """The document's fields behind these locks; a name that is nothing lockable locks nothing."""
    return frozenset(field for name in locked for field in LOCKABLE.get(name, ()))


def parted(document: Mapping[str, Any], fields: Collection[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The document without these fields, and these fields alone."""
    return without(document, fields), only(document, fields)


def only(document: Mapping[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """Those fields of the document; "associations.categories" is one association."""
    kept = {name: value for name, value in document.items() if name in fields and name != "associations"}
    entries = {
        name: value for name, value in (document.get("associations") or {}).items() if f"associations.{name}" in fields
    }
    return kept | ({"associations": entries} if entries else {})


def without(document: Mapping[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """The document without those fields."""
    return only(document, names_of(document) - set(fields))


def names_of(document: Mapping[str, Any]) -> set[str]:
    """The names of a document's fields, each association one of its own."""
    names = {name for name in document if name != "associations"}
    return names | {f"associations.{name}" for name in document.get("associations") or {}}


def joined(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Both documents; where both have a field the other's counts."""
    both = {**one, **other}
    entries = {**(one.get("associations") or {}), **(other.get("associations") or {})}
    return both | ({"associations": entries} if entries else {})
