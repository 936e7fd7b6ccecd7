"""Puts a record's fields onto a product and tells whether that changed anything."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy.orm import Session

from models import Category, Product, ProductImage, now
from models.catalogue import shown_name
from models.types import nfc
from sync.catalogue_files.category_tree import CategoryTree, merged
from sync.catalogue_files.parts import set_combinations, set_features, set_prices
from sync.catalogue_files.records import ProductRecord
from sync.catalogue_files.values import micro

_AMOUNTS = ("price", "tax_rate", "weight", "width", "height", "depth")

Images = Sequence[tuple[str, str]]
"""Filename and sha256 of each, the cover first."""


class BadRow(Exception):
    """Raised when a row cannot become a product."""


def apply(
    session: Session,
    product: Product,
    row: ProductRecord,
    images: Images | None,
    *,
    fresh: bool,
    tree: CategoryTree,
    language: str,
    foreign: Collection[str] = (),
) -> bool:
    """Change the product as the row says; `changed_at` moves when something did.

    `foreign` are the SKUs of other products' combinations. Raises BadRow, before it has changed anything, when a new
    product lacks a name or a price.
    """
    if fresh and row.only_known:
        raise BadRow("there is no product with this SKU; load the products first")
    texts = merged(product.texts, row.texts)
    if not shown_name(texts):
        raise BadRow("it has no name")
    if fresh and row.price is None:
        raise BadRow("a new product needs a price")
    changed = [_set(product, name, value) for name, value in _said(row)]
    changed.append(_set(product, "texts", texts))
    changed.append(_set_categories(session, product, row, tree, language))
    changed.append(images is not None and _set_images(product, images))
    changed.append(row.features is not None and set_features(product, row.features))
    changed.append(row.combinations is not None and set_combinations(product, row.combinations, foreign))
    if row.prices is not None:
        if not fresh and row.combinations is not None and any(price.options for price in row.prices):
            session.flush()  # prices name combinations by their ids
        changed.append(set_prices(product, row.prices))
    if any(changed):
        product.changed_at = now()
    return any(changed)


def _said(row: ProductRecord) -> Iterator[tuple[str, object]]:
    for name in _AMOUNTS:
        value = getattr(row, name)
        if value is not None:
            yield name, micro(value)
    for name in ("active", "quantity", "minimal_quantity", "condition", "visibility"):
        if getattr(row, name) is not None:
            yield name, getattr(row, name)
    for name in ("ean", "manufacturer", "supplier_reference"):
        text = getattr(row, name)
        if text is not None:
            yield name, nfc(text) or None


def _set(product: Product, name: str, value: object) -> bool:
    if getattr(product, name) == value:
        return False
    setattr(product, name, value)
    return True


def _set_categories(session: Session, product: Product, row: ProductRecord, tree: CategoryTree, language: str) -> bool:
    if row.categories is None:
        return False
    ids = list(dict.fromkeys(tree.ensure(session, path, language) for path in row.categories))
    default = tree.ensure(session, row.default_category, language) if row.default_category else next(iter(ids), None)
    changed = _set(product, "default_category_id", default)
    if {category.id for category in product.categories} != set(ids):
        product.categories = [session.get_one(Category, number) for number in ids]
        changed = True
    return changed


def _set_images(product: Product, images: Images) -> bool:
    wanted: dict[str, str] = {}
    for name, digest in images:
        wanted.setdefault(digest, name)  # the same picture twice is one image
    if [image.sha256 for image in product.images] == list(wanted):
        return False
    kept = {image.sha256: image for image in product.images}
    listed = []
    for position, (digest, name) in enumerate(wanted.items()):
        image = kept.get(digest) or ProductImage(sha256=digest, filename=nfc(name))
        image.position = position
        listed.append(image)
    product.images = listed
    return True
