"""A plan of products with combinations, features and prices for groups, of which nothing is left."""

from decimal import Decimal

from sqlalchemy import func, select

from models import Combination, CombinationLink, JobItem, Product, Shop, ShopMapping, SpecificPrice, SpecificPriceLink
from sync import jobs
from sync.kinds.registry import KINDS
from sync.lanes import work_turn
from sync.rehearsal.approval import open_plan
from sync.selection import Selection
from tests.factories import make_product
from tests.unit.sync.content.conftest import Pusher
from tests.unit.sync.content.test_combinations import option
from tests.unit.sync.content.test_features_and_prices import feature


def plan(push: Pusher) -> dict[str, JobItem]:
    with push.services.db.write() as session:
        job = open_plan(session, session.get_one(Shop, push.shop_id), Selection("all"))
        jobs.fill(session, job, KINDS["push"])
        number = job.id
    while work_turn(push.services, number, "test") == 0.0:
        pass
    with push.services.db.read() as session:
        return {item.sku: item for item in session.scalars(select(JobItem).where(JobItem.progress_id == number))}


def counted(push: Pusher) -> list[int]:
    models = (CombinationLink, SpecificPriceLink, ShopMapping)
    with push.services.db.read() as session:
        return [session.scalar(select(func.count()).select_from(model)) or 0 for model in models]


def test_a_plan_of_a_new_product_with_parts_leaves_nothing(push: Pusher) -> None:
    with push.services.db.write() as session:
        one = Combination(sku="X-S", options=option("S9"), price=Decimal(2), quantity=3)
        make_product(
            session,
            "X",
            combinations=[one],
            features=[feature("long")],
            specific_prices=[SpecificPrice(price=Decimal(3))],
        )
    before = {
        name: len(push.listed(name)) for name in ("products", "combinations", "product_options", "product_features")
    }
    item = plan(push)["X"]
    assert (item.status, item.error) == ("planned", None), item.data
    assert item.data is not None
    assert before == {name: len(push.listed(name)) for name in before}
    assert counted(push) == [0, 0, 0]
    push.well()
    assert counted(push)[:2] == [1, 1]


def test_a_plan_of_a_changed_combination(push: Pusher) -> None:
    with push.services.db.write() as session:
        make_product(session, "X", combinations=[Combination(sku="X-S", options=option("S9"), quantity=3)])
    push.well()

    def edit(product: Product) -> None:
        product.combinations[0].quantity = 8
        product.combinations[0].price = Decimal(2)
        product.combinations.append(Combination(sku="X-M", options=option("M9"), quantity=4, position=1))

    push.change("X", edit)
    item = plan(push)["X"]
    assert (item.status, item.error) == ("planned", None), item.data
    (found,) = push.listed("combinations", id_product=push.stored("X")["id"])
    assert found["price"] == "0.000000"
    push.well()
    both = push.listed("combinations", id_product=push.stored("X")["id"])
    assert [one["price"] for one in both] == ["2.000000", "0.000000"]
