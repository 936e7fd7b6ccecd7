"""Reading feeds without a database: 100,000 rows of CSV and 1,000,000 of XML, and whether memory stays flat."""

import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil

from benchmarks.report import figure
from sync.suppliers.detect import detect
from sync.suppliers.ean import check_digit
from sync.suppliers.feed_file import read_feed
from sync.suppliers.mapping import FeedMapping

CSV_ROWS, XML_ROWS = 100_000, 1_000_000
EARLY = 10_000
CSV_MAPPING = {
    "sku": "Kod",
    "ean": "EAN",
    "name": "Nazwa",
    "stock_quantity": "Stan",
    "purchase_price": {"column": "Cena", "transforms": [["number", ","]]},
    "delivery_days": "Dostawa",
    "currency": {"transforms": [["constant", "PLN"]]},
}
XML_MAPPING = {
    "supplier_sku": "@id",
    "sku": "attrs/a[@name='Kod producenta']",
    "name": "name",
    "stock_quantity": "@stock",
    "purchase_price": "@price",
    "delivery_days": "@avail",
}


def csv_feed() -> bool:
    """Seven fields of 100,000 rows, the best of three."""
    with tempfile.TemporaryDirectory() as folder:
        path = _written(Path(folder) / "feed.csv", _csv_lines())
        seconds = min(_read(path, CSV_MAPPING, CSV_ROWS)[0] for _ in range(3))
    return figure("read and map 100,000 rows of CSV", f"{seconds:.2f} s", "under 3 s", seconds < 3)


def xml_feed() -> bool:
    """Six fields of 1,000,000 records with CDATA; how much the process grows after the first 10,000."""
    with tempfile.TemporaryDirectory() as folder:
        path = _written(Path(folder) / "feed.xml", _xml_lines())
        seconds, grown = _read(path, XML_MAPPING, XML_ROWS)
    figure("read and map 1,000,000 records of XML", f"{seconds:.1f} s")
    return figure("memory from record 10,000 to the last", f"{grown:+.1f} MB", "under 10 MB", grown < 10)


def _read(path: Path, mapping: Mapping[str, object], rows: int) -> tuple[float, float]:
    """Seconds, and MB that the process grew by."""
    process = psutil.Process()
    started, early, count = time.perf_counter(), 0, 0
    for row in read_feed(path, detect(path), FeedMapping.from_data(mapping)):
        count += row.valid
        if count == EARLY:
            early = process.memory_info().rss
    seconds = time.perf_counter() - started
    if count != rows:
        raise AssertionError(f"{count} rows of {rows} were read")
    return seconds, (process.memory_info().rss - early) / 2**20


def _written(path: Path, lines: Iterator[str]) -> Path:
    with path.open("w") as file:
        file.writelines(lines)
    return path


def _csv_lines() -> Iterator[str]:
    yield "Kod;EAN;Nazwa;Stan;Cena;Dostawa;Opis;Waga\n"
    for number in range(CSV_ROWS):
        body = f"590{number:09d}"
        price = f"{number % 1000},{number % 100:02d} zł"
        yield f"SKU-{number};{body}{check_digit(body)};Kubek {number} w łąki;{number % 100};{price};3 dni;opis;1,5\n"


def _xml_lines() -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>\n<offers version="1">\n'
    for number in range(XML_ROWS):
        yield (
            f'<o id="{number}" url="https://shop.example/{number}" price="{number % 1000}.50" avail="3" stock="5">'
            f"<cat><![CDATA[Meble & dodatki]]></cat><name><![CDATA[Kubek {number} w łąki]]></name>"
            f'<attrs><a name="Producent">Gawra</a><a name="Kod producenta"><![CDATA[B{number}]]></a></attrs></o>\n'
        )
    yield "</offers>\n"
