"""Images of a product: uploaded once by content, the cover kept, ours that are no longer wanted deleted.

An upload has no key by which it could be found again, so what is about to be uploaded is written down first: a
new image that is in the shop after a lost answer or a kill is then known to be that one.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import PurePath

from sqlalchemy import update

from models import ProductSyncStatus
from prestashop_client import PrestaShopError
from prestashop_client.errors import NotFound
from sync.pictures import Unfit, fit
from sync.plan import FOREIGN_IMAGES, ImagePlan
from sync.strategies.run import Run
from sync.transform.product import Image


def push_images(run: Run, link: ProductSyncStatus, plan: ImagePlan, order: tuple[Image, ...]) -> list[str]:
    """Carry out the plan; the reasons of the images that failed. What is done is committed image by image.

    Raises PrestaShopError when the shop cannot be reached or the end of an upload is not known.
    """
    if link.external_id is None:
        return []
    _settle_intent(run, link)
    cover = next(iter(link.images.items()), None)
    again = {link.images[image.sha256] for image in plan.upload if image.sha256 in link.images}
    _delete(run, link, [number for number in plan.delete if number in again])
    empty = not link.images
    failures = [reason for image in plan.upload if (reason := _upload(run, link, image))]
    if empty:
        cover = next(iter(link.images.items()), None)  # the first one in becomes the cover by itself
    _delete(run, link, [number for number in plan.delete if number not in again])
    _set_cover(run, link, order, cover)
    return failures


def leave_alone(run: Run, link: ProductSyncStatus) -> bool:
    """For a product that was found in the shop: if it has images, they stay as they are. Whether it has."""
    if link.external_id is None or not run.client.images.list("products", link.external_id):
        return False
    _keep(run, link, {FOREIGN_IMAGES: 0})
    return True


def _delete(run: Run, link: ProductSyncStatus, numbers: Sequence[int]) -> None:
    """Delete images; one that is gone already is gone."""
    for number in numbers:
        with suppress(NotFound):
            run.client.images.delete("products", link.external_id or 0, number)
        _keep(run, link, {sha256: one for sha256, one in link.images.items() if one != number})


def forget_missing(run: Run, link: ProductSyncStatus) -> None:
    """Ask which of our images the shop still has, and forget the others, so that they are uploaded again."""
    if link.external_id is None or FOREIGN_IMAGES in link.images:
        return
    present = set(run.client.images.list("products", link.external_id))
    left = {sha256: number for sha256, number in link.images.items() if number in present}
    if left != link.images:
        _keep(run, link, left)


def _upload(run: Run, link: ProductSyncStatus, image: Image) -> str | None:
    """Upload one image; the reason when the shop or the disk refuses it."""
    assert link.external_id is not None  # noqa: S101 - checked by push_images
    if image.sha256 in link.images:
        return None
    try:
        content = fit(run.services.media.get(image.sha256), run.shop.image_limit)
    except FileNotFoundError:
        return f"image {image.filename}: its file is missing in the media folder; add the image again"
    except Unfit as unfit:
        return f"image {image.filename}: {unfit}"
    _intend(run, link, {"sha256": image.sha256, "after": max(link.images.values(), default=0)})
    try:
        number = run.client.images.upload("products", link.external_id, content, _named(image))
    except PrestaShopError as error:
        if error.retryable or error.maybe_written:
            raise
        _intend(run, link, None)
        return f"image {image.filename}: {error}"
    _keep(run, link, {**link.images, image.sha256: number})
    return None


def _named(image: Image) -> str:
    """PrestaShop goes by the extension; the content decides the rest (prestashop.md 6)."""
    known = PurePath(image.filename).suffix.lower() in {".jpg", ".jpeg", ".png", ".gif", ".webp"}
    return image.filename if known else f"{image.sha256[:12]}.jpg"


def _settle_intent(run: Run, link: ProductSyncStatus) -> None:
    """Take over an upload whose end was never recorded: the image that came after those known then is ours."""
    intent = link.image_intent
    if not intent or link.external_id is None:
        return
    present = run.client.images.list("products", link.external_id)
    ours = [one for one in present if one > int(intent["after"]) and one not in link.images.values()]
    if ours:
        _keep(run, link, {**link.images, str(intent["sha256"]): min(ours)})
    else:
        _intend(run, link, None)


def _set_cover(run: Run, link: ProductSyncStatus, order: tuple[Image, ...], cover: tuple[str, int] | None) -> None:
    """Make the first of those that are there the cover. Where the one before was deleted there is none now."""
    there = [image.sha256 for image in order if image.sha256 in link.images]
    if link.external_id is None or not there or cover == (there[0], link.images[there[0]]):
        return
    run.client.images.set_cover(link.external_id, link.images[there[0]])
    _keep(run, link, {sha256: link.images[sha256] for sha256 in there})


def _intend(run: Run, link: ProductSyncStatus, intent: dict[str, str | int] | None) -> None:
    link.image_intent = intent
    _write(run, link)


def _keep(run: Run, link: ProductSyncStatus, images: dict[str, int]) -> None:
    link.images, link.image_intent = images, None
    _write(run, link)


def _write(run: Run, link: ProductSyncStatus) -> None:
    with run.services.db.write() as session:
        session.execute(
            update(ProductSyncStatus)
            .where(ProductSyncStatus.id == link.id)
            .values(images=link.images, image_intent=link.image_intent)
        )
