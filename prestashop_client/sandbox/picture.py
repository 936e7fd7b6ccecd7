"""What a picture's bytes say of it, without a graphics library: its kind and size."""

import struct
from dataclasses import dataclass
from typing import Literal

EXTENSIONS = ("gif", "jpg", "jpeg", "jpe", "png", "webp")
MOST_PIXELS = 50_000_000  # a picture of 100 million pixels does not fit into PHP's memory


@dataclass(frozen=True)
class Picture:
    """A recognised picture; `whole` is False where a JPEG ends within its header."""

    kind: Literal["gif", "jpeg", "png", "webp"]
    width: int
    height: int
    whole: bool = True


def recognise(content: bytes) -> Picture | None:
    """The picture, or None where the bytes are none."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        return Picture("png", *struct.unpack(">II", content[16:24]))
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        return Picture("gif", *struct.unpack("<HH", content[6:10]))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Picture("webp", 1, 1)
    if content[:2] == b"\xff\xd8":
        return _jpeg(content)
    return None


def _jpeg(content: bytes) -> Picture | None:
    """Walk the segments to the frame header. Without one the file is cut; without a scan it is cut after it."""
    at, size = 2, (0, 0)
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and at + 9 <= len(content):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            size = (width, height)
        if marker == 0xDA:
            return Picture("jpeg", *size)
        at += 2 + length
    return Picture("jpeg", *size, whole=False)
