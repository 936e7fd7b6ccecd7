"""Partial pushes, forced ones, locked fields, a shop's prices and languages; what a link says then."""

from decimal import Decimal

import pytest

from models import Combination, ItemStatus, ProductOverride
from models.catalogue import Product
from tests.factories import add_image, make_product, texts
from tests.pictures import png
from tests.unit.sync.content.conftest import Pusher
from tests.unit.sync.content.test_combinations import option


@pytest.fixture
def mug(push: Pusher) -> Pusher:
    with push.services.db.write() as session:
        product = make_product(session, "MUG", texts=texts("Mug", available_now="Here"), price=Decimal(10), quantity=5)
        add_image(session, push.services, product, png(1), "1.png")
    push.well()
    push.requests()
    return push


def change_everything(push: Pusher) -> None:
    def edit(product: Product) -> None:
        product.texts = texts("Cup", available_now="Soon", description="<p>New</p>")
        product.price, product.quantity, product.weight = Decimal(12), 9, Decimal(2)
        product.images = []

    push.change("MUG", edit)


def seen(push: Pusher) -> dict[str, object]:
    stored = push.stored("MUG")
    row = push.listed("stock_availables", id_product=stored["id"])[0]
    return {
        "name": stored["name"][1], "description": stored["description"][1], "available": stored["available_now"][1],
        "price": stored["price"], "weight": stored["weight"], "quantity": row["quantity"],
        "images": len(push.client.images.list("products", stored["id"])),
    }  # fmt: skip


BEFORE = {
    "name": "Mug", "description": "", "available": "Here", "price": "10.000000", "weight": "0.000000",
    "quantity": "5", "images": 1,
}  # fmt: skip
AFTER = {
    "name": "Cup", "description": "<p>New</p>", "available": "Soon", "price": "12.000000", "weight": "2.000000",
    "quantity": "9", "images": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "fields"),
    [
        ("texts", {"name", "description", "available"}),
        ("prices", {"price"}),
        ("stock", {"quantity"}),
        ("availability", {"available"}),
        ("images", {"images"}),
        ("full", set(AFTER)),
    ],
)
def test_a_mode_sends_its_own_fields_and_leaves_the_rest_for_later(mug: Pusher, mode: str, fields: set[str]) -> None:
    change_everything(mug)
    assert mug.well(mode=mode)["MUG"].outcome.status == ItemStatus.PUSHED  # type: ignore[union-attr]
    assert seen(mug) == {name: (AFTER if name in fields else BEFORE)[name] for name in AFTER}
    link = mug.link("MUG")
    whole = mode == "full"
    assert (link.sync_status, link.product_changed_at is not None) == (("synced" if whole else "pending"), whole)
    mug.requests()
    mug.well(mode=mode)
    assert mug.requests() == []
    mug.well()
    assert seen(mug) == AFTER
    link = mug.link("MUG")
    assert (link.sync_status, link.product_changed_at is not None) == ("synced", True)


def test_all_modes_together_are_a_full_push(mug: Pusher) -> None:
    change_everything(mug)
    mug.change("MUG", lambda product: setattr(product, "weight", Decimal(0)))
    for mode in ("texts", "prices", "stock", "images"):
        mug.well(mode=mode)
    link = mug.link("MUG")
    assert (link.sync_status, link.product_changed_at is not None) == ("synced", True)
    mug.requests()
    mug.well()
    assert mug.requests() == []


def test_a_partial_push_passes_over_what_is_not_in_the_shop(push: Pusher) -> None:
    with push.services.db.write() as session:
        make_product(session, "MUG")
    outcome = push(mode="prices")["MUG"].outcome
    assert outcome is not None
    assert outcome.status == ItemStatus.SKIPPED
    assert outcome.error == "the product is not in shop 'Cyan' yet; push it in full first"
    assert push.client.find_by_reference(["MUG"])["MUG"] == []
    assert (push.link("MUG").sync_status, push.link("MUG").error_message) == ("pending", None)
    assert push.link("MUG").retry_count == 0


def test_a_partial_push_does_not_create_again_what_was_deleted_there(mug: Pusher) -> None:
    mug.client.delete("products", mug.stored("MUG")["id"])
    change_everything(mug)
    outcome = mug(mode="prices")["MUG"].outcome
    assert outcome is not None
    assert outcome.status == ItemStatus.SKIPPED
    assert mug.client.find_by_reference(["MUG"])["MUG"] == []
    mug.well()
    assert seen(mug) == AFTER


def test_a_partial_push_does_not_hide_an_error(mug: Pusher) -> None:
    mug.change("MUG", lambda product: setattr(product, "tax_rate", Decimal(8)))
    assert mug()["MUG"].outcome.status == ItemStatus.REFUSED  # type: ignore[union-attr]
    mug.well(mode="texts")
    link = mug.link("MUG")
    assert link.sync_status == "error"
    assert "tax rules group" in (link.error_message or "")


def test_by_force_everything_is_sent_again(mug: Pusher) -> None:
    stored = mug.stored("MUG")
    mug.client.patch("products", stored["id"], {"price": 1, "name": {1: "Theirs", 2: "Theirs"}})
    mug.client.patch(
        "stock_availables", int(mug.listed("stock_availables", id_product=stored["id"])[0]["id"]), {"quantity": 77}
    )
    mug.well()
    assert seen(mug)["price"] == "1.000000"
    mug.well(force=True)
    assert seen(mug) == BEFORE


def test_by_force_a_mode_stays_a_mode(mug: Pusher) -> None:
    mug.client.patch("products", mug.stored("MUG")["id"], {"price": 1, "name": {1: "Theirs", 2: "Theirs"}})
    mug.well(mode="prices", force=True)
    assert (seen(mug)["price"], seen(mug)["name"]) == ("10.000000", "Theirs")
    assert mug.link("MUG").sync_status == "synced"


def test_prices_of_combinations_go_with_the_prices_and_stock_with_the_stock(push: Pusher) -> None:
    with push.services.db.write() as session:
        one = Combination(sku="MUG-S", options=option("S9"), price=Decimal(1), quantity=2, weight=Decimal(1))
        make_product(session, "MUG", combinations=[one])
    push.well()

    def edit(product: Product) -> None:
        (combination,) = product.combinations
        combination.price, combination.quantity, combination.weight = Decimal(3), 8, Decimal(5)

    def there() -> tuple[str, str, str]:
        (found,) = push.listed("combinations", id_product=push.stored("MUG")["id"])
        (row,) = push.listed("stock_availables", id_product_attribute=found["id"])
        return found["price"], row["quantity"], found["weight"]

    push.change("MUG", edit)
    push.well(mode="prices")
    assert there() == ("3.000000", "2", "1.000000")
    assert push.link("MUG").sync_status == "pending"
    push.well(mode="stock")
    assert there() == ("3.000000", "8", "1.000000")
    push.well()
    assert there() == ("3.000000", "8", "5.000000")
    assert push.link("MUG").sync_status == "synced"


def lock(push: Pusher, *names: str) -> None:
    def edit(product: Product) -> None:
        row = product.overrides[0] if product.overrides else ProductOverride(shop_id=push.shop_id, fields={})
        row.locked = list(names)
        product.overrides = [row]

    push.change("MUG", edit)


@pytest.mark.parametrize("force", [False, True])
def test_a_locked_field_is_never_sent(mug: Pusher, force: bool) -> None:
    lock(mug, "name", "price")
    mug.set(locked_fields=["quantity", "images"])
    change_everything(mug)
    mug.well(force=force)
    kept = {"name", "price", "quantity", "images"}
    assert seen(mug) == {name: (BEFORE if name in kept else AFTER)[name] for name in AFTER}
    mug.requests()
    mug.well()
    assert mug.requests() == []


def test_what_is_unlocked_is_sent_again(mug: Pusher) -> None:
    lock(mug, "price")
    mug.well()
    mug.client.patch("products", mug.stored("MUG")["id"], {"price": 99})
    mug.well()
    assert seen(mug)["price"] == "99.000000"
    lock(mug)
    mug.well()
    assert seen(mug)["price"] == "10.000000"


def test_a_new_product_gets_of_its_locked_fields_what_prestashop_needs(push: Pusher) -> None:
    push.set(locked_fields=["name", "price", "tax_rate", "minimal_quantity", "categories", "description", "active"])
    with push.services.db.write() as session:
        make_product(
            session, "MUG", texts=texts("Mug", description="<p>x</p>"), tax_rate=Decimal(23), minimal_quantity=3
        )
    push.well()
    stored = push.stored("MUG")
    assert (stored["name"][1], stored["price"], stored["id_tax_rules_group"]) == ("Mug", "19.900000", "1")
    assert (stored["minimal_quantity"], stored["id_category_default"]) == ("3", "2")
    assert (stored["description"][1], stored["active"]) == ("", "0")
    push.change("MUG", lambda product: setattr(product, "price", Decimal(1)))
    push.well()
    assert push.stored("MUG")["price"] == "19.900000"


def test_a_locked_field_that_cannot_be_made_is_no_reason_to_refuse(mug: Pusher) -> None:
    mug.set(locked_fields=["tax_rate"])
    mug.change("MUG", lambda product: setattr(product, "tax_rate", Decimal(8)))
    mug.change("MUG", lambda product: setattr(product, "price", Decimal(3)))
    mug.well()
    assert seen(mug)["price"] == "3.000000"


def test_all_fields_of_a_product_arrive(push: Pusher) -> None:
    with push.services.db.write() as session:
        make_product(
            session, "MUG", supplier_reference="V-77", minimal_quantity=6, condition="refurbished", visibility="search",
            weight=Decimal("0.5"), width=Decimal(1), height=Decimal(2), depth=Decimal(3), ean="5901234123457",
            texts=texts("Mug", meta_title="T", meta_description="D", description_short="<p>S</p>", link_rewrite="a-mug",
                        available_now="Now", available_later="Later"),
        )  # fmt: skip
    push.well()
    stored = push.stored("MUG")
    expected = {
        "supplier_reference": "V-77", "minimal_quantity": "6", "condition": "refurbished", "visibility": "search",
        "weight": "0.500000", "width": "1.000000", "height": "2.000000", "depth": "3.000000", "ean13": "5901234123457",
        "meta_title": {1: "T", 2: "T (pl)"}, "meta_description": {1: "D", 2: "D (pl)"},
        "description_short": {1: "<p>S</p>", 2: "<p>S</p> (pl)"}, "link_rewrite": {1: "a-mug", 2: "a-mug-pl"},
        "available_now": {1: "Now", 2: "Now (pl)"}, "available_later": {1: "Later", 2: "Later (pl)"},
    }  # fmt: skip
    assert {name: stored[name] for name in expected} == expected


def test_a_shop_has_its_own_prices_and_an_override_is_taken_as_it_is(push: Pusher) -> None:
    push.set(price_factor=Decimal("1.1"), price_rounding=".99")
    with push.services.db.write() as session:
        make_product(session, "A", price=Decimal(10))
        override = ProductOverride(shop_id=push.shop_id, fields={"price": "7.123"})
        make_product(session, "B", price=Decimal(10), overrides=[override])
    push.well()
    assert (push.stored("A")["price"], push.stored("B")["price"]) == ("10.990000", "7.123000")


def test_missing_texts_come_from_the_fallback_language(push: Pusher) -> None:
    push.set(languages={"en": 1, "pl": 2}, fallback_languages=["de", "cs"])
    with push.services.db.write() as session:
        said = {"cs": {"name": "Hrnek"}, "de": {"name": "Tasse"}, "pl": {"name": "Kubek"}}
        make_product(session, "MUG", texts=said)
    push.well()
    assert push.stored("MUG")["name"] == {1: "Tasse", 2: "Kubek"}
    assert push.stored("MUG")["link_rewrite"] == {1: "tasse", 2: "kubek"}
