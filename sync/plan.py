"""What to do with a product in a shop. Pure: what we would say, what we said last, and the difference."""

from dataclasses import dataclass
from typing import Any

from models import ProductSyncStatus
from sync.fingerprint import field_marks, fingerprint
from sync.transform.product import ON_CREATE, Document, Image, Snapshot

FOREIGN_IMAGES = "*"
"""Stands in a link's images for those that a taken-over product had before: they are left alone."""
TOGETHER = ("id_category_default", "associations")
"""Sent both or not at all: the default category is not added to the associated ones (prestashop.md 2.2)."""


@dataclass(frozen=True, slots=True)
class ImagePlan:
    """Images to upload, in order; ids in the shop to delete; whether the cover has to be set."""

    upload: tuple[Image, ...] = ()
    delete: tuple[int, ...] = ()
    set_cover: bool = False

    def __bool__(self) -> bool:
        return bool(self.upload or self.delete or self.set_cover)


@dataclass(frozen=True, slots=True)
class ProductPlan:
    """`document` is what to send (all of it on a create), `quantity` the stock to write, or None."""

    create: bool
    document: Document
    quantity: int | None
    images: ImagePlan

    def __bool__(self) -> bool:
        return bool(self.create or self.document or self.quantity is not None or self.images)


def plan_product(product: Snapshot, document: Document, link: ProductSyncStatus) -> ProductPlan:
    """The least that brings the shop in step with the product."""
    create = link.external_id is None
    changed = document | ON_CREATE if create else _changed(document, link)
    return ProductPlan(
        create=create,
        document=changed,
        quantity=None if link.quantity_sent == product.quantity and not create else product.quantity,
        images=plan_images(product.images, link.images),
    )


def _changed(document: Document, link: ProductSyncStatus) -> dict[str, Any]:
    if link.fingerprint == fingerprint(document):
        return {}
    names = {name for name, mark in field_marks(document).items() if link.sent.get(name) != mark}
    if names & set(TOGETHER):
        names.update(TOGETHER)
    return {name: value for name, value in document.items() if name in names}


def plan_images(wanted: tuple[Image, ...], present: dict[str, int]) -> ImagePlan:
    """What differs between the images of a product and those that we put into the shop ({sha256: id}, in order)."""
    if FOREIGN_IMAGES in present:
        return ImagePlan()
    hashes = [image.sha256 for image in wanted]
    upload = tuple(image for image in wanted if image.sha256 not in present)
    delete = tuple(number for sha256, number in present.items() if sha256 not in hashes)
    cover = next(iter(present), None)
    return ImagePlan(upload, delete, bool(hashes and cover and cover != hashes[0]))
