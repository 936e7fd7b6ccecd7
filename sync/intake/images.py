"""Images of a shop's products: fetched once, kept by their content, and known as the shop's own from then on."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from models import Combination, CombinationLink, Product, ProductImage, ProductSyncStatus, now
from prestashop_client import PrestaShopError
from sync.fingerprint import field_marks
from sync.plan import FOREIGN_IMAGES
from sync.strategies.run import Run

EXTENSIONS = {b"\xff\xd8\xff": "jpg", b"\x89PNG": "png", b"GIF8": "gif", b"RIFF": "webp"}


def take_images(run: Run, external_id: int, data: Mapping[str, Any]) -> list[str]:
    """Fetch a product's images and keep them, in the shop's order, the cover first; what went wrong with single ones.

    Images that we have of it from elsewhere stay as they are, and the shop's stay the shop's. Raises PrestaShopError.
    """
    with run.services.db.read() as session:
        link = session.scalars(_link_of(run, external_id)).one_or_none()
        own = select(ProductImage.id).where(ProductImage.product_id == (link.product_id if link else 0)).limit(1)
        foreign = link is not None and FOREIGN_IMAGES in link.images and session.scalar(own) is not None
    if link is None:
        return []
    if foreign:
        return ["its images are left alone: the product has others here"]
    known = {number: key for key, number in link.images.items() if key != FOREIGN_IMAGES}
    found: dict[int, tuple[str, str]] = {}
    notes: list[str] = []
    for number in data["images"]:
        if number in known:
            found[number] = (known[number], "")
            continue
        try:
            content = run.client.images.download("products", external_id, number)
        except PrestaShopError as error:
            if error.retryable:
                raise
            notes.append(f"image {number}: {error}")
            continue
        found[number] = (run.services.media.put(content), f"{number}.{_extension(content)}")
    _keep(run, external_id, found, data.get("shown") or {})
    return notes


def _link_of(run: Run, external_id: int) -> Any:
    return select(ProductSyncStatus).where(
        ProductSyncStatus.shop_id == run.shop.id, ProductSyncStatus.external_id == external_id
    )


def _extension(content: bytes) -> str:
    return next((name for head, name in EXTENSIONS.items() if content.startswith(head)), "jpg")


def _keep(run: Run, external_id: int, found: Mapping[int, tuple[str, str]], shown: Mapping[str, list[int]]) -> None:
    with run.services.db.write() as session:
        link = session.scalars(_link_of(run, external_id).with_for_update()).one_or_none()
        product = session.get(Product, link.product_id) if link else None
        if link is None or product is None:
            return
        in_step = link.product_changed_at == product.changed_at
        rows = {image.sha256: image for image in product.images}
        images: dict[str, int] = {}
        for position, (number, (sha256, filename)) in enumerate(found.items()):
            images.setdefault(sha256, number)
            if sha256 not in rows:
                rows[sha256] = ProductImage(sha256=sha256, filename=filename)
                product.images.append(rows[sha256])
            rows[sha256].position = position
        rest = {key: number for key, number in link.images.items() if key != FOREIGN_IMAGES and key not in images}
        link.images = {**images, **rest}
        product.changed_at = now()
        if in_step:
            link.product_changed_at = product.changed_at
        by_number = {number: sha256 for sha256, number in images.items()}
        query = select(CombinationLink, Combination).join(Combination, Combination.id == CombinationLink.combination_id)
        mine = (CombinationLink.product_id == product.id) & (CombinationLink.shop_id == run.shop.id)
        for bond, combination in session.execute(query.where(mine)) if shown else ():
            numbers = [number for number in shown.get(str(bond.external_id), ()) if number in by_number]
            if numbers:
                combination.images = [by_number[number] for number in numbers]
                entries = [{"id": number} for number in numbers]
                bond.sent = {**bond.sent, **field_marks({"associations": {"images": entries}})}
                bond.fingerprint = None
