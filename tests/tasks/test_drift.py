"""Checking a shop for drift: what differs is found, what does not is not, within a budget, and repaired at a click."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import select

from models import JobItem, JobProgress, Product, ProductSyncStatus, Shop, now
from prestashop_client.sandbox import Sandbox
from sync import jobs
from sync.drift import open_drift, products
from sync.drift.repair import repair
from sync.services import Services
from tasks.actors import bulk_import_products, bulk_sync_products
from tests.factories import make_product
from tests.intake import QUEUES, Intake, furnish, goods, named
from tests.tasks.conftest import Run


class Checks(Intake):
    """A shop, its checks and repairs."""

    def check(self, **options: object) -> int:
        """Check the shop; the job's id."""
        with self.services.db.write() as session:
            shop = session.get_one(Shop, self.shop_id)
            job = open_drift(session, shop, **options)  # type: ignore[arg-type]
        bulk_sync_products.send(job.id)
        self.run.until_idle(*QUEUES)
        return job.id

    def age(self) -> None:
        """Let an hour pass since everything was last touched in the shop: its dates have whole seconds."""
        earlier = (datetime.now(ZoneInfo("Europe/Warsaw")) - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S")
        with self.sandbox.store.request():
            for table in ("product", "product_shop"):
                self.sandbox.store.execute(f"UPDATE {table} SET date_upd = ?", (earlier,))

    def repair(self, progress_id: int, **options: object) -> None:
        """Repair what a check found."""
        with self.services.db.write() as session:
            done = repair(session, jobs.get(session, progress_id), **options)  # type: ignore[arg-type]
        if done.push:
            bulk_sync_products.send(done.push.id)
        if done.intake:
            bulk_import_products.send(done.intake.id)
        self.run.until_idle(*QUEUES)

    def found(self, progress_id: int) -> dict[str, dict[str, object]]:
        """Findings by SKU: {"SKU word": {field: (sent, shop)}}."""
        with self.services.db.read() as session:
            items = session.scalars(select(JobItem).where(JobItem.progress_id == progress_id)).all()
        return {
            f"{item.sku} {item.operation}": {
                name: (one["sent"], one["shop"]) for name, one in (item.data or {}).items()
            }
            for item in items
        }

    def summary(self, progress_id: int) -> dict[str, object]:
        with self.services.db.read() as session:
            return dict(session.get_one(JobProgress, progress_id).summary)


@pytest.fixture
def shop(broker: StubBroker, in_tasks: Services, run: Run, sandbox: Sandbox) -> Checks:
    return Checks(in_tasks, run, sandbox)


def filled(shop: Checks) -> dict[str, int]:
    """A shop of ten plain products and one with all, imported: nothing differs."""
    ids = furnish(shop.client)
    plain = shop.client.create_many("products", [goods(f"P-{number}") for number in range(10)])
    shop.age()
    shop.imports()
    return ids | {f"P-{number}": verdict.id or 0 for number, verdict in enumerate(plain)}


def test_nothing_is_found_where_nothing_differs(shop: Checks) -> None:
    filled(shop)
    shop.forget()
    job = shop.check()
    assert shop.found(job) == {}
    assert len(list(shop.sandbox.requests)) == 3
    state = shop.summary(job)["state"]
    assert isinstance(state, dict)
    assert (state["complete"], state["checked"]) == (True, {"products": 11, "combinations": 2, "stock": 13})
    assert "a full cycle took 1 check, 3 requests" in str(shop.summary(job)["message"])


def test_nothing_is_found_after_a_push_whose_texts_the_shop_cleaned(shop: Checks) -> None:
    with shop.services.db.write() as session:
        for number in range(3):
            text = f"<p>Line<br>break &amp; <b>bold{number}</p><section data-x=1>x</section>"
            texts = {"en": {"name": f"N{number}", "description": text}, "pl": {"name": "N"}}
            make_product(session, f"OURS-{number}", texts=texts, price=Decimal("3.333333"), tax_rate=Decimal(23))
    assert shop.counts(shop.pushes()) == {"create": 3}
    assert shop.found(shop.check()) == {}
    shop.age()
    assert shop.found(shop.check()) == {}
    with shop.services.db.read() as session:
        number = session.scalars(select(ProductSyncStatus.external_id).limit(1)).one() or 0
    shop.client.patch("products", number, {"description": named("<p>Quite another text</p>")})
    (found,) = shop.found(shop.check()).values()
    assert list(found) == ["description"]


def test_what_somebody_changed_in_the_shop_is_found_and_repaired(shop: Checks) -> None:
    ids = filled(shop)
    client = shop.client
    client.patch("products", ids["P-1"], {"price": "1.11", "name": named("Changed there")})
    client.patch("products", ids["P-2"], {"associations": {"categories": [{"id": ids["clothes"]}]}})
    client.patch("combinations", ids["large"], {"price": "99"})
    shop.stock(ids["P-3"], 77)
    shop.stock(ids["shirt"], 5, ids["small"])
    job = shop.check()
    found = shop.found(job)
    large, small = f"combination {ids['large']}", f"combination {ids['small']}"
    assert found == {
        "P-1 differs": {
            "price": ("12.9", "1.11"),
            "name": ({"1": "Product P-1", "2": "Product P-1 (pl)"}, {"1": "Changed there", "2": "Changed there (pl)"}),
        },
        "P-2 differs": {"associations.categories": ([{"id": "2"}], [{"id": str(ids["clothes"])}])},
        "P-3 differs": {"quantity": (0, 77)},
        "SHIRT-1 differs": {f"{large}.price": ("2.5", "99.000000"), f"{small}.quantity": (0, 5)},
    }
    shop.forget()
    shop.repair(job)
    assert Decimal(client.get("products", ids["P-1"])["price"]) == Decimal("12.9")
    assert client.get("products", ids["P-1"])["name"] == {1: "Product P-1", 2: "Product P-1 (pl)"}
    assert Decimal(client.get("combinations", ids["large"])["price"]) == Decimal("2.5")
    assert shop.found(shop.check()) == {}
    assert not [one for one in shop.writes() if one.startswith(("POST", "DELETE"))]


def test_missing_unknown_and_doubled_products(shop: Checks) -> None:
    ids = filled(shop)
    client = shop.client
    client.delete("products", ids["P-1"])
    client.delete("products", ids["P-2"])
    client.create("products", goods("NEW"))
    client.create("products", goods("P-3"))
    client.create_many("products", [goods("PAIR"), goods("PAIR"), goods("DRAFT", state=0)])
    job = shop.check()
    assert sorted(shop.found(job)) == [
        "NEW unknown", "P-1 missing", "P-2 missing", "P-3 doubled", "PAIR doubled",
    ]  # fmt: skip
    state = shop.summary(job)["state"]
    assert isinstance(state, dict)
    assert state["found"] == {"missing": 2, "doubled": 3, "unknown": 1}
    with shop.services.db.read() as session:
        item = session.scalars(select(JobItem).where(JobItem.progress_id == job, JobItem.sku == "P-2")).one()
    shop.repair(job, words=("missing",), missing="unlink", item_ids=[item.id])
    shop.repair(job, words=("missing", "unknown"), missing="create")
    assert len(client.list("products", filters={"reference": "P-1"})) == 1
    assert client.list("products", filters={"reference": "P-2"}) == []
    with shop.services.db.read() as session:
        assert session.scalars(select(Product.sku).where(Product.sku == "NEW")).one() == "NEW"
    assert sorted(shop.found(shop.check())) == ["P-3 doubled", "PAIR doubled"]


def test_what_was_never_agreed_on_or_is_locked_is_no_drift(shop: Checks) -> None:
    ids = filled(shop)
    with shop.services.db.write() as session:
        session.get_one(Shop, shop.shop_id).locked_fields = ["price"]
    shop.client.patch("products", ids["P-1"], {"price": "1.11", "wholesale_price": "5"})
    assert shop.found(shop.check()) == {}


def test_our_own_change_that_waits_to_be_pushed_is_no_drift(shop: Checks) -> None:
    filled(shop)
    with shop.services.db.write() as session:
        row = session.scalars(select(Product).where(Product.sku == "P-1")).one()
        row.price, row.quantity, row.changed_at = Decimal(1), 44, now()
    assert shop.found(shop.check()) == {}


def test_a_budget_parts_a_cycle_over_several_checks(shop: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "PAGE", 4)
    ids = filled(shop)
    shop.client.patch("products", ids["P-0"], {"price": "1"})
    shop.client.patch("products", ids["P-9"], {"price": "2"})
    jobs_done = []
    for _ in range(10):
        jobs_done.append(shop.check(budget=9))
        state = shop.summary(jobs_done[-1])["state"]
        assert isinstance(state, dict)
        assert state["requests"] <= 9
        if state["complete"]:
            break
    assert len(jobs_done) > 1
    assert "of the products; a full cycle will take about" in str(shop.summary(jobs_done[0])["message"])
    assert f"a full cycle took {len(jobs_done)} checks" in str(shop.summary(jobs_done[-1])["message"])
    found = {sku for job in jobs_done for sku in shop.found(job)}
    assert found == {"P-0 differs", "P-9 differs"}


def test_a_shop_that_refuses_the_key_fails_the_check_with_its_reason(shop: Checks) -> None:
    filled(shop)
    with shop.services.db.write() as session:
        session.get_one(Shop, shop.shop_id).key_encrypted = shop.services.vault.encrypt("X" * 32)
    job = shop.check()
    assert shop.counts(job) == {"failed": 1}
    assert "401" in shop.errors(job)[0]
