"""WebserviceSpecificManagementImages: the pictures of products, categories, manufacturers and suppliers."""

import base64
from dataclasses import dataclass

from prestashop_client.sandbox import xml_output
from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.errors import Crash
from prestashop_client.sandbox.gd import recompress
from prestashop_client.sandbox.php import to_int
from prestashop_client.sandbox.picture import EXTENSIONS, MOST_PIXELS, Picture, recognise

KINDS = ("general", "products", "categories", "manufacturers", "suppliers", "stores", "customizations")
_OWNERS = {
    "categories": ("category", "id_category"),
    "manufacturers": ("manufacturer", "id_manufacturer"),
    "suppliers": ("supplier", "id_supplier"),
}
SIZES = ("cart_default", "small_default", "medium_default", "home_default", "large_default")
"""The thumbnails of a fresh shop."""
_WRITES = ("POST", "PUT", "PATCH")
Served = tuple[int, bytes, str]


@dataclass(frozen=True)
class Upload:
    """The part named `image` of a multipart body; None where the body has no such part."""

    filename: str
    content: bytes


def serve_images(context: Context, method: str, path: list[str], upload: Upload | None, as_json: bool) -> Served:
    """(status, body, content type) of a request to `/api/images/...`."""
    parts = [part for part in path if part]
    if not parts:
        return _kinds(context)
    kind = parts[0]
    if kind not in KINDS:
        full = '", "'.join(KINDS)
        raise context.errors.refuse(
            400, f'Image of type "{kind}" does not exist. Did you mean: "products"? The full list is: "{full}"', 48
        )
    if kind != "products":
        return _serve_single(context, method, kind, parts[1:], upload)
    if len(parts) == 1:
        return _list_products(context)
    product = to_int(parts[1])
    if len(parts) == 2:
        return _serve_product(context, method, product, upload, as_json)
    return _serve_image(context, method, product, to_int(parts[2]), "".join(parts[3:4]), upload)


def _xml(text: str) -> Served:
    return 200, text.encode(), xml_output.CONTENT_TYPE


def _kinds(context: Context) -> Served:
    body = "".join(
        f'<{kind} xlink:href="{context.address}images/{kind}" get="true" put="false" post="false" delete="false" '
        f'head="true" upload_allowed_mimetypes="image/gif, image/jpg, image/jpeg, image/pjpeg, image/png, '
        f'image/x-png"/>\n'
        for kind in KINDS
    )
    return _xml(xml_output.envelope(f"<image_types>\n{body}</image_types>\n"))


def _list_products(context: Context) -> Served:
    keys = context.store.column("SELECT DISTINCT id_product FROM image ORDER BY id_product")
    body = "".join(f'<image id="{key}" xlink:href="{context.address}images/products/{key}"/>\n' for key in keys)
    return _xml(xml_output.envelope(f"<images>\n{body}</images>\n"))


# Products: many pictures each.


def _serve_product(context: Context, method: str, product: int, upload: Upload | None, as_json: bool) -> Served:
    if method == "DELETE":
        return 200, b"", ""
    if method in _WRITES:
        return _add(context, product, _uploaded(context, method, upload))
    keys = context.store.column(
        "SELECT i.id_image FROM image i JOIN image_shop s ON s.id_image = i.id_image "
        "AND s.id_shop = ? WHERE i.id_product = ? ORDER BY i.position, i.id_image",
        (context.shop, product),
    )
    if not keys:
        return 404, b"", ""
    if as_json:
        raise Crash("the JSON renderer cannot show images")
    address = f"{context.address}images/products/{product}"
    body = "".join(f'<declination id="{key}" xlink:href="{address}/{key}"/>\n' for key in keys)
    return _xml(xml_output.envelope(f'<image id="{product}">\n{body}</image>\n'))


def _uploaded(context: Context, method: str, upload: Upload | None) -> Upload:
    if method == "PUT" and upload is not None and not upload.filename:
        upload = None
    if upload is None:
        raise context.errors.refuse(400, 'Please set an "image" parameter with image data for value', 76)
    limit = to_int(context.store.setting("PS_LIMIT_UPLOAD_IMAGE_VALUE")) * 1_000_000
    if limit and len(upload.content) > limit:
        raise context.errors.refuse(400, f"The image size is too large (maximum allowed is {limit // 1000} KB)", 72)
    return upload


def _add(context: Context, product: int, upload: Upload) -> Served:
    if not context.store.value("SELECT 1 FROM product WHERE id_product = ?", (product,)):
        raise context.errors.refuse(400, f"Product {product} does not exist", 76)
    extension = upload.filename.rpartition(".")[2].lower() if "." in upload.filename else ""
    if extension not in EXTENSIONS:
        raise context.errors.refuse(
            400,
            "Image upload error : Image format not recognized, allowed formats are: gif, jpg, jpeg, jpe, png, webp",
            76,
        )
    image, position, cover = _new_row(context, product)
    content = _checked(context, upload.content)
    context.store.insert(
        "picture", {"kind": "products", "id": image, "size": "", "content": content}, "INSERT OR REPLACE"
    )
    return _xml(_added(context, product, image, position, cover, content))


def _new_row(context: Context, product: int) -> tuple[int, int, bool]:
    """The image's row comes before its file: where the file fails, the row stays as a ghost."""
    store = context.store
    position = (store.value("SELECT MAX(position) FROM image WHERE id_product = ?", (product,)) or 0) + 1
    covered = store.value("SELECT 1 FROM image WHERE id_product = ? AND cover = 1", (product,))
    cover = None if covered else 1
    image = store.insert("image", {"id_product": product, "position": position, "cover": cover})
    for shop in context.shop_ids:
        taken = store.value(
            "SELECT 1 FROM image_shop WHERE id_product = ? AND id_shop = ? AND cover = 1", (product, shop)
        )
        store.insert(
            "image_shop", {"id_product": product, "id_image": image, "id_shop": shop, "cover": None if taken else 1}
        )
    return image, position, cover is not None


def _checked(context: Context, content: bytes) -> bytes:
    picture: Picture | None = recognise(content)
    if picture is None or picture.width * picture.height > MOST_PIXELS:
        raise context.errors.refuse(400, "An error occurred while copying image", 76)
    if not picture.whole:
        raise Crash("imagecreatefromjpeg(): the file is cut")
    return recompress(content, picture)


def _added(context: Context, product: int, image: int, position: int, cover: bool, content: bytes) -> str:
    legend = "".join(
        f'<language id="{language}" xlink:href="{context.address}languages/{language}"><![CDATA[]]></language>'
        for language in context.languages
    )
    return xml_output.envelope(
        f"<image>\n<id><![CDATA[{image}]]></id>\n<id_product><![CDATA[{product}]]></id_product>\n"
        f"<position><![CDATA[{position}]]></position>\n<cover><![CDATA[{1 if cover else ''}]]></cover>\n"
        f"<legend>{legend}</legend>\n</image>\n"
        f'<content encode="base64"><![CDATA[{base64.b64encode(content).decode()}]]></content>\n'
    )


def _serve_image(context: Context, method: str, product: int, image: int, size: str, upload: Upload | None) -> Served:
    store = context.store
    if not store.value("SELECT 1 FROM image WHERE id_image = ? AND id_product = ?", (image, product)):
        raise context.errors.refuse(400, "This image id does not exist", 57)
    if method == "DELETE":
        _delete(context, product, image)
        return 200, b"", ""
    if method == "POST":
        raise context.errors.refuse(400, "This image already exists. To modify it, please use the PUT method", 65)
    if method in _WRITES:
        content = _checked(context, _uploaded(context, method, upload).content)
        store.insert("picture", {"kind": "products", "id": image, "size": "", "content": content}, "INSERT OR REPLACE")
        return 200, content, "image/jpeg"
    if size and size not in SIZES:
        full = '", "'.join(SIZES)
        raise context.errors.refuse(
            400, f'This image size does not exist. Did you mean: "{SIZES[0]}"? The full list is: "{full}"', 58
        )
    return _file(context, "products", image)


def _file(context: Context, kind: str, key: int) -> Served:
    content = context.store.value("SELECT content FROM picture WHERE kind = ? AND id = ? AND size = ''", (kind, key))
    if content is None:
        raise context.errors.refuse(500, "This image does not exist on disk", 61)
    return 200, bytes(content), "image/jpeg"


def _delete(context: Context, product: int, image: int) -> None:
    """The later images move up; a cover leaves none behind."""
    store = context.store
    position = store.value("SELECT position FROM image WHERE id_image = ?", (image,))
    for table in ("image", "image_shop", "product_attribute_image"):
        store.execute(f"DELETE FROM {table} WHERE id_image = ?", (image,))
    store.execute("DELETE FROM picture WHERE kind = 'products' AND id = ?", (image,))
    store.execute("UPDATE image SET position = position - 1 WHERE id_product = ? AND position > ?", (product, position))


# Categories, manufacturers, suppliers: one picture each.


def _serve_single(context: Context, method: str, kind: str, path: list[str], upload: Upload | None) -> Served:
    store = context.store
    if not path:
        keys = store.column("SELECT id FROM picture WHERE kind = ? ORDER BY id", (kind,))
        body = "".join(f'<image id="{key}" xlink:href="{context.address}images/{kind}/{key}"/>\n' for key in keys)
        return _xml(xml_output.envelope(f"<images>\n{body}</images>\n"))
    key = to_int(path[0])
    there = store.value("SELECT 1 FROM picture WHERE kind = ? AND id = ?", (kind, key))
    if method in _WRITES:
        return _set_single(context, method, kind, key, bool(there), upload)
    if not there:
        raise context.errors.refuse(500 if method != "DELETE" else 400, "This image does not exist on disk", 61)
    if method == "DELETE":
        store.execute("DELETE FROM picture WHERE kind = ? AND id = ?", (kind, key))
        return 200, b"", ""
    return _file(context, kind, key)


def _set_single(context: Context, method: str, kind: str, key: int, there: bool, upload: Upload | None) -> Served:
    if method == "POST" and there:
        raise context.errors.refuse(400, "This image already exists. To modify it, please use the PUT method", 65)
    table, primary = _OWNERS.get(kind, ("", ""))
    if table and not context.store.value(f"SELECT 1 FROM {table} WHERE {primary} = ?", (key,)):
        raise context.errors.refuse(400, "This image id does not exist", 57)
    content = _checked(context, _uploaded(context, method, upload).content)
    context.store.insert("picture", {"kind": kind, "id": key, "size": "", "content": content}, "INSERT OR REPLACE")
    return 200, content, "image/jpeg"
