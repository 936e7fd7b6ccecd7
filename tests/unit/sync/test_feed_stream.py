"""Memory stays flat: long feeds are read in a process that may not have more than a little."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ROWS = 60_000
READ = """
import resource, sys
from pathlib import Path
from sync.suppliers.detect import detect
from sync.suppliers.feed_file import read_feed
from sync.suppliers.mapping import FeedMapping
import charset_normalizer, lxml.etree, openpyxl

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() >> 10

path = Path(sys.argv[1])
names = ("@id", "name", "@stock", "../@currency") if path.suffix == ".xml" else ("id", "name", "stock", "currency")
mapping = FeedMapping.from_data(dict(zip(("sku", "name", "stock_quantity", "currency"), names)))
options = detect(path)
count, early = 0, 0
for row in read_feed(path, options, mapping):
    assert row.valid, row
    count += 1
    if count == 5_000:
        early = resident()
print(count, resident() - early)
"""


def grown(path: Path) -> tuple[int, int]:
    """Rows read, and by how many KB the process grew from row 5,000 to the last."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    count, kilobytes = done.stdout.split()
    return int(count), int(kilobytes)


def xml(path: Path, before: str, each: str, after: str) -> Path:
    with path.open("w") as file:
        file.write('<?xml version="1.0"?><offers currency="PLN">')
        file.write(before)
        file.writelines(each.format(n=n) for n in range(ROWS))
        file.write(after + "</offers>")
    return path


RECORD = '<o id="{n}" stock="5"><name><![CDATA[Mug & more {n}]]></name><desc>' + "long text " * 20 + "</desc></o>\n"


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="/proc tells how much memory a process has")
def test_long_xml_takes_no_more_memory_than_short(tmp_path: Path) -> None:
    path = xml(tmp_path / "feed.xml", "", RECORD, "")
    assert path.stat().st_size > 16_000_000
    count, kilobytes = grown(path)
    assert count == ROWS
    assert kilobytes < 8_000


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="/proc tells how much memory a process has")
def test_what_lies_between_records_is_freed_too(tmp_path: Path) -> None:
    path = xml(
        tmp_path / "feed.xml", "", "<note>" + "x" * 300 + "</note>" + '<o id="{n}" stock="5"><name>n</name></o>', ""
    )
    count, kilobytes = grown(path)
    assert count == ROWS
    assert kilobytes < 8_000


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="/proc tells how much memory a process has")
def test_long_csv_takes_no_more_memory_than_short(tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    with path.open("w") as file:
        file.write("id;name;stock;currency;text\n")
        file.writelines(f"A-{n};Mug {n};{n % 90};PLN;{'long text ' * 20}\n" for n in range(ROWS))
    count, kilobytes = grown(path)
    assert count == ROWS
    assert kilobytes < 8_000
