"""Undoing a job over a real worker and a sandbox shop: what the shop still holds of it comes back."""

from decimal import Decimal
from typing import Any

import pytest
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import select, update

from models import JobItem, JobProgress, JobStatus, Product, ProductSyncStatus, RemovalPolicy, SentDocument, Shop
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from sync import jobs
from sync.errors import Refusal
from sync.removals import open_removal
from sync.selection import Selection
from sync.services import Services
from sync.transform.remote import unpack
from sync.undo.open import Preview, open_undo, preview
from tasks.actors import bulk_sync_products
from tests.factories import make_product, make_shop, texts
from tests.tasks.conftest import Run
from tests.tasks.test_bulk_push import Pushes, link_of, make_products


@pytest.fixture(params=["9.1", "1.7"])
def sandbox(request: pytest.FixtureRequest) -> Any:
    with Sandbox.running(version=request.param) as running:
        yield running


@pytest.fixture
def shop(in_tasks: Services, sandbox: Sandbox) -> int:
    with in_tasks.db.write() as session:
        return make_shop(session, in_tasks, sandbox.address, sandbox.key).id


@pytest.fixture
def client(sandbox: Sandbox) -> PrestaShopClient:
    return PrestaShopClient(sandbox.address, sandbox.key)


@pytest.fixture
def push(broker: StubBroker, run: Run, in_tasks: Services, shop: int) -> Pushes:
    return Pushes(in_tasks, run, shop)


def undo(push: Pushes, progress_id: int) -> JobProgress:
    with push.services.db.write() as session:
        job = open_undo(session, progress_id)
    bulk_sync_products.send(job.id)
    push.run.until_idle()
    with push.services.db.read() as session:
        return jobs.get(session, job.id)


def results(services: Services, progress_id: int) -> dict[str, tuple[str, str | None, str | None]]:
    with services.db.read() as session:
        items = session.scalars(select(JobItem).where(JobItem.progress_id == progress_id)).all()
        return {item.sku: (item.status, item.operation, item.error) for item in items}


def change(services: Services, **values: Any) -> None:
    with services.db.write() as session:
        session.execute(update(Product).values(**values))


def test_prices_texts_and_stock_come_back_and_nothing_pushes_them_again_unasked(
    in_tasks: Services, push: Pushes, client: PrestaShopClient
) -> None:
    make_products(in_tasks, 3)
    push()
    change(in_tasks, price=Decimal(12), quantity=9, texts=texts("New"))
    changed = push()
    with in_tasks.db.read() as session:
        assert preview(session, changed.id) == Preview(products=3, updates=6)
    job = undo(push, changed.id)
    assert (job.status, job.summary, job.parent_id) == (JobStatus.COMPLETED, {"pushed": 3}, changed.id)
    assert set(results(in_tasks, job.id).values()) == {("pushed", "reversed", None)}
    for number in range(3):
        link = link_of(in_tasks, f"SKU-{number:03}")
        stored = client.get("products", link.external_id or 0)
        assert (stored["price"], stored["name"][2]) == ("19.900000", f"Product SKU-{number:03} (pl)")
        assert client.get("stock_availables", link.stock_available_id or 0)["quantity"] == "5"
        assert "undone by job" in (link.error_message or "")
    assert push(Selection("changed")).summary == {"message": "no products"}
    assert push().summary == {"pushed": 3}
    assert {one["price"] for one in client.list("products", display=["price"])} == {"12.000000"}


def test_what_somebody_edited_since_stays(in_tasks: Services, push: Pushes, client: PrestaShopClient) -> None:
    make_products(in_tasks, 2)
    push()
    change(in_tasks, price=Decimal(12), weight=Decimal(3))
    changed = push()
    numbers = [link_of(in_tasks, f"SKU-00{number}").external_id or 0 for number in (0, 1)]
    client.patch("products", numbers[0], {"price": 15})
    client.patch("products", numbers[1], {"price": 15, "weight": 7})
    job = undo(push, changed.id)
    assert results(in_tasks, job.id) == {
        "SKU-000": ("pushed", "reversed", "kept: edited since: price"),
        "SKU-001": ("skipped", "kept", "kept: edited since: price, weight"),
    }
    first = client.get("products", numbers[0])
    assert (first["price"], first["weight"]) == ("15.000000", "0.000000")
    with in_tasks.db.read() as session:
        agreed = unpack(session.scalars(select(SentDocument.document)).first() or b"")
    assert (agreed["price"], agreed["weight"]) == ("12", "0")


def test_what_was_created_and_not_touched_is_deleted(
    in_tasks: Services, push: Pushes, client: PrestaShopClient
) -> None:
    make_products(in_tasks, 3)
    created = push()
    edited = link_of(in_tasks, "SKU-001").external_id or 0
    client.patch("products", edited, {"price": 15})
    client.delete("products", link_of(in_tasks, "SKU-002").external_id or 0)
    with in_tasks.db.read() as session:
        assert preview(session, created.id).creates == 3
    job = undo(push, created.id)
    found = results(in_tasks, job.id)
    assert found["SKU-000"] == found["SKU-002"] == ("pushed", "reversed", None)
    assert found["SKU-001"][:2] == ("pushed", "reversed") or found["SKU-001"][1] == "kept"
    assert [one["id"] for one in client.list("products")] == [edited]
    assert link_of(in_tasks, "SKU-000").external_id is None
    assert link_of(in_tasks, "SKU-001").external_id == edited
    assert push(Selection("changed")).summary == {"message": "no products"}


def test_an_undo_is_done_once_and_can_itself_be_undone(
    in_tasks: Services, push: Pushes, client: PrestaShopClient
) -> None:
    make_products(in_tasks, 1)
    push()
    change(in_tasks, price=Decimal(12))
    changed = push()
    undone = undo(push, changed.id)
    with in_tasks.db.write() as session, pytest.raises(Refusal, match="nothing to undo"):
        open_undo(session, changed.id)
    undo(push, undone.id)
    assert client.get("products", link_of(in_tasks, "SKU-000").external_id or 0)["price"] == "12.000000"


def test_a_shop_that_is_down_meanwhile_loses_nothing(
    in_tasks: Services, push: Pushes, client: PrestaShopClient, sandbox: Sandbox
) -> None:
    make_products(in_tasks, 5)
    push()
    change(in_tasks, price=Decimal(12))
    changed = push()
    sandbox.faults.add("503", path="/products", times=3)
    job = undo(push, changed.id)
    assert job.summary == {"pushed": 5}
    assert {one["price"] for one in client.list("products", display=["price"])} == {"19.900000"}


def test_a_job_that_runs_cannot_be_undone(in_tasks: Services, push: Pushes) -> None:
    make_products(in_tasks, 1)
    created = push()
    with in_tasks.db.write() as session:
        jobs.get(session, created.id).status = JobStatus.RUNNING
        with pytest.raises(Refusal, match="has not ended"):
            open_undo(session, created.id)


def test_a_product_in_another_hand_is_undone_later(in_tasks: Services, push: Pushes, client: PrestaShopClient) -> None:
    with in_tasks.db.write() as session:
        make_product(session, "SKU-000")
    push()
    change(in_tasks, price=Decimal(12))
    changed = push()
    with in_tasks.db.write() as session:
        session.execute(update(ProductSyncStatus).values(claimed_by="another"))
        job = open_undo(session, changed.id)
    bulk_sync_products.send(job.id)
    with in_tasks.db.write() as session:
        session.execute(update(ProductSyncStatus).values(claimed_by=None))
    push.run.until_idle()
    assert client.get("products", link_of(in_tasks, "SKU-000").external_id or 0)["price"] == "19.900000"


def test_a_removal_is_undone_where_it_switched_off(in_tasks: Services, push: Pushes, client: PrestaShopClient) -> None:
    make_products(in_tasks, 2)
    push()
    change(in_tasks, active=False)
    with in_tasks.db.write() as session:
        shop = session.get_one(Shop, push.shop_id)
        shop.removal_policy = RemovalPolicy.DEACTIVATE
        removal = open_removal(session, shop)
    bulk_sync_products.send(removal.id)
    push.run.until_idle()
    assert {one["active"] for one in client.list("products", display=["active"])} == {"0"}
    with in_tasks.db.read() as session:
        assert preview(session, removal.id) == Preview(products=2, updates=2)
    assert undo(push, removal.id).summary == {"pushed": 2}
    assert {one["active"] for one in client.list("products", display=["active"])} == {"1"}
