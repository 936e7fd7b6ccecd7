"""Our things and their ids in a shop, and the right to create one there."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import MappingType, ShopMapping


@dataclass(frozen=True, slots=True)
class Held:
    """Mappings by local key: `known` are in the shop, `mine` are ours to create, `busy` somebody else creates."""

    known: dict[str, ShopMapping]
    mine: dict[str, ShopMapping]
    busy: frozenset[str]


def ids_of(session: Session, shop_id: int, kind: MappingType, keys: Iterable[str]) -> dict[str, int]:
    """The ids in the shop of those keys that have one."""
    wanted = list(keys)
    if not wanted:
        return {}
    query = select(ShopMapping.local_key, ShopMapping.external_id).where(
        ShopMapping.shop_id == shop_id,
        ShopMapping.mapping_type == kind,
        ShopMapping.local_key.in_(wanted),
        ShopMapping.external_id.is_not(None),
    )
    return {key: number for key, number in session.execute(query) if number is not None}


def _rows(session: Session, shop_id: int, kind: MappingType, keys: Iterable[str]) -> dict[str, ShopMapping]:
    """The mappings of those keys, whether they have an id yet or not."""
    query = select(ShopMapping).where(
        ShopMapping.shop_id == shop_id, ShopMapping.mapping_type == kind, ShopMapping.local_key.in_(list(keys))
    )
    return {mapping.local_key: mapping for mapping in session.scalars(query.with_for_update())}


def hold(session: Session, shop_id: int, kind: MappingType, keys: Iterable[str], claimant: str) -> Held:
    """Claim what has no id in the shop yet. The table's unique key decides who creates it."""
    wanted = dict.fromkeys(keys)
    found = _rows(session, shop_id, kind, wanted)
    try:
        with session.begin_nested():
            session.add_all(
                ShopMapping(shop_id=shop_id, mapping_type=kind, local_key=key) for key in wanted if key not in found
            )
    except IntegrityError:
        pass  # another lane was quicker with one of them; the claims below tell whose is whose
    found = _rows(session, shop_id, kind, wanted)
    mine = {
        key: row
        for key, row in found.items()
        if row.external_id is None
        and row.claimed_by in (None, claimant)  # a claim ends with its claimant, see sync.presence
    }
    for row in mine.values():
        row.claimed_by = claimant
    session.flush()
    done = {key: row for key, row in found.items() if row.external_id is not None}
    return Held(done, mine, frozenset(wanted) - done.keys() - mine.keys())


def bind(session: Session, mapping: ShopMapping, external_id: int, fingerprint: str | None = None) -> None:
    """Remember the id in the shop, and what was sent."""
    row = session.merge(mapping)
    row.external_id, row.fingerprint, row.error_message = external_id, fingerprint, None
    row.claimed_by = None


def give_back(session: Session, mapping: ShopMapping, reason: str | None = None) -> None:
    """Let go of a claim; the reason stays to be shown."""
    row = session.merge(mapping)
    row.claimed_by = None
    row.error_message = reason


def forget(session: Session, shop_id: int, kind: MappingType, keys: Iterable[str]) -> None:
    """The shop does not have these any more: they are to be found or made again."""
    session.execute(
        update(ShopMapping)
        .where(ShopMapping.shop_id == shop_id, ShopMapping.mapping_type == kind, ShopMapping.local_key.in_(list(keys)))
        .values(external_id=None, fingerprint=None, claimed_by=None)
    )
