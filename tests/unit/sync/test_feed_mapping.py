"""Mapping, transforms, filters and options: what they do, and how they say that they make no sense."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sync.suppliers import filters
from sync.suppliers.feed_errors import FeedUnreadable, MappingInvalid
from sync.suppliers.feed_file import read_feed
from sync.suppliers.feed_options import FeedOptions
from sync.suppliers.mapping import FeedMapping, map_rows
from sync.suppliers.preview import preview
from sync.suppliers.rows import RawRow, Row, row_hash, values_from


def one(mapping: dict[str, Any], **cells: str) -> Row:
    return next(map_rows([RawRow(2, cells)], FeedMapping.from_data({"sku": "sku", **mapping})))


def mapped(field: str, text: str, *transforms: list[Any]) -> object:
    row = one({field: {"column": "x", "transforms": list(transforms)}}, sku="A", x=text)
    return row.values[field] if row.valid else row.problems[0].reason


@pytest.mark.parametrize(
    ("text", "transform", "result"),
    [
        ("\u00a0 a  \u200b b\t", ["trim"], "a b"),
        ("a-b-c", ["replace", "-", "+"], "a+b+c"),
        ("code: 123/4", ["regex", r"(\d+)/"], "123"),
        ("code: 123/4", ["regex", r"\d+"], "123"),
        ("code", ["regex", r"\d+"], None),
        ("a1b22", ["regex", r"\d+", "#"], "a#b#"),
        ("a1", ["regex", r"([a-z])(\d)", r"\2\1"], "1a"),
        (" Tak ", ["map", {"tak": "ja", "nie": "nein"}], "ja"),
        ("może", ["map", {"tak": "ja"}, "?"], "?"),
        ("", ["map", {"tak": "ja"}, "?"], None),
        ("", ["map", {"": "leer"}], "leer"),
        ("x", ["constant", 5], "5"),
        ("", ["default", "d"], "d"),
        ("x", ["default", "d"], "x"),
        ("aB", ["upper"], "AB"),
        ("aB", ["lower"], "ab"),
        ("7", ["prefix", "A-"], "A-7"),
        ("7", ["suffix", "-A"], "7-A"),
        ("", ["prefix", "A-"], None),
    ],
)
def test_transforms(text: str, transform: list[Any], result: str | None) -> None:
    assert mapped("name", text, transform) == result


@pytest.mark.parametrize(
    ("text", "sign", "price"),
    [
        ("1.234", ",", "1234"),
        ("1,234", ",", "1.234"),
        ("1.234", ".", "1.234"),
        ("1,234.5 zł", ".", "1234.5"),
        ("ok. 12,5 zł", ",", "no currency that is known"),
        ("12,345678 PLN", "auto", "12.345678"),
        ("x", "auto", "is not a number"),
        ("1.234", "auto", "may be 1234 or 1.234"),
    ],
)
def test_the_number_transform_settles_the_decimal_sign(text: str, sign: str, price: str) -> None:
    found = mapped("purchase_price", text, ["number", sign])
    assert found == Decimal(price) if isinstance(found, Decimal) else price in str(found)


def test_transforms_follow_each_other() -> None:
    steps = (["regex", r"ca\. (.+)"], ["replace", ".", ""], ["number", ","], ["default", "9"])
    assert mapped("stock_quantity", "ca. 1.250", *steps) == 1250
    assert mapped("stock_quantity", "none", *steps) == 9


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("is_available", "Tak", True),
        ("is_available", "out of stock", False),
        ("is_available", "12", True),
        ("delivery_days", "2-3 dni", 3),
        ("delivery_days", "24h", 1),
        ("delivery_days", "36 godz.", 2),
        ("stock_quantity", "12 szt.", 12),
        ("stock_quantity", "1 234", 1234),
        ("stock_quantity", "ponad 50", 50),
        ("stock_quantity", "10.000000", 10),
        ("currency", "zł", "PLN"),
        ("currency", "eur", "EUR"),
        ("sku", '="00123"', "00123"),
        ("name", "a\n\tb", "a b"),
    ],
)
def test_values_are_read_as_people_write_them(field: str, text: str, value: object) -> None:
    assert mapped(field, text) == value


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("is_available", "may be", "neither yes nor no"),
        ("delivery_days", "soon", "no number of days"),
        ("delivery_days", "5000", "more than 3650"),
        ("stock_quantity", "<5", "less than a number"),
        ("stock_quantity", "10.000", "may be 10000 or 10.000"),
        ("stock_quantity", "99999999999", "beyond"),
        ("currency", "gold", "no currency code"),
        ("purchase_price", "-5", "below zero"),
        ("sku", "1,5E+12", "scientific notation"),
    ],
)
def test_values_that_make_no_sense_are_named(field: str, text: str, why: str) -> None:
    row = one({"ean": "ean", field: "x"}, sku="A", ean="5901234123457", x=text)
    assert not row.valid
    assert [(problem.column, problem.value) for problem in row.problems] == [("x", text)]
    assert why in row.problems[0].reason


def test_the_first_column_that_is_not_empty_counts() -> None:
    rule = {"ean": {"column": ["a", "b", "c"]}}
    assert one(rule, sku="A", a="", b="5901234123457", c="x").values["ean"] == "5901234123457"
    assert one(rule, sku="A", b="bad").problems[0].column == "b"


def test_the_currency_beside_a_price_counts_and_must_not_contradict() -> None:
    rules = {"purchase_price": "price", "currency": "currency"}
    assert one(rules, sku="A", price="5 €", currency="").values["currency"] == "EUR"
    assert one(rules, sku="A", price="5 zł", currency="PLN").valid
    assert "the currency says PLN" in one(rules, sku="A", price="5 €", currency="PLN").problems[0].reason


def test_keys_say_what_they_are_and_the_first_of_a_key_counts() -> None:
    mapping = FeedMapping.from_data({"sku": "s", "ean": "e", "supplier_sku": "x"})
    cells = [{"s": "A"}, {"e": "5901234123457"}, {"x": "A"}, {"s": "A", "x": "B"}, {}]
    rows = list(map_rows([RawRow(number, each) for number, each in enumerate(cells, 1)], mapping))
    assert [row.key for row in rows] == ["s:A", "e:5901234123457", "x:A", "s:A", ""]
    assert [row.valid for row in rows] == [True, True, True, False, False]


def test_a_wrong_row_does_not_take_the_key_of_a_right_one() -> None:
    mapping = FeedMapping.from_data({"sku": "s", "stock_quantity": "q"})
    rows = list(map_rows([RawRow(2, {"s": "A", "q": "x"}), RawRow(3, {"s": "A", "q": "1"})], mapping))
    assert [row.valid for row in rows] == [False, True]


def test_values_go_through_json_and_hashes_follow_them() -> None:
    row = one({"purchase_price": "p", "stock_quantity": "q"}, sku="A", p="1,50 zł", q="2")
    assert row.data() == {"sku": "A", "stock_quantity": 2, "purchase_price": "1.50", "currency": "PLN"}
    assert values_from(row.data()) == row.values
    same = one({"purchase_price": "p", "stock_quantity": "q"}, sku="A", p="1.50 PLN", q="2,0")
    other = one({"purchase_price": "p", "stock_quantity": "q"}, sku="A", p="1.51 PLN", q="2")
    assert row_hash(row) == row_hash(same) != row_hash(other)
    assert row_hash(row) != row_hash(row, "another mapping")
    assert len(row_hash(row)) == 32


@pytest.mark.parametrize(
    ("mapping", "field", "why"),
    [
        ([], "mapping", "no object"),
        ({"name": "a"}, "mapping", "no field tells rows apart"),
        ({"colour": "a"}, "colour", "no such field"),
        ({"sku": {"column": 5}}, "sku", "no column"),
        ({"sku": {"transforms": [["trim"]]}}, "sku", "no column"),
        ({"sku": {"column": "a", "x": 1}}, "sku", "'x' is not known"),
        ({"sku": {"column": "a", "transforms": "trim"}}, "sku", "are a list"),
        ({"sku": {"column": "a", "transforms": [["shout"]]}}, "sku", "no transform 'shout'"),
        ({"sku": {"column": "a", "transforms": [["replace", "a"]]}}, "sku", "replace takes other parts"),
        ({"sku": {"column": "a", "transforms": [["replace", "", "a"]]}}, "sku", "needs something"),
        ({"sku": {"column": "a", "transforms": [["regex", "("]]}}, "sku", "no regular expression"),
        ({"sku": {"column": "a", "transforms": [["regex", "a" * 501]]}}, "sku", "longer than 500"),
        ({"sku": {"column": "a", "transforms": [["regex", "a", "\\1"]]}}, "sku", "no replacement"),
        ({"sku": {"column": "a", "transforms": [["number", ";"]]}}, "sku", "number takes one of"),
        ({"sku": {"column": "a", "transforms": [["map", {}]]}}, "sku", "map takes words"),
        ({"sku": {"column": "a", "transforms": [[]]}}, "sku", "begins with its name"),
        ({"sku": {"column": "a", "transforms": [["constant", None]]}}, "sku", "not a text"),
    ],
)
def test_a_mapping_that_makes_no_sense_names_the_field(mapping: object, field: str, why: str) -> None:
    with pytest.raises(MappingInvalid, match=why) as refused:
        FeedMapping.from_data(mapping)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("operation", "value", "skipped"),
    [
        ("equals", "OLD", ["old"]),
        ("not_equals", "old", ["", "7", "12,50", "new"]),
        ("in", ["old", "new"], ["old", "new"]),
        ("not_in", ["old", "new"], ["", "7", "12,50"]),
        ("contains", "L", ["old"]),
        ("not_contains", "w", ["", "7", "12,50", "old"]),
        ("matches", "^[on]", ["old", "new"]),
        ("not_matches", "^[on]", ["", "7", "12,50"]),
        ("empty", None, [""]),
        ("not_empty", None, ["7", "12,50", "old", "new"]),
        ("less", 12.5, ["7"]),
        ("greater", "7", ["12,50"]),
    ],
)
def test_filters_skip_rows_and_say_so(operation: str, value: Any, skipped: list[str]) -> None:
    cells = ["", "7", "12,50", "old", "new"]
    rows = [RawRow(number, {"sku": f"A-{number}", "x": cell}) for number, cell in enumerate(cells, 2)]
    sieve = filters.compiled([{"column": "x", "op": operation, "value": value}])
    found = list(map_rows(rows, FeedMapping.from_data({"sku": "sku"}), sieve))
    assert [row.raw["x"] for row in found if row.skipped] == skipped
    assert all(row.skipped.startswith(f"x {operation.replace('_', ' ')}") for row in found if row.skipped)
    assert all(row.valid is not bool(row.skipped) for row in found)


@pytest.mark.parametrize(
    "given",
    ["x", [1], [{"op": "equals"}], [{"column": "x", "op": "like"}], [{"column": "x", "op": "matches", "value": "("}],
     [{"column": "x", "op": "less", "value": "many"}], [{"column": "x", "op": "in", "value": "a"}],
     [{"column": "x", "op": "contains", "value": ""}]],
)  # fmt: skip
def test_filters_that_make_no_sense_are_named(given: object) -> None:
    with pytest.raises(MappingInvalid, match="filter"):
        filters.compiled(given)


@pytest.mark.parametrize(
    "reading",
    [{"delimeter": ";"}, {"delimiter": ";;"}, {"quote": "\n"}, {"header": "yes"}, {"namespaces": {"g": 1}},
     {"record_path": 5}, {"quote": ";", "delimiter": ";"}],
)  # fmt: skip
def test_options_that_make_no_sense_are_named(reading: dict[str, Any]) -> None:
    with pytest.raises(MappingInvalid, match=r"^reading\."):
        FeedOptions.from_data("csv", reading)


def test_options_go_through_json() -> None:
    options = FeedOptions.from_data("csv", {"delimiter": "tab", "header": False, "sheet": "", "encoding": None})
    assert (options.delimiter, options.header, options.sheet) == ("\t", False, None)
    assert options.reading() == {"delimiter": "\t", "header": False}
    assert FeedOptions.from_data("csv", options.reading()) == options
    with pytest.raises(MappingInvalid, match="'odt' is not known"):
        FeedOptions.from_data("odt", {})


def test_a_table_that_lost_a_mapped_column_is_refused_and_the_preview_warns(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    path.write_text("Kod;Ilosc\nA;1\n")
    mapping = {
        "sku": " KOD",
        "stock_quantity": "Stan",
        "currency": {"column": "Waluta", "transforms": [["default", "PLN"]]},
    }
    with pytest.raises(FeedUnreadable, match="no column Stan, but Kod, Ilosc"):
        list(read_feed(path, FeedOptions("csv", ";", '"', "utf-8", True), FeedMapping.from_data(mapping)))
    seen = preview(path, None, mapping, [{"column": "Status", "op": "empty"}])
    assert "stock_quantity: the file has no column Stan" in seen.warnings
    assert "Status empty: the file has no such column" in seen.warnings
    assert len(seen.warnings) == 3


def test_a_preview_shows_raw_and_mapped_rows_and_where_the_file_breaks_off(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text("<a>" + "".join(f"<o id='{n}'><n>N {n}</n><q>{'x' if n == 1 else n}</q></o>" for n in range(40)))
    seen = preview(path, None, {"sku": "@id", "name": "n", "stock_quantity": "q"})
    assert len(seen.rows) == 20
    assert seen.headers == ("@id", "n", "q")
    assert seen.rows[2].raw == {"@id": "2", "n": "N 2", "q": "2"}
    assert seen.rows[2].values == {"sku": "2", "name": "N 2", "stock_quantity": 2}
    assert [(row.number, row.problems[0].column) for row in seen.rows if row.problems] == [(2, "q")]
    everything = preview(path, None, {"sku": "@id"}, count=100)
    assert len(everything.rows) == 40
    assert "the XML is broken" in everything.warnings[-1]


def test_a_preview_without_anything_to_tell_rows_apart_still_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    path.write_text("alpha;beta\na;b\n")
    seen = preview(path)
    assert seen.rows[0].raw == {"alpha": "a", "beta": "b"}
    assert any("no field tells rows apart" in warning for warning in seen.warnings)
    with pytest.raises(MappingInvalid):
        preview(path, None, {"name": "alpha"})
