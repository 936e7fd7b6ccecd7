"""The known formats: recognised from a sample, read and mapped without a word from the operator."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sync.suppliers.mapping import FeedMapping
from sync.suppliers.presets import PRESETS
from sync.suppliers.preview import preview

FEEDS = Path(__file__).parents[2] / "data" / "feeds"
REAL = Path(__file__).parents[4] / "shared" / "data" / "feeds"

EXPECTED: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "ceneo.xml": (
        "ceneo",
        [
            {
                "sku": "MUG-1", "ean": "5901234123457", "supplier_sku": "1", "name": 'Kubek "Łąka" & spodek',
                "stock_quantity": 12, "is_available": True, "delivery_days": 1, "purchase_price": Decimal(399),
                "currency": "PLN",
            },
            {"sku": "LAMP-2", "is_available": True, "delivery_days": 14, "purchase_price": Decimal("1299.90")},
            {"supplier_sku": "4", "is_available": True, "delivery_days": None},
            {"supplier_sku": "5", "is_available": False, "delivery_days": None},
            {"supplier_sku": "6", "is_available": False, "delivery_days": None},
        ],
    ),
    "google.xml": (
        "google-xml",
        [
            {
                "sku": "MUG-1", "ean": "5901234123457", "supplier_sku": "G-1", "name": "Mug", "is_available": True,
                "purchase_price": Decimal("12.90"), "currency": "PLN",
            },
            {"name": "Mug two", "is_available": False, "purchase_price": Decimal("1299.00"), "currency": "EUR"},
            {"sku": "MUG-3", "is_available": False},
            {"sku": "MUG-4", "is_available": True},
        ],
    ),
    "google-atom.xml": ("google-xml", [{"sku": "MUG-1", "name": "Mug", "currency": "EUR"}, {"is_available": False}]),
    "google.tsv": ("google-csv", [{"sku": "MUG-1", "supplier_sku": "G-1", "is_available": True, "currency": "PLN"}]),
    "facebook.xml": ("facebook-xml", [{"sku": "MUG-1", "stock_quantity": 75}, {"is_available": True}]),
    "facebook.csv": (
        "facebook-csv",
        [{"sku": "MUG-1", "purchase_price": Decimal(199)}, {"is_available": False, "purchase_price": Decimal("49.90")}],
    ),
    "prestashop-products.csv": (
        "prestashop-csv",
        [
            {"sku": "RP-1", "ean": "5901234123457", "supplier_sku": "RF-1", "stock_quantity": 160,
             "purchase_price": Decimal("80.125")},
            {"sku": "RP-2", "ean": None, "stock_quantity": 0},
        ],
    ),
    "idosell-light.xml": (
        "idosell-iof",
        [
            {"sku": "1454-3", "ean": "5901234123457", "stock_quantity": 6, "purchase_price": Decimal(100),
             "currency": "PLN"},
            {"supplier_sku": "1454-4", "stock_quantity": 999_999, "purchase_price": Decimal(110)},
            {"sku": "EXT-9", "supplier_sku": "1455-0", "stock_quantity": 0, "purchase_price": Decimal(10)},
        ],
    ),
    "idosell-full.xml": (
        "idosell-iof",
        [{"sku": "24-0", "ean": "5901477140723", "name": "Podnośnik", "stock_quantity": 7, "currency": "EUR"}],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_a_known_format_is_recognised_and_mapped(name: str) -> None:
    preset, expected = EXPECTED[name]
    seen = preview(FEEDS / name)
    assert seen.presets[0].preset.name == preset
    assert seen.presets[0].confidence > 0.8
    for row, values in zip(seen.rows, expected, strict=False):
        assert row.valid, row.problems
        assert {field: row.values[field] for field in values} == values


def test_an_unknown_word_of_a_known_format_is_named() -> None:
    row = preview(FEEDS / "ceneo.xml").rows[-1]
    assert [(problem.column, problem.value) for problem in row.problems] == [("@avail", "5")] * 2
    assert "not among the words" in row.problems[0].reason


def test_each_preset_is_covered_and_whole() -> None:
    covered = {preset for preset, _ in EXPECTED.values()} | {"prestashop-combinations-csv"}
    assert set(PRESETS) == covered
    for preset in PRESETS.values():
        FeedMapping.from_data(preset.mapping)


def test_an_unknown_table_gets_a_guess_and_no_preset(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    path.write_text("Symbol;Kod EAN;Nazwa towaru;Stan magazynowy;Cena netto;Waluta\nA;5901234123457;a;4;1,50;PLN\n")
    seen = preview(path)
    assert seen.presets == ()
    assert seen.rows[0].values == {
        "sku": "A", "ean": "5901234123457", "name": "a", "stock_quantity": 4, "purchase_price": Decimal("1.50"),
        "currency": "PLN",
    }  # fmt: skip


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared folder with real feeds is not here")
@pytest.mark.parametrize(
    ("name", "preset", "rows", "twice"),
    [
        ("ceneo-dagra.xml", "ceneo", 8, []),
        ("facebook-dagra.csv", "facebook-csv", 10, []),
        ("prestashop-products_import.csv", "prestashop-csv", 7, []),
        ("prestashop-combinations_import.csv", "prestashop-combinations-csv", 27, [23, 25]),
    ],
)
def test_real_files_are_read_whole(name: str, preset: str, rows: int, twice: list[int]) -> None:
    seen = preview(REAL / name, count=1000)
    assert seen.presets[0].preset.name == preset
    assert len(seen.rows) == rows
    assert all(row.values["sku"] for row in seen.rows)
    assert [row.number for row in seen.rows if not row.valid] == twice
