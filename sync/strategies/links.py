"""What we know of combinations and specific prices in a shop, read and written: every change of these rows is here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from models import CombinationLink, SpecificPriceLink
from sync.strategies.run import Run


def combination_links(run: Run, product_ids: Iterable[int]) -> dict[int, list[CombinationLink]]:
    """The links of these products' combinations, by product."""
    return _by_product(run, CombinationLink, product_ids)


def price_links(run: Run, product_ids: Iterable[int]) -> dict[int, list[SpecificPriceLink]]:
    """The links of these products' specific prices, by product."""
    return _by_product(run, SpecificPriceLink, product_ids)


def _by_product(run: Run, model: type[Any], product_ids: Iterable[int]) -> dict[int, list[Any]]:
    query = select(model).where(model.shop_id == run.shop.id, model.product_id.in_(list(product_ids)))
    found: dict[int, list[Any]] = defaultdict(list)
    with run.services.db.read() as session:
        for link in session.scalars(query.order_by(model.id)):
            found[link.product_id].append(link)
    return found


def bind(run: Run, model: type[Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Remember the ids of combinations or specific prices in the shop, at once, in a transaction of their own."""
    if rows:
        with run.services.db.write() as session:
            session.execute(insert(model), [dict(row) for row in rows])


def rebind(run: Run, model: type[Any], column: str, owners: Mapping[int, int]) -> None:
    """Give links whose own was removed here to the one that takes its place: {link id: our id}."""
    if owners:
        with run.services.db.write() as session:
            statement = update(model).where(model.id == bindparam("link_id")).values({column: bindparam("owner")})
            rows = [{"link_id": link, "owner": owner} for link, owner in owners.items()]
            session.connection().execute(statement, rows)


def forget(run: Run, model: type[Any], link_ids: Sequence[int]) -> None:
    """The shop does not have these any more, or they are no longer ours."""
    if link_ids:
        with run.services.db.write() as session:
            session.execute(delete(model).where(model.id.in_(list(link_ids))))


_COMBINATION = (
    update(CombinationLink)
    .where(CombinationLink.id == bindparam("link_id"))
    .values(
        sent=bindparam("sent", type_=CombinationLink.__table__.c.sent.type),
        fingerprint=bindparam("fingerprint"),
        quantity_sent=bindparam("quantity_sent"),
        stock_available_id=bindparam("stock_available_id"),
    )
)
_PRICE = (
    update(SpecificPriceLink)
    .where(SpecificPriceLink.id == bindparam("link_id"))
    .values(fingerprint=bindparam("fingerprint"))
)


def record_combinations(run: Run, links: Sequence[CombinationLink]) -> None:
    """Write what was sent of combinations."""
    names = ("sent", "fingerprint", "quantity_sent", "stock_available_id")
    rows = [{"link_id": link.id} | {name: getattr(link, name) for name in names} for link in links]
    if rows:
        with run.services.db.write() as session:
            session.connection().execute(_COMBINATION, rows)


def record_prices(run: Run, fingerprints: Mapping[int, str]) -> None:
    """Write what was sent of specific prices: {link id: fingerprint}."""
    rows = [{"link_id": link, "fingerprint": mark} for link, mark in fingerprints.items()]
    if rows:
        with run.services.db.write() as session:
            session.connection().execute(_PRICE, rows)
