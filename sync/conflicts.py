"""Conflicts: fields that were changed both here and in a shop, and the decisions about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models import (
    MappingType,
    Product,
    ProductOverride,
    ProductSyncStatus,
    SentDocument,
    Shop,
    ShopMapping,
    SyncStatus,
)
from sync.catalogue import touch
from sync.errors import Missing, Refusal
from sync.transform.override import as_override, can_differ, lock_of
from sync.transform.remote import mark, pack, unpack

__all__ = ["SIDES", "Conflict", "Side", "can_differ", "count", "find", "resolve", "resolve_all"]

Side = Literal["ours", "shop"]
SIDES: tuple[Side, ...] = ("ours", "shop")
PAGE = 100


@dataclass(frozen=True, slots=True)
class Conflict:
    """One product in conflict in one shop. `fields` is {field: {"agreed", "ours", "theirs"}}, values canonical."""

    link_id: int
    product_id: int
    sku: str
    name: str
    shop_id: int
    shop_name: str
    external_id: int | None
    fields: Mapping[str, Mapping[str, Any]]


def find(session: Session, shop_id: int | None = None, *, after: int = 0, limit: int = PAGE) -> list[Conflict]:
    """The conflicts of a shop, or of all, by link id from `after` on."""
    link = ProductSyncStatus
    query = (
        _in_conflict(
            select(
                link.id, link.product_id, Product.sku, Product.name, link.shop_id, Shop.name, link.external_id,
                link.conflict,
            ),
            shop_id,
        )
        .join(Product, Product.id == link.product_id)
        .join(Shop, Shop.id == link.shop_id)
        .where(link.id > after)
        .order_by(link.id)
        .limit(limit)
    )  # fmt: skip
    return [Conflict(*row) for row in session.execute(query)]


def count(session: Session, shop_id: int | None = None) -> int:
    """How many products are in conflict."""
    return session.scalar(_in_conflict(select(func.count(ProductSyncStatus.id)), shop_id)) or 0


def _in_conflict(query: Select[Any], shop_id: int | None) -> Select[Any]:
    query = query.where(ProductSyncStatus.sync_status == SyncStatus.CONFLICT, ProductSyncStatus.conflict.is_not(None))
    return query if shop_id is None else query.where(ProductSyncStatus.shop_id == shop_id)


def resolve(session: Session, link_id: int, choices: Mapping[str, Side]) -> list[str]:
    """Decide fields of one conflict; the fields that are still open.

    "ours": the next push overwrites the shop's value, unless it changes there once more. "shop": the shop's value
    becomes this shop's override of the product; where there is no override for such a field (categories, features), it
    is locked for this shop. Raises Missing, and Refusal for a field that is not in conflict or cannot be the shop's.
    """
    link = session.get(ProductSyncStatus, link_id, with_for_update=True)
    if link is None or not link.conflict:
        raise Missing("conflict", link_id)
    for name in choices:
        if name not in link.conflict:
            raise Refusal(name, "is not in conflict")
    theirs = {name: sides["theirs"] for name, sides in link.conflict.items()}
    taken = {name: theirs[name] for name, side in choices.items() if side == "shop"}
    if taken:
        _take_over(session, link, taken)
        _agree(session, link.id, taken)
    link.seen = {**(link.seen or {}), **{name: mark(theirs[name]) for name in choices}}
    left = {name: sides for name, sides in link.conflict.items() if name not in choices}
    link.conflict = left or None
    if not left:
        link.sync_status, link.error_message = SyncStatus.PENDING, None
    touch(session, [link.product_id])
    session.flush()
    return sorted(left)


def resolve_all(session: Session, side: Side, *, shop_id: int | None = None, link_ids: Sequence[int] = ()) -> int:
    """Decide whole conflicts one way: those of `link_ids`, or all of a shop; how many were decided.

    A conflict with a field that cannot be the shop's (the reference) stays open in that field.
    """
    done = 0
    for conflict in _each(session, shop_id, link_ids):
        able = [name for name in conflict.fields if side == "ours" or can_differ(name)]
        if able:
            resolve(session, conflict.link_id, dict.fromkeys(able, side))
        done += len(able) == len(conflict.fields)
    return done


def _each(session: Session, shop_id: int | None, link_ids: Sequence[int]) -> Iterable[Conflict]:
    after = 0
    while page := find(session, shop_id, after=after):
        yield from (one for one in page if not link_ids or one.link_id in link_ids)
        after = page[-1].link_id


def _take_over(session: Session, link: ProductSyncStatus, taken: Mapping[str, Any]) -> None:
    shop = session.get_one(Shop, link.shop_id)
    row = session.scalar(
        select(ProductOverride).where(
            ProductOverride.product_id == link.product_id, ProductOverride.shop_id == link.shop_id
        )
    )
    if row is None:
        row = ProductOverride(product_id=link.product_id, shop_id=link.shop_id, fields={}, locked=[])
        session.add(row)
    fields, locked = dict(row.fields), list(row.locked or [])
    manufacturers = _manufacturers(session, shop) if "id_manufacturer" in taken else {}
    for name, value in taken.items():
        if not can_differ(name):
            raise Refusal(name, "cannot differ in one shop; choose ours, or change the product")
        found = as_override(
            name, value, languages=shop.languages, tax_rules_groups=shop.tax_rules_groups,
            manufacturers=manufacturers, texts=fields.get("texts") or {},
        )  # fmt: skip
        if found is None:
            locked.append(lock_of(name))
        else:
            fields.update(found)
    row.fields, row.locked = fields, list(dict.fromkeys(locked))


def _manufacturers(session: Session, shop: Shop) -> dict[int, str]:
    known = select(ShopMapping.external_id, ShopMapping.local_key).where(
        ShopMapping.shop_id == shop.id, ShopMapping.mapping_type == MappingType.MANUFACTURER
    )
    return {number: name for number, name in session.execute(known) if number is not None}


def _agree(session: Session, link_id: int, taken: Mapping[str, Any]) -> None:
    row = session.get(SentDocument, link_id)
    if row is not None:
        row.document = pack({**unpack(row.document), **taken})
