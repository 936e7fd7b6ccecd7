"""Pictures made to fit a shop's limits: its bytes per upload, and the pixels that PHP's memory holds."""

import io
from math import sqrt
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 25_000_000
"""What PHP takes with room to spare: it needs some 5 bytes a pixel, and a picture of 100 million pixels leaves a row
without a file (prestashop.md 6)."""
MOST_DECODED = 40_000_000
"""What is decoded here, whatever a file's header says: 120 MB. A JPEG may say more, it is decoded at a half or less."""
QUALITY = 88
ROUNDS = 12
JPEG_PART = 8
"""A JPEG can be decoded at a half, a quarter or an eighth of its size."""
LOSSY = ("JPEG", "WEBP")

Image.MAX_IMAGE_PIXELS = None  # Pillow's own guard warns only; ours, below, refuses before anything is decoded


class Unfit(ValueError):
    """Raised for a picture that cannot be made to fit; the message says why."""


def fit(content: bytes, limit: int) -> bytes:
    """The picture itself if it fits, else the same one smaller: same format, turned as its EXIF says.

    `limit` is in bytes. What is no picture is left to the shop to refuse. Raises Unfit.
    """
    try:
        image = Image.open(io.BytesIO(content))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        if len(content) > limit:
            raise Unfit(f"it is no picture, and has more than the {limit} bytes that the shop takes") from None
        return content
    with image:
        if len(content) <= limit and image.width * image.height <= MOST_PIXELS:
            return content
        return _smaller(image, limit)


def _smaller(image: Image.Image, limit: int) -> bytes:
    form = image.format or "JPEG"
    picture = _decoded(image)
    profile = image.info.get("icc_profile")
    scale = min(1.0, sqrt(MOST_PIXELS / (picture.width * picture.height)))
    for _ in range(ROUNDS):
        found = _encoded(_resized(picture, scale), form, profile)
        if len(found) <= limit:
            return found
        scale *= min(0.9, 0.95 * sqrt(limit / len(found)))
    raise Unfit(f"it cannot be made to fit into {limit} bytes")


def _decoded(image: Image.Image) -> Image.Image:
    """The pixels, the right way up. Raises Unfit for too many, and for a file that breaks off."""
    part = 1
    while image.width * image.height / part**2 > MOST_DECODED and part < JPEG_PART:
        part *= 2
    image.draft(None, (image.width // part, image.height // part))  # a JPEG's affair; others stay as they are
    pixels = image.width * image.height
    if pixels > MOST_DECODED:
        raise Unfit(f"it has {pixels / 1e6:.0f} million pixels; make it smaller")
    try:
        image.load()
        picture = ImageOps.exif_transpose(image)
    except (OSError, ValueError, SyntaxError) as error:
        raise Unfit(f"it cannot be read: {error}") from None
    return _plain(picture, image.format)


def _plain(picture: Image.Image, form: str | None) -> Image.Image:
    """In a mode that can be scaled smoothly and written in that format."""
    if form == "JPEG":
        return picture if picture.mode in ("RGB", "L") else picture.convert("RGB")
    if picture.mode == "P":
        return picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    return picture


def _resized(picture: Image.Image, scale: float) -> Image.Image:
    if scale >= 1:
        return picture
    size = (max(1, int(picture.width * scale)), max(1, int(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _encoded(picture: Image.Image, form: str, profile: bytes | None) -> bytes:
    options: dict[str, Any] = {"icc_profile": profile} if profile else {}
    options |= {"quality": QUALITY} if form in LOSSY else {"optimize": True}
    written = io.BytesIO()
    picture.save(written, form, **options)
    return written.getvalue()
