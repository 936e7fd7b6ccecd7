"""Plan before apply, over a real worker and a sandbox shop: what is shown, what is sent, what is planned again."""

from decimal import Decimal
from typing import Any

import pytest
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import func, select, update

from models import (
    Category,
    Combination,
    CombinationLink,
    ItemChange,
    ItemStatus,
    JobItem,
    JobProgress,
    JobStatus,
    Product,
    ProductFeature,
    ProductSyncStatus,
    Shop,
    ShopMapping,
    SpecificPrice,
    SyncStatus,
    now,
)  # fmt: skip
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from sync import jobs
from sync.chunks import Claimed
from sync.errors import Refusal
from sync.rehearsal.approval import approve, discard, open_plan, plan_again
from sync.rehearsal.chunk import apply
from sync.selection import Selection
from sync.services import Services
from sync.strategies import product as product_strategy
from sync.strategies.run import Run as Work
from sync.undo.open import open_undo
from tasks.actors import bulk_sync_products
from tests.factories import add_image, make_category, make_product, make_shop, texts
from tests.pictures import png
from tests.tasks.conftest import Run
from tests.tasks.test_bulk_push import Pushes, link_of, make_products


@pytest.fixture(params=["9.1", "1.7"])
def sandbox(request: pytest.FixtureRequest) -> Any:
    with Sandbox.running(version=request.param) as running:
        yield running


@pytest.fixture
def shop(in_tasks: Services, sandbox: Sandbox) -> int:
    with in_tasks.db.write() as session:
        return make_shop(session, in_tasks, sandbox.address, sandbox.key, latency_ms=5.0).id


@pytest.fixture
def client(sandbox: Sandbox) -> PrestaShopClient:
    return PrestaShopClient(sandbox.address, sandbox.key)


@pytest.fixture
def push(broker: StubBroker, run: Run, in_tasks: Services, shop: int) -> Pushes:
    return Pushes(in_tasks, run, shop)


def plan(push: Pushes, selection: Selection | None = None, **options: Any) -> JobProgress:
    with push.services.db.write() as session:
        job = open_plan(session, session.get_one(Shop, push.shop_id), selection or Selection("all"), **options)
    return go_on(push, job.id)


def go_on(push: Pushes, progress_id: int) -> JobProgress:
    bulk_sync_products.send(progress_id)
    push.run.until_idle()
    with push.services.db.read() as session:
        return jobs.get(session, progress_id)


def applied(push: Pushes, progress_id: int) -> JobProgress:
    with push.services.db.write() as session:
        approve(session, progress_id)
    return go_on(push, progress_id)


def items(services: Services, progress_id: int) -> dict[str, JobItem]:
    with services.db.read() as session:
        return {one.sku: one for one in session.scalars(select(JobItem).where(JobItem.progress_id == progress_id))}


def writes(sandbox: Sandbox) -> int:
    return len([one for one in sandbox.requests if one.method != "GET"])


def change(services: Services, **values: Any) -> None:
    with services.db.write() as session:
        session.execute(update(Product).values(changed_at=now(), **values))


def test_a_plan_shows_everything_and_writes_nothing(
    in_tasks: Services, push: Pushes, sandbox: Sandbox, client: PrestaShopClient
) -> None:
    make_products(in_tasks, 3)
    push()
    with in_tasks.db.write() as session:
        leaf = make_category(session, "Mugs", make_category(session, "Kitchen"))
        products = {one.sku: one for one in session.scalars(select(Product))}
        products["SKU-000"].price = Decimal(12)
        products["SKU-001"].texts = texts("Bad <b>")
        fresh = make_product(session, "NEW", manufacturer="Acme", categories=[leaf], default_category=leaf)
        add_image(session, in_tasks, fresh, png(1), "front.png")
    before, links, mappings = writes(sandbox), _links(in_tasks), _mappings(in_tasks)
    job = plan(push)
    assert job.status == JobStatus.AWAITING_APPROVAL
    assert job.expires_at is not None
    assert writes(sandbox) == before
    assert (_links(in_tasks), _mappings(in_tasks)) == ({**links, "NEW": (None, "pending")}, mappings)
    found = items(in_tasks, job.id)
    assert {sku: (item.status, item.operation) for sku, item in found.items()} == {
        "SKU-000": ("planned", "update"), "SKU-001": ("refused", None), "SKU-002": ("unchanged", None),
        "NEW": ("planned", "create"),
    }  # fmt: skip
    changes = (found["SKU-000"].data or {})["changes"]
    assert [(one["operation"], one["before"], one["after"]) for one in changes] == [
        ("update", {"price": "19.9"}, {"price": "12"})
    ]
    made = (found["NEW"].data or {})["changes"]
    assert [(one["resource"], one["external_id"], one["operation"]) for one in made] == [
        ("products", None, "create"), ("stock_availables", None, "update"),
    ]  # fmt: skip
    assert made[0]["after"]["id_category_default"] == "new"
    assert (found["NEW"].data or {})["images"]["upload"] == 1
    assert "name" in (found["SKU-001"].error or "")
    summary = job.summary["plan"]
    assert sorted(summary["also"]["categories"].values()) == ["Kitchen", "Mugs"]
    assert list(summary["also"]["manufacturers"].values()) == ["Acme"]
    assert summary["fields"]["price"] == 1
    assert summary["writes"] >= 3
    assert summary["seconds"] > 0
    assert client.count("products") == 3


def _links(services: Services) -> dict[str, tuple[int | None, str]]:
    link = ProductSyncStatus
    query = select(Product.sku, link.external_id, link.sync_status).join(link, link.product_id == Product.id)
    with services.db.read() as session:
        return {sku: (number, status) for sku, number, status in session.execute(query)}


def _mappings(services: Services) -> int:
    with services.db.read() as session:
        return session.scalar(select(func.count(ShopMapping.id))) or 0


def test_an_approved_plan_is_pushed(in_tasks: Services, push: Pushes, client: PrestaShopClient) -> None:
    make_products(in_tasks, 60)
    push(Selection("search", search="SKU-00"))
    change(in_tasks, price=Decimal(12))
    job = plan(push)
    assert (job.status, job.current_count, job.total_count) == (JobStatus.AWAITING_APPROVAL, 60, 60)
    ended = applied(push, job.id)
    assert (ended.status, ended.current_count, ended.summary["pushed"]) == (JobStatus.COMPLETED, 60, 60)
    assert "planned" not in ended.summary
    assert client.count("products") == 60
    assert {one["price"] for one in client.list("products", display=["price"])} == {"12.000000"}
    with in_tasks.db.read() as session:
        history = select(func.count(ItemChange.id)).where(ItemChange.progress_id == job.id)
        assert session.scalar(history.where(ItemChange.resource == "products")) == 60


def test_what_changed_meanwhile_is_planned_again(in_tasks: Services, push: Pushes, client: PrestaShopClient) -> None:
    make_products(in_tasks, 5)
    push()
    change(in_tasks, price=Decimal(12))
    job = plan(push)
    numbers = {sku: link_of(in_tasks, sku).external_id or 0 for sku in items(in_tasks, job.id)}
    with in_tasks.db.write() as session:
        session.execute(update(Product).where(Product.sku == "SKU-000").values(price=Decimal(13)))
    client.patch("products", numbers["SKU-001"], {"price": 15})
    client.patch("products", numbers["SKU-002"], {"weight": 15})  # no field of the plan
    client.delete("products", numbers["SKU-003"])
    ended = applied(push, job.id)
    assert ended.status == JobStatus.COMPLETED
    found = items(in_tasks, job.id)
    assert {sku: (item.status, item.operation) for sku, item in found.items()} == {
        "SKU-000": ("skipped", "planned again"), "SKU-001": ("skipped", "planned again"),
        "SKU-002": ("pushed", "update"), "SKU-003": ("skipped", "planned again"), "SKU-004": ("pushed", "update"),
    }  # fmt: skip
    again = (found["SKU-000"].data or {})["changes"]
    assert [(one["before"], one["after"]) for one in again] == [({"price": "19.9"}, {"price": "13"})]
    assert client.get("products", numbers["SKU-000"])["price"] == "19.900000"
    assert client.get("products", numbers["SKU-001"])["price"] == "15.000000"
    assert client.count("products") == 4
    with in_tasks.db.write() as session:
        second = plan_again(session, job.id)
    assert go_on(push, second.id).status == JobStatus.AWAITING_APPROVAL
    assert applied(push, second.id).summary["pushed"] == 3
    prices = {one["price"] for one in client.list("products", display=["price"])}
    assert prices == {"12.000000", "13.000000"}


def test_a_product_that_appeared_in_the_shop_is_not_taken_over_unplanned(
    in_tasks: Services, push: Pushes, client: PrestaShopClient
) -> None:
    make_products(in_tasks, 1)
    job = plan(push)
    there = client.create(
        "products", {"reference": "SKU-000", "price": 5, "name": {1: "Old", 2: "Old"}, "link_rewrite": {1: "o", 2: "o"}}
    )
    applied(push, job.id)
    assert items(in_tasks, job.id)["SKU-000"].operation == "planned again"
    assert client.get("products", there["id"])["price"] == "5.000000"
    assert link_of(in_tasks, "SKU-000").external_id is None


def test_a_taken_over_product_is_planned_with_its_values_there(
    in_tasks: Services, push: Pushes, client: PrestaShopClient
) -> None:
    there = client.create(
        "products", {"reference": "SKU-000", "price": 5, "name": {1: "Old", 2: "Old"}, "link_rewrite": {1: "o", 2: "o"}}
    )
    make_products(in_tasks, 1)
    job = plan(push)
    item = items(in_tasks, job.id)["SKU-000"]
    assert (item.operation, item.external_id) == ("update", there["id"])
    assert (item.data or {})["changes"][0]["before"]["price"] == "5"
    assert link_of(in_tasks, "SKU-000").external_id is None
    assert applied(push, job.id).summary["pushed"] == 1
    assert client.get("products", there["id"])["price"] == "19.900000"


def test_a_conflict_shows_in_the_plan(in_tasks: Services, push: Pushes, client: PrestaShopClient) -> None:
    make_products(in_tasks, 2)
    push()
    client.patch("products", link_of(in_tasks, "SKU-000").external_id or 0, {"price": 11})
    change(in_tasks, price=Decimal(12))
    with in_tasks.db.write() as session:
        session.execute(update(Shop).values(conflict_policy="ask"))
    found = items(in_tasks, plan(push).id)
    assert (found["SKU-000"].status, found["SKU-000"].operation) == ("skipped", "conflict")
    assert (found["SKU-000"].data or {})["conflict"]["price"]["theirs"] == "11"
    assert found["SKU-001"].status == "planned"
    assert link_of(in_tasks, "SKU-000").sync_status == SyncStatus.SYNCED


def test_a_plan_without_any_change_ends_at_once(in_tasks: Services, push: Pushes) -> None:
    make_products(in_tasks, 2)
    push()
    assert plan(push).status == JobStatus.COMPLETED


def test_a_plan_may_be_discarded_or_lapse(in_tasks: Services, push: Pushes, client: PrestaShopClient) -> None:
    make_products(in_tasks, 2)
    first, second = plan(push), plan(push)
    with in_tasks.db.write() as session:
        discard(session, first.id)
        jobs.get(session, second.id).expires_at = now().replace(year=2020)
        session.flush()
        with pytest.raises(Refusal, match="lapsed"):
            approve(session, second.id)
        assert jobs.lapse(session) == 1
        for job in (first, second):
            assert jobs.get(session, job.id).status == JobStatus.CANCELLED
            with pytest.raises(Refusal):
                approve(session, job.id)
        assert set(session.scalars(select(JobItem.status))) == {ItemStatus.CANCELLED}
    assert client.count("products") == 0


def test_categories_that_changed_meanwhile_stay_as_they_are(
    in_tasks: Services, push: Pushes, client: PrestaShopClient
) -> None:
    with in_tasks.db.write() as session:
        make_product(session, "SKU-000", categories=[make_category(session, "Mugs")])
    push()
    change(in_tasks, price=Decimal(12))
    job = plan(push)
    with in_tasks.db.write() as session:
        session.scalars(select(Category)).one().texts = texts("Cups")
    ended = applied(push, job.id)
    assert ended.summary["plan"]["categories_changed"] is True
    names = {one["name"][1] for one in client.list("categories", display=["name"])}
    assert "Mugs" in names
    assert "Cups" not in names


def test_an_apply_goes_on_after_a_lost_answer(
    in_tasks: Services, push: Pushes, client: PrestaShopClient, sandbox: Sandbox
) -> None:
    make_products(in_tasks, 10)
    job = plan(push)
    sandbox.faults.add("503", path="/stock_availables", times=4)
    ended = applied(push, job.id)
    assert ended.summary["pushed"] == 10
    rows = client.list("stock_availables", display=["quantity"])
    assert [row["quantity"] for row in rows] == ["5"] * 10


def test_whole_categories_are_not_planned(in_tasks: Services, push: Pushes, shop: int) -> None:
    with in_tasks.db.write() as session, pytest.raises(Refusal, match="categories alone"):
        open_plan(session, session.get_one(Shop, shop), Selection("all"), mode="categories")


def test_combinations_features_and_group_prices_are_planned_and_undone(
    in_tasks: Services, push: Pushes, client: PrestaShopClient, sandbox: Sandbox
) -> None:
    with in_tasks.db.write() as session:
        product = make_product(session, "TEE")
        session.add(ProductFeature(product_id=product.id, feature={"en": "Material"}, value={"en": "Cotton"}))
        for position, size in enumerate(("S", "L")):
            options = [{"option": {"en": "Size"}, "value": {"en": size}}]
            session.add(
                Combination(
                    product_id=product.id, sku=f"TEE-{size}", options=options, price=Decimal(position), quantity=3,
                    position=position,
                )
            )  # fmt: skip
        session.add(SpecificPrice(product_id=product.id, reduction=Decimal("0.1"), reduction_type="percentage"))
    before = writes(sandbox)
    job = plan(push)
    assert writes(sandbox) == before
    item = items(in_tasks, job.id)["TEE"]
    assert (item.status, item.operation, item.error) == ("planned", "create", None)
    made = [(one["resource"], one["operation"]) for one in (item.data or {})["changes"]]
    assert made.count(("combinations", "create")) == 2
    assert made.count(("specific_prices", "create")) == 1
    assert set(job.summary["plan"]["also"]) >= {"product_features", "product_options", "product_option_values"}
    assert applied(push, job.id).summary["pushed"] == 1
    assert (client.count("combinations"), client.count("specific_prices")) == (2, 1)
    with in_tasks.db.write() as session:
        for one in session.scalars(select(Combination)):
            one.price = Decimal(5)
    change(in_tasks, price=Decimal(12))
    second = plan(push)
    found = items(in_tasks, second.id)["TEE"]
    changed = {(one["resource"], one["operation"]) for one in (found.data or {})["changes"]}
    assert changed == {("products", "update"), ("combinations", "update")}
    assert applied(push, second.id).summary["pushed"] == 1
    with in_tasks.db.write() as session:
        undone = open_undo(session, second.id)
    assert go_on(push, undone.id).summary == {"pushed": 1}
    prices = sorted(one["price"] for one in client.list("combinations", display=["price"]))
    assert prices == ["0.000000", "1.000000"]
    assert plan(push).status == JobStatus.AWAITING_APPROVAL
    with in_tasks.db.write() as session:
        first = open_undo(session, job.id)
    assert go_on(push, first.id).summary == {"pushed": 1}
    assert client.count("products") == 0
    with in_tasks.db.read() as session:
        assert session.scalars(select(CombinationLink)).all() == []


class Killed(BaseException):
    """A worker's end, at a moment of our choosing."""


@pytest.mark.parametrize("moment", ["push_stock", "push_all_images", "create", "patch"])
def test_an_apply_that_was_killed_goes_on(
    in_tasks: Services, push: Pushes, client: PrestaShopClient, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    make_products(in_tasks, 6)
    push(Selection("search", search="SKU-002"))
    change(in_tasks, price=Decimal(12))
    job = plan(push)
    with in_tasks.db.write() as session:
        approve(session, job.id)
        session.execute(update(JobItem).where(JobItem.progress_id == job.id).values(claimed_by="lane"))
        chosen = session.scalars(select(JobItem).where(JobItem.progress_id == job.id).order_by(JobItem.id)).all()
        shop = session.get_one(Shop, push.shop_id)
    items_ = [Claimed(one.id, one.product_id, one.sku, 0, one.key, one.external_id, one.data) for one in chosen]
    real = getattr(product_strategy, moment)

    def killed(*arguments: Any) -> None:
        if moment in ("create", "patch"):
            real(*arguments)  # killed right after the answers, before anything of them is recorded
        raise Killed

    with in_tasks.connect(shop) as inner:
        run = Work(in_tasks, shop, inner, "lane", progress_id=job.id, params={"approved": True})
        monkeypatch.setattr(product_strategy, moment, killed)
        with pytest.raises(Killed):
            apply(run, items_)
        monkeypatch.setattr(product_strategy, moment, real)
        works, keep = apply(run, items_)
        with in_tasks.db.write() as session:
            keep(session, 1)
    assert {work.product.sku: str(work.outcome.status) for work in works if work.outcome} == {
        f"SKU-00{number}": "pushed" for number in range(6)
    }
    references = [one["reference"] for one in client.list("products", display=["reference"])]
    assert sorted(references) == [f"SKU-00{number}" for number in range(6)]
    assert {one["price"] for one in client.list("products", display=["price"])} == {"12.000000"}
    assert {one["quantity"] for one in client.list("stock_availables", display=["quantity"])} == {"5"}
