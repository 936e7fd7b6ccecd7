"""Damaged files of all formats: a preview shows what can be read or raises FeedError, never anything else."""

import gzip
import random
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest

from sync.suppliers.feed_errors import FeedError
from sync.suppliers.preview import preview

FEEDS = sorted((Path(__file__).parents[2] / "data" / "feeds").iterdir())
PIECES = [b'"', b"\x00", b"&", b"<", b">", b";", b"\n", b"\xff\xfe", b"[", b"E+12", b"]]>", b"<!--"]


def damaged(content: bytes, chance: random.Random) -> bytes:
    made = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(made) + 1)
        kind = chance.random()
        if kind < 0.5:
            made[at : at + 1] = bytes([chance.randrange(256)])
        elif kind < 0.7:
            del made[at : at + chance.randint(1, 50)]
        elif kind < 0.9:
            made[at:at] = chance.choice(PIECES)
        else:
            del made[at:]
    return bytes(made)


@pytest.fixture
def originals(tmp_path: Path) -> list[bytes]:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["Kod", "Stan"], ["A", 1]):
        book.active.append(row)
    book.save(tmp_path / "book.xlsx")
    with zipfile.ZipFile(tmp_path / "feed.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", FEEDS[1].read_bytes())
    packed = [(tmp_path / name).read_bytes() for name in ("book.xlsx", "feed.zip")]
    return [*(path.read_bytes() for path in FEEDS), *packed, gzip.compress(FEEDS[0].read_bytes())]


@pytest.mark.parametrize("seed", range(5))
def test_damage_is_borne_or_named(tmp_path: Path, originals: list[bytes], seed: int) -> None:
    chance, path = random.Random(seed), tmp_path / "feed"
    for content in originals:
        for _ in range(3):
            path.write_bytes(damaged(content, chance))
            with suppress(FeedError):
                preview(path)
