"""Google's and Facebook's product feed, which are one format with two owners: XML (RSS, Atom) and tables.

https://support.google.com/merchants/answer/7052112 and https://www.facebook.com/business/help/120325381656392
"""

from typing import Any

from sync.suppliers.presets.preset import Preset

NAMESPACES = {"g": "http://base.google.com/ns/1.0"}
WORDS = {
    "in stock": "yes", "in_stock": "yes", "available for order": "yes", "available_for_order": "yes",
    "limited_availability": "yes", "backorder": "yes", "available": "yes",
    "w magazynie": "yes", "dostępny": "yes", "auf lager": "yes", "skladem": "yes",
    "brak w magazynie": "no", "niedostępny": "no", "nicht auf lager": "no",
    "out of stock": "no", "out_of_stock": "no", "preorder": "no", "pre-order": "no", "discontinued": "no",
}  # fmt: skip
"""On backorder a thing can be ordered and comes later; on preorder it is not out yet.
Shops translate the words though they should not: a real feed has "w magazynie"."""
_PATHS = ("rss/channel/item", "feed/entry", "channel/item")


def _mapping(prefix: str, quantities: list[str]) -> dict[str, Any]:
    def both(name: str) -> list[str]:
        return [f"{prefix}{name}", name] if prefix else [name]

    return {
        "sku": {"column": both("id")},
        "ean": {"column": both("gtin")},
        "supplier_sku": {"column": both("mpn")},
        "name": {"column": both("title")},
        "stock_quantity": {"column": [name for each in quantities for name in both(each)]},
        "is_available": {"column": both("availability"), "transforms": [["trim"], ["map", WORDS]]},
        "purchase_price": {"column": both("price")},
    }


GOOGLE_XML = Preset(
    name="google-xml",
    title="Google product feed (XML)",
    formats=("xml",),
    record_paths=_PATHS,
    reading={"namespaces": NAMESPACES},
    needed=(("g:id", "id"), ("g:price", "price"), ("g:availability", "availability")),
    usual=("g:condition", "g:image_link", "g:brand", "g:gtin"),
    mapping=_mapping("g:", ["sell_on_google_quantity", "quantity"]),
    certainty=0.95,
)
FACEBOOK_XML = Preset(
    name="facebook-xml",
    title="Facebook product feed (XML)",
    formats=("xml",),
    record_paths=_PATHS,
    reading={"namespaces": NAMESPACES},
    needed=(
        ("g:id", "id"),
        ("g:availability",),
        ("g:quantity_to_sell_on_facebook", "g:inventory", "g:fb_product_category"),
    ),
    usual=("g:condition", "g:image_link", "g:brand", "g:price"),
    mapping=_mapping("g:", ["quantity_to_sell_on_facebook", "inventory"]),
)
GOOGLE_CSV = Preset(
    name="google-csv",
    title="Google product feed (CSV, TSV, XLSX)",
    formats=("tsv", "csv", "xlsx"),
    needed=(("id",), ("title",), ("price",), ("availability",), ("link",)),
    usual=("condition", "image link", "product type", "google product category", "identifier exists", "shipping"),
    mapping={
        **_mapping("", ["sell on google quantity", "quantity"]),
        "name": {"column": ["title"]},
    },
)
FACEBOOK_CSV = Preset(
    name="facebook-csv",
    title="Facebook product feed (CSV, TSV, XLSX)",
    formats=("csv", "tsv", "xlsx"),
    needed=(("id",), ("title",), ("price",), ("availability",), ("image_link", "image link")),
    usual=("condition", "link", "description", "brand", "image_link"),
    mapping=_mapping("", ["quantity_to_sell_on_facebook", "inventory"]),
    certainty=0.95,
)
