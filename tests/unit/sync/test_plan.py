"""What is to be done with a product in a shop, as tables: what we say, what we said last -> what to send."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from models import ProductSyncStatus
from sync.errors import Refusal
from sync.fingerprint import Marks, field_marks, fingerprint
from sync.modes import MODES
from sync.plan import FOREIGN_IMAGES, ImagePlan, Wish, marks_after, plan_images, plan_product
from sync.transform.product import Image, ShopFacts, Snapshot, Variant, product_document

SHOP = ShopFacts("Cyan", {"en": 1, "pl": 2}, {"23": 1, "5.5": 4}, 2, {10: 100, 11: 110}, {"Acme": 7})
PRODUCT = Snapshot(
    id=1, sku="MUG-1", ean="5901234123457", texts={"en": {"name": "Mug"}, "pl": {"name": "Kubek"}},
    price=Decimal("10.500000"), tax_rate=Decimal(23), weight=Decimal("0.3"), width=Decimal(0), height=Decimal(0),
    depth=Decimal(0), manufacturer="Acme", default_category_id=11, category_ids=(10, 11), active=True, quantity=4,
    images=(), changed_at=datetime(2026, 1, 1, tzinfo=UTC),
)  # fmt: skip


def link(**values: object) -> ProductSyncStatus:
    return ProductSyncStatus(**{"product_id": 1, "shop_id": 1, "sent": {}, "images": {}, **values})


def sent_before(product: Snapshot = PRODUCT) -> ProductSyncStatus:
    document = product_document(product, SHOP)
    return link(
        external_id=9, sent=field_marks(document), fingerprint=fingerprint(document), quantity_sent=product.quantity
    )


def test_a_document_says_all_that_prestashop_needs() -> None:
    document = product_document(PRODUCT, SHOP)
    assert document["reference"] == "MUG-1"
    assert document["name"] == {1: "Mug", 2: "Kubek"}
    assert document["link_rewrite"] == {1: "mug", 2: "kubek"}
    assert document["id_tax_rules_group"] == 1
    assert document["id_manufacturer"] == 7
    assert document["id_category_default"] == 110
    assert document["associations"] == {"categories": [{"id": 100}, {"id": 110}]}
    assert not {"quantity", "manufacturer_name", "position_in_category"} & document.keys()


def test_a_language_without_a_text_gets_the_first_there_is() -> None:
    product = replace(PRODUCT, texts={"en": {"name": "Mug", "description": "<p>Round</p>"}})
    document = product_document(product, SHOP)
    assert document["name"] == {1: "Mug", 2: "Mug"}
    assert document["description"] == {1: "<p>Round</p>", 2: "<p>Round</p>"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tax_rate": Decimal(8)}, "tax_rate"),
        ({"manufacturer": "Nobody"}, "manufacturer"),
        ({"default_category_id": 12}, "category"),
        ({"texts": {"en": {"description": "x"}}}, "name"),
    ],
)
def test_what_the_shop_lacks_is_refused_by_field(change: dict[str, object], field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        product_document(replace(PRODUCT, **change), SHOP)  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_a_shop_whose_languages_are_unknown_is_refused() -> None:
    with pytest.raises(Refusal, match="test its connection"):
        product_document(PRODUCT, replace(SHOP, languages={}))


def test_a_product_without_a_category_goes_home() -> None:
    document = product_document(replace(PRODUCT, category_ids=(), default_category_id=None), SHOP)
    assert document["id_category_default"] == 2
    assert document["associations"] == {"categories": [{"id": 2}]}


def test_a_new_product_is_made_visible_and_for_sale() -> None:
    plan = plan_product(PRODUCT, product_document(PRODUCT, SHOP), link())
    assert plan.create
    assert plan.quantity == 4
    assert {
        "state": 1,
        "show_price": 1,
        "available_for_order": 1,
        "minimal_quantity": 1,
    }.items() <= plan.document.items()


def test_nothing_is_sent_when_nothing_changed() -> None:
    assert not plan_product(PRODUCT, product_document(PRODUCT, SHOP), sent_before())


@pytest.mark.parametrize(
    ("change", "fields", "quantity"),
    [
        ({"price": Decimal(11)}, {"price"}, None),
        ({"quantity": 0}, set(), 0),
        ({"active": False}, {"active"}, None),
        ({"default_category_id": 10}, {"id_category_default", "associations"}, None),
        ({"texts": {"en": {"name": "Cup"}, "pl": {"name": "Kubek"}}}, {"name", "link_rewrite"}, None),
    ],
)
def test_only_what_changed_is_sent(change: dict[str, object], fields: set[str], quantity: int | None) -> None:
    product = replace(PRODUCT, **change)  # type: ignore[arg-type]
    plan = plan_product(product, product_document(product, SHOP), sent_before())
    assert not plan.create
    assert plan.document.keys() == fields
    assert plan.quantity == quantity


def test_texts_are_always_sent_in_all_languages() -> None:
    product = replace(PRODUCT, texts={"en": {"name": "Cup"}, "pl": {"name": "Kubek"}})
    plan = plan_product(product, product_document(product, SHOP), sent_before())
    assert plan.document["name"] == {1: "Cup", 2: "Kubek"}


def test_amounts_that_are_equal_have_one_fingerprint() -> None:
    assert fingerprint({"price": Decimal("10.500000")}) == fingerprint({"price": Decimal("10.5")})
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})


A, B, C = (Image(letter * 64, f"{letter}.jpg") for letter in "abc")


@pytest.mark.parametrize(
    ("wanted", "present", "plan"),
    [
        ((), {}, ImagePlan()),
        ((A, B), {}, ImagePlan(upload=(A, B))),
        ((A, B), {A.sha256: 1, B.sha256: 2}, ImagePlan()),
        ((A, C), {A.sha256: 1, B.sha256: 2}, ImagePlan(upload=(C,), delete=(2,))),
        ((B, A), {A.sha256: 1, B.sha256: 2}, ImagePlan(set_cover=True)),
        ((B,), {A.sha256: 1}, ImagePlan(upload=(B,), delete=(1,), set_cover=True)),
        ((A,), {FOREIGN_IMAGES: 0}, ImagePlan()),
    ],
)
def test_images_are_sent_by_content(wanted: tuple[Image, ...], present: dict[str, int], plan: ImagePlan) -> None:
    assert plan_images(wanted, present) == plan


@pytest.mark.parametrize(
    ("wanted", "present", "upload", "delete"),
    [
        ((A, C, B), {A.sha256: 1, B.sha256: 2}, (C, B), (2,)),
        ((C, A, B), {A.sha256: 1, B.sha256: 2}, (C,), ()),
        ((A, C, B), {A.sha256: 1, B.sha256: 2, C.sha256: 3}, (B,), (2,)),
        ((C, A, B), {A.sha256: 1, B.sha256: 2, C.sha256: 3}, (), ()),
    ],
)
def test_what_stands_behind_a_new_or_moved_image_comes_again(
    wanted: tuple[Image, ...], present: dict[str, int], upload: tuple[Image, ...], delete: tuple[int, ...]
) -> None:
    plan = plan_images(wanted, present)
    assert (plan.upload, plan.delete) == (upload, delete)


CHANGES: dict[str, object] = {
    "price": Decimal(11), "texts": {"en": {"name": "Cup"}, "pl": {"name": "Kubek"}}, "quantity": 1,
    "weight": Decimal(9), "images": (A,),
}  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "fields", "quantity", "images"),
    [
        ("full", {"price", "name", "link_rewrite", "weight"}, 1, True),
        ("texts", {"name", "link_rewrite"}, None, False),
        ("prices", {"price"}, None, False),
        ("stock", set(), 1, False),
        ("availability", set(), None, False),
        ("images", set(), None, True),
    ],
)
def test_a_mode_plans_its_own(mode: str, fields: set[str], quantity: int | None, images: bool) -> None:
    product = replace(PRODUCT, **CHANGES)  # type: ignore[arg-type]
    plan = plan_product(product, product_document(product, SHOP), sent_before(), Wish(MODES[mode]))
    assert (set(plan.document), plan.quantity, bool(plan.images)) == (fields, quantity, images)


def test_force_plans_everything_of_the_mode() -> None:
    document = product_document(PRODUCT, SHOP)
    plan = plan_product(PRODUCT, document, sent_before(), Wish(force=True))
    assert (plan.document, plan.quantity) == (document, 4)
    plan = plan_product(PRODUCT, document, sent_before(), Wish(MODES["prices"], force=True))
    assert set(plan.document) == {"price", "id_tax_rules_group"}


def test_marks_of_a_part_are_only_those_of_the_part() -> None:
    document = product_document(replace(PRODUCT, price=Decimal(11), weight=Decimal(9)), SHOP)
    before = sent_before().sent
    sent, whole = marks_after(Marks.of(document), before, MODES["prices"], True)
    assert {name for name in sent if sent[name] != before[name]} == {"price"}
    assert whole is None
    assert marks_after(Marks.of(document), before, MODES["full"], True) == (
        field_marks(document),
        fingerprint(document),
    )
    unchanged = product_document(PRODUCT, SHOP)
    assert marks_after(Marks.of(unchanged), before, MODES["prices"], True)[1] == fingerprint(unchanged)
    assert marks_after(Marks.of(unchanged), before, MODES["prices"], False)[1] is None


def test_the_stock_of_a_product_with_combinations_is_not_ours_to_write() -> None:
    product = replace(PRODUCT, quantity=9, variants=(Variant(1, None, None, None, ()),))
    assert plan_product(product, product_document(product, SHOP), sent_before()).quantity is None
