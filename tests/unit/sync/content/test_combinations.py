"""Combinations in a shop: found, not doubled; changed, removed; their stock."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, select

from models import Combination, CombinationLink, ItemStatus, MappingType, Product, ShopMapping
from sync.strategies.work import Work
from tests.factories import add_image, make_product
from tests.pictures import png
from tests.unit.sync.content.conftest import Pusher

SIZE = {"en": "Dimension of shirt", "pl": "Wymiar koszuli"}


def option(value: str, name: dict[str, str] = SIZE) -> list[dict[str, dict[str, str]]]:
    return [{"option": name, "value": {"en": value, "pl": f"{value} pl"}}]


def shirt(sku: str = "SHIRT", values: tuple[str, ...] = ("S9", "M9", "L9"), **more: object) -> dict[str, object]:
    combinations = [
        Combination(sku=f"{sku}-{value}", options=option(value), quantity=number + 1, position=number)
        for number, value in enumerate(values)
    ]
    return {"combinations": combinations, **more}


@pytest.fixture
def pushed_shirt(push: Pusher) -> Pusher:
    with push.services.db.write() as session:
        make_product(session, "SHIRT", **shirt(price=Decimal(20)))
    push.well()
    push.requests()
    return push


def combinations(push: Pusher, sku: str = "SHIRT") -> dict[str, dict[str, Any]]:
    found = push.listed("combinations", id_product=push.stored(sku)["id"])
    return {str(one["reference"]): one for one in found}


def quantities(push: Pusher, sku: str = "SHIRT") -> dict[int, int]:
    rows = push.listed("stock_availables", id_product=push.stored(sku)["id"])
    return {int(row["id_product_attribute"]): int(row["quantity"]) for row in rows}


def status_of(work: Work) -> str:
    assert work.outcome is not None
    return work.outcome.status


def edit(push: Pusher, sku: str, **values: object) -> None:
    """Change one combination."""

    def apply(product: Product) -> None:
        one = next(one for one in product.combinations if one.sku == sku)
        for name, value in values.items():
            setattr(one, name, value)

    push.change("SHIRT", apply)


def test_all_of_a_combination_arrives(push: Pusher) -> None:
    with push.services.db.write() as session:
        product = make_product(session, "SHIRT", price=Decimal(20))
        red, blue = (add_image(session, push.services, product, png(number), f"{number}.png") for number in (1, 2))
        colour = {"option": {"en": "Tint", "pl": "Odcień"}, "value": {"en": "Ruby", "pl": "Rubin"}}
        product.combinations = [
            Combination(
                sku="SHIRT-S", ean="5901234123457", supplier_reference="V-1", options=[*option("S9"), colour],
                price=Decimal("2.5"), weight=Decimal("0.1"), quantity=3, minimal_quantity=2, images=[red.sha256],
            ),
            Combination(
                sku="SHIRT-M", options=[*option("M9"), colour], price=Decimal(-1), quantity=4, is_default=True,
                images=[blue.sha256, red.sha256], position=1,
            ),
        ]  # fmt: skip
    push.well()
    small, medium = (combinations(push)[sku] for sku in ("SHIRT-S", "SHIRT-M"))
    assert (small["ean13"], small["supplier_reference"], small["minimal_quantity"]) == ("5901234123457", "V-1", "2")
    assert (small["price"], small["weight"], medium["price"]) == ("2.500000", "0.100000", "-1.000000")
    assert (small["default_on"], medium["default_on"]) == ("", "1")
    images = push.link("SHIRT").images
    assert [int(one["id"]) for one in small["associations"]["images"]] == [images[red.sha256]]
    assert {int(one["id"]) for one in medium["associations"]["images"]} == set(images.values())
    names = [
        push.client.get("product_option_values", int(one["id"]))["name"]
        for one in small["associations"]["product_option_values"]
    ]
    assert names == [{1: "S9", 2: "S9 pl"}, {1: "Ruby", 2: "Rubin"}]
    assert quantities(push) == {0: 7, small["id"]: 3, medium["id"]: 4}
    stored = push.stored("SHIRT")
    assert (stored["product_type"], int(stored["id_default_combination"])) == ("combinations", medium["id"])


def test_a_second_push_asks_nothing(pushed_shirt: Pusher) -> None:
    works = pushed_shirt.well()
    assert status_of(works["SHIRT"]) == ItemStatus.UNCHANGED
    assert pushed_shirt.requests() == []


def test_options_and_values_are_made_once_for_all_products(push: Pusher) -> None:
    options, values = len(push.listed("product_options")), len(push.listed("product_option_values"))
    with push.services.db.write() as session:
        for number in range(30):
            make_product(session, f"S{number}", **shirt(f"S{number}"))
    push.requests()
    push.well()
    assert len(push.listed("product_options")) == options + 1
    assert len(push.listed("product_option_values")) == values + 3
    assert len(push.listed("combinations", id_product=push.stored("S7")["id"])) == 3


def test_requests_of_a_create_with_combinations_grow_with_batches_not_products(push: Pusher) -> None:
    with push.services.db.write() as session:
        for number in range(50):
            make_product(session, f"S{number}", **shirt(f"S{number}", ("S9", "M9")))
    push.well("S0")  # options and values are there now
    push.requests()
    push.well()
    requests = push.requests()
    assert requests.count("POST combinations") == 2
    assert requests.count("PATCH stock_availables") == 1
    assert len(requests) <= 12, requests


def test_options_are_found_in_any_language(push: Pusher) -> None:
    made = push.client.create(
        "product_options",
        {"name": {1: "Schnitt", 2: "Krój"}, "public_name": {1: "Schnitt", 2: "Krój"}, "group_type": "radio"},
    )
    push.client.create("product_option_values", {"id_attribute_group": made["id"], "name": {1: "eng", 2: "wąski"}})
    with push.services.db.write() as session:
        polish = [{"option": {"pl": "Krój"}, "value": {"pl": "wąski"}}]
        english = [{"option": {"en": "Schnitt", "pl": "Krój"}, "value": {"en": "eng", "pl": "x"}}]
        make_product(session, "A", combinations=[Combination(options=polish)])
        make_product(session, "B", combinations=[Combination(options=english)])
    options = len(push.listed("product_options"))
    push.well()
    assert len(push.listed("product_options")) == options
    assert len(push.listed("product_option_values", id_attribute_group=made["id"])) == 1


def test_combinations_that_the_shop_has_are_found_by_values_then_by_reference(push: Pusher) -> None:
    with push.services.db.write() as session:
        make_product(
            session, "OTHER", combinations=[Combination(options=option("S9")), Combination(options=option("M9"))]
        )
    push.well()
    values = {one["name"][1]: int(one["id"]) for one in push.listed("product_option_values", name=["S9", "M9"])}
    product = push.client.create(
        "products", {"name": {1: "Shirt", 2: "Shirt"}, "price": 1, "reference": "SHIRT", "state": 1}
    )
    by_values = push.client.create(
        "combinations",
        {"id_product": product["id"], "minimal_quantity": 1, "reference": "theirs",
         "associations": {"product_option_values": [{"id": values["S9"]}]}},
    )  # fmt: skip
    by_reference = push.client.create(
        "combinations", {"id_product": product["id"], "minimal_quantity": 1, "reference": "SHIRT-M9"}
    )
    with push.services.db.write() as session:
        make_product(session, "SHIRT", **shirt())
    push.well("SHIRT")
    found = combinations(push)
    assert len(found) == 3
    assert found["SHIRT-S9"]["id"] == by_values["id"]
    assert found["SHIRT-M9"]["id"] == by_reference["id"]
    assert [int(one["id"]) for one in found["SHIRT-M9"]["associations"]["product_option_values"]] == [values["M9"]]


def test_a_changed_combination_is_patched_and_nothing_else(pushed_shirt: Pusher) -> None:
    edit(pushed_shirt, "SHIRT-M9", price=Decimal(3), quantity=9)
    pushed_shirt.well()
    assert "POST combinations" not in pushed_shirt.requests()
    found = combinations(pushed_shirt)
    assert found["SHIRT-M9"]["price"] == "3.000000"
    assert quantities(pushed_shirt)[int(found["SHIRT-M9"]["id"])] == 9
    assert quantities(pushed_shirt)[0] == 1 + 9 + 3


def test_the_default_moves(pushed_shirt: Pusher) -> None:
    edit(pushed_shirt, "SHIRT-L9", is_default=True)
    pushed_shirt.well()
    found = combinations(pushed_shirt)
    assert {sku: one["default_on"] for sku, one in found.items()} == {"SHIRT-S9": "", "SHIRT-M9": "", "SHIRT-L9": "1"}


def test_a_removed_combination_goes_if_we_made_it(pushed_shirt: Pusher) -> None:
    pushed_shirt.change("SHIRT", lambda product: product.combinations.pop(0))
    pushed_shirt.well()
    assert set(combinations(pushed_shirt)) == {"SHIRT-M9", "SHIRT-L9"}
    assert quantities(pushed_shirt)[0] == 2 + 3


def test_a_removed_combination_that_was_found_there_stays(push: Pusher) -> None:
    product = push.client.create(
        "products", {"name": {1: "Shirt", 2: "Shirt"}, "price": 1, "reference": "SHIRT", "state": 1}
    )
    push.client.create("combinations", {"id_product": product["id"], "minimal_quantity": 1, "reference": "SHIRT-S9"})
    with push.services.db.write() as session:
        make_product(session, "SHIRT", **shirt())
    push.well()
    push.change("SHIRT", lambda product: product.combinations.pop(0))
    push.well()
    assert set(combinations(push)) == {"SHIRT-S9", "SHIRT-M9", "SHIRT-L9"}
    with push.services.db.read() as session:
        assert len(session.scalars(select(CombinationLink)).all()) == 2


def test_combinations_that_are_replaced_by_equal_ones_keep_their_ids(pushed_shirt: Pusher) -> None:
    before = {sku: one["id"] for sku, one in combinations(pushed_shirt).items()}

    def replace(product: Product) -> None:
        product.combinations = []

    with pushed_shirt.services.db.write() as session:
        session.execute(delete(Combination))
    pushed_shirt.change("SHIRT", lambda product: setattr(product, "combinations", shirt()["combinations"]))
    pushed_shirt.well()
    assert {sku: one["id"] for sku, one in combinations(pushed_shirt).items()} == before


def test_without_combinations_a_product_has_its_own_stock_again(pushed_shirt: Pusher) -> None:
    pushed_shirt.change("SHIRT", lambda product: setattr(product, "combinations", []))
    pushed_shirt.well()
    pushed_shirt.well()
    assert combinations(pushed_shirt) == {}
    assert pushed_shirt.stored("SHIRT")["product_type"] == "standard"
    assert quantities(pushed_shirt) == {0: 5}


def test_a_combination_that_was_deleted_in_the_shop_is_made_again(pushed_shirt: Pusher) -> None:
    pushed_shirt.client.delete("combinations", int(combinations(pushed_shirt)["SHIRT-M9"]["id"]))
    edit(pushed_shirt, "SHIRT-M9", price=Decimal(3))
    assert status_of(pushed_shirt()["SHIRT"]) == ItemStatus.RETRY
    pushed_shirt.well()
    assert combinations(pushed_shirt)["SHIRT-M9"]["price"] == "3.000000"
    assert len(combinations(pushed_shirt)) == 3


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ([option("S9"), option("S9")], "is there twice"),
        ([[]], "no option and value"),
        ([[*option("S9"), *option("M9")]], "an option twice"),
    ],
)
def test_combinations_that_cannot_be_told_apart_are_refused(
    push: Pusher, options: list[list[dict[str, dict[str, str]]]], reason: str
) -> None:
    with push.services.db.write() as session:
        make_product(session, "SHIRT", combinations=[Combination(options=each) for each in options])
    outcome = push()["SHIRT"].outcome
    assert outcome is not None
    assert outcome.status == ItemStatus.REFUSED
    assert reason in (outcome.error or "")
    assert push.stored("SHIRT")["name"][1] == "Product SHIRT"


def test_what_a_combination_adds_follows_the_price_rule(push: Pusher) -> None:
    push.set(price_factor=Decimal("1.1"), price_rounding=".99")
    with push.services.db.write() as session:
        make_product(
            session,
            "SHIRT",
            price=Decimal(20),
            combinations=[Combination(sku="X", options=option("S9"), price=Decimal(5))],
        )
    push.well()
    price = Decimal(push.stored("SHIRT")["price"]) + Decimal(str(combinations(push)["X"]["price"]))
    assert (push.stored("SHIRT")["price"], price) == ("21.990000", Decimal("27.990000"))


def test_the_stock_of_a_product_with_combinations_of_the_shop_is_left_alone(push: Pusher) -> None:
    product = push.client.create(
        "products", {"name": {1: "Shirt", 2: "Shirt"}, "price": 1, "reference": "SHIRT", "state": 1}
    )
    made = push.client.create("combinations", {"id_product": product["id"], "minimal_quantity": 1})
    (row,) = push.listed("stock_availables", id_product_attribute=made["id"])
    push.client.patch("stock_availables", int(row["id"]), {"quantity": 8})
    with push.services.db.write() as session:
        make_product(session, "SHIRT", quantity=3)
    outcome = push()["SHIRT"].outcome
    assert outcome is not None
    assert outcome.status == ItemStatus.PUSHED
    assert "its stock was left alone" in (outcome.error or "")
    assert quantities(push) == {0: 8, made["id"]: 8}
    assert push.link("SHIRT").sync_status == "error"


def test_every_name_of_an_option_is_kept(pushed_shirt: Pusher) -> None:
    with pushed_shirt.services.db.read() as session:
        kept = session.scalars(select(ShopMapping).where(ShopMapping.mapping_type == MappingType.OPTION)).all()
    assert {one.local_key for one in kept} == {"Dimension of shirt", "Wymiar koszuli"}
    assert len({one.external_id for one in kept}) == 1
