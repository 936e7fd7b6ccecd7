"""XML: record paths, paths in records, namespaces, sloppy and hostile documents."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.suppliers.detect import detect
from sync.suppliers.feed_errors import FeedRefused, FeedUnreadable, MappingInvalid
from sync.suppliers.feed_options import FeedOptions
from sync.suppliers.readers import headers, read_raw, xml_reader
from sync.suppliers.readers.xml_repair import Repair
from sync.suppliers.rows import RawRow

NESTED = """<?xml version="1.0"?>
<shop xmlns="urn:shop" xmlns:p="urn:price" currency="PLN"><name>Gawra</name>
<products><product id="1"><p:price net="5.00">6.15</p:price>
<sizes><size code="1-S"><stock quantity="2"/><stock quantity="3"/></size><size code="1-M"/></sizes></product>
<product id="2"><sizes><size code="2-S"><stock quantity="x"/></size></sizes></product></products></shop>"""


def write(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "feed.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def cells(path: Path, columns: tuple[str, ...], options: FeedOptions | None = None) -> list[tuple[str, ...]]:
    rows = read_raw(path, detect(path, options), columns, only=True)
    return [tuple(row.cells[column] for column in columns) for row in rows]


def test_the_record_path_and_namespaces_are_detected(tmp_path: Path) -> None:
    options = detect(write(tmp_path, NESTED))
    assert options.format == "xml"
    assert options.record_path == "shop/products/product"
    assert options.namespaces == {"": "urn:shop", "p": "urn:price"}


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ("<a><b><c>1</c></b><b><c>2</c></b></a>", "a/b"),
        (
            "<a><head><x>1</x><y>2</y></head><list><o i='1' j='2'/><o i='2' j='3'/><o i='3' j='4'/></list></a>",
            "a/list/o",
        ),
        (
            "<a><cs><c id='1'/><c id='2'/></cs><o><n>1</n><p>2</p><q>3</q></o><o><n>1</n><p>2</p></o></a>",
            "a/o",
        ),
        ("<a>" + "<g>" + "<o><n>1</n><p>2</p><q>3</q></o>" * 5 + "</g><g><o><n/><p/><q/></o></g></a>", "a/g/o"),
        ("<offers><o id='1' price='2'><attrs><a name='x'>1</a><a name='y'>2</a></attrs></o></offers>", "offers/o"),
        ("<c>" + "<k i='1' j='2'>x</k>" * 30 + "<p>" + "<o><n/><m/><l/><k/><i/></o>" * 15 + "</p></c>", "c/p/o"),
        ("<rss><channel><title>t</title><item><id>1</id><price>2</price></item></channel></rss>", "rss/channel/item"),
    ],
)
def test_record_paths_of_other_shapes(tmp_path: Path, document: str, path: str) -> None:
    assert detect(write(tmp_path, document)).record_path == path


def test_all_kinds_of_paths(tmp_path: Path) -> None:
    path = write(tmp_path, NESTED)
    columns = (
        "@code", "../../@id", "../../p:price", "../../p:price/@net", "../../../../@currency", "../../../../name",
        "sum(stock/@quantity)", "count(stock)", "join(stock/@quantity)", "stock[2]/@quantity",
        "stock[@quantity='2']/@quantity",
        "string-length(@code)", "missing/@x", "size",
    )  # fmt: skip
    found = cells(path, columns, FeedOptions(record_path="shop/products/product/sizes/size"))
    assert found == [
        ("1-S", "1", "6.15", "5.00", "PLN", "Gawra", "5", "2", "2, 3", "3", "2", "3", "", ""),
        ("1-M", "1", "6.15", "5.00", "PLN", "Gawra", "", "0", "", "", "", "3", "", ""),
        ("2-S", "2", "", "", "PLN", "Gawra", "x", "1", "x", "", "", "3", "", ""),
    ]


def test_a_path_at_any_depth_takes_the_outermost(tmp_path: Path) -> None:
    path = write(tmp_path, "<a><x><o n='1'><o n='inner'/></o></x><o n='2'/></a>")
    assert cells(path, ("@n",), FeedOptions(record_path="//o")) == [("1",), ("2",)]


@pytest.mark.parametrize("column", ["q:price", "a[", "count(", "@q:id", "a/@b/c("])
def test_a_path_that_is_none_is_named(tmp_path: Path, column: str) -> None:
    with pytest.raises(MappingInvalid):
        cells(write(tmp_path, NESTED), (column,))


@pytest.mark.parametrize("path", ["a[1]/b", "..", "a/@id", " "])
def test_a_record_path_that_is_none_is_named(tmp_path: Path, path: str) -> None:
    with pytest.raises(MappingInvalid, match=r"reading\.record_path"):
        list(read_raw(write(tmp_path, NESTED), FeedOptions("xml", encoding="utf-8", record_path=path)))


def test_all_texts_attributes_and_fields_with_names_beside_are_listed(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "<os><o id='1'><n><![CDATA[ a & b ]]></n><a name='EAN'>5</a><i u='x'/><i u='y'/><e/></o>"
        "<o id='2'><z>1</z></o></os>",
    )
    assert headers(path, detect(path)) == ("@id", "n", "a[@name='EAN']", "i/@u", "i[2]/@u", "e", "z")
    row = next(iter(read_raw(path, detect(path))))
    assert row.cells == {"@id": "1", "n": "a & b", "a[@name='EAN']": "5", "i/@u": "x", "i[2]/@u": "y", "e": ""}


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("cp1250", "windows-1250"),
        ("iso8859_2", "iso-8859-2"),
        ("utf-16", "utf-16"),
        ("cp1250", "utf-8"),
    ],
)
def test_the_declared_encoding_is_used_where_it_is_true(tmp_path: Path, encoding: str, declared: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{declared}"?><a>'
        + "<o><n>Zażółć gęślą jaźń, świnko</n><m>1</m></o>" * 3
        + "</a>"
    )
    assert cells(write(tmp_path, text, encoding), ("n",)) == [("Zażółć gęślą jaźń, świnko",)] * 3


def test_sloppy_documents_are_mended(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        b"\xef\xbb\xbf\n<?xml version='1.0' encoding='utf-8'?><a>"
        b"<o u='x?a=1&b=2'><n>Black & Decker &nbsp;&oacute; &lt; &#261; &#1; &made;</n></o>"
        b"<o u='y'><n><![CDATA[a & b &nbsp; <p>]]></n></o><o><n>nul\x00here \xff \xc5\x82</n></o></a>",
    )
    assert cells(path, ("@u", "n")) == [
        ("x?a=1&b=2", "Black & Decker \u00a0ó < ą \ufffd &made;"),
        ("y", "a & b &nbsp; <p>"),
        ("", "nul\ufffdhere \ufffd ł"),
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_mending_does_not_depend_on_where_the_pieces_are_cut(size: int) -> None:
    text = "<a>R&D &amp; &nbsp;&#x105;<![CDATA[x & y ]] > ]]>&<!-- a & b --->&lt;<b/>" * 3
    repair = Repair()
    pieces = [repair.feed(text[at : at + size]) for at in range(0, len(text), size)]
    whole = "<a>R&amp;D &amp; \u00a0&#x105;<![CDATA[x & y ]] > ]]>&amp;<!-- a & b --->&lt;<b/>" * 3
    assert "".join([*pieces, repair.feed("", final=True)]) == whole
    assert repair.mended == 9


def until_broken(rows: Iterator[RawRow]) -> tuple[int, str]:
    count = 0
    try:
        for _ in rows:
            count += 1
    except FeedUnreadable as error:
        return count, str(error)
    return count, ""


@pytest.mark.parametrize("end", ["", "<o", "<o><n>4", "</wrong>", "</a><a/>"])
def test_a_broken_document_gives_what_stood_before_and_says_where(tmp_path: Path, end: str) -> None:
    path = write(tmp_path, "<a>\n" + "<o><n>1</n><m>2</m></o>\n" * 3 + end)
    count, message = until_broken(read_raw(path, FeedOptions("xml", encoding="utf-8", record_path="a/o")))
    assert count == 3
    assert "broken" in message
    assert "after record 3" in message


BOMB = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a><o><n>&y;</n><m>1</m></o><o><n>2</n><m>1</m></o></a>'
FILE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><o><n>&x;</n><m>1</m></o><o><n>2</n><m>1</m></o></a>'


@pytest.mark.parametrize("document", [BOMB, FILE])
def test_entities_of_a_documents_own_are_refused(tmp_path: Path, document: str) -> None:
    path = write(tmp_path, document)
    with pytest.raises(FeedRefused, match="entities"):
        detect(path)
    with pytest.raises(FeedRefused, match="entities"):
        list(read_raw(path, FeedOptions("xml", encoding="utf-8", record_path="a/o")))


def test_a_doctype_alone_is_harmless_and_nothing_is_loaded(tmp_path: Path) -> None:
    path = write(
        tmp_path, '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a><o><n>1</n><m>1</m></o><o><n>2</n></o></a>'
    )
    assert cells(path, ("n",)) == [("1",), ("2",)]


def test_a_record_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_reader, "LARGEST_RECORD", 1 << 20)
    path = write(tmp_path, "<a><o>" + "<x>abcdefgh</x>" * 100_000)
    count, message = until_broken(read_raw(path, FeedOptions("xml", encoding="utf-8", record_path="a/o")))
    assert (count, "larger than 1 MB" in message) == (0, True)
