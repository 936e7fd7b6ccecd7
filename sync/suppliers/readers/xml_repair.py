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
        if not final:
            cut = self._cut(text)
            text, self._held = text[:cut], text[cut:]
        if not self._inside and "<!" not in text and not _AMPERSAND.search(text):
            return text
        return "".join(self._parts(text))

    def _cut(self, text: str) -> int:
        """Where a token may begin that the piece does not end."""
        start = max(0, len(text) - _LONGEST_TOKEN)
        if self._inside:
            return max(start, len(text) - 2)
        found = [at for at in (text.find("&", start), text.find("<!", start)) if at >= 0]
        if text.endswith("<"):
            found.append(len(text) - 1)
        return min(found, default=len(text))

    def _parts(self, text: str) -> Iterator[str]:
        at = 0
        while at < len(text):
            if self._inside:
                end = text.find(self._inside, at)
                stop = len(text) if end < 0 else end + 3
                self._inside = self._inside if end < 0 else ""
                yield text[at:stop]
                at = stop
                continue
            found = _TOKEN.search(text, at)
            if not found:
                yield text[at:]
                return
            yield text[at : found.start()]
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
