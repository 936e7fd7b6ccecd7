"""What to do with a product in a shop. Pure: what we would say, what we said last, and the difference."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models import ProductSyncStatus
from sync.fingerprint import Marks
from sync.modes import FULL, Mode
from sync.transform.locks import joined, only
from sync.transform.product import FEATURES, ON_CREATE, Document, Image, Snapshot

FOREIGN_IMAGES = "*"
"""Stands in a link's images for those that a taken-over product had before: they are left alone."""
TOGETHER = ("id_category_default", "associations.categories")
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


@dataclass(frozen=True, slots=True)
class Wish:
    """How much of a product is to be sent: the mode, whether also what the shop should have already, and `spare`, the
    locked fields that only a create says."""

    mode: Mode = FULL
    force: bool = False
    spare: Document = field(default_factory=dict)

    @property
    def everything(self) -> "Wish":
        """The same of all fields, for those who choose among them by themselves."""
        return Wish(force=self.force)


def plan_product(
    product: Snapshot, document: Document, link: ProductSyncStatus, wish: Wish | None = None, marks: Marks | None = None
) -> ProductPlan:
    """The least that brings the shop in step with the product, as far as the wish goes. `marks` are the document's."""
    wish = wish or Wish()
    create = link.external_id is None
    if create:
        changed = joined(joined(wish.spare, document), ON_CREATE)
    else:
        marks = marks or Marks.of(document)
        changed = only(document, changed_fields(marks, link.sent, link.fingerprint, wish))
        if _features_ended(product, link, wish):
            changed = joined(changed, {"associations": {"product_features": []}})
    return ProductPlan(
        create=create,
        document=changed,
        quantity=_quantity(product, link, wish, create),
        images=_images(product, link, wish),
    )


def changed_fields(
    marks: Marks, sent: Mapping[str, str], whole: str | None, wish: Wish, together: tuple[str, ...] = TOGETHER
) -> set[str]:
    """The fields to send: those whose mark is not the one last sent (`whole`: the fingerprint of all of them)."""
    if not wish.force and whole is not None and whole == marks.whole:
        return set()
    names = {name for name, mark in marks.fields.items() if wish.force or sent.get(name) != mark}
    if names & set(together):
        names.update(name for name in together if name in marks.fields)
    return {name for name in names if wish.mode.covers(name)}


def _features_ended(product: Snapshot, link: ProductSyncStatus, wish: Wish) -> bool:
    """Whether features that we gave it are to be taken away; those that only the shop knows of stay."""
    return (
        not product.features and FEATURES in link.sent and "features" not in product.locked
        and wish.mode.covers(FEATURES)
    )  # fmt: skip


def _quantity(product: Snapshot, link: ProductSyncStatus, wish: Wish, create: bool) -> int | None:
    """None where it stands already, is locked, or is the sum of the combinations, which PrestaShop keeps itself."""
    if not wish.mode.quantity or product.variants or "quantity" in product.locked:
        return None
    stands = link.quantity_sent == product.quantity and not create and not wish.force
    return None if stands else product.quantity


def _images(product: Snapshot, link: ProductSyncStatus, wish: Wish) -> ImagePlan:
    if not wish.mode.images or "images" in product.locked:
        return ImagePlan()
    return plan_images(product.images, link.images)


def plan_images(wanted: tuple[Image, ...], present: dict[str, int]) -> ImagePlan:
    """What differs between the images of a product and those that we put into the shop ({sha256: id}, cover first).

    The shop shows them in the order in which they came, and there is no way to move one; so what stands behind a new
    or moved one is sent again. The cover may stand anywhere: it is set.
    """
    if FOREIGN_IMAGES in present:
        return ImagePlan()
    hashes = [image.sha256 for image in wanted]
    kept = _kept(hashes, present)
    upload = tuple(image for image in wanted if image.sha256 not in kept)
    delete = tuple(number for sha256, number in present.items() if sha256 not in kept)
    cover = next(iter(present), None)
    return ImagePlan(upload, delete, bool(hashes and cover and cover != hashes[0]))


def _kept(wanted: list[str], present: dict[str, int]) -> set[str]:
    """The images that may stay: the cover, and of the others the first ones that come in the wanted order."""
    kept: set[str] = {sha256 for sha256 in wanted[:1] if sha256 in present}
    last = 0
    for sha256 in wanted[1:]:
        if present.get(sha256, 0) <= last:
            break
        last = present[sha256]
        kept.add(sha256)
    return kept


def marks_after(marks: Marks, sent: Mapping[str, str], mode: Mode, complete: bool) -> tuple[dict[str, str], str | None]:
    """What a link says after the mode's fields were sent: a mark of each field, and the fingerprint if all of the
    document stands (`complete`: nothing had to be left out of it)."""
    if mode.whole:
        return marks.fields, marks.whole if complete else None
    known = {**sent, **{name: mark for name, mark in marks.fields.items() if mode.covers(name)}}
    stands = complete and all(known.get(name) == mark for name, mark in marks.fields.items())
    return known, marks.whole if stands else None
