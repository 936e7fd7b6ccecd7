"""What PHP's GD makes of an uploaded picture. A small PNG is written anew as GD writes it; the rest stays as sent."""

import struct
import zlib

from prestashop_client.sandbox.picture import Picture

_MOST_PIXELS = 65_536
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_RESOLUTION = struct.pack(">IIB", 3780, 3780, 1)  # 96 dots per inch
_PNG_QUALITY = 7  # PS_PNG_QUALITY of a fresh shop


def recompress(content: bytes, picture: Picture) -> bytes:
    """The bytes that the shop keeps."""
    if picture.kind != "png" or picture.width * picture.height > _MOST_PIXELS:
        return content
    try:
        return _write(picture.width, picture.height, _read(content))
    except (ValueError, zlib.error, struct.error, IndexError):
        return content


def _read(content: bytes) -> list[bytes]:
    """The rows of the picture as RGBA, 4 bytes a pixel."""
    header, palette, alpha, data, at = b"", b"", b"", b"", 8
    while at < len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        name, chunk = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        at += 12 + length
        if name == b"IHDR":
            header = chunk
        elif name == b"PLTE":
            palette = chunk
        elif name == b"tRNS":
            alpha = chunk
        elif name == b"IDAT":
            data += chunk
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if depth != 8 or interlaced:
        raise ValueError("only plain pictures of 8 bits are written anew")
    rows = _unfilter(zlib.decompress(data), width * _CHANNELS[colour], height, _CHANNELS[colour])
    return [_rgba(row, colour, palette, alpha) for row in rows]


def _unfilter(data: bytes, length: int, height: int, step: int) -> list[bytearray]:
    rows: list[bytearray] = []
    above = bytearray(length)
    for number in range(height):
        start = number * (length + 1)
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + length])
        for i in range(length):
            left, up = (row[i - step] if i >= step else 0), above[i]
            corner = above[i - step] if i >= step else 0
            row[i] = (row[i] + _predicted(kind, left, up, corner)) & 255
        rows.append(row)
        above = row
    return rows


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 4:
        guess = left + up - corner
        return min((left, up, corner), key=lambda value: abs(guess - value))
    return (0, left, up, (left + up) // 2)[kind]


def _rgba(row: bytearray, colour: int, palette: bytes, alpha: bytes) -> bytes:
    if colour == 6:
        return bytes(row)
    out = bytearray()
    for at in range(0, len(row), _CHANNELS[colour]):
        pixel = row[at : at + _CHANNELS[colour]]
        if colour == 3:
            index = pixel[0]
            out += palette[3 * index : 3 * index + 3] + bytes([alpha[index] if index < len(alpha) else 255])
        elif colour in (0, 4):
            out += bytes([pixel[0]] * 3 + [pixel[1] if colour == 4 else 255])
        else:
            out += pixel + b"\xff"
    return bytes(out)


def _write(width: int, height: int, rows: list[bytes]) -> bytes:
    raw = bytearray()
    above = bytes(4 * width)
    for row in rows:
        raw += _best_filter(row, above)
        above = row
    bits = next(bits for bits in range(9, 16) if len(raw) <= 1 << bits or bits == 15)
    packer = zlib.compressobj(_PNG_QUALITY, zlib.DEFLATED, bits, 8, zlib.Z_FILTERED)
    data = bytearray(packer.compress(bytes(raw)) + packer.flush())
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (_chunk(b"IHDR", header), _chunk(b"pHYs", _RESOLUTION), _chunk(b"IDAT", bytes(data)), _chunk(b"IEND", b""))
    )


def _best_filter(row: bytes, above: bytes) -> bytes:
    """libpng's heuristic: the filter with the smallest sum of absolute differences, the first of equals."""
    best, least = b"", -1
    for kind in range(5):
        line = bytes(
            (value - _predicted(kind, row[i - 4] if i >= 4 else 0, above[i], above[i - 4] if i >= 4 else 0)) & 255
            for i, value in enumerate(row)
        )
        total = sum(min(value, 256 - value) for value in line)
        if least < 0 or total < least:
            best, least = bytes([kind]) + line, total
    return best


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
