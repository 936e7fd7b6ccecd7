"""History, plans and conflicts on SQLite, PostgreSQL and MariaDB: one statement for many, counted exactly."""

from typing import Any

import pytest
from sqlalchemy import event, select

from models import (
    Database,
    ItemChange,
    ItemStatus,
    JobItem,
    JobProgress,
    JobStatus,
    JobType,
    ProductSyncStatus,
    SentDocument,
    Shop,
    SyncStatus,
    now,
)  # fmt: skip
from sync import conflicts, jobs
from sync.rehearsal import approval, read
from sync.strategies.history import agree
from sync.transform.remote import unpack
from sync.undo.open import Preview, fill, open_undo, preview
from tests.factories import make_product

LONG = {"1": "x" * 100_000, "2": "Żółw 🐢"}


@pytest.fixture
def db(any_database: Database) -> Database:
    with any_database.write() as session:
        session.add(Shop(id=1, name="Cyan", address="http://127.0.0.1:9", key_encrypted=""))
        session.flush()
        for number in range(6):
            product = make_product(session, f"SKU-{number}")
            session.add(ProductSyncStatus(product_id=product.id, shop_id=1, external_id=100 + number))
    return any_database


def link_ids(db: Database) -> list[int]:
    with db.read() as session:
        return list(session.scalars(select(ProductSyncStatus.id).order_by(ProductSyncStatus.id)))


def test_what_is_agreed_on_is_written_in_one_statement_and_written_over(db: Database) -> None:
    ids = link_ids(db)
    counted: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    with db.write() as session:
        agree(session, {number: {"price": str(number), "description": LONG} for number in ids})
    assert len([one for one in counted if one.lstrip().upper().startswith("INSERT")]) == 1
    with db.write() as session:
        agree(session, {number: {"price": "7"} for number in ids[:2]})
    with db.read() as session:
        kept = {row.link_id: unpack(row.document) for row in session.scalars(select(SentDocument))}
    assert [kept[number]["price"] for number in ids] == ["7", "7", *(str(number) for number in ids[2:])]
    assert kept[ids[2]]["description"] == LONG


def change(number: int, product_id: int | None, operation: str = "update", **values: Any) -> ItemChange:
    return ItemChange(
        progress_id=number, product_id=product_id, shop_id=1, external_id=1, operation=operation,
        before={"price": "1"}, after={"price": "2"}, **values,
    )  # fmt: skip


def ended(db: Database) -> int:
    with db.write() as session:
        job = jobs.open_job(session, "push", JobType.SYNC, "Push", session.get_one(Shop, 1), {"selection": {}})
        job.status, job.completed_at = JobStatus.COMPLETED, now()
        return job.id


def test_an_undo_has_an_item_for_each_product(db: Database) -> None:
    number = ended(db)
    with db.write() as session:
        ids = session.scalars(select(ProductSyncStatus.product_id).order_by(ProductSyncStatus.id)).all()
        session.add_all([change(number, ids[0]), change(number, ids[0], resource="stock_availables")])
        session.add_all([change(number, ids[1], "create"), change(number, ids[2], undone="reversed")])
        session.add(change(number + 1, ids[3]))
    with db.write() as session:
        assert preview(session, number) == Preview(products=2, updates=2, creates=1)
        job = open_undo(session, number)
        fill(session, job)
        session.flush()
        items = session.scalars(select(JobItem).where(JobItem.progress_id == job.id)).all()
        assert sorted((item.key, item.sku) for item in items) == [
            (f"product:{ids[0]}", "SKU-0"), (f"product:{ids[1]}", "SKU-1"),
        ]  # fmt: skip


@pytest.fixture
def plan(db: Database) -> int:
    """A plan of two updates, a create, a conflict, a refusal and an unchanged product."""
    with db.write() as session:
        job = JobProgress(
            job_id="plan", job_type="sync", kind="push", title="Push", shop_id=1, total_count=6, current_count=6,
            status=JobStatus.AWAITING_APPROVAL, params={"selection": {}, "plan": True}, started_at=now(),
            opened_at=now(), summary={"planned": 3, "unchanged": 1, "plan": {"reads": 1, "writes": 2}},
        )  # fmt: skip
        session.add(job)
        session.flush()
        rows = [
            ("planned", "update"), ("planned", "update"), ("planned", "create"), ("skipped", "conflict"),
            ("refused", None), ("unchanged", None),
        ]  # fmt: skip
        for number, (status, operation) in enumerate(rows):
            changes = {"resource": "products", "operation": operation, "before": {}, "after": {"price": "1"}}
            session.add(
                JobItem(
                    progress_id=job.id, key=f"product:{number}", sku=f"SKU-{number}", status=status,
                    operation=operation, data={"changes": [changes]} if status == "planned" else None,
                )
            )  # fmt: skip
        return job.id


def test_a_plan_is_counted_and_filtered(db: Database, plan: int) -> None:
    with db.read() as session:
        found = read.plan_of(session, plan)
        assert found.counts == {"conflict": 1, "refused": 1, "create": 1, "update": 2, "unchanged": 1}
        assert (found.planned, found.requests) == (3, 3)
        assert [one.sku for one in read.items(session, plan, group="update")] == ["SKU-0", "SKU-1"]
        assert [one.sku for one in read.items(session, plan, field="price", limit=1)] == ["SKU-0"]
        assert [one.sku for one in read.items(session, plan, text="sku-4")] == ["SKU-4"]
        assert '"sku": "SKU-5"' in "".join(read.as_json(session, plan))


def test_an_approved_plan_counts_anew(db: Database, plan: int) -> None:
    with db.write() as session:
        assert approval.approve(session, plan) == 3
    with db.read() as session:
        job = jobs.get(session, plan)
        assert (job.status, job.current_count, job.total_count) == (JobStatus.RUNNING, 3, 6)
        assert list(job.summary) == ["plan"]
        waiting = select(JobItem.sku).where(JobItem.status == ItemStatus.PENDING).order_by(JobItem.id)
        assert session.scalars(waiting).all() == ["SKU-0", "SKU-1", "SKU-2"]


def test_conflicts_are_listed_page_by_page(db: Database) -> None:
    ids = link_ids(db)
    with db.write() as session:
        for link in session.scalars(select(ProductSyncStatus).where(ProductSyncStatus.id.in_(ids[:3]))):
            link.sync_status = SyncStatus.CONFLICT
            link.conflict = {"price": {"agreed": "1", "ours": "2", "theirs": "3"}}
    with db.write() as session:
        assert conflicts.count(session, 1) == 3
        assert [one.link_id for one in conflicts.find(session, after=ids[0], limit=1)] == [ids[1]]
        assert conflicts.resolve_all(session, "shop", link_ids=ids[:2]) == 2
        assert conflicts.count(session) == 1
