"""Small pictures, each different, without an imaging library."""

import struct
import zlib


def png(seed: int, side: int = 8) -> bytes:
    """A PNG of one colour that follows from the seed."""
    colour = bytes(((seed * 37) % 256, (seed * 101) % 256, (seed * 197) % 256))
    rows = (b"\0" + colour * side) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
