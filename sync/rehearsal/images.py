"""Images in a rehearsal: what is there is read, what would be uploaded or deleted is counted."""

from collections import Counter, defaultdict
from itertools import count

from prestashop_client.images import Ids, ImagesEndpoint

INVENTED = 1_500_000_000
"""Ids from here on are invented; they fit PrestaShop's own columns."""


class RehearsedImages(ImagesEndpoint):
    """`client.images` of a rehearsal; `done` counts upload, delete and cover by the product's id."""

    def __init__(self, inner: ImagesEndpoint) -> None:
        self.inner = inner
        self.done: dict[int, Counter[str]] = defaultdict(Counter)
        self._ids = count(INVENTED)

    def list(self, resource: str, id_: int) -> Ids:
        return [] if id_ >= INVENTED else self.inner.list(resource, id_)

    def upload(self, resource: str, id_: int, content: bytes, filename: str) -> int:
        self.done[id_]["upload"] += 1
        return next(self._ids)

    def replace(self, resource: str, id_: int, image_id: int, content: bytes, filename: str) -> None:
        self.done[id_]["upload"] += 1

    def delete(self, resource: str, id_: int, image_id: int) -> None:
        self.done[id_]["delete"] += 1

    def set_cover(self, product_id: int, image_id: int) -> None:
        self.done[product_id]["cover"] += 1

    def download(self, resource: str, id_: int, image_id: int, size: str | None = None) -> bytes:
        return self.inner.download(resource, id_, image_id, size)

    def has_file(self, resource: str, id_: int, image_id: int) -> bool:
        return id_ >= INVENTED or image_id >= INVENTED or self.inner.has_file(resource, id_, image_id)

    def delete_ghosts(self, resource: str, id_: int) -> Ids:
        return []
