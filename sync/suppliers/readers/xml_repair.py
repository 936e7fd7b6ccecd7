"""Makes the text of sloppy XML well-formed where that is safe: bare &, HTML's entities, control characters.

No entity but XML's own five survives, so a document's own entities are never expanded.
"""

import codecs
import html.entities
import re
from collections.abc import Iterator
from typing import BinaryIO

BLOCK = 1 << 16
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
_TOKEN = re.compile(
    r"<!\[CDATA\[|<!--|&(?!(?:amp|lt|gt|quot|apos);)(#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?"
)
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->"}
_LONGEST_TOKEN = 34


class Repair:
    """Repairs a text that comes in pieces; counts what it mended."""

    def __init__(self) -> None:
        self.mended = 0
        self._held = ""
        self._inside = ""

    def feed(self, piece: str, final: bool = False) -> str:
        """The repaired text; what may go on in the next piece is held back until then."""
        text = self._held + (_CONTROL.sub("\ufffd", piece) if _CONTROL.search(piece) else piece)
        self._held = ""
        if not self._inside and "<!" not in text and not text.endswith("<") and not _AMPERSAND.search(text):
            return text
        return "".join(self._parts(text, final))

    def _parts(self, text: str, final: bool) -> Iterator[str]:
        at = 0
        while at < len(text):
            found = None if self._inside else _TOKEN.search(text, at)
            if self._inside:
                end = text.find(self._inside, at)
                stop = end + 3 if end >= 0 else len(text) if final else max(at, len(text) - 2)
            elif found is None:
                stop = len(text) if final else _before_opening(text, at)
            else:
                stop = found.start()
            yield text[at:stop]
            if self._inside and end >= 0:
                self._inside, at = "", stop
            elif found is None or (not final and stop > len(text) - _LONGEST_TOKEN and found[0] not in _ENDS):
                self._held = text[stop:]
                return
            else:
                yield self._token(found)
                at = found.end()

    def _token(self, found: re.Match[str]) -> str:
        if found[0] in _ENDS:
            self._inside = _ENDS[found[0]]
            return found[0]
        name = found[1] or ""
        if name.startswith("#") and _is_text(name[1:-1]):
            return found[0]
        self.mended += 1
        if name.startswith("#"):
            return "\ufffd"
        if letter := html.entities.html5.get(name):
            return letter
        return f"&amp;{found[0][1:]}"


def _before_opening(text: str, at: int) -> int:
    """Where a CDATA section or a comment may begin whose mark the piece cuts off."""
    start = text.rfind("<", max(at, len(text) - 8))
    return start if start >= 0 and any(mark.startswith(text[start:]) for mark in _ENDS) else len(text)


def _is_text(number: str) -> bool:
    """Whether XML allows this character."""
    code = int(number[1:], 16) if number[0] in "xX" else int(number)
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF


def repaired(stream: BinaryIO, encoding: str, repair: Repair) -> Iterator[bytes]:
    """The document in UTF-8, piece by piece; bytes that are wrong in its encoding become U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    first = True
    while block := stream.read(BLOCK):
        text = repair.feed(decoder.decode(block))
        if text:
            yield (text.lstrip("\ufeff \t\r\n") if first else text).encode()
            first = False
    if rest := repair.feed(decoder.decode(b"", final=True), final=True):
        yield rest.encode()
