"""Finds the product that a supplier's row speaks of: by SKU, then by EAN, exactly; combinations count as theirs."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from models import Combination, Product
from sync.among import among


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row says of the product. `ean` has 8, 13 or 14 digits, as sync.suppliers.ean gives it."""

    sku: str | None = None
    ean: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """The product, and by what it was found; without one, the products that it could be."""

    product_id: int | None = None
    by: str = ""
    candidates: tuple[int, ...] = field(default=())


def same_ean(code: str) -> str:
    """An EAN as 14 digits, so that a UPC and its EAN-13 are the same."""
    return code.zfill(14)


def ways_to_write(code: str) -> set[str]:
    """Every way an EAN may be written in the catalogue: with and without the zeros in front."""
    bare = code.lstrip("0")
    return {code} | {bare.zfill(length) for length in (8, 12, 13, 14) if len(bare) <= length}


def match_rows(session: Session, wanted: Sequence[Wanted]) -> list[Match]:
    """A match for each, in order; at most four statements."""
    by_sku = _by_sku(session, {one.sku for one in wanted if one.sku})
    left = {one.ean for one in wanted if one.ean and one.sku not in by_sku}
    by_ean = _by_ean(session, left)
    return [_match(one, by_sku, by_ean) for one in wanted]


def _match(one: Wanted, by_sku: dict[str, int], by_ean: dict[str, list[int]]) -> Match:
    if one.sku and one.sku in by_sku:
        return Match(by_sku[one.sku], "sku")
    found = by_ean.get(same_ean(one.ean), []) if one.ean else []
    if len(found) == 1:
        return Match(found[0], "ean")
    return Match(candidates=tuple(found))


def _by_sku(session: Session, skus: Collection[str]) -> dict[str, int]:
    """A product's own SKU goes before that of a combination."""
    if not skus:
        return {}
    rows = session.execute(select(Product.sku, Product.id).where(among(session, Product.sku, skus)))
    own = {str(sku): int(product_id) for sku, product_id in rows}
    rest = [sku for sku in skus if sku not in own]
    if not rest:
        return own
    theirs = session.execute(
        select(Combination.sku, Combination.product_id).where(among(session, Combination.sku, rest))
    )
    return own | {sku: product_id for sku, product_id in theirs if sku}


def _by_ean(session: Session, eans: Collection[str]) -> dict[str, list[int]]:
    """{EAN as 14 digits: ids of the products that have it, or have a combination that does}, each once, in order."""
    if not eans:
        return {}
    written = sorted({way for ean in eans for way in ways_to_write(ean)})
    both = union_all(
        select(Product.ean, Product.id).where(among(session, Product.ean, written)),
        select(Combination.ean, Combination.product_id).where(among(session, Combination.ean, written)),
    )
    return _grouped((str(ean), int(product_id)) for ean, product_id in session.execute(both))


def _grouped(pairs: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    found: dict[str, set[int]] = {}
    for ean, product_id in pairs:
        found.setdefault(same_ean(ean), set()).add(product_id)
    return {ean: sorted(ids) for ean, ids in found.items()}
