"""Section 6: pictures, covers and ghosts."""

import base64
import struct
import zlib

import pytest

from .shop import PRODUCT, Shop, xml


def png(width: int = 4, height: int = 4, shade: int = 128) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = b"".join(b"\0" + bytes([shade, 0, 0]) * width for _ in range(height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def jpeg(whole: bool = True) -> bytes:
    frame = b"\xff\xd8\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00"
    return frame + (b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x12\x34" if whole else b"")


def images(shop: Shop, product: int) -> list[int]:
    reply = shop.get(f"images/products/{product}")
    return [] if reply.status == 404 else [int(d.get("id") or 0) for d in reply.root.iter("declination")]


def cover(shop: Shop, product: int) -> str | None:
    return shop.get(f"products/{product}").value("id_default_image")


@pytest.fixture
def product(shop: Shop) -> int:
    return shop.create()


def test_no_pictures_and_no_product_look_alike(shop: Shop, product: int) -> None:
    for key in (product, 999):
        assert (shop.get(f"images/products/{key}").status, shop.get(f"images/products/{key}").body) == (404, b"")


def test_the_first_becomes_the_cover(shop: Shop, product: int) -> None:
    reply = shop.upload(f"images/products/{product}", png())
    assert reply.status == 200
    image = reply.root[0]
    assert [(e.tag, e.text) for e in image][:4] == [("id", "1"), ("id_product", "1"), ("position", "1"), ("cover", "1")]
    content = reply.root.find("content")
    assert content is not None
    assert content.get("encode") == "base64"
    assert base64.b64decode(content.text or "").startswith(b"\x89PNG")
    assert cover(shop, product) == "1"
    assert (
        f'<declination id="1" xlink:href="http://localhost/api/images/products/{product}/1"/>'
        in shop.get(f"images/products/{product}").text
    )


def test_a_picture_is_written_anew(shop: Shop, product: int) -> None:
    shop.upload(f"images/products/{product}", png())
    stored = shop.get(f"images/products/{product}/1")
    assert (stored.status, stored.content_type) == (200, "image/jpeg")
    assert stored.body != png()
    assert b"pHYs" in stored.body


def test_the_same_file_twice_is_two_pictures(shop: Shop, product: int) -> None:
    for _ in range(2):
        assert shop.upload(f"images/products/{product}", png()).status == 200
    assert images(shop, product) == [1, 2]
    assert shop.get(f"products/{product}").value("id_default_image") == "1"


@pytest.mark.parametrize("filename", ["a.jpg", "a.JPEG", "a.jpe", "a.png", "a.gif", "a.webp"])
def test_names_taken(shop: Shop, product: int, filename: str) -> None:
    assert shop.upload(f"images/products/{product}", png(), filename).status == 200


@pytest.mark.parametrize("filename", ["picture", "a.bmp", "a.avif", "a.jfif", "a.php"])
def test_names_refused(shop: Shop, product: int, filename: str) -> None:
    reply = shop.upload(f"images/products/{product}", png(), filename)
    assert (reply.status, reply.codes) == (400, [76])
    assert "gif, jpg, jpeg, jpe, png, webp" in reply.errors[0][1]
    assert images(shop, product) == []


@pytest.mark.parametrize(
    "content",
    [
        b"no picture at all",
        png(10_000, 1)[:24].replace(struct.pack(">II", 10_000, 1), struct.pack(">II", 10_000, 10_000)) + png()[24:],
    ],
)
def test_ghosts(shop: Shop, product: int, content: bytes) -> None:
    reply = shop.upload(f"images/products/{product}", content, "a.jpg")
    assert reply.errors == [(76, "An error occurred while copying image")]
    assert images(shop, product) == [1]
    assert cover(shop, product) == "1"
    ghost = shop.get(f"images/products/{product}/1")
    assert (ghost.status, ghost.errors) == (500, [(61, "This image does not exist on disk")])
    assert shop.delete(f"images/products/{product}/1").status == 200
    assert images(shop, product) == []


def test_a_picture_cut_in_its_head_is_an_empty_500_and_a_ghost(shop: Shop, product: int) -> None:
    reply = shop.upload(f"images/products/{product}", jpeg(whole=False), "a.jpg")
    assert (reply.status, reply.body) == (500, b"")
    assert images(shop, product) == [1]


def test_a_picture_cut_later_is_taken(shop: Shop, product: int) -> None:
    assert shop.upload(f"images/products/{product}", jpeg(), "a.jpg").status == 200


def test_a_product_with_a_ghost_is_deleted_with_an_error(shop: Shop, product: int) -> None:
    shop.upload(f"images/products/{product}", b"nothing", "a.jpg")
    assert shop.delete(f"products/{product}").errors == [(88, f"Id(s) wasn't deleted: {product}")]
    assert shop.get(f"products/{product}").status == 404


def test_too_large(shop: Shop, product: int) -> None:
    reply = shop.upload(f"images/products/{product}", png() + b"\0" * 2_000_000)
    assert reply.errors == [(72, "The image size is too large (maximum allowed is 2000 KB)")]
    shop.sandbox.set("PS_LIMIT_UPLOAD_IMAGE_VALUE", "3")
    assert shop.upload(f"images/products/{product}", png() + b"\0" * 2_000_000).status == 200


def test_a_wrong_part_or_no_part(shop: Shop, product: int) -> None:
    for reply in (
        shop.upload(f"images/products/{product}", png(), part="file"),
        shop.ask("POST", f"images/products/{product}", png()),
        shop.upload(f"images/products/{product}", png(), method="PUT"),
    ):
        assert reply.errors == [(76, 'Please set an "image" parameter with image data for value')]


def test_a_missing_product(shop: Shop) -> None:
    reply = shop.upload("images/products/99999", png())
    assert (reply.status, reply.errors) == (400, [(76, "Product 99999 does not exist")])


def test_replacing(shop: Shop, product: int) -> None:
    shop.upload(f"images/products/{product}", png())
    assert shop.upload(f"images/products/{product}/1", png()).codes == [65]
    before = shop.get(f"images/products/{product}/1").body
    reply = shop.upload(f"images/products/{product}/1", png(shade=9), ps_method="PUT")
    assert reply.status == 200
    assert shop.get(f"images/products/{product}/1").body == reply.body != before


def test_deleting_moves_the_others_up_and_leaves_no_cover(shop: Shop, product: int) -> None:
    for shade in (1, 2, 3):
        shop.upload(f"images/products/{product}", png(shade=shade))
    reply = shop.delete(f"images/products/{product}/1")
    assert (reply.status, reply.body) == (200, b"")
    assert cover(shop, product) == ""
    rows = shop.sandbox.store.rows("SELECT id_image, position FROM image ORDER BY id_image")
    assert [(r["id_image"], r["position"]) for r in rows] == [(2, 1), (3, 2)]
    shop.patch("products", xml(f"<id>{product}</id><id_default_image>3</id_default_image>"))
    assert cover(shop, product) == "3"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_missing_picture(shop: Shop, product: int, method: str) -> None:
    other = shop.create()
    shop.upload(f"images/products/{other}", png())
    for path in (f"images/products/{product}/99", f"images/products/{product}/1"):
        reply = shop.ask(method, path)
        assert (reply.status, reply.errors) == (400, [(57, "This image id does not exist")])


def test_deleting_without_an_id_does_nothing(shop: Shop, product: int) -> None:
    shop.upload(f"images/products/{product}", png())
    assert shop.delete(f"images/products/{product}").status == 200
    assert images(shop, product) == [1]


def test_thumbnails(shop: Shop, product: int) -> None:
    shop.upload(f"images/products/{product}", png())
    assert shop.get(f"images/products/{product}/1/cart_default").status == 200
    assert shop.get(f"images/products/{product}/1/odd").codes == [58]


def test_a_product_write_leaves_the_pictures(shop: Shop, product: int) -> None:
    shop.upload(f"images/products/{product}", png())
    shop.put("products", xml(f"<id>{product}</id>{PRODUCT}<associations><images/></associations>"))
    assert images(shop, product) == [1]


def test_in_json_they_die(shop: Shop, product: int) -> None:
    shop.upload(f"images/products/{product}", png())
    assert shop.get(f"images/products/{product}", output_format="JSON").status == 500


def test_a_category_has_one(shop: Shop) -> None:
    key = shop.category()
    assert shop.upload(f"images/categories/{key}", png()).status == 200
    assert shop.upload(f"images/categories/{key}", png()).codes == [65]
    assert shop.get(f"images/categories/{key}").content_type == "image/jpeg"
    assert shop.delete(f"images/categories/{key}").status == 200


def test_an_unknown_kind(shop: Shop) -> None:
    assert shop.get("images/planets/1").codes == [48]
