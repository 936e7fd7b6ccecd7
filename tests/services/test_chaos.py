"""A short seeded round of chaos (see tests.chaos), and that its judge sees what is wrong."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import update

from models import Product
from tests.chaos.run import run
from tests.chaos.verdict import judge
from tests.chaos.world import World


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/chaos.sqlite3"


def test_a_round_of_chaos_loses_and_doubles_nothing(tmp_path: Path, url: str) -> None:
    verdict = run(tmp_path, url, seed=7, seconds=10, products=60)
    assert str(verdict) == "lost 0, doubled 0, unaccounted 0", "\n".join(verdict.details())


def test_the_judge_sees_what_is_wrong(tmp_path: Path, url: str) -> None:
    world = World(tmp_path, url, seed=1, products=3)
    try:
        with world.services.db.write() as session:
            session.execute(update(Product).where(Product.sku == "SKU-00001").values(price=Decimal(1)))
        with world.client(1) as client:
            for _ in range(2):
                client.create(
                    "products", {"reference": "SKU-00002", "price": "12", "state": 1, "name": {1: "Twice", 2: "2x"}}
                )
        verdict = judge(world)
    finally:
        world.stop()
    assert any("the edit of SKU-00001" in one for one in verdict.lost)
    assert any("SKU-00000 is not in Cyan" in one for one in verdict.lost)
    assert verdict.doubled == ["SKU-00002 is 2 times in Cyan"]
    assert any("SKU-00002 is product" in one for one in verdict.unaccounted)
