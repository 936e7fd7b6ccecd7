"""An import by real workers that are killed, and on each kind of database."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from models import Category, Combination, Database, JobItem, JobProgress, Product, ProductSyncStatus, Shop
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from settings import Settings
from sync import jobs, lanes
from sync.drift import open_drift
from sync.drift.check import check
from sync.intake import ImportSelection, discover, open_import
from sync.kinds.registry import kind_of
from sync.services import Services
from tasks.actors import bulk_import_products
from tasks.broker import build
from tests.conftest import make_services
from tests.factories import make_shop
from tests.intake import furnish, goods
from tests.processes import Processes, wait_until

SHOP = {"tax_rules_groups": {"23": 1}}


def fill(client: PrestaShopClient, products: int) -> None:
    """Products in the shop, two of which share a reference."""
    documents = [goods(f"SKU-{number:04}") for number in range(products - 2)] + [goods("TWICE"), goods("TWICE")]
    assert all(verdict.ok for verdict in client.create_many("products", documents, batch=200))


def test_an_import_survives_killed_workers(
    services: Services, sandbox: Sandbox, processes: Processes, redis_url: str
) -> None:
    """Given an import / When its worker is killed twice / Then it ends, with every product once and exact counts."""
    client = PrestaShopClient(sandbox.address, sandbox.key)
    fill(client, 1202)
    with services.db.write() as session:
        shop = make_shop(session, services, sandbox.address, sandbox.key, **SHOP)
        job = open_import(session, shop, ImportSelection("all")).id
    broker = build(Settings(broker_url=redis_url))
    message = bulk_import_products.message(job)
    broker.declare_queue(message.queue_name)
    broker.enqueue(message)

    def settled() -> int:
        with services.db.read() as session:
            return session.get_one(JobProgress, job).current_count

    def ended() -> bool:
        with services.db.read() as session:
            return jobs.get(session, job).completed_at is not None

    first = processes.worker()
    wait_until(lambda: settled() >= 300, "the first chunk")
    processes.kill(first)
    second = processes.worker()
    wait_until(lambda: settled() >= 600 or ended(), "another chunk")
    processes.kill(second)
    processes.worker()
    wait_until(ended, "the job's end")
    with services.db.read() as session:
        found = jobs.get(session, job)
        counts = session.execute(
            select(func.coalesce(JobItem.operation, JobItem.status), func.count())
            .where(JobItem.progress_id == job)
            .group_by(func.coalesce(JobItem.operation, JobItem.status))
        )
        assert {word: number for word, number in counts} == {"imported": 1200, "skipped": 2}  # noqa: C416
        assert (found.current_count, found.total_count, found.error_count) == (1202, 1202, 0)
        assert session.scalar(select(func.count()).select_from(Product)) == 1200
        assert session.scalar(select(func.count(func.distinct(ProductSyncStatus.external_id)))) == 1200


def run_import(services: Services, job: JobProgress) -> None:
    """What the actors do with an import, here and now."""
    with services.db.write() as session:
        jobs.fill(session, jobs.get(session, job.id), kind_of("import"))
    discover.discover(services, job.id, "here")
    while lanes.work_turn(services, job.id, "here") is not None:
        pass


def test_an_import_and_a_check_on_every_database(
    any_database: Database, encryption_key: str, tmp_path: Path, sandbox: Sandbox
) -> None:
    services = make_services(any_database, encryption_key, tmp_path / "media")
    client = PrestaShopClient(sandbox.address, sandbox.key)
    ids = furnish(client)
    fill(client, 12)
    client.create("products", goods("SKU-0001 "))  # another code, whatever the shop's comparison says
    with services.db.write() as session:
        shop = make_shop(session, services, sandbox.address, sandbox.key, **SHOP)
    for words in ({"imported": 12, "skipped": 2}, {"unchanged": 12, "skipped": 2}):
        with services.db.write() as session:
            job = open_import(session, session.get_one(Shop, shop.id), ImportSelection("all"))
        run_import(services, job)
        with services.db.read() as session:
            items = session.scalars(select(JobItem).where(JobItem.progress_id == job.id)).all()
            found = {word: len([one for one in items if (one.operation or one.status) == word]) for word in words}
            assert (found, len(items)) == (words, 14)
            assert session.scalar(select(func.count()).select_from(Product)) == 12
            assert session.scalar(select(func.count()).select_from(Category)) == 2
            assert session.scalar(select(func.count()).select_from(Combination)) == 2
    client.patch("products", ids["shirt"], {"price": "99"})
    client.patch("combinations", ids["large"], {"weight": "7"})
    with services.db.write() as session:
        drift = open_drift(session, session.get_one(Shop, shop.id))
        jobs.fill(session, drift, kind_of("drift"))
    check(services, drift.id, "here")
    with services.db.read() as session:
        assert jobs.get(session, drift.id).completed_at is not None
        items = session.scalars(select(JobItem).where(JobItem.progress_id == drift.id)).all()
        assert sorted((one.sku, one.operation) for one in items) == [
            ("SHIRT-1", "differs"), ("TWICE", "doubled"), ("TWICE", "doubled"),
        ]  # fmt: skip
        (shirt,) = (one for one in items if one.sku == "SHIRT-1")
        assert set(shirt.data or {}) == {"price", f"combination {ids['large']}.weight"}


@pytest.mark.parametrize("moment", ["before the write", "after the write"])
def test_a_kill_around_the_write_changes_no_result(
    services: Services, sandbox: Sandbox, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sync.intake import chunk

    fill(PrestaShopClient(sandbox.address, sandbox.key), 7)
    with services.db.write() as session:
        shop = make_shop(session, services, sandbox.address, sandbox.key, **SHOP)
        job = open_import(session, shop, ImportSelection("all"))

    class Killed(BaseException):
        pass

    once = chunk.Chunk._once

    def killed(self: chunk.Chunk, *arguments: object) -> object:
        monkeypatch.setattr(chunk.Chunk, "_once", once)
        if moment == "after the write":
            once(self, *arguments)  # type: ignore[arg-type]
        raise Killed

    monkeypatch.setattr(chunk.Chunk, "_once", killed)
    with pytest.raises(Killed):
        run_import(services, job)
    while lanes.work_turn(services, job.id, "another") is not None:
        pass
    with services.db.read() as session:
        ended = jobs.get(session, job.id)
        assert (ended.summary["pushed"], ended.summary["skipped"], ended.total_count) == (5, 2, 7)
        operations = session.scalars(select(JobItem.operation).where(JobItem.status == "pushed")).all()
        assert operations == ["imported"] * 5
        assert session.scalar(select(func.count()).select_from(Product)) == 5
