"""Small product pictures as PNG files, drawn without any library."""

import struct
import zlib

SIDE = 400
Rgb = tuple[int, int, int]


def picture(shape: int, rgb: Rgb, size: int, view: int) -> bytes:
    """A PNG of a shape in a colour on a light ground. `size` 0 to 2 makes it larger, `view` 1 shows its back."""
    ground = (246, 246, 242) if view == 0 else (228, 232, 235)
    shade = (*(part * 3 // 4 for part in rgb),)
    half = 95 + 30 * size
    rows = b"".join(b"\x00" + _row(shape, y - SIDE // 2, half, view) for y in range(SIDE))
    palette = bytes((*ground, *rgb, *shade))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _row(shape: int, y: int, half: int, view: int) -> bytes:
    """One line of pixels: 0 the ground, 1 the colour, 2 its shade. `y` counts from the middle."""
    width = _half_width(shape, y, half)
    inner = width // 2 if view == 0 and abs(y) < half // 2 else 0
    side = SIDE // 2 - width
    body = b"\x01" * (width - inner) + b"\x02" * (2 * inner) + b"\x01" * (width - inner)
    return b"\x00" * side + body + b"\x00" * side


def _half_width(shape: int, y: int, half: int) -> int:
    """How far the shape reaches to each side: a square, a disc, a diamond, a vase or a triangle."""
    if abs(y) > half:
        return 0
    match shape % 5:
        case 0:
            return half
        case 1:
            return int((half * half - y * y) ** 0.5)
        case 2:
            return half - abs(y)
        case 3:
            return half // 2 + abs(y) // 2
        case _:
            return (y + half) // 2


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
