"""What is known of a shop from reading it: ids of manufacturers, features, options and their values by their names.

Written down as a push would have, so that the next push neither asks for them nor makes them anew.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import MappingType, Product, Shop, ShopMapping
from sync.intake.names import ShopNames
from sync.intake.values import Incoming, Names
from sync.strategies.named import Thing
from sync.transform.snapshot import Feature, names_of
from sync.upsert import upsert

Key = tuple[str, str]
UNIQUE = ("shop_id", "mapping_type", "local_key")
ROWS = 500


def bind_names(session: Session, shop: Shop, names: ShopNames, products: Iterable[Incoming]) -> "Bindings":
    """Keep the ids that these products refer to. A name that is bound already stays with the id that it has."""
    products = list(products)
    wanted: dict[Key, int] = {}
    for product in products:
        for key, number in _ids(product, names):
            wanted.setdefault(key, number)
    known = _known(session, shop.id, wanted)
    fresh = [
        {"shop_id": shop.id, "mapping_type": kind, "local_key": key, "external_id": number}
        for (kind, key), number in sorted(wanted.items())  # in one order, so that two lanes never wait for each other
        if (kind, key) not in known
    ]
    for first in range(0, len(fresh), ROWS):
        part = fresh[first : first + ROWS]
        upsert(session, ShopMapping, part, UNIQUE, columns=("mapping_type",))  # somebody else's row stays as it is
    if fresh:
        known = _known(session, shop.id, wanted)
    return Bindings({key: known.get(key) or number for key, number in wanted.items()})


class Bindings:
    """Ids in the shop by kind and key."""

    def __init__(self, ids: Mapping[Key, int]) -> None:
        self._ids = ids

    @property
    def manufacturers(self) -> dict[str, int]:
        """Name -> id."""
        return {key: number for (kind, key), number in self._ids.items() if kind == MappingType.MANUFACTURER}

    def features(self, pairs: Iterable[Feature]) -> dict[Feature, tuple[int, int]]:
        """Feature and value -> their ids, of those that are known."""
        found: dict[Feature, tuple[int, int]] = {}
        for pair in set(pairs):
            parent = self.feature(pair)
            value = self._id(MappingType.FEATURE_VALUE, Thing(pair.value, parent)) if parent else None
            if parent and value:
                found[pair] = (parent, value)
        return found

    def feature(self, pair: Feature) -> int | None:
        """The id of the feature alone."""
        return self._id(MappingType.FEATURE, Thing(pair.feature))

    def joined(self, ids: Mapping[Key, int]) -> "Bindings":
        """These and others."""
        return Bindings({**self._ids, **ids})

    def _id(self, kind: MappingType, thing: Thing) -> int | None:
        return next((self._ids[kind, key] for key in thing.keys if (kind, key) in self._ids), None)


def bound_names(
    session: Session, shop_id: int, products: Iterable[Product]
) -> tuple[dict[str, int], dict[Feature, tuple[int, int]]]:
    """Ids in the shop of the manufacturers and features of products of ours, as far as they are bound."""
    products = list(products)
    pairs = {Feature(names_of(row.feature), names_of(row.value)) for product in products for row in product.features}
    makers = {product.manufacturer for product in products if product.manufacturer}
    named: dict[Key, int] = {(MappingType.MANUFACTURER, name): 0 for name in makers}
    named |= {(MappingType.FEATURE, key): 0 for pair in pairs for key in Thing(pair.feature).keys}
    first = Bindings(_known(session, shop_id, named)) if named else Bindings({})
    values: dict[Key, int] = {
        (MappingType.FEATURE_VALUE, key): 0
        for pair in pairs
        if (parent := first.feature(pair)) is not None
        for key in Thing(pair.value, parent).keys
    }
    found = first.joined(_known(session, shop_id, values)) if values else first
    return found.manufacturers, found.features(pairs)


def feature_of(pair: tuple[Names, Names]) -> Feature:
    """The feature as the transformation knows it."""
    return Feature(names_of(pair[0]), names_of(pair[1]))


def _ids(product: Incoming, names: ShopNames) -> Iterable[tuple[Key, int]]:
    maker = int(product.document.get("id_manufacturer") or 0)
    if maker in names.manufacturers:
        yield (MappingType.MANUFACTURER, names.manufacturers[maker]), maker
    for entry in (product.document.get("associations") or {}).get("product_features") or ():
        feature, value = int(entry["id"]), int(entry.get("id_feature_value") or 0)
        if feature in names.features and value in names.feature_values:
            yield from _keys(MappingType.FEATURE, Thing(names_of(names.features[feature])), feature)
            thing = Thing(names_of(names.feature_values[value]), feature)
            yield from _keys(MappingType.FEATURE_VALUE, thing, value)
    for combination in product.combinations:
        for value in combination.values:
            option, texts = names.option_values[value]
            yield from _keys(MappingType.OPTION, Thing(names_of(names.options[option])), option)
            yield from _keys(MappingType.OPTION_VALUE, Thing(names_of(texts), option), value)


def _keys(kind: MappingType, thing: Thing, number: int) -> Iterable[tuple[Key, int]]:
    return (((kind, key), number) for key in thing.keys)


def _known(session: Session, shop_id: int, wanted: Mapping[Key, int]) -> dict[Key, int]:
    query: Any = select(ShopMapping.mapping_type, ShopMapping.local_key, ShopMapping.external_id).where(
        ShopMapping.shop_id == shop_id,
        ShopMapping.mapping_type.in_({kind for kind, _ in wanted}),
        ShopMapping.local_key.in_({key for _, key in wanted}),
        ShopMapping.external_id.is_not(None),
    )
    return {(kind, key): number for kind, key, number in session.execute(query) if number is not None}
