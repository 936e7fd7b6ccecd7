"""Which of a shop's products ours is: by SKU, then by EAN, exactly, and only where there is one answer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Ours:
    """A product of ours without a link."""

    product_id: int
    sku: str
    ean: str | None = None


@dataclass(frozen=True, slots=True)
class Theirs:
    """A product of the shop that has one of our codes, or has a combination that does."""

    external_id: int
    matched_by: str
    """sku or ean"""
    reference: str = ""
    ean13: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The product to link with; without one, why, and which it could be."""

    external_id: int | None = None
    matched_by: str = ""
    reason: str = ""
    candidates: tuple[Theirs, ...] = field(default=())


def decide(
    ours: Sequence[Ours], by_sku: Mapping[str, Sequence[Theirs]], by_ean: Mapping[str, Sequence[Theirs]],
    taken: Collection[int],
) -> dict[int, Found]:  # fmt: skip
    """{product id: what was found}.

    `by_sku` and `by_ean` hold what the shop has under each of our codes, `taken` its products that are linked
    already. `reason` is unmatched, several (more than one has the code), taken (it is linked with another product of
    ours) or shared (two of ours would get it).
    """
    found = {one.product_id: _found(one, by_sku, by_ean, taken) for one in ours}
    wanted: dict[int, list[int]] = {}
    for product_id, match in found.items():
        if match.external_id is not None:
            wanted.setdefault(match.external_id, []).append(product_id)
    for sharing in wanted.values():
        if len(sharing) > 1:
            for product_id in sharing:
                found[product_id] = Found(reason="shared", candidates=found[product_id].candidates)
    return found


def _found(
    one: Ours, by_sku: Mapping[str, Sequence[Theirs]], by_ean: Mapping[str, Sequence[Theirs]], taken: Collection[int]
) -> Found:
    for there in (by_sku.get(one.sku, ()), by_ean.get(one.ean, ()) if one.ean else ()):
        each = {candidate.external_id: candidate for candidate in there}
        if not each:
            continue
        candidates = tuple(each.values())
        if len(each) > 1:
            return Found(reason="several", candidates=candidates)
        if candidates[0].external_id in taken:
            return Found(reason="taken", candidates=candidates)
        return Found(candidates[0].external_id, candidates[0].matched_by, candidates=candidates)
    return Found(reason="unmatched")
