"""Combinations, features and prices for groups of catalogue files: read, written, and loaded again with no change."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models import Combination, Database, Product
from sync.catalogue_files import CatalogueFileError, Options, Outcome, load, open_catalogue
from sync.catalogue_files.csv_parts import features, options, prices
from sync.catalogue_files.parts import PriceRecord
from sync.catalogue_files.values import BadValue
from sync.media import MediaStore

FEEDS = Path(__file__).parents[2] / "data"
RECORDED = FEEDS / "recorded"

PRODUCTS = """Product ID;Name;Reference;Price;Supplier reference #;Minimal quantity;Visibility;Condition;\
Feature(Name:Value:Position);Group prices
1;Nano;N-1;100;V-1;2;Search;used;Size:Large:1, Colour:deep blue:2:1;Retail:10:8.50, :1:-10%, VIP:5:-2
2;Mini;N-2;50;;;;;;
"""
COMBINATIONS = """Product ID*;Attribute (Name:Type:Position)*;Value (Value:Position)*;Supplier reference;Reference;\
EAN13;Impact on price;Quantity;Minimal quantity;Impact on weight;Default (0 = No, 1 = Yes);Ecotax
1;Color:color:0, Disk space:select:1;Blue:0, 16GB:1;RF-16;RP-16;0000080446392;40;10;1;0;0;0
1;Color:color:0, Disk space:select:1;Blue:0, 8GB:1;RF-8;RP-8;;-2,5;11;3;-0.1;1;0
2;Color:color:0;Red:0;;;;0;4;1;0;0;0
"""


class Catalogue:
    """Files written to a folder and loaded into a database."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder, self.database, self.media = folder, database, MediaStore(folder / "media")

    def file(self, name: str, content: str) -> Path:
        path = self.folder / name
        path.write_text(content)
        return path

    def load(self, path: Path, **given: object) -> list[tuple[str, Outcome, str]]:
        made = Options(**given)  # type: ignore[arg-type]
        rows = load(self.database, self.media, open_catalogue(path, made), made.language)
        return [(row.key, row.outcome, row.reason) for row in rows if row.kind == "product"]

    def product(self, sku: str) -> Product:
        parts = (Product.combinations, Product.features, Product.specific_prices)
        with self.database.read() as session:
            query = select(Product).where(Product.sku == sku).options(*(selectinload(part) for part in parts))
            return session.scalars(query).one()


@pytest.fixture
def catalogue(tmp_path: Path, database: Database) -> Catalogue:
    return Catalogue(tmp_path, database)


@pytest.fixture
def both(catalogue: Catalogue) -> Catalogue:
    """Products and their combinations, loaded."""
    products = catalogue.file("products.csv", PRODUCTS)
    catalogue.load(products)
    found = catalogue.load(catalogue.file("combinations.csv", COMBINATIONS), products=products)
    assert found == [("N-1", Outcome.UPDATED, ""), ("N-2", Outcome.UPDATED, "")]
    return catalogue


def test_a_product_file_has_features_group_prices_and_the_rest(both: Catalogue) -> None:
    nano = both.product("N-1")
    assert (nano.supplier_reference, nano.minimal_quantity, nano.visibility, nano.condition) == (
        "V-1", 2, "search", "used",
    )  # fmt: skip
    assert [(each.feature, each.value) for each in nano.features] == [
        ({"en": "Size"}, {"en": "Large"}), ({"en": "Colour"}, {"en": "deep blue"}),
    ]  # fmt: skip
    assert [
        (each.customer_group, each.from_quantity, each.price, each.reduction, each.reduction_type)
        for each in nano.specific_prices
    ] == [
        ("Retail", 10, Decimal("8.5"), 0, "amount"),
        ("", 1, None, Decimal("0.1"), "percentage"),
        ("VIP", 5, None, 2, "amount"),
    ]


def test_a_combinations_file_has_options_in_prestashops_way(both: Catalogue) -> None:
    first, second = both.product("N-1").combinations
    assert first.options == [
        {"option": {"en": "Color"}, "value": {"en": "Blue"}}, {"option": {"en": "Disk space"}, "value": {"en": "16GB"}},
    ]  # fmt: skip
    assert (first.sku, first.ean, first.supplier_reference, first.price, first.quantity) == (
        "RP-16", "0000080446392", "RF-16", Decimal(40), 10,
    )  # fmt: skip
    assert (second.price, second.weight, second.minimal_quantity, second.is_default) == (
        Decimal("-2.5"), Decimal("-0.1"), 3, True,
    )  # fmt: skip


def test_loaded_again_nothing_changes(both: Catalogue) -> None:
    before = [one.id for one in both.product("N-1").combinations]
    changed_at = both.product("N-1").changed_at
    assert {outcome for _, outcome, _ in both.load(both.folder / "products.csv")} == {Outcome.UNCHANGED}
    again = both.load(both.folder / "combinations.csv", products=both.folder / "products.csv")
    assert {outcome for _, outcome, _ in again} == {Outcome.UNCHANGED}
    assert [one.id for one in both.product("N-1").combinations] == before
    assert both.product("N-1").changed_at == changed_at


def test_a_changed_file_changes_the_rows_and_moves_the_product(both: Catalogue) -> None:
    before = both.product("N-1")
    content = COMBINATIONS.replace("RP-16;0000080446392;40;10", "RP-16;0000080446392;41;9").replace(
        "Blue:0, 8GB", "Blue:0, 4GB"
    )
    both.load(both.file("combinations.csv", content), products=both.folder / "products.csv")
    after = both.product("N-1")
    assert after.changed_at > before.changed_at
    first = after.combinations[0]
    assert (first.id, first.price, first.quantity) == (before.combinations[0].id, Decimal(41), 9)
    assert after.combinations[1].options[1]["value"] == {"en": "4GB"}


def test_another_language_adds_its_names(both: Catalogue) -> None:
    polish = """Product reference;Attribute;Value;Reference
N-1;Kolor, Dysk;niebieski, 16GB;RP-16
N-1;Kolor, Dysk;niebieski, 8GB;RP-8
"""
    both.load(both.file("pl.csv", polish), language="pl")
    first = both.product("N-1").combinations[0]
    assert first.sku == "RP-16"
    assert first.options[0] == {"option": {"en": "Color", "pl": "Kolor"}, "value": {"en": "Blue", "pl": "niebieski"}}


def test_what_is_wrong_is_said_with_its_place(catalogue: Catalogue) -> None:
    products = catalogue.file("products.csv", PRODUCTS)
    combinations = catalogue.file("combinations.csv", COMBINATIONS + "9;Color;Red;;;;0;1;1;0;0;0\n")
    with pytest.raises(CatalogueFileError, match="names its products by ID"):
        open_catalogue(combinations, Options())
    assert catalogue.load(combinations, products=products) == [
        ("N-1", Outcome.REFUSED, "there is no product with this SKU; load the products first"),
        ("N-2", Outcome.REFUSED, "there is no product with this SKU; load the products first"),
        ("9", Outcome.REFUSED, f"no product with ID 9 is in {products}"),
    ]
    bad = catalogue.file("bad.csv", "Product reference;Attribute;Value\nN-1;Color, Size;Red\n")
    assert catalogue.load(bad)[0][2] == "line 2: Attribute has 2 options and Value 1 values; each needs one"


def test_a_reference_that_several_share_is_left_out(catalogue: Catalogue) -> None:
    catalogue.load(catalogue.file("products.csv", PRODUCTS))
    shared = "Product reference;Attribute;Value;Reference\nN-1;Size;S;X\nN-1;Size;M;X\nN-2;Size;S;Y\n"
    catalogue.load(catalogue.file("shared.csv", shared))
    assert [one.sku for one in catalogue.product("N-1").combinations] == [None, None]
    stolen = "Product reference;Attribute;Value;Reference\nN-1;Size;S;Y\n"
    catalogue.load(catalogue.file("stolen.csv", stolen))
    assert [one.sku for one in catalogue.product("N-1").combinations] == [None]
    assert [one.sku for one in catalogue.product("N-2").combinations] == ["Y"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Material:Cotton", [("Material", "Cotton")]),
        ("Material:Cotton:1:0, Fit : Slim :2", [("Material", "Cotton"), ("Fit", "Slim")]),
        ("Ratio:16:9", [("Ratio", "16")]),
        ("Year:2020:1", [("Year", "2020")]),
        ("", []),
    ],
)
def test_features_in_a_cell(text: str, found: list[tuple[str, str]]) -> None:
    assert [(each.feature["en"], each.value["en"]) for each in features("Feature", text, "en")] == found


@pytest.mark.parametrize("text", ["Cotton", ":Cotton", "Material:"])
def test_a_cell_that_is_no_feature_is_named(text: str) -> None:
    with pytest.raises(BadValue, match="no feature such as Material:Cotton"):
        features("Feature", text, "en")


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("Retail:10:8.50", PriceRecord("Retail", 10, price=Decimal("8.5"))),
        ("A:B:3:-5%", PriceRecord("A:B", 3, reduction=Decimal("0.05"), reduction_type="percentage")),
        (":2:-1.5", PriceRecord("", 2, reduction=Decimal("1.5"))),
    ],
)
def test_prices_in_a_cell(text: str, record: PriceRecord) -> None:
    assert prices("Group prices", text) == [record]


@pytest.mark.parametrize("text", ["Retail:8.50", "8.50", "Retail:many:1", "Retail:1:x"])
def test_a_cell_that_is_no_price_is_named(text: str) -> None:
    with pytest.raises(BadValue, match="Group prices"):
        prices("Group prices", text)


def test_options_in_cells() -> None:
    assert options(("A", "V"), "Size:select:0", "10:5", "en") == [({"en": "Size"}, {"en": "10"})]


def test_the_recorded_folder_gives_combinations_features_and_prices(catalogue: Catalogue) -> None:
    assert {reason for _, _, reason in catalogue.load(RECORDED)} == {""}
    shirt = catalogue.product("demo_1")
    assert len(shirt.combinations) == 8
    first = shirt.combinations[0]
    assert first.options == [
        {"option": {"en": "Size", "pl": "Size"}, "value": {"en": "S", "pl": "S"}},
        {"option": {"en": "Color", "pl": "Color"}, "value": {"en": "White", "pl": "White"}},
    ]
    assert (first.is_default, first.sku, first.quantity) == (True, None, 300)
    assert len(shirt.features) == 2
    with catalogue.database.read() as session:
        assert len(session.scalars(select(Combination)).all()) > 20
    with_price = [catalogue.product(sku) for sku in ("demo_1", "demo_3")]
    assert any(each.specific_prices for each in with_price)
    assert {outcome for _, outcome, _ in catalogue.load(RECORDED)} == {Outcome.UNCHANGED}
