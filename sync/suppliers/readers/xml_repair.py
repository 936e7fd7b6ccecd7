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
_SECTION = re.compile(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->", re.DOTALL)
_WHOLE = (
    r"<!\[CDATA\[.*?(?P<cdata>\]\]>|\Z)|<!--.*?(?P<comment>-->|\Z)|"
    + _AMPERSAND.pattern
    + r"(?P<name>#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)?"
)
_TOKEN = re.compile(_WHOLE, re.DOTALL | re.ASCII)
_TOKEN_OR_CUT = re.compile(r"(?P<cut>&[#\w]{0,33}\Z|<(?:!(?:-|\[[CDAT]{0,5})?)?\Z)|" + _WHOLE, re.DOTALL | re.ASCII)
"""The same, and what a piece ends in that may go on as a token in the next."""
_ENDS = {"cdata": "]]>", "comment": "-->"}


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
        start = ""
        if self._inside:
            end = text.find(self._inside)
            if end < 0:
                cut = len(text) if final else max(0, len(text) - 2)
                self._held = text[cut:]
                return text[:cut]
            self._inside, start, text = "", text[: end + 3], text[end + 3 :]
        if _is_whole(text) or _is_whole(_SECTION.sub(" ", text)):
            return start + text
        return start + (_TOKEN if final else _TOKEN_OR_CUT).sub(self._token, text)

    def _token(self, found: re.Match[str]) -> str:
        kind = found.lastgroup
        if kind == "cut":
            self._held = found[0]
            return ""
        if kind in _ENDS:
            if found[kind]:
                return found[0]
            self._inside, self._held = _ENDS[kind], found[0][-2:]
            return found[0][:-2]
        return self._ampersand(found)

    def _ampersand(self, found: re.Match[str]) -> str:
        name = found["name"] or ""
        if name.startswith("#") and _is_text(name[1:-1]):
            return found[0]
        self.mended += 1
        if name.startswith("#"):
            return "\ufffd"
        return html.entities.html5.get(name) or f"&amp;{found[0][1:]}"


def _is_whole(text: str) -> bool:
    """Whether there is nothing to mend and nothing cut off."""
    return "<!" not in text and not text.endswith("<") and not _AMPERSAND.search(text)


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
