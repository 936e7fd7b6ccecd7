"""Which of our products a shop's product is: by its link, then by SKU, then by EAN. Pure: values in, a decision out.

Codes are compared exactly, as they stand: the shop's own comparison takes "mug-1 " for "MUG-1" (prestashop.md 3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.intake.values import Incoming

SKU_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Ours:
    """A product of ours: `external_id` is what it is linked to in the shop (None: to nothing)."""

    id: int
    sku: str
    external_id: int | None = None


@dataclass(slots=True)
class Known:
    """Our products that may be meant: by the shop's id, by SKU, and by EAN. `gone`: ids that the shop has no more."""

    by_link: Mapping[int, Ours] = field(default_factory=dict)
    by_sku: Mapping[str, Ours] = field(default_factory=dict)
    by_ean: Mapping[str, tuple[Ours, ...]] = field(default_factory=dict)
    gone: frozenset[int] = frozenset()
    taken: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """`product` is what it is, None for a new one; or the `reason` why that cannot be told. `rival` is the id in the
    shop that stands in the way: if it is gone, nothing does."""

    product: Ours | None = None
    reason: str | None = None
    rival: int | None = None


def sku_of(incoming: Incoming, shop_id: int) -> str:
    """The SKU of a product of the shop: its reference, or one made of its id for a product that has none."""
    return incoming.reference or f"PS-{shop_id}-{incoming.external_id}"


def match(incoming: Incoming, shop_id: int, known: Known) -> Match:
    """The decision. What is decided is remembered in `known.taken`: one of ours is only one of theirs."""
    found = _match(incoming, sku_of(incoming, shop_id), known)
    if found.product is not None:
        known.taken[found.product.id] = incoming.external_id
    return found


def _match(incoming: Incoming, sku: str, known: Known) -> Match:
    number = incoming.external_id
    if number in known.by_link:
        return Match(known.by_link[number])
    same = known.by_sku.get(sku)
    if same is not None:
        rival = _rival(same, number, known)
        if rival is None:
            return Match(same)
        reason = f"reference {sku!r} is that of product {same.id} of ours, which is the shop's product {rival}"
        return Match(reason=f"{reason}; the shop has both {rival} and {number}", rival=rival)
    return _by_ean(incoming, known)


def _by_ean(incoming: Incoming, known: Known) -> Match:
    """A product of ours that is another product of the shop already cannot be this one too, whatever its EAN."""
    if not incoming.ean:
        return Match()
    free = [one for one in known.by_ean.get(incoming.ean, ()) if _rival(one, incoming.external_id, known) is None]
    if len(free) > 1:
        listed = ", ".join(f"{one.id} ({one.sku})" for one in free[:10])
        return Match(reason=f"EAN {incoming.ean} is that of {len(free)} products of ours: {listed}")
    return Match(free[0] if free else None)


def _rival(one: Ours, number: int, known: Known) -> int | None:
    """The other product of the shop that this one of ours is."""
    linked = known.taken.get(one.id, one.external_id)
    return linked if linked is not None and linked != number and linked not in known.gone else None
