"""Asks a shop which of its products have our codes; combinations answer for their products."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sync.linking.match import Ours, Theirs
from sync.linking.sources import Source
from sync.suppliers.matching import same_ean, ways_to_write


def look_up(there: Source, ours: Sequence[Ours]) -> tuple[dict[str, list[Theirs]], dict[str, list[Theirs]]]:
    """What the shop has under our SKUs, and under our EANs; raises what the source raises.

    Products go before combinations: these are asked for only where no product has the code.
    """
    skus = [one.sku for one in ours if one.sku]
    by_sku = _by_sku(there, skus)
    left = [one for one in ours if one.sku not in by_sku and one.ean]
    by_ean = _by_ean(there, {one.ean for one in left if one.ean})
    return by_sku, by_ean


def _by_sku(there: Source, skus: Sequence[str]) -> dict[str, list[Theirs]]:
    found = {
        sku: [_product(one, "sku") for one in same]
        for sku, same in there.by_reference("products", skus).items()
        if same
    }
    rest = [sku for sku in skus if sku not in found]
    if rest:
        for sku, same in there.by_reference("combinations", rest).items():
            if same:
                found[sku] = _owners(same, "sku")
    return found


def _by_ean(there: Source, eans: Iterable[str]) -> dict[str, list[Theirs]]:
    """By the EAN as our catalogue writes it."""
    wanted = {same_ean(ean): ean for ean in eans}
    if not wanted:
        return {}
    written = sorted({way for ean in wanted.values() for way in ways_to_write(ean)})
    found: dict[str, list[Theirs]] = {}
    for one in there.by_ean("products", written):
        found.setdefault(wanted.get(same_ean(str(one["ean13"])), ""), []).append(_product(one, "ean"))
    rest = [way for way in written if wanted.get(same_ean(way)) not in found]
    if rest:
        owners: dict[str, list[Mapping[str, Any]]] = {}
        for one in there.by_ean("combinations", rest):
            owners.setdefault(wanted.get(same_ean(str(one["ean13"])), ""), []).append(one)
        found |= {ean: _owners(same, "ean") for ean, same in owners.items()}
    found.pop("", None)
    return found


def _product(one: Mapping[str, Any], by: str) -> Theirs:
    names = one.get("name") or {}
    name = next((str(text) for text in names.values() if text), "") if isinstance(names, Mapping) else str(names)
    return Theirs(int(one["id"]), by, str(one.get("reference") or ""), str(one.get("ean13") or ""), name)


def _owners(combinations: Iterable[Mapping[str, Any]], by: str) -> list[Theirs]:
    """The products of combinations; the code that is shown is the combination's."""
    return [
        Theirs(int(one["id_product"]), by, str(one.get("reference") or ""), str(one.get("ean13") or ""))
        for one in combinations
    ]
