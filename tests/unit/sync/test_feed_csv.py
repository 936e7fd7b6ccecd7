"""CSV and TSV: what is detected, and what each kind of dirt gives."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.suppliers.detect import detect
from sync.suppliers.feed_errors import FeedUnreadable
from sync.suppliers.feed_file import read_feed
from sync.suppliers.feed_options import FeedOptions
from sync.suppliers.mapping import FeedMapping
from sync.suppliers.readers import headers, read_raw
from sync.suppliers.rows import RawRow, Row

EAN = "5901234123457"
MAPPING = FeedMapping.from_data({"sku": "Kod", "ean": "EAN", "name": "Nazwa", "stock_quantity": "Stan"})
TABLE = "Kod;EAN;Nazwa;Stan\nA-1;;Łąka;5\nA-2;;Źrebię;6\n"


def write(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "feed.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def raw(path: Path, given_options: FeedOptions | None = None) -> list[RawRow]:
    return list(read_raw(path, detect(path, given_options)))


def mapped(path: Path) -> list[Row]:
    return list(read_feed(path, detect(path), MAPPING))


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiter_and_line_ends_are_detected(tmp_path: Path, delimiter: str, end: str) -> None:
    path = write(tmp_path, f'Kod{delimiter}Nazwa{end}A-1{delimiter}"a{delimiter} b"{end}A-2{delimiter}c{end}')
    options = detect(path)
    assert (options.delimiter, options.header, options.format) == (
        delimiter,
        True,
        "tsv" if delimiter == "\t" else "csv",
    )
    assert [dict(row.cells) for row in raw(path)] == [
        {"Kod": "A-1", "Nazwa": f"a{delimiter} b" if delimiter != "\t" else "a\t b"},
        {"Kod": "A-2", "Nazwa": "c"},
    ]


def test_decimal_commas_do_not_pass_for_delimiters(tmp_path: Path) -> None:
    path = write(tmp_path, "Kod;Cena\n" + "".join(f"A-{n};{n},50\n" for n in range(20)))
    assert detect(path).delimiter == ";"


def test_single_quotes_and_excels_separator_line(tmp_path: Path) -> None:
    path = write(tmp_path, "sep=|\n'Kod'|'Nazwa'\n'A-1'|'a|b'\n'A-2'|'c'\n")
    options = detect(path)
    assert (options.delimiter, options.quote) == ("|", "'")
    assert [row.cells["Nazwa"] for row in raw(path)] == ["a|b", "c"]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1250", "iso8859_2"]
)
def test_encodings_are_detected(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, TABLE.replace("Źrebię", "Gęś, żółw, źrebię i świnia wśród łąk"), encoding)
    rows = raw(path)
    assert headers(path, detect(path)) == ("Kod", "EAN", "Nazwa", "Stan")
    assert [row.cells["Nazwa"] for row in rows] == ["Łąka", "Gęś, żółw, źrebię i świnia wśród łąk"]


def test_an_encoding_is_found_beyond_an_ascii_start(tmp_path: Path) -> None:
    path = write(tmp_path, "Kod;Nazwa\n" + "A;b\n" * 100_000 + "Z;Żółta gęś\n", "cp1250")
    assert detect(path).encoding == "cp1250"


def test_what_is_given_is_not_doubted(tmp_path: Path) -> None:
    path = write(tmp_path, TABLE)
    options = detect(path, FeedOptions(format="csv", delimiter=",", quote="'", encoding="latin-1", header=False))
    assert (options.delimiter, options.quote, options.encoding, options.header) == (",", "'", "iso8859-1", False)
    with pytest.raises(FeedUnreadable, match="no encoding 'klingon'"):
        detect(path, FeedOptions(encoding="klingon"))


def test_a_file_without_a_header_has_numbered_columns(tmp_path: Path) -> None:
    rows = raw(write(tmp_path, "A-1;12,50;5\nA-2;13,50;6\n"))
    assert rows[0].cells == {"column 1": "A-1", "column 2": "12,50", "column 3": "5"}
    assert [row.number for row in rows] == [1, 2]


def test_headers_twice_or_empty_get_names_of_their_own(tmp_path: Path) -> None:
    path = write(tmp_path, "Kod;Cena;Cena;\nA;1;2;3\n")
    assert headers(path, detect(path)) == ("Kod", "Cena", "Cena (2)", "column 4")


def test_an_empty_file_and_a_web_page_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedUnreadable, match="empty"):
        detect(write(tmp_path, b" \n"))
    with pytest.raises(FeedUnreadable, match="web page"):
        detect(write(tmp_path, "<!DOCTYPE html><html><body>Sign in</body></html>"))


def test_every_kind_of_dirt_is_named_with_its_row_and_stops_nothing(tmp_path: Path) -> None:
    lines = [
        "Kod;EAN;Nazwa;Stan",
        f"A-2;{EAN};good łąka;5",
        "A-3;5,90123E+12;rounded;5",
        ";5,90123E+12;rounded, no SKU;5",
        "A-5;5.901234123457E+12;recovered;5",
        "A-6;;short",
        "A-7;;long;5;6",
        "A-8;;trailing;5;;",
        'A-9;;"stray;5',
        "A-10;;negative;-3",
        "A-11;;more;>10",
        "A-12;;plus;10+",
        "A-13;;none;brak",
        "A-2;;again;5",
        "",
        "A-16;;nul\x00byte;5",
        ";;nobody;5",
        f"{'L' * 70};;long code;5",
        f"A-19;;{'n' * 300};5",
        "A-20;5901234123450;check digit;5",
        "A-21;;pieces;12 szt.",
    ]
    content = "\n".join(lines).encode() + b"\nA-22;;broken \xff\xfe name;5\nA-\xff23;;broken code;5\nA-24;;last;1.5\n"
    rows = {row.number: row for row in mapped(write(tmp_path, content))}
    seen = {number: [(p.column, p.fatal, p.reason) for p in row.problems] for number, row in rows.items()}

    def only(number: int) -> tuple[str, bool, str]:
        assert len(seen[number]) == 1, seen[number]
        return seen[number][0]

    assert sorted(rows) == [n for n in range(2, 25) if n != 15]
    assert seen[2] == []
    assert rows[2].values == {"sku": "A-2", "ean": EAN, "name": "good łąka", "stock_quantity": 5}
    assert only(3)[:2] == ("EAN", False)
    assert "last digits are lost" in only(3)[2]
    assert only(4)[:2] == ("EAN", True)
    assert not rows[4].valid
    assert rows[5].values["ean"] == EAN
    assert "all its digits were there" in only(5)[2]
    assert only(6) == ("", True, "it has 3 cells, the header 4; look for a stray quote or delimiter")
    assert "it has 5 cells" in only(7)[2]
    assert seen[8] == []
    assert "quote is opened and not closed" in only(9)[2]
    assert rows[10].values["stock_quantity"] == 0
    assert "below zero" in only(10)[2]
    assert (rows[11].values["stock_quantity"], rows[12].values["stock_quantity"]) == (10, 10)
    assert "at least 10" in only(11)[2]
    assert "at least 10" in only(12)[2]
    assert only(13)[:2] == ("Stan", True)
    assert only(14) == ("sku", True, "stands in row 2 already, which counts")
    assert rows[16].values["name"] == "nulbyte"
    assert "NUL" in only(16)[2]
    assert "no SKU" in only(17)[2]
    assert "70 characters long" in only(18)[2]
    assert len(str(rows[19].values["name"])) == 255
    assert "7 would be right" in only(20)[2]
    assert (rows[21].values["stock_quantity"], seen[21]) == (12, [])
    assert only(22)[:2] == ("Nazwa", False)
    assert only(23)[:2] == ("Kod", True)
    assert "could not be decoded" in only(23)[2]
    assert rows[24].values["stock_quantity"] == 1


def test_a_stray_quote_costs_its_own_row_only(tmp_path: Path) -> None:
    body = "".join(f"A-{n};;plain;{n}\n" for n in range(500))
    path = write(tmp_path, 'Kod;EAN;Nazwa;Stan\nX;;"never closed;1\n' + body)
    rows = mapped(path)
    assert [row.number for row in rows if not row.valid] == [2]
    assert len(rows) == 501


def test_line_breaks_in_quotes_stay_in_their_cell(tmp_path: Path) -> None:
    path = write(tmp_path, 'Kod;EAN;Nazwa;Stan\nA;;"one\ntwo\r\nthree ""quoted""";1\nB;;b;2\n')
    assert [(row.number, row.values["name"]) for row in mapped(path)] == [(2, 'one two three "quoted"'), (3, "b")]


def test_a_cell_beyond_all_measure_is_named_and_passed(tmp_path: Path) -> None:
    path = write(tmp_path, "Kod;EAN;Nazwa;Stan\nA;;" + "x" * 1_200_000 + ";1\nB;;" + "y" * 9_000_000 + ";1\nC;;c;3\n")
    rows = list(read_feed(path, FeedOptions("csv", ";", '"', "utf-8", True), MAPPING))
    assert [(row.number, row.valid) for row in rows] == [(2, False), (3, False), (4, True)]
    assert "field larger than field limit" in rows[0].problems[0].reason
    assert "line is longer than" in rows[1].problems[0].reason


letters = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffd\u2028\u2029")
cells = st.text(letters, max_size=12).map(str.strip)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(cells, min_size=3, max_size=3).filter(any), min_size=1, max_size=8), st.sampled_from(";,\t|"))
def test_what_is_written_is_read_again(tmp_path: Path, table: list[list[str]], delimiter: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *table])
    path = write(tmp_path, text.getvalue())
    options = FeedOptions("csv", delimiter, '"', "utf-8", True)
    assert [list(row.cells.values()) for row in read_raw(path, options)] == table
