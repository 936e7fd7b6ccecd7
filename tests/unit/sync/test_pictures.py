"""Pictures that are made to fit a shop's limits."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image

from sync.pictures import MOST_PIXELS, Unfit, fit


def noise(form: str, size: tuple[int, int] = (640, 480), mode: str = "RGB", **options: object) -> bytes:
    """A picture that does not compress."""
    channels = {"RGB": 3, "RGBA": 4, "L": 1, "CMYK": 4}[mode]
    content = random.Random(1).randbytes(size[0] * size[1] * channels)
    written = io.BytesIO()
    Image.frombytes(mode, size, content).save(written, form, **options)
    return written.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_what_fits_is_not_touched(form: str) -> None:
    content = noise(form, (40, 30))
    assert fit(content, 100_000) == content


@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "RGB"), ("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "RGBA"), ("WEBP", "RGB"), ("GIF", "L")]
)
def test_a_picture_over_the_limit_is_scaled_in_its_own_format(form: str, mode: str) -> None:
    content = noise(form, mode=mode)
    limit = len(content) // 4
    found = fit(content, limit)
    assert len(found) <= limit
    assert len(found) > limit // 8
    assert opened(found).format == form
    assert abs(opened(found).width / opened(found).height - 640 / 480) < 0.02


def test_transparency_stays() -> None:
    assert opened(fit(noise("PNG", mode="RGBA"), 100_000)).mode == "RGBA"


def test_a_scaled_picture_is_turned_as_its_exif_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    found = opened(fit(noise("JPEG", exif=exif), 50_000))
    assert found.height > found.width
    assert found.getexif().get(0x0112) is None


def test_too_many_pixels_are_fewer_then() -> None:
    written = io.BytesIO()
    Image.new("L", (9000, 6000)).save(written, "JPEG")
    found = opened(fit(written.getvalue(), 10_000_000))
    assert found.width * found.height <= MOST_PIXELS


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    with pytest.raises(Unfit, match="3600 million pixels"):
        fit(bomb, 1_000_000)


def test_what_is_no_picture_is_left_to_the_shop_unless_it_is_too_large() -> None:
    assert fit(b"no picture", 100) == b"no picture"
    with pytest.raises(Unfit, match="no picture"):
        fit(b"no picture" * 20, 100)


def test_a_file_that_breaks_off_is_named() -> None:
    with pytest.raises(Unfit, match="cannot be read"):
        fit(noise("PNG")[:400_000], 300_000)
