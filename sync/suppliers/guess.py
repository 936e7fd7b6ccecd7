"""Guesses a mapping from the names of columns, for a file of no known format. A start for the operator, no more."""

import re
from collections.abc import Collection
from typing import Any

_NAMES = {
    "sku": "sku|kod|kod produktu|kod towaru|symbol|indeks|index|reference|artikelnummer|item number|part number",
    "ean": "ean|ean13|gtin|barcode|kod kreskowy|kod ean|upc|isbn",
    "supplier_sku": "supplier sku|supplier reference|id|product id|mpn|kod producenta|kod dostawcy|supplier code|code",
    "name": "name|nazwa|title|tytuł|product name|nazwa produktu|nazwa towaru|bezeichnung|produkt",
    "stock_quantity": "stock|stan|stan magazynowy|ilość|ilosc|quantity|qty|stock quantity|bestand|zapas|dostępna ilość",
    "is_available": "available|availability|dostępność|dostepnosc|dostępny|is available|in stock|verfügbar|avail",
    "delivery_days": "delivery days|czas dostawy|termin dostawy|delivery time|lieferzeit|lead time|wysyłka",
    "purchase_price": "purchase price|cena zakupu|cena|cena netto|price|price net|wholesale price|net price|net|netto",
    "currency": "currency|waluta|währung|currency code",
}
_KNOWN = {field: names.split("|") for field, names in _NAMES.items()}


def guess(headers: Collection[str]) -> dict[str, Any]:
    """A mapping of the fields that a column is named after; {} when none is."""
    plain = {_plain(header): header for header in reversed(list(headers))}
    found: dict[str, Any] = {}
    for field, names in _KNOWN.items():
        column = next((plain[name] for name in names if name in plain), None)
        if column is not None and column not in found.values():
            found[field] = column
    return found


def _plain(header: str) -> str:
    """The last step of a path, in words: offer/@stock_quantity -> stock quantity."""
    last = re.split(r"[/.]", header.strip())[-1].lstrip("@").rpartition(":")[2]
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", last)
    return " ".join(re.sub(r"[_\-*#()\[\]]+", " ", words).casefold().split())
