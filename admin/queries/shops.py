"""What the pages show of shops: each shop's numbers, for all shops in one statement."""

from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import ProductSyncStatus, Shop, SyncStatus


@dataclass(slots=True)
class ShopNumbers:
    """Links of a shop by state."""

    by_status: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.by_status.values())

    @property
    def in_step(self) -> float | None:
        """The share of products that are in step, in percent; None without products."""
        return 100 * self.by_status.get(SyncStatus.SYNCED, 0) / self.total if self.total else None

    @property
    def errors(self) -> int:
        return self.by_status.get(SyncStatus.ERROR, 0)

    @property
    def conflicts(self) -> int:
        return self.by_status.get(SyncStatus.CONFLICT, 0)


def all_shops(session: Session) -> list[Shop]:
    """Every shop by name."""
    return list(session.scalars(select(Shop).order_by(Shop.name)))


def numbers(session: Session) -> dict[int, ShopNumbers]:
    """The numbers of every shop that has links, by its id."""
    link = ProductSyncStatus
    query = select(link.shop_id, link.sync_status, func.count()).group_by(link.shop_id, link.sync_status)
    found: dict[int, ShopNumbers] = {}
    for shop_id, status, count in session.execute(query):
        found.setdefault(shop_id, ShopNumbers()).by_status[status] = count
    return found


def languages(shops: list[Shop], first: tuple[str, ...] = ()) -> list[str]:
    """The ISO codes of all languages, those of `first` in front; English where there is none yet."""
    codes = dict.fromkeys(first)
    for shop in shops:
        codes.update(dict.fromkeys(sorted(shop.languages, key=lambda iso: shop.languages[iso])))
    return list(codes) or ["en"]
