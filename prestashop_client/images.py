"""Images of products, categories and manufacturers: upload without ghosts, list, replace, cover, delete.

A failed upload may leave a row without a file (a ghost), even as the cover; so the images are listed before and
after, and what is new and has no file is deleted.
"""

from __future__ import annotations

from collections.abc import Callable

from prestashop_client.errors import BadAnswer, LocalRefusal, NotFound, PrestaShopError
from prestashop_client.exchange import Exchange
from prestashop_client.verdict import uncertain
from prestashop_client.wire import Request
from prestashop_client.writing import SETTLE, halts, may_still_run
from prestashop_client.xml import Document

Ids = list[int]  # the method `list` hides the builtin from annotations below it
EXTENSIONS = ("gif", "jpg", "jpeg", "jpe", "png", "webp")  # by file name; the content decides the rest (measured)


class ImagesEndpoint:
    """`client.images`."""

    def __init__(self, exchange: Exchange, patch: Callable[[str, int, Document], Document]) -> None:
        self._exchange = exchange
        self._patch = patch

    def list(self, resource: str, id_: int) -> Ids:
        """Ids of the entity's images, [] for none (also for an entity that does not exist: the answer is the same)."""
        try:
            root = self._exchange.xml(self._request("GET", resource, id_))
        except NotFound:
            return []
        return [int(image.get("id", "0")) for image in root.iter("declination")]

    def upload(self, resource: str, id_: int, content: bytes, filename: str) -> int:
        """Add an image and return its id. The file name's extension decides what is accepted.

        Raises LocalRefusal for an unknown extension, EntityRefused (codes 72, 76) for what the shop refuses; whatever
        row the refusal left is deleted. After an uncertain answer the images are listed: exactly one new one that
        has a file is taken for this upload, else UncertainWrite is raised.
        """
        _check_name(filename)
        before = set(self.list(resource, id_))
        try:
            return self._post(self._request("POST", resource, id_, file=(filename, content)), id_)
        except PrestaShopError as error:
            if halts(error):
                raise
            failure = error
        return self._after_failure(resource, id_, before, failure)

    def replace(self, resource: str, id_: int, image_id: int, content: bytes, filename: str) -> None:
        """Put another file in place of an image; the id stays. PHP reads no multipart PUT, so it travels as POST."""
        _check_name(filename)
        request = self._request("POST", resource, id_, image_id, file=(filename, content))
        request.params.append(("ps_method", "PUT"))
        self._exchange.plain(request)

    def delete(self, resource: str, id_: int, image_id: int) -> None:
        """Remove one image. Raises NotFound. Deleting the cover leaves none: use set_cover."""
        if image_id < 1:
            raise LocalRefusal("the image's id is missing", field="id", remedy="without it nothing is deleted")
        self._exchange.plain(self._request("DELETE", resource, id_, image_id))

    def download(self, resource: str, id_: int, image_id: int, size: str | None = None) -> bytes:
        """The stored file, recompressed by the shop; `size` names a thumbnail, e.g. cart_default."""
        request = self._request("GET", resource, id_, image_id)
        if size is not None:
            request = Request("GET", f"{request.path}/{size}", request.resource, ids=request.ids)
        return self._exchange.plain(request).content

    def has_file(self, resource: str, id_: int, image_id: int) -> bool:
        """False for a ghost: a row whose file is missing (code 61)."""
        try:
            self.download(resource, id_, image_id)
        except NotFound:
            return False
        return True

    def delete_ghosts(self, resource: str, id_: int) -> Ids:
        """Delete the rows without a file; their ids."""
        ghosts = [image for image in self.list(resource, id_) if not self.has_file(resource, id_, image)]
        for image in ghosts:
            self.delete(resource, id_, image)
        return ghosts

    def set_cover(self, product_id: int, image_id: int) -> None:
        """Make an image the product's cover."""
        self._patch("products", product_id, {"id_default_image": image_id})

    def _after_failure(self, resource: str, id_: int, before: set[int], failure: PrestaShopError) -> int:
        try:
            if may_still_run(failure):
                self._exchange.sleep(SETTLE[0])
            fresh = [image for image in self.list(resource, id_) if image not in before]
            real = [image for image in fresh if self.has_file(resource, id_, image)]
            for ghost in set(fresh) - set(real):
                self.delete(resource, id_, ghost)
        except PrestaShopError:
            raise uncertain(failure) from None
        if len(real) == 1 and failure.maybe_written:
            return real[0]
        if real or may_still_run(failure):
            raise uncertain(failure)
        raise failure.but(maybe_written=False)

    def _post(self, request: Request, id_: int) -> int:
        root = self._exchange.xml(request)
        text = root.findtext("image/id") or ""
        if not text.isdecimal():
            raise BadAnswer(
                "the answer names no image", method="POST", resource=request.resource, ids=(id_,), maybe_written=True
            )
        return int(text)

    def _request(
        self,
        method: str,
        resource: str,
        id_: int,
        image_id: int | None = None,
        *,
        file: tuple[str, bytes] | None = None,
    ) -> Request:
        name = f"images/{resource}"
        path = f"{name}/{int(id_)}" + (f"/{int(image_id)}" if image_id is not None else "")
        return Request(method, path, name, ids=(id_,) if image_id is None else (id_, image_id), file=file)


def _check_name(filename: str) -> None:
    if "." not in filename or filename.rsplit(".", 1)[1].lower() not in EXTENSIONS:
        raise LocalRefusal(
            f"{filename!r} has no extension that the shop takes",
            field="filename",
            remedy=f"use one of {', '.join(EXTENSIONS)}",
        )
