"""Finds out how a CSV file is written: its encoding and its separator."""

import codecs
import csv
import io
from collections.abc import Callable
from pathlib import Path

from sync.catalogue_files.records import CatalogueFileError

SEPARATORS = (";", ",", "\t", "|")
_BLOCK = 1 << 20
_SAMPLE = 64 << 10
_LATIN, _CENTRAL = ("cp1252", "cp1250", "iso8859_2"), ("cp1250", "iso8859_2", "cp1252")
_BY_LANGUAGE = {
    **dict.fromkeys(("pl", "cs", "sk", "hu", "ro", "sl", "hr"), _CENTRAL),
    **dict.fromkeys(("ru", "uk", "bg", "sr", "mk"), ("cp1251",)),
    **dict.fromkeys(("lt", "lv", "et"), ("cp1257",)),
    "el": ("cp1253",),
    "tr": ("cp1254",),
}


def encoding_of(path: Path, language: str) -> tuple[str, bool]:
    """The encoding of a file, and whether it is a guess.

    By its mark, else UTF-8 when all of it is; else one of the older ones that `language` is written in.
    """
    with path.open("rb") as file:
        head = file.read(4)
        if head.startswith(codecs.BOM_UTF8):
            return "utf-8-sig", False
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16", False
        file.seek(0)
        sample = _first_beyond_utf8(file)
    if sample is None:
        return "utf-8", False
    return max(_BY_LANGUAGE.get(language, _LATIN), key=lambda encoding: _letters(sample, encoding)), True


def _letters(sample: bytes, encoding: str) -> int:
    """How many letters beyond ASCII the sample has: Polish read as the wrong Latin is full of signs instead."""
    return sum(letter.isalpha() and not letter.isascii() for letter in sample.decode(encoding, errors="replace"))


def _first_beyond_utf8(file: io.BufferedReader) -> bytes | None:
    """A sample around the first bytes that are no UTF-8; None when there are none."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    before = b""
    while block := file.read(_BLOCK):
        try:
            decoder.decode(block, final=len(block) < _BLOCK)
        except UnicodeDecodeError as error:
            at = max(0, error.start - _SAMPLE // 4)
            return (before if at == 0 else b"") + block[at : at + _SAMPLE]
        before = block[-1024:]
    return None


def separator_of(header: str, known: Callable[[list[str]], int]) -> str:
    """The separator that splits the header into the most columns that `known` counts. Raises CatalogueFileError."""
    counts = {separator: known(next(csv.reader([header], delimiter=separator), [])) for separator in SEPARATORS}
    best = max(SEPARATORS, key=counts.__getitem__)
    if counts[best] == 0:
        raise CatalogueFileError(
            "the first line names none of PrestaShop's product columns; it needs at least Reference, Name and Price"
        )
    return best
