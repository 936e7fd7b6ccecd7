"""PrestaShop documents as catalogue values, and back: what comes from a shop says the same when it goes there again."""

from decimal import Decimal
from typing import Any

import pytest

from models import Category, Combination, Product, Shop
from sync.intake.bindings import feature_of
from sync.intake.build import fill_combination, new_product, usable_skus
from sync.intake.names import ShopNames
from sync.intake.read import Unreadable, amount, read_price, read_product
from sync.transform.combination import combination_document
from sync.transform.prices import PriceRule
from sync.transform.product import ShopFacts, product_document
from sync.transform.remote import canonical, picked, same
from sync.transform.snapshot import snapshot

DOCUMENT: dict[str, Any] = {
    "id": 17, "reference": "MUG-1", "supplier_reference": "S 1", "ean13": "5901234123457", "price": "12.900000",
    "weight": "0.300000", "width": "0.000000", "height": "9.500000", "depth": "8.200000", "id_tax_rules_group": "1",
    "id_manufacturer": "2", "id_category_default": "8", "id_default_image": "6", "active": "1",
    "minimal_quantity": "3", "condition": "used", "visibility": "catalog", "state": "1",
    "date_upd": "2026-07-01 12:00:00",
    "name": {1: "Mug", 2: "Kubek z\u0307"}, "description": {1: "<p>a &amp; b</p>", 2: ""},
    "description_short": {1: "", 2: ""}, "link_rewrite": {1: "mug", 2: "kubek"}, "meta_title": {1: "M", 2: "K"},
    "meta_description": {1: "", 2: ""}, "available_now": {1: "now", 2: "teraz"}, "available_later": {1: "", 2: ""},
    "associations": {
        "categories": [{"id": "2"}, {"id": "6"}, {"id": "8"}],
        "images": [{"id": "5"}, {"id": "6"}],
        "product_features": [{"id": "1", "id_feature_value": "3"}],
    },
}  # fmt: skip
STOCK = [
    {"id": "9", "id_product": "17", "id_product_attribute": "0", "id_shop": "1", "quantity": "-4"},
    {"id": "10", "id_product": "17", "id_product_attribute": "40", "id_shop": "1", "quantity": "7"},
]
COMBINATION: dict[str, Any] = {
    "id": 40, "id_product": "17", "reference": "MUG-1-L", "ean13": "", "supplier_reference": "", "price": "-1.500000",
    "weight": "0.100000", "minimal_quantity": "1", "default_on": "1",
    "associations": {"product_option_values": [{"id": "4"}, {"id": "31"}], "images": [{"id": "5"}]},
}  # fmt: skip


def names(**more: Any) -> ShopNames:
    known: dict[str, Any] = {
        "languages": {1: "en", 2: "pl"}, "id_shop": 1, "time_zone": "Europe/Warsaw", "tax_rates": {1: Decimal(23)},
        "categories": {6: {}, 8: {}}, "manufacturers": {2: "Żółw"}, "features": {1: {"en": "Material"}},
        "feature_values": {3: {"en": "clay"}}, "options": {1: {"en": "Size"}, 2: {"en": "Colour"}},
        "option_values": {4: (1, {"en": "L"}), 31: (2, {"en": "blue"})}, "groups": {3: "Customer"},
    }  # fmt: skip
    return ShopNames(**{**known, **more})


def shop(**values: Any) -> Shop:
    given: dict[str, Any] = {
        "id": 1, "name": "Cyan", "languages": {"en": 1, "pl": 2}, "tax_rules_groups": {"23": 1}, "home_category_id": 2,
        "price_factor": Decimal(1), "price_rounding": "", "fallback_languages": [], "locked_fields": [],
    }  # fmt: skip
    return Shop(**{**given, **values})


def test_a_product_in_the_catalogue_s_words() -> None:
    found = read_product(DOCUMENT, names(), STOCK)
    assert (found.external_id, found.reference, found.ean) == (17, "MUG-1", "5901234123457")
    assert found.values == {
        "price": Decimal("12.9"), "weight": Decimal("0.3"), "width": Decimal(0), "height": Decimal("9.5"),
        "depth": Decimal("8.2"), "tax_rate": Decimal(23), "manufacturer": "Żółw", "supplier_reference": "S 1",
        "minimal_quantity": 3, "condition": "used", "visibility": "catalog", "active": True,
    }  # fmt: skip
    assert found.texts["pl"] == {
        "name": "Kubek ż", "link_rewrite": "kubek", "meta_title": "K", "available_now": "teraz",
    }  # fmt: skip
    assert (found.default_category, found.categories) == (8, (6, 8))
    assert found.images == (6, 5)
    assert (found.quantity, found.stock_available_id) == (-4, 9)
    assert found.changed_at is not None
    assert found.changed_at.isoformat() == "2026-07-01T10:00:00+00:00"


def test_what_was_read_says_the_same_when_it_is_sent() -> None:
    incoming = read_product(DOCUMENT, names(), STOCK)
    categories = {6: Category(id=60), 8: Category(id=80)}
    product = new_product(incoming, "MUG-1", categories, PriceRule(), 1)
    facts = ShopFacts.of(shop()).knowing({60: 6, 80: 8}, {"Żółw": 2})
    features = {feature_of(pair): (1, 3) for pair in incoming.features}
    document = product_document(snapshot(product, 1), ShopFacts(**{**_fields(facts), "features": features}))
    theirs, ours = picked(DOCUMENT, document), canonical(document)
    apart = {name for name in ours if same(name, ours[name], theirs[name]) is False}
    # The home category has no place in the catalogue; a language without a text of its own gets another's.
    assert apart == {"associations.categories", "description"}


def _fields(facts: ShopFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in facts.__slots__}


def test_a_combination_says_the_same_when_it_is_sent() -> None:
    incoming = read_product(DOCUMENT, names(), STOCK, [COMBINATION])
    (one,) = incoming.combinations
    assert (one.quantity, one.stock_available_id, one.images) == (7, 10, (5,))
    product = new_product(incoming, "MUG-1", {}, PriceRule(), 1)
    row = Combination(id=1, images=[])
    assert fill_combination(row, one, 0, one.reference)
    assert not fill_combination(row, one, 0, one.reference)
    product.combinations = [row]
    shot = snapshot(product, 1)
    document = combination_document(shot, shot.variants[0], ShopFacts.of(shop()), one.values, None)
    ours, theirs = canonical(document), picked(COMBINATION, document)
    assert {name for name in ours if same(name, ours[name], theirs[name]) is False} == set()


@pytest.mark.parametrize(
    ("factor", "rounding", "own"), [("1", "", False), ("1.1", "", False), ("2", "", False), ("1.1", ".99", True)]
)
def test_a_price_becomes_the_one_of_which_the_shop_s_rule_makes_it(factor: str, rounding: str, own: bool) -> None:
    incoming = read_product(DOCUMENT, names())
    rule = PriceRule(Decimal(factor), rounding)
    product = new_product(incoming, "MUG-1", {}, rule, 1)
    facts = ShopFacts.of(shop(price_factor=Decimal(factor), price_rounding=rounding)).knowing({}, {"Żółw": 2})
    document = product_document(snapshot(product, 1), facts, {})
    assert document["price"] == Decimal("12.9")
    assert bool(product.overrides) is own


@pytest.mark.parametrize(
    ("fields", "known", "reason"),
    [
        ({"id_tax_rules_group": "7"}, {}, "tax rules group 7"),
        ({"price": "abc"}, {}, "'abc' is not a number"),
    ],
)
def test_what_cannot_be_said_is_refused_with_its_reason(
    fields: dict[str, Any], known: dict[str, Any], reason: str
) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_product({**DOCUMENT, **fields}, names(**known))


def test_dangling_references_are_left_out() -> None:
    gone = names(manufacturers={}, feature_values={}, categories={6: {}})
    found = read_product(DOCUMENT, gone)
    assert (found.values["manufacturer"], found.features) == (None, ())
    assert (found.default_category, found.categories) == (6, (6,))
    with pytest.raises(Unreadable, match="the value 4"):
        read_product(DOCUMENT, names(option_values={}), (), [COMBINATION])


PRICE = {
    "id": 1, "id_product": "17", "id_product_attribute": "0", "id_shop": "0", "id_cart": "0", "id_customer": "0",
    "id_country": "0", "id_currency": "0", "id_group": "3", "price": "-1.000000", "from_quantity": "5",
    "reduction": "0.100000", "reduction_type": "percentage", "reduction_tax": "1", "from": "0000-00-00 00:00:00",
    "to": "2026-01-01 00:00:00",
}  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        ({}, True), ({"id_shop": "1"}, True), ({"id_group": "0"}, True), ({"id_shop": "2"}, False),
        ({"id_customer": "4"}, False), ({"id_cart": "4"}, False), ({"id_country": "4"}, False),
        ({"id_currency": "1"}, False), ({"id_group": "9"}, False), ({"id_specific_price_rule": "2"}, False),
    ],
)  # fmt: skip
def test_only_prices_that_the_catalogue_has_a_word_for(fields: dict[str, str], read: bool) -> None:
    assert (read_price({**PRICE, **fields}, names()) is not None) is read


def test_a_price_of_minus_one_is_the_product_s_own() -> None:
    found = read_price(PRICE, names())
    assert found is not None
    assert (found.values["price"], found.values["customer_group"], found.values["starts_at"]) == (
        None,
        "Customer",
        None,
    )
    assert found.values["ends_at"].isoformat() == "2025-12-31T23:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "value"), [("12.900000", "12.9"), ("100.000000", "100"), ("", "0"), ("0.000001", "0.000001")]
)
def test_amounts_are_exact_and_plain(text: str, value: str) -> None:
    assert str(amount(text)) == value


def test_the_stock_of_this_shop_counts() -> None:
    rows = [
        {**STOCK[0], "id": "1", "id_shop": "2", "quantity": "50"},
        {**STOCK[0], "id": "2", "id_shop": "0"},
        STOCK[0],
    ]
    assert read_product(DOCUMENT, names(), rows).stock_available_id == 9
    assert read_product(DOCUMENT, names(id_shop=2), rows).quantity == 50
    assert read_product(DOCUMENT, names(id_shop=3), rows).stock_available_id == 2


def test_a_reference_of_two_combinations_is_nobody_s_sku() -> None:
    one = read_product(DOCUMENT, names(), (), [COMBINATION, {**COMBINATION, "id": 41}]).combinations
    assert usable_skus(one, ()) == {40: None, 41: None}
    assert usable_skus(one[:1], ()) == {40: "MUG-1-L"}
    assert usable_skus(one[:1], {"MUG-1-L"}) == {40: None}
    assert isinstance(new_product(read_product(DOCUMENT, names()), "X", {}, PriceRule(), 1), Product)
