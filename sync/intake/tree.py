"""A shop's categories in the catalogue: found by mapping, then by name under their parent, and made where missing."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Category, MappingType, Shop, ShopMapping
from models.catalogue import CATEGORY_TEXTS
from sync.errors import Refusal
from sync.fingerprint import fingerprint
from sync.intake.names import ShopNames
from sync.intake.read import texts_of
from sync.transform.category import CategorySnapshot, category_document

Document = Mapping[str, Any]


def ensure_local(session: Session, shop: Shop, names: ShopNames, wanted: Iterable[int]) -> dict[int, int]:
    """Our ids of these categories of the shop ({id there: id here}); those missing here are made, parents first.

    Categories outside of the shop's home category are left out. Two siblings of one name become one category of ours.
    """
    asked = {number for number in wanted if number in names.categories}
    known = _mapped(session, shop.id, asked)
    if asked <= known.keys():
        return known
    _lock(session)
    return Builder(session, shop, names).build(asked)


def _mapped(session: Session, shop_id: int, external_ids: Iterable[int]) -> dict[int, int]:
    query = select(ShopMapping.external_id, ShopMapping.local_key).where(
        ShopMapping.shop_id == shop_id,
        ShopMapping.mapping_type == MappingType.CATEGORY,
        ShopMapping.external_id.in_(list(external_ids)),
    )
    return {external: int(key) for external, key in session.execute(query) if external is not None}


def _lock(session: Session) -> None:
    """One at a time: nothing but this keeps two imports from making the same category twice."""
    session.scalars(select(Shop.id).order_by(Shop.id).limit(1).with_for_update()).all()


class Builder:
    """One go at the tree: all of our categories and of this shop's mappings are in hand."""

    def __init__(self, session: Session, shop: Shop, names: ShopNames) -> None:
        self.session, self.shop, self.names = session, shop, names
        self.ours = {category.id: category for category in session.scalars(select(Category))}
        mappings = session.scalars(
            select(ShopMapping).where(ShopMapping.shop_id == shop.id, ShopMapping.mapping_type == MappingType.CATEGORY)
        )
        self.mappings = {int(mapping.local_key): mapping for mapping in mappings}
        self.found = {
            mapping.external_id: number
            for number, mapping in self.mappings.items()
            if mapping.external_id is not None and number in self.ours
        }
        self.by_name: dict[tuple[int | None, str], int] = {}
        for category in sorted(self.ours.values(), key=lambda one: one.id):
            self._index(category)
        self.positions: dict[int | None, int] = {}

    def build(self, wanted: Iterable[int]) -> dict[int, int]:
        """The ids here of the wanted ones."""
        asked = set(wanted)
        for number in sorted(asked, key=lambda one: (self._depth(one), int(self._document(one)["position"] or 0), one)):
            self._ensure(number)
        return {number: self.found[number] for number in asked}

    def _document(self, number: int) -> Document:
        return self.names.categories[number]

    def _parent(self, number: int) -> int:
        return int(self._document(number)["id_parent"] or 0)

    def _depth(self, number: int) -> int:
        depth = 0
        while (number := self._parent(number)) in self.names.categories:
            depth += 1
        return depth

    def _index(self, category: Category) -> None:
        for text in category.texts.values():
            if text.get("name"):
                self.by_name.setdefault((category.parent_id, text["name"]), category.id)

    def _ensure(self, number: int) -> int:
        if number in self.found:
            return self.found[number]
        above = self._parent(number)
        parent = self._ensure(above) if above in self.names.categories else None
        texts = texts_of(self._document(number), CATEGORY_TEXTS, self.names.languages)
        same = (self.by_name.get((parent, text["name"])) for text in texts.values() if text.get("name"))
        local = next((one for one in same if one is not None), None)
        if local is None:
            local = self._make(number, parent, texts)
        self.found[number] = local
        self._bind(number, local)
        return local

    def _make(self, number: int, parent: int | None, texts: dict[str, dict[str, str]]) -> int:
        document = self._document(number)
        category = Category(
            parent_id=parent,
            texts=texts,
            active=document["active"] == "1",
            position=int(document["position"] or 0),
        )
        self.session.add(category)
        self.session.flush()
        self.ours[category.id] = category
        self._index(category)
        return category.id

    def _bind(self, number: int, local: int) -> None:
        """Remember its id, as in step: a push sends it only once it is changed here."""
        mapping = self.mappings.get(local)
        if mapping is not None and mapping.external_id in self.names.categories:
            return  # the second of two siblings of one name
        if mapping is None:
            mapping = ShopMapping(shop_id=self.shop.id, mapping_type=MappingType.CATEGORY, local_key=str(local))
            self.session.add(mapping)
            self.mappings[local] = mapping
        mapping.external_id, mapping.fingerprint, mapping.claimed_by = number, self._fingerprint(local, number), None

    def _fingerprint(self, local: int, number: int) -> str | None:
        category = CategorySnapshot.of(self.ours[local])
        try:
            document = category_document(
                category, self._parent(number), self.shop.languages, self.shop.fallback_languages
            )
        except Refusal:
            return None
        return fingerprint(document)
