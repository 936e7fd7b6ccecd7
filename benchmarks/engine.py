"""The engine against its floor: the time that the shop itself spends answering."""

from decimal import Decimal

from sqlalchemy import text, update

from benchmarks.push import Pusher
from benchmarks.report import figure
from benchmarks.scene import Shopkeeper, scene
from models import Product, now

COUNT = 10_000


def changed() -> bool:
    """10,000 products with another name and price, into a shop that takes the time that a real PrestaShop takes."""
    with scene() as at:
        shop = at.shop(cost="prestashop")
        at.products(COUNT)
        pusher = Pusher(at, at.link_shop(shop))
        at.worker()
        pusher.push()
        creating = _per_product(shop)
        with at.db.write() as session:
            names = text(
                """UPDATE products SET texts = replace(texts, 'Benchmark', 'Renamed'), price = price + 1000000"""
            )
            session.execute(names)
            session.execute(update(Product).values(changed_at=now()))
        shop.forget()
        seconds = pusher.push()
        floor, changing = _answering(shop), _per_product(shop)
        shop.forget()
        with at.db.write() as session:
            session.execute(update(Product).values(price=Decimal("7.77"), changed_at=now()))
        pusher.push()
        pricing = _per_product(shop)
    good = [
        figure("requests per product: full creates", f"{creating:.3f}", "at most 0.15", creating <= 0.15),
        figure("requests per product: name and price changed", f"{changing:.3f}"),
        figure("requests per product: price changed", f"{pricing:.3f}", "at most 0.05", pricing <= 0.05),
        figure(f"{COUNT:,} changed products", f"{seconds:.1f} s; the shop answered for {floor:.1f} s"),
        figure("ratio", f"{seconds / floor:.3f}", "at most 1.15", seconds <= 1.15 * floor),
    ]
    return all(good)


def _answering(shop: Shopkeeper) -> float:
    """Seconds that the shop spent on answers."""
    return float(sum(one["milliseconds"] for one in shop.asked())) / 1000


def _per_product(shop: Shopkeeper) -> float:
    return len(shop.asked()) / COUNT
