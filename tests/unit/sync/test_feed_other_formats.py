"""JSON lines, workbooks and packed files."""

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sync.suppliers.detect import detect
from sync.suppliers.feed_errors import FeedRefused, FeedTooLarge, FeedUnreadable
from sync.suppliers.feed_file import read_feed
from sync.suppliers.feed_options import FeedOptions
from sync.suppliers.limits import FeedLimits
from sync.suppliers.mapping import FeedMapping
from sync.suppliers.preview import preview
from sync.suppliers.readers import headers, read_raw

TABLE = "Kod;Stan\n" + "".join(f"A-{n};{n}\n" for n in range(50))


def test_json_lines_with_dotted_paths(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text(
        '{"sku":"A","offer":{"price":12.10,"currency":"PLN"},"eans":["5901234123457"],"ok":true,"no":null,"a.b":"dot"}\n'
        "\n"
        '{"sku":"B","offer":{"price":12345678901234567890}}\n'
        "not json\n"
        "[1]\n"
        '{"sku":"C"}\n'
    )
    options = detect(path)
    assert options.format == "jsonl"
    assert headers(path, options) == ("sku", "offer.price", "offer.currency", "eans.0", "ok", "no", "a.b")
    rows = list(read_raw(path, options, ("offer.price", "eans.0", "a.b", "eans.x"), only=True))
    assert [(row.number, list(row.cells.values())) for row in rows if not row.problems] == [
        (1, ["12.10", "5901234123457", "dot", ""]),
        (3, ["12345678901234567890", "", "", ""]),
        (6, ["", "", "", ""]),
    ]
    assert [(row.number, row.problems[0].reason.split(":")[0]) for row in rows if row.problems] == [
        (4, "it is no JSON"),
        (5, "it is no object"),
    ]


def test_one_json_document_is_refused_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text('[{"sku": "A"}]')
    with pytest.raises(FeedUnreadable, match="one object a line"):
        detect(path)


def workbook(path: Path, *sheets: tuple[str, list[list[Any]]]) -> Path:
    book = openpyxl.Workbook()
    for number, (title, rows) in enumerate(sheets):
        page = book.active if number == 0 else book.create_sheet()
        assert page is not None
        page.title = title
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def test_a_workbook_keeps_eans_and_prices_whole(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "feed.xlsx",
        (
            "Cennik",
            [
                ["Kod", "EAN", "Cena", "Stan"],
                ["A", 5901234123457, 12.1, 5.0],
                [],
                ["007", "5901234123457", "1 234,50 zł", None],
            ],
        ),
        ("Inne", [["Kod"], ["X"]]),
    )
    seen = preview(path)
    assert (seen.options.format, seen.options.sheet, seen.options.header) == ("xlsx", "Cennik", True)
    assert "sheet Cennik of: Cennik, Inne" in seen.warnings
    mapping = FeedMapping.from_data({"sku": "Kod", "ean": "EAN", "purchase_price": "Cena", "stock_quantity": "Stan"})
    rows = list(read_feed(path, seen.options, mapping))
    assert [(row.number, row.data()) for row in rows] == [
        (2, {"sku": "A", "ean": "5901234123457", "purchase_price": "12.1", "stock_quantity": 5}),
        (
            4,
            {
                "sku": "007",
                "ean": "5901234123457",
                "purchase_price": "1234.50",
                "stock_quantity": None,
                "currency": "PLN",
            },
        ),
    ]
    other = detect(path, FeedOptions(sheet="Inne"))
    assert [row.cells for row in read_raw(path, other)] == [{"Kod": "X"}]
    with pytest.raises(FeedUnreadable, match="Cennik, Inne"):
        detect(path, FeedOptions(sheet="Trzeci"))


def test_what_only_looks_like_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "feed.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "no xml")
    with pytest.raises(FeedUnreadable):
        detect(path)
    path.write_text("Kod;Stan\nA;1\n")
    with pytest.raises(FeedUnreadable, match="no XLSX"):
        detect(path, FeedOptions("xlsx"))


def packed(path: Path, kind: str, content: bytes) -> Path:
    if kind == "gz":
        path.write_bytes(gzip.compress(content))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("__MACOSX/._feed.csv", "junk")
            archive.writestr("readme.md", "x" * 10_000)
            archive.writestr("inner/feed.csv", content)
            archive.writestr("small.csv", "Kod\nX\n")
    return path


@pytest.mark.parametrize("kind", ["gz", "zip"])
def test_packed_files_are_read_as_they_are(tmp_path: Path, kind: str) -> None:
    path = packed(tmp_path / "feed", kind, TABLE.encode())
    assert len(list(read_raw(path, detect(path)))) == 50


def test_a_member_of_a_zip_is_chosen(tmp_path: Path) -> None:
    path = packed(tmp_path / "feed.zip", "zip", TABLE.encode())
    assert "inner/feed.csv of the 2 files in the zip is read" in preview(path).warnings
    options = detect(path, FeedOptions(member="small.csv"))
    assert [row.cells for row in read_raw(path, options)] == [{"Kod": "X"}]
    with pytest.raises(FeedUnreadable, match=r"no file 'gone.csv'"):
        detect(path, FeedOptions(member="gone.csv"))


def test_a_workbook_in_an_archive_is_read(tmp_path: Path) -> None:
    book = workbook(tmp_path / "a.xlsx", ("S", [["Kod"], ["A"]]))
    path = tmp_path / "feed.gz"
    path.write_bytes(gzip.compress(book.read_bytes()))
    options = detect(path)
    assert options.format == "xlsx"
    assert [row.cells["Kod"] for row in read_raw(path, options)] == ["A"]


@pytest.mark.parametrize("kind", ["gz", "zip"])
def test_a_bomb_is_refused_by_its_ratio_and_by_its_size(tmp_path: Path, kind: str) -> None:
    path = packed(tmp_path / "feed", kind, b"Kod;Stan\n" + (b"A" * 9_997 + b";1\n") * 2_000)
    options = FeedOptions("csv", ";", '"', "utf-8", True)
    with pytest.raises(FeedRefused, match="zip bomb"):
        list(read_raw(path, options))
    with pytest.raises(FeedTooLarge, match="unpacks to more than 1,000,000 bytes"):
        list(read_raw(path, options, limits=FeedLimits(max_unpacked=1_000_000)))


def test_a_workbook_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "feed.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 20_000_000)
    with pytest.raises(FeedRefused, match="zip bomb"):
        detect(path)


def test_archives_that_are_cut_off_or_locked_are_named(tmp_path: Path) -> None:
    path = tmp_path / "feed.gz"
    whole = gzip.compress("".join(f"A-{n};{n * n}\n" for n in range(9000)).encode())
    path.write_bytes(whole[:-2000])
    with pytest.raises(FeedUnreadable, match="archive is broken"):
        list(read_raw(path, FeedOptions("csv", ";", '"', "utf-8", True)))
    packed(tmp_path / "feed.zip", "zip", TABLE.encode())
    content = bytearray((tmp_path / "feed.zip").read_bytes())
    (tmp_path / "feed.zip").write_bytes(content[:-30])
    with pytest.raises(FeedUnreadable, match="zip is broken"):
        detect(tmp_path / "feed.zip")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("feed.csv", TABLE)
    locked = bytearray(buffer.getvalue())
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "feed.zip").write_bytes(locked)
    with pytest.raises(FeedUnreadable, match="encrypted"):
        detect(tmp_path / "feed.zip")
