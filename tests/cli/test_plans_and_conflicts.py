"""Plans and conflicts on the command line."""

import json
from decimal import Decimal

import pytest
from sqlalchemy import select

from models import JobItem, JobProgress, JobStatus, ProductOverride, ProductSyncStatus, Shop, SyncStatus, now
from sync.services import Services
from tests.cli.conftest import Invoke
from tests.factories import make_product

CHANGE = {
    "resource": "products", "external_id": 9, "operation": "update",
    "before": {"price": "10", "name": {"1": "Mug", "2": "Kubek"}}, "after": {"price": "12", "name": {"1": "Cup"}},
}  # fmt: skip


@pytest.fixture
def plan(stored: Services) -> int:
    """A plan that waits, and a product in conflict."""
    with stored.db.write() as session:
        shop = Shop(name="Cyan", address="http://127.0.0.1:9", key_encrypted="", languages={"en": 1})
        session.add(shop)
        session.flush()
        product = make_product(session, "MUG", price=Decimal(12))
        job = JobProgress(
            job_id="plan", job_type="sync", kind="push", title="Push", shop_id=shop.id, total_count=1,
            status=JobStatus.AWAITING_APPROVAL, params={"selection": {}, "plan": True}, started_at=now(),
            opened_at=now(), summary={"plan": {"reads": 1, "writes": 1, "seconds": 2.5}},
        )  # fmt: skip
        session.add(job)
        session.flush()
        session.add(
            JobItem(
                progress_id=job.id, key="product:1", product_id=product.id, sku="MUG", status="planned",
                operation="update", data={"mark": "m", "changes": [CHANGE]},
            )
        )  # fmt: skip
        fields = {"price": {"agreed": "10", "ours": "12", "theirs": "11"}}
        session.add(
            ProductSyncStatus(
                product_id=product.id, shop_id=shop.id, external_id=9, sync_status=SyncStatus.CONFLICT, conflict=fields
            )
        )
        return job.id


def test_a_plan_is_listed_and_shown_field_by_field(invoke: Invoke, plan: int) -> None:
    listed = json.loads(invoke("plan", "list", "--json").output)
    assert [(one["id"], one["shop"], one["update"]) for one in listed] == [(plan, "Cyan", 1)]
    shown = invoke("plan", "show", str(plan)).output
    assert "requests  about 2" in shown
    rows = [line.split() for line in shown.splitlines() if line.startswith("MUG")]
    assert rows == [["MUG", "update", "price", "10", "12"], ["MUG", "update", "name", "Mug", "|", "Kubek", "Cup"]]
    assert "MUG" not in invoke("plan", "show", str(plan), "--field", "weight").output
    whole = json.loads(invoke("plan", "show", str(plan), "--json").output)
    assert whole["items"][0]["changes"] == [CHANGE]


def test_a_plan_is_discarded_once(invoke: Invoke, plan: int, stored: Services) -> None:
    assert "nothing was sent" in invoke("plan", "discard", str(plan)).output
    again = invoke("plan", "discard", str(plan))
    assert again.exit_code == 1
    assert "holds no plan" in again.output
    with stored.db.read() as session:
        assert session.scalars(select(JobProgress.status)).one() == JobStatus.CANCELLED
    assert invoke("plan", "show", "99").exit_code == 1


def test_conflicts_are_listed_and_decided(invoke: Invoke, plan: int, stored: Services) -> None:
    lines = invoke("conflicts", "list").output.splitlines()
    assert lines[1].split() == ["MUG", "Cyan", "price", "10", "12", "11"]
    assert invoke("conflicts", "resolve", "MUG", "--shop", "cyan").exit_code == 2
    assert invoke("conflicts", "resolve", "--shop", "cyan", "--ours").exit_code == 2
    assert "MUG: decided" in invoke("conflicts", "resolve", "MUG", "--shop", "cyan", "--shops").output
    with stored.db.read() as session:
        assert session.scalars(select(ProductOverride.fields)).one() == {"price": "11"}
    done = invoke("conflicts", "resolve", "MUG", "--shop", "cyan", "--ours")
    assert done.exit_code == 1
    assert "not in conflict" in done.output
    assert invoke("conflicts", "resolve", "--all", "--shop", "cyan", "--ours").output.startswith("0 products")
