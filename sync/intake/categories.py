"""A shop's whole tree of categories into the catalogue, without any product."""

from dataclasses import dataclass

from sqlalchemy import func, select

from models import Category, Shop
from sync.intake.asking import asking
from sync.intake.names import ShopNames, read_categories
from sync.intake.tree import ensure_local
from sync.services import Services


@dataclass(frozen=True, slots=True)
class Imported:
    """How many categories the shop has, and how many of them were new to us."""

    total: int
    created: int


def import_categories(services: Services, shop: Shop) -> Imported:
    """Make those that are missing here and remember what is what. Raises NoAnswer."""
    names = ShopNames.of(shop)
    with asking(services, shop) as client:
        read_categories(names, client)
    count = select(func.count()).select_from(Category)
    with services.db.write() as session:
        before = session.scalar(count) or 0
        ensure_local(session, shop, names, names.categories)
        session.flush()
        return Imported(len(names.categories), (session.scalar(count) or 0) - before)
