"""PrestaShop's product CSV: every way of writing it, and every way of getting a row wrong."""

import io
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest

from sync.catalogue_files import CatalogueFileError, Options, Prices, open_catalogue
from sync.catalogue_files.records import ProductRecord, Refused

SAMPLE_HEADER = (
    "Product ID;Active (0/1);Name *;Categories (x,y,z...);Price tax excluded or Price tax included;Tax rules ID;"
    "Wholesale price;Reference #;Supplier reference #;Manufacturer;EAN13;Width;Height;Depth;Weight;Quantity;"
    "Short description;Description;Meta title;Meta keywords;Meta description;URL rewritten;Text when in stock;"
    "Text when backorder allowed"
)
SAMPLE_ROW = (
    '7;0;Kubek "Bryza";Kitchen/Mugs,Sale;100,50;1;80;MUG-1;S-1;Baltica;5901234123457;8;10.5;8;0,28;-3;'
    "<p>Short</p>;<p>Long</p>;Title;keys;Meta;kubek;In stock;Soon"
)


def read(tmp_path: Path, content: str | bytes, options: Options | None = None) -> list[ProductRecord | Refused]:
    path = tmp_path / "products.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(open_catalogue(path, options or Options()).products())


def only(rows: Iterable[ProductRecord | Refused]) -> ProductRecord:
    (row,) = rows
    assert isinstance(row, ProductRecord), row
    return row


def refusals(rows: Iterable[ProductRecord | Refused]) -> dict[str, str]:
    return {row.place: row.reason for row in rows if isinstance(row, Refused)}


def test_prestashops_own_columns(tmp_path: Path) -> None:
    row = only(
        read(tmp_path, f"{SAMPLE_HEADER}\r\n{SAMPLE_ROW}\r\n", Options(language="pl", tax_rates={1: Decimal(23)}))
    )
    assert row == ProductRecord(
        "line 2",
        "MUG-1",
        texts={
            "pl": {
                "name": 'Kubek "Bryza"',
                "description_short": "<p>Short</p>",
                "description": "<p>Long</p>",
                "meta_title": "Title",
                "meta_description": "Meta",
                "link_rewrite": "kubek",
                "available_now": "In stock",
                "available_later": "Soon",
            }
        },
        price=Decimal("100.5"),
        tax_rate=Decimal(23),
        weight=Decimal("0.28"),
        width=Decimal(8),
        height=Decimal("10.5"),
        depth=Decimal(8),
        ean="5901234123457",
        manufacturer="Baltica",
        active=False,
        quantity=-3,
        categories=[("Kitchen", "Mugs"), ("Sale",)],
        supplier_reference="S-1",
    )


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separators_are_found_out(tmp_path: Path, separator: str) -> None:
    content = (
        separator.join(["Name", "Reference", "Price tax excluded"]) + "\n" + separator.join(["Mug", "M-1", "5.00"])
    )
    assert only(read(tmp_path, content)).price == 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "iso8859_2"])
def test_encodings_are_found_out(tmp_path: Path, encoding: str) -> None:
    names = ["Zażółć gęślą jaźń", "Świąteczny kubek w kształcie łosia", "Książka pod choinkę, źródło wiedzy"] * 20
    lines = [f"{name} {number};S-{number};1" for number, name in enumerate(names)]
    content = "Name;Reference;Price\n" + "\n".join(lines)
    rows = read(tmp_path, content.encode(encoding))
    found = [row.texts["en"]["name"] for row in rows if isinstance(row, ProductRecord)]
    assert found == [f"{name} {number}" for number, name in enumerate(names)]


def test_a_named_encoding_is_believed_and_a_wrong_one_names_the_rows(tmp_path: Path) -> None:
    content = "Name;Reference;Price\nżółw;S-1;1\nplain;S-2;1\n".encode("cp1250")
    assert only(
        read(tmp_path, content.splitlines(keepends=True)[0] + content.splitlines()[1], Options(encoding="cp1250"))
    )
    rows = read(tmp_path, content, Options(encoding="utf-8"))
    assert refusals(rows) == {"line 2": "Name holds a character that could not be decoded; name the file's encoding"}
    with pytest.raises(CatalogueFileError, match="no encoding 'klingon'"):
        read(tmp_path, content, Options(encoding="klingon"))


def test_the_order_of_columns_is_free_and_missing_ones_say_nothing(tmp_path: Path) -> None:
    row = only(read(tmp_path, "Quantity;Reference\n4;M-1\n"))
    assert (row.quantity, row.price, row.texts, row.categories, row.active, row.ean) == (4, None, {}, None, None, None)


def test_an_empty_cell_clears_a_text_and_leaves_a_number(tmp_path: Path) -> None:
    row = only(read(tmp_path, "Reference;Summary;EAN13;Manufacturer;Weight;Quantity;Active (0/1)\nM-1;;;;;;\n"))
    assert row.texts == {"en": {"description_short": ""}}
    assert (row.ean, row.manufacturer) == ("", "")
    assert (row.weight, row.quantity, row.active) == (None, None, None)


@pytest.mark.parametrize(
    ("header", "prices", "expected"),
    [
        ("Price tax excluded", Prices.GROSS, "123"),
        ("Price tax included", Prices.NET, "100"),
        ("Price tax excluded or Price tax included", Prices.NET, "123"),
        ("Price tax excluded or Price tax included", Prices.GROSS, "100"),
    ],
)
def test_whether_prices_hold_the_tax(tmp_path: Path, header: str, prices: Prices, expected: str) -> None:
    options = Options(prices=prices, tax_rates={1: Decimal(23)})
    row = only(read(tmp_path, f"Reference;{header};Tax rules ID\nM-1;123;1\n", options))
    assert row.price == Decimal(expected)


def test_gross_prices_need_a_known_rate(tmp_path: Path) -> None:
    content = "Reference;Price tax included;Tax rules ID\nM-1;123;1\nM-2;107;2\nM-3;50;0\n"
    rows = read(tmp_path, content, Options(tax_rates={2: Decimal(7)}))
    assert "give --tax-rule" in refusals(rows)["line 2"]
    assert [row.price for row in rows if isinstance(row, ProductRecord)] == [100, 50]
    rows = read(tmp_path, content, Options(tax_rate=Decimal(23)))
    assert [row.tax_rate for row in rows if isinstance(row, ProductRecord)] == [23, 23, 0]


def test_notes_say_how_it_was_read_and_what_was_left(tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    path.write_text("Reference;Price tax included or so;Price;Tax rules ID;Wholesale price\nM-1;9;5;3;2\n")
    source = open_catalogue(path, Options())
    assert source.position() == 0
    list(source.products())
    assert source.position() == source.size
    assert list(source.notes()) == [
        "read as utf-8, separator ;",
        "prices read as without tax, as --prices says (the header leaves it open)",
        "the rate of tax rules 3 is not known: new products got 0 %; give --tax-rule ID=PERCENT",
        "columns not read: Price tax included or so, Wholesale price",
    ]


def test_categories_are_paths_below_home(tmp_path: Path) -> None:
    rows = read(tmp_path, 'Reference;Categories\nM-1;"Home/Kitchen / Mugs, Sale,,/"\nM-2;\nM-3;Home\n')
    assert [row.categories for row in rows if isinstance(row, ProductRecord)] == [
        [("Kitchen", "Mugs"), ("Sale",)],
        [],
        [],
    ]


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("Price", "abc", "Price is 'abc', which is no number such as 12.50"),
        ("Price", "-1", "Price is '-1'; it cannot be negative"),
        ("Price", "1,234.50", "Price is '1,234.50', which is no number such as 12.50"),
        ("Price", "", "Price is empty"),
        ("Price", "100000000000000", "Price is '100000000000000'; the catalogue holds 14 digits before the point"),
        ("Quantity", "1.5", "Quantity is '1.5', which is no whole number"),
        ("Quantity", "99999999999", "Quantity is '99999999999', which is beyond 2147483647"),
        ("Active (0/1)", "maybe", "Active (0/1) is 'maybe'; it takes 1 or 0"),
        ("Name *", " ", "Name * is empty"),
        ("EAN13", "5,90123E+12", "EAN13 is 5,90123E+12: a spreadsheet has rounded it; keep that column as text"),
        ("EAN13", "123456789012345", "EAN13 is 15 characters long; 14 are possible"),
        ("Manufacturer", "x" * 65, "Manufacturer is 65 characters long; 64 are possible"),
        ("Categories", "Kitchen,12", "category 12 is an id of one shop; name it, such as Clothes/Men"),
        ("Description", "a\x00b", "Description holds a NUL character"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_column_and_the_others_go_on(
    tmp_path: Path, column: str, cell: str, reason: str
) -> None:
    fine = "Sale" if column == "Categories" else "1"
    rows = read(tmp_path, f'Reference;{column}\nM-1;"{cell}"\nM-2;{fine}\n')
    assert refusals(rows) == {"line 2": reason}
    assert rows[0].sku == "M-1"
    assert rows[1].sku == "M-2"


def test_numbers_as_people_write_them(tmp_path: Path) -> None:
    rows = read(tmp_path, "Reference;Price;Quantity\nM-1;1 234,50;10.00\nM-2;1\u00a0000;-2\n")
    assert [(row.price, row.quantity) for row in rows if isinstance(row, ProductRecord)] == [
        (Decimal("1234.5"), 10),
        (Decimal(1000), -2),
    ]


def test_rows_of_a_wrong_shape_are_named_by_line(tmp_path: Path) -> None:
    content = (
        "Reference;Name;Price\n"
        "M-1;Mug;1\n"
        "\n"
        "M-2;Mug\n"
        "M-3;Mug;1;;\n"
        "M-4;Mug;1;2\n"
        ";Mug;1\n"
        'M-5;"two\nlines";1\n'
        f"{'x' * 65};Mug;1\n"
        "M-6;Mug;1"
    )
    rows = read(tmp_path, content)
    assert [row.sku for row in rows if isinstance(row, ProductRecord)] == ["M-1", "M-3", "M-5", "M-6"]
    assert refusals(rows) == {
        "line 4": "it has 2 cells, the header 3; look for a stray quote or separator",
        "line 6": "it has 4 cells, the header 3; look for a stray quote or separator",
        "line 7": "Reference is empty; products are known by it",
        "line 10": "Reference is 65 characters long; 64 are possible",
    }


def test_an_endless_cell_is_refused_and_reading_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.catalogue_files.csv_file.LONGEST_CELL", 1000)
    rows = read(tmp_path, f"Reference;Name;Price\nM-1;{'x' * 1001};1\nM-2;Mug;1\n")
    assert refusals(rows) == {"line 2": "it is no CSV: field larger than field limit (1000)"}
    assert rows[1].sku == "M-2"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("one;two\n1;2\n", "names none of PrestaShop's product columns"),
        ("", "names none of PrestaShop's product columns"),
        ("Name;Price\nMug;1\n", "there is no column Reference"),
        ("Reference;Name;Name *\n", "'Name' and 'Name \\*' are both the name"),
    ],
)
def test_a_file_that_is_no_product_csv_is_refused_whole(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(CatalogueFileError, match=message):
        read(tmp_path, content)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueFileError, match=r"nothing\.csv cannot be read: No such file"):
        open_catalogue(tmp_path / "nothing.csv", Options())


def test_bytes_beyond_utf8_are_found_late_in_a_file(tmp_path: Path) -> None:
    out = io.BytesIO(b"Name;Reference;Price\n")
    out.seek(0, io.SEEK_END)
    for number in range(60_000):
        out.write(f"plain name number {number};S-{number};1\n".encode())
    out.write("Świąteczna zażółcona gęś;LAST;1\n".encode("cp1250") * 1)
    out.write("Książka o źdźbłach i żukach, całość;LAST-2;1\n".encode("cp1250"))
    rows = read(tmp_path, out.getvalue())
    assert isinstance(rows[-1], ProductRecord)
    assert rows[-1].texts["en"]["name"] == "Książka o źdźbłach i żukach, całość"
