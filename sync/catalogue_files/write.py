"""Writes what a catalogue file says into the catalogue: again and again with the same end, known by SKU."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models import Combination, Database, Product
from models.types import nfc
from sync.catalogue_files.category_tree import CategoryTree
from sync.catalogue_files.parts import set_prices
from sync.catalogue_files.product_fields import BadRow, apply
from sync.catalogue_files.records import CatalogueFile, Outcome, ProductRecord, Refused, Result
from sync.catalogue_files.seen import Seen
from sync.media import MediaStore

PARTS = (
    Product.categories, Product.images, Product.combinations, Product.features, Product.specific_prices,
)  # fmt: skip
BATCH = 200
"""Rows per transaction: the write lock is held for some milliseconds."""


def load(db: Database, media: MediaStore, source: CatalogueFile, language: str) -> Iterator[Result]:
    """Write a catalogue file, yielding each row's end once it is committed. Memory does not grow with the file.

    `language` is the one that names in paths are in. A row that is wrong is refused and the others go on.
    """
    with db.read() as session:
        tree = CategoryTree(session)
    yield from _categories(db, tree, source, language)
    with Seen() as seen:
        rows = iter(source.products())
        while batch := list(islice(rows, BATCH)):
            yield from _Batch(tree, media, seen, language).write(db, batch)


def _categories(db: Database, tree: CategoryTree, source: CatalogueFile, language: str) -> Sequence[Result]:
    with db.write() as session:
        return [
            Result("category", "", " > ".join(record.path), tree.put(session, record, language))
            for record in source.categories()
        ]


@dataclass(frozen=True, slots=True)
class _Ready:
    """A row to write, its images kept already: filename and sha256 of each, or None where the file says nothing."""

    row: ProductRecord
    images: list[tuple[str, str]] | None


class _Batch:
    """Some rows in one transaction."""

    def __init__(self, tree: CategoryTree, media: MediaStore, seen: Seen, language: str) -> None:
        self.tree, self.media, self.seen, self.language = tree, media, seen, language

    def write(self, db: Database, rows: Sequence[ProductRecord | Refused]) -> Sequence[Result]:
        """Each row's end, in the file's order."""
        prepared = [self._prepare(row) for row in rows]
        with db.write() as session:
            ready = [each.row for each in prepared if isinstance(each, _Ready)]
            known = _known(session, [row.sku for row in ready])
            owners = _owners(session, ready)
            with session.no_autoflush:  # one flush for the batch, not one for each row
                return [self._settle(session, known, each, owners) for each in prepared]

    def _prepare(self, row: ProductRecord | Refused) -> _Ready | Refused:
        """What can be found out, and kept, before the write lock is taken: doubles and image files."""
        if isinstance(row, Refused):
            return row
        if first := self.seen.before(nfc(row.sku), row.place):
            return Refused(row.place, row.sku, f"this SKU stood on {first} already; a SKU is one product")
        if row.images is None:
            return _Ready(row, None)
        try:
            return _Ready(row, [(image.filename, self.media.put(image.read())) for image in row.images])
        except OSError as error:
            return Refused(row.place, row.sku, f"its image cannot be read: {error}")

    def _settle(
        self, session: Session, known: dict[str, Product], each: _Ready | Refused, owners: dict[str, str]
    ) -> Result:
        if isinstance(each, Refused):
            return Result("product", each.place, each.sku, Outcome.REFUSED, each.reason)
        row = each.row
        product = known.get(nfc(row.sku))
        fresh = product is None
        if product is None:
            product = _blank(row)
        foreign = {sku for sku, owner in owners.items() if owner != product.sku}
        try:
            changed = apply(
                session, product, row, each.images,
                fresh=fresh, tree=self.tree, language=self.language, foreign=foreign,
            )  # fmt: skip
        except BadRow as error:
            return Result("product", row.place, row.sku, Outcome.REFUSED, str(error))
        if fresh:
            session.add(product)
        owners.update({one.sku: product.sku for one in product.combinations if one.sku and row.combinations})
        if fresh and row.prices and any(price.options for price in row.prices):
            session.flush()  # only now its combinations have ids, by which prices name them
            set_prices(product, row.prices)
        outcome = Outcome.CREATED if fresh else Outcome.UPDATED if changed else Outcome.UNCHANGED
        return Result("product", row.place, row.sku, outcome)


def _known(session: Session, skus: Iterable[str]) -> dict[str, Product]:
    wanted = [nfc(sku) for sku in skus]
    query = select(Product).where(Product.sku.in_(wanted)).options(*(selectinload(part) for part in PARTS))
    return {product.sku: product for product in session.scalars(query)}


def _blank(row: ProductRecord) -> Product:
    return Product(
        sku=nfc(row.sku), texts={}, images=[], categories=[], combinations=[], features=[], specific_prices=[]
    )


def _owners(session: Session, rows: Iterable[ProductRecord]) -> dict[str, str]:
    """SKU of a combination that these rows name -> SKU of the product that has it."""
    wanted = {nfc(one.sku) for row in rows for one in row.combinations or () if one.sku}
    if not wanted:
        return {}
    query = (
        select(Combination.sku, Product.sku)
        .join(Product, Product.id == Combination.product_id)
        .where(Combination.sku.in_(wanted))
    )
    return {sku: owner for sku, owner in session.execute(query) if sku is not None}
