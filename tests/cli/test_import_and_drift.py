"""`import` and `drift`: what is asked for becomes a job, and what a check found can be read."""

import json

import pytest
from sqlalchemy import select

from models import Category, ItemStatus, JobItem, JobProgress, JobStatus, ProductSyncStatus, now
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from sync.services import Services
from tests.cli.conftest import Invoke
from tests.factories import make_product, make_shop
from tests.intake import furnish


@pytest.fixture(autouse=True)
def _no_broker(env: dict[str, str]) -> None:
    """What is sent goes nowhere: these tests look at what was opened."""
    env["BROKER_URL"] = "stub://"


@pytest.fixture
def shop(stored: Services, sandbox: Sandbox) -> int:
    """A shop that is known here, with something in it."""
    with PrestaShopClient(sandbox.address, sandbox.key) as client:
        furnish(client)
    with stored.db.write() as session:
        return make_shop(session, stored, sandbox.address, sandbox.key).id


def selections(stored: Services) -> list[dict[str, object]]:
    with stored.db.read() as session:
        jobs = session.scalars(select(JobProgress).where(JobProgress.kind == "import").order_by(JobProgress.id))
        return [job.params["selection"] for job in jobs]


@pytest.mark.usefixtures("shop")
def test_an_import_is_put_into_the_queue(invoke: Invoke, stored: Services) -> None:
    done = invoke("import", "products", "--shop", "cyan", "--category", "Clothes/Shirts", "--images", "--no-wait")
    assert (done.exit_code, done.output) == (0, "job 1 is in the queue; see it with: python manage.py jobs show 1\n")
    done = invoke("import", "products", "--shop", "Cyan", "--id", "7", "--id", "9", "--only-new", "--no-wait", "--json")
    assert (done.exit_code, json.loads(done.output)) == (0, [{"id": 2}])
    invoke("import", "products", "--shop", "Cyan", "--reference", "A|b", "--limit", "3", "--no-wait")
    first, second, third = selections(stored)
    assert (first["kind"], len(first["ids"]), first["images"], first["update"]) == ("categories", 1, True, True)  # type: ignore[arg-type]
    assert (second["kind"], second["ids"], second["update"]) == ("ids", [7, 9], False)
    assert (third["kind"], third["references"], third["limit"]) == ("references", ["A|b"], 3)


@pytest.mark.usefixtures("shop")
def test_wrong_wishes_are_refused(invoke: Invoke, stored: Services) -> None:
    both = invoke("import", "products", "--shop", "Cyan", "--id", "1", "--reference", "A", "--no-wait")
    assert (both.exit_code, "choose by --category, by --id or by --reference" in both.output) == (2, True)
    unknown = invoke("import", "products", "--shop", "Cyan", "--category", "Shoes", "--no-wait")
    assert (unknown.exit_code, "category of the shop 'Shoes' does not exist" in unknown.output) == (1, True)
    assert selections(stored) == []


@pytest.mark.usefixtures("shop")
def test_a_tree_is_imported_at_once(invoke: Invoke, stored: Services) -> None:
    done = invoke("import", "categories", "--shop", "Cyan")
    assert (done.exit_code, done.output) == (0, "Cyan has 2 categories; 2 of them are new here\n")
    again = invoke("import", "categories", "--shop", "Cyan", "--json")
    assert json.loads(again.output) == {"total": 2, "created": 0}
    with stored.db.read() as session:
        assert set(session.scalars(select(Category.name))) == {"Clothes", "Shirts"}


def test_a_shop_that_does_not_answer_is_said_in_words(invoke: Invoke, shop: int, sandbox: Sandbox) -> None:
    assert shop
    sandbox.faults.add("503")
    done = invoke("import", "categories", "--shop", "Cyan")
    assert done.exit_code == 1
    assert "shop 'Cyan'" in done.output


@pytest.mark.usefixtures("shop")
def test_a_check_is_put_into_the_queue_once(invoke: Invoke, stored: Services) -> None:
    for _ in range(2):
        done = invoke("drift", "check", "--shop", "Cyan", "--budget", "20", "--no-wait")
        assert (done.exit_code, done.output[:22]) == (0, "job 1 is in the queue;")
    with stored.db.read() as session:
        assert session.scalars(select(JobProgress)).one().params["budget"] == 20


def test_findings_are_listed_and_repaired(invoke: Invoke, stored: Services, shop: int) -> None:
    never = invoke("drift", "list", "--shop", "Cyan")
    assert never.output.startswith("Cyan was never checked")
    with stored.db.write() as session:
        product = make_product(session, "MUG")
        session.add(
            ProductSyncStatus(product_id=product.id, shop_id=shop, external_id=5, sent={"price": "a", "name": "b"})
        )
        state = {"complete": True, "stage": "stock", "cycle": {"nights": 2, "requests": 70, "seconds": 100.0}}
        job = JobProgress(
            job_id="c", job_type="sync", kind="drift", shop_id=shop, status=JobStatus.COMPLETED, completed_at=now(),
            summary={"state": state, "message": "checked 1 products"},
        )  # fmt: skip
        session.add(job)
        session.flush()
        item = {"sent": "1", "shop": "2"}
        session.add(
            JobItem(
                progress_id=job.id, key="external:5", product_id=product.id, external_id=5, sku="MUG",
                status=ItemStatus.SKIPPED, operation="differs", data={"price": item}, error="price: sent 1, shop 2",
            )
        )  # fmt: skip
    found = invoke("drift", "list", "--shop", "Cyan")
    assert found.output.splitlines() == [
        "SKU  ID THERE  FOUND    WHAT", "MUG         5  differs  price: sent 1, shop 2", "checked 1 products",
    ]  # fmt: skip
    rows = json.loads(invoke("drift", "list", "--shop", "Cyan", "--json").output)
    assert rows["cycle"] == "a full cycle took 2 checks, 70 requests and 2 min"
    assert rows["findings"] == [{"sku": "MUG", "id_there": 5, "found": "differs", "fields": {"price": item}}]
    done = invoke("drift", "repair", "--shop", "Cyan", "--kind", "differs", "--no-wait")
    assert (done.exit_code, done.output[:22]) == (0, "job 2 is in the queue;")
    with stored.db.read() as session:
        assert session.scalars(select(ProductSyncStatus.sent)).one() == {"name": "b"}
        assert session.get_one(JobProgress, 2).parent_id == 1
