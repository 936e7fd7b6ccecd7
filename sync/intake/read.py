"""A shop's documents as values of the catalogue. Pure: the reverse of sync.transform."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from models.catalogue import PRODUCT_TEXTS
from models.types import nfc
from sync.intake.names import ShopNames
from sync.intake.values import Incoming, IncomingCombination, IncomingPrice, Names
from sync.transform.remote import moment

Document = Mapping[str, Any]
AMOUNTS = ("price", "weight", "width", "height", "depth")
OWN_PRICE = Decimal(-1)
"""A specific price of -1 means: the product's own (prestashop.md 7)."""


class Unreadable(ValueError):
    """Raised for a product that cannot be told in the catalogue's words; the message says why."""


def read_product(
    document: Document,
    names: ShopNames,
    stock: Iterable[Document] = (),
    combinations: Iterable[Document] = (),
    prices: Iterable[Document] = (),
) -> Incoming:
    """The product of a `display=full` document, with its stock rows, combinations and specific prices.

    Raises Unreadable.
    """
    rows = {int(row["id_product_attribute"] or 0): row for row in names.own_stock(stock)}
    own = rows.get(0)
    categories = _categories(document, names)
    default = int(document["id_category_default"] or 0)
    return Incoming(
        external_id=int(document["id"]),
        reference=nfc(document["reference"]),
        ean=document["ean13"] or None,
        values=_values(document, names),
        texts=texts_of(document, PRODUCT_TEXTS, names.languages),
        default_category=default if default in categories else (categories[0] if categories else None),
        categories=categories,
        features=_features(document, names),
        images=_images(document),
        quantity=int(own["quantity"]) if own else 0,
        stock_available_id=int(own["id"]) if own else None,
        changed_at=moment(document.get("date_upd"), names.time_zone),
        combinations=tuple(
            read_combination(one, names, rows.get(int(one["id"]))) for one in sorted(combinations, key=_by_id)
        ),
        prices=tuple(found for one in sorted(prices, key=_by_id) if (found := read_price(one, names))),
        document=dict(document),
    )


def read_combination(document: Document, names: ShopNames, stock: Document | None) -> IncomingCombination:
    """A combination with its stock row. Raises Unreadable."""
    associations = document.get("associations") or {}
    values = tuple(int(one["id"]) for one in associations.get("product_option_values") or ())
    return IncomingCombination(
        external_id=int(document["id"]),
        reference=nfc(document["reference"]),
        ean=document["ean13"] or None,
        supplier_reference=document.get("supplier_reference") or None,
        options=tuple(_option(number, names) for number in values),
        price=amount(document["price"]),
        weight=amount(document["weight"]),
        minimal_quantity=int(document["minimal_quantity"] or 1),
        is_default=document.get("default_on") == "1",
        quantity=int(stock["quantity"]) if stock else 0,
        stock_available_id=int(stock["id"]) if stock else None,
        images=tuple(int(one["id"]) for one in associations.get("images") or ()),
        values=values,
    )


def read_price(document: Document, names: ShopNames) -> IncomingPrice | None:
    """A specific price; None for one that the catalogue has no word for: of a customer, cart, country, currency,
    another shop, an unknown group, or made by a price rule of the shop."""
    special = ("id_cart", "id_customer", "id_country", "id_currency", "id_specific_price_rule")
    if any(int(document.get(name) or 0) for name in special) or not names.is_own(int(document.get("id_shop") or 0)):
        return None
    group = int(document.get("id_group") or 0)
    if group and group not in names.groups:
        return None
    price = amount(document["price"])
    values = {
        "customer_group": names.groups[group] if group else "",
        "from_quantity": int(document["from_quantity"] or 1),
        "price": None if price == OWN_PRICE else price,
        "reduction": amount(document["reduction"]),
        "reduction_type": document["reduction_type"] or "amount",
        "reduction_tax": document["reduction_tax"] == "1",
        "starts_at": moment(document["from"], names.time_zone),
        "ends_at": moment(document["to"], names.time_zone),
    }
    return IncomingPrice(int(document["id"]), int(document.get("id_product_attribute") or 0) or None, values)


def _by_id(document: Document) -> int:
    return int(document["id"])


def _values(document: Document, names: ShopNames) -> dict[str, Any]:
    group = int(document["id_tax_rules_group"] or 0)
    if group and group not in names.tax_rates:
        raise Unreadable(f"tax rules group {group} has no rate that can be read; name its rate in the shop's settings")
    maker = int(document["id_manufacturer"] or 0)
    return {
        **{name: amount(document[name]) for name in AMOUNTS},
        "tax_rate": names.tax_rates[group] if group else Decimal(0),
        "manufacturer": names.manufacturers.get(maker) if maker else None,
        "supplier_reference": nfc(document.get("supplier_reference") or "") or None,
        "minimal_quantity": int(document["minimal_quantity"] or 1),
        "condition": document["condition"] or "new",
        "visibility": document["visibility"] or "both",
        "active": document["active"] == "1",
    }


def texts_of(document: Document, fields: Iterable[str], languages: Mapping[int, str]) -> dict[str, dict[str, str]]:
    """{iso: {field: text}} of a document's texts, in the shop's order of languages; empty ones are left out."""
    return {
        iso: {field: nfc(text) for field in fields if (text := text_in(document.get(field), number))}
        for number, iso in sorted(languages.items())
    }


def text_in(value: Any, language: int) -> str:
    """A text field's text in one language: a shop of a single language may show it without a language node."""
    return str(value.get(language, "")) if isinstance(value, Mapping) else str(value or "")


def _categories(document: Document, names: ShopNames) -> tuple[int, ...]:
    entries = (document.get("associations") or {}).get("categories") or ()
    ids = {int(one["id"]) for one in entries} | {int(document["id_category_default"] or 0)}
    return tuple(sorted(number for number in ids if number in names.categories))


def _features(document: Document, names: ShopNames) -> tuple[tuple[Names, Names], ...]:
    entries = (document.get("associations") or {}).get("product_features") or ()
    pairs = [(names.features.get(int(one["id"])), names.feature_values.get(_value(one))) for one in entries]
    return tuple((feature, value) for feature, value in pairs if feature and value)


def _value(entry: Mapping[str, str]) -> int:
    return int(entry.get("id_feature_value") or 0)


def _images(document: Document) -> tuple[int, ...]:
    cover = int(document.get("id_default_image") or 0)
    ids = [int(one["id"]) for one in (document.get("associations") or {}).get("images") or ()]
    return tuple(sorted(ids, key=lambda number: number != cover))


def _option(value: int, names: ShopNames) -> tuple[Names, Names]:
    known = names.option_values.get(value)
    if known is None or known[0] not in names.options:
        raise Unreadable(f"a combination has the value {value}, which the shop does not have (any more)")
    return names.options[known[0]], known[1]


def amount(text: str) -> Decimal:
    """A decimal of the web service's, exact, without trailing zeros. Raises Unreadable."""
    try:
        found = Decimal(text or "0").quantize(Decimal("0.000001"))
    except InvalidOperation:
        raise Unreadable(f"{text!r} is not a number") from None
    whole = found.to_integral_value()
    return whole.quantize(Decimal(1)) if found == whole else found.normalize()
