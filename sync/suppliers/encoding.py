"""Finds out the encoding of a text file from its mark, its bytes, and what letters it would give."""

import codecs
import re
from typing import BinaryIO

from charset_normalizer import from_bytes

SAMPLE = 256 << 10
_BLOCK = 1 << 20
_MOST_BLOCKS = 64
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_LATIN = ("cp1250", "iso8859_2", "cp1252", "cp852")
_CANDIDATES = [*_LATIN, "cp1251", "cp1253", "cp1254", "cp1257", "koi8_r", "big5", "gb18030", "shift_jis"]
_POLISH_CZECH = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňřšťúůýžÁČĎÉĚÍŇŘŠŤÚŮÝŽőűŐŰäöüÄÖÜßăâîșțĂÂÎ")


def by_mark(head: bytes) -> str | None:
    """The encoding that a byte order mark tells."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return None


def detect(stream: BinaryIO) -> tuple[str, str]:
    """The encoding of a stream, which is read until that is clear, and how it is known (for people)."""
    head = stream.read(SAMPLE)
    if found := by_mark(head):
        return found, "its byte order mark says so"
    if found := _wide(head):
        return found, "every second byte is zero"
    declared = _DECLARED.search(head[:1000])
    if declared and (name := known(declared[1].decode())) and _fits(head, name):
        return name, "its XML declaration says so"
    return _by_bytes(head, stream)


def known(name: str) -> str | None:
    """Python's name of an encoding of text; None where there is none."""
    try:
        info = codecs.lookup(name)
        "a".encode(info.name)
    except (LookupError, TypeError, UnicodeError):
        return None
    return info.name


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: in Latin texts one of two bytes is nearly always zero, and the other never."""
    part = head[:4096]
    if len(part) < 4:
        return None
    half = len(part) // 2
    even, odd = part[0::2].count(0), part[1::2].count(0)
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.6 and odd < half * 0.1 else None


def _fits(head: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _by_bytes(block: bytes, stream: BinaryIO) -> tuple[str, str]:
    for _ in range(_MOST_BLOCKS):
        if not block.isascii():
            break
        block = stream.read(_BLOCK)
        if not block:
            return "utf-8", "it holds ASCII only"
    else:
        return "utf-8", f"its first {_MOST_BLOCKS} MB hold ASCII only"
    if not _mostly_utf8(block):
        return _older(block), "a guess from its bytes, as they are not UTF-8"
    return "utf-8", "its bytes are UTF-8"


def _mostly_utf8(block: bytes) -> bool:
    """A few broken bytes do not make a file another encoding: they are dirt in rows."""
    text = block.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for letter in text[:SAMPLE] if not letter.isascii() and letter != "\ufffd")
    return broken <= 3 or broken * 20 < whole if whole else False


def _older(block: bytes) -> str:
    start = next((index for index, byte in enumerate(block) if byte > 127), 0)
    sample = block[max(0, start - 1000) : start + SAMPLE // 4]
    best = from_bytes(sample, cp_isolation=_CANDIDATES).best()
    guess = best.encoding if best else "cp1250"
    if guess in (*_LATIN, "cp1254", "cp1257"):
        return max(_LATIN, key=lambda name: _likely(sample, name))
    return guess


def _likely(sample: bytes, encoding: str) -> int:
    """Letters of the languages of these parts count for it, signs and control characters against it."""
    text = sample.decode(encoding, "replace")
    foreign = [letter for letter in text if not letter.isascii()]
    return sum(2 if each in _POLISH_CZECH else 1 if each.isalpha() else -2 for each in foreign)
