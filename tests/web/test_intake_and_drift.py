"""Importing from a shop and checking it, by the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from models import Database, ItemStatus, JobItem, JobProgress, JobStatus, ProductSyncStatus, Shop, now
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from tests.intake import furnish, goods
from tests.web.conftest import Browser
from tests.web.factories import Make

Messages = Callable[[], list[tuple[str, tuple[Any, ...]]]]


@pytest.fixture
def shop(make: Make, sandbox: Sandbox) -> int:
    """A shop whose sandbox holds one shirt and two plain products."""
    with PrestaShopClient(sandbox.address, sandbox.key) as client:
        furnish(client)
        client.create_many("products", [goods("P-1"), goods("P-2")])
    return make.shop("Cyan", address=sandbox.address, key_encrypted=make.services.vault.encrypt(sandbox.key))


def params(database: Database) -> list[dict[str, Any]]:
    with database.read() as session:
        return [job.params["selection"] for job in session.scalars(select(JobProgress).order_by(JobProgress.id))]


def test_the_dialog_shows_the_shop_s_tree_with_counts(browser: Browser, shop: int) -> None:
    page = browser.page(f"/shops/{shop}/import")
    rows = [" ".join(row.text_content().split()) for row in page.xpath("//*[@data-testid='tree']/li")]
    assert rows == ["Clothes 1", "Shirts 1"]
    assert "3 products of the shop will be looked at" in page.xpath("//*[@data-testid='counted']")[0].text_content()
    link = browser.page(f"/shops/{shop}").xpath("//*[@data-testid='import']/@href")
    assert link == [f"/shops/{shop}/import"]


def test_a_choice_is_counted_before_it_is_imported(browser: Browser, shop: int, sandbox: Sandbox) -> None:
    with PrestaShopClient(sandbox.address, sandbox.key) as client:
        clothes = client.list("categories", filters={"name": "Clothes"})[0]["id"]
    page = browser.page(f"/shops/{shop}/import?what=categories&category={clothes}&count=1&update=1")
    assert page.xpath("//*[@data-testid='counted']")[0].text_content().startswith("1 product of the shop")
    assert page.xpath("//input[@name='category'][@checked]/@value") == [str(clothes)]
    page = browser.page(f"/shops/{shop}/import?what=categories&count=1")
    assert "Tick at least one category." in page.xpath("//*[@data-testid='problem']")[0].text_content()


@pytest.mark.parametrize(
    ("form", "selection"),
    [
        ({"what": "all", "update": "1"}, ("all", [], [], False, True)),
        ({"what": "categories", "category": ["3", "4"], "images": "1"}, ("categories", [3, 4], [], True, False)),
        ({"what": "ids", "listed": "1, 2\n3", "update": "1"}, ("ids", [1, 2, 3], [], False, True)),
        (
            {"what": "references", "listed": "P-1\r\n\r\n P 2 ", "update": "1"},
            ("references", [], ["P-1", " P 2 "], False, True),
        ),
    ],
)
def test_an_import_is_one_job_and_one_message(
    browser: Browser,
    shop: int,
    database: Database,
    messages: Messages,
    form: dict[str, Any],
    selection: tuple[Any, ...],
) -> None:
    browser.get(f"/shops/{shop}/import")
    assert browser.post(f"/shops/{shop}/import", form).status_code == 302
    (found,) = params(database)
    assert tuple(found[name] for name in ("kind", "ids", "references", "images", "update")) == selection
    assert [name for name, _ in messages()] == ["bulk_import_products"]
    assert "has started" in browser.get(f"/shops/{shop}").text


@pytest.mark.parametrize("form", [{"what": "ids", "listed": "1, x"}, {"what": "ids"}, {"what": "references"}])
def test_a_form_that_names_nothing_is_sent_back(
    browser: Browser, shop: int, database: Database, form: dict[str, str]
) -> None:
    browser.get(f"/shops/{shop}/import")
    assert browser.post(f"/shops/{shop}/import", form).status_code == 422
    assert params(database) == []


def test_a_shop_that_is_down_is_said_in_words(browser: Browser, shop: int, sandbox: Sandbox) -> None:
    sandbox.faults.add("503")
    page = browser.page(f"/shops/{shop}/import?fresh=1")
    assert "Cyan" in page.xpath("//*[@data-testid='problem']")[0].text_content()


def finding(session: Any, job: JobProgress, word: str, product: int | None, external: int, **fields: Any) -> JobItem:
    item = JobItem(
        progress_id=job.id, key=f"external:{external}", product_id=product, external_id=external, sku=f"S-{external}",
        status=ItemStatus.SKIPPED, operation=word, data=fields or None, error=f"it is {word}", finished_at=now(),
    )  # fmt: skip
    session.add(item)
    session.flush()
    return item


def checked(database: Database, make: Make, shop: int) -> tuple[int, list[int]]:
    """A check that found something of everything; its id, and the ids of its items."""
    differs, missing = make.products(2)
    make.link(differs, shop)
    make.link(missing, shop)
    state = {"complete": True, "stage": "stock", "cycle": {"nights": 1, "requests": 7, "seconds": 2.0}}
    with database.write() as session:
        job = JobProgress(
            job_id="check", job_type="sync", kind="drift", shop_id=shop, status=JobStatus.COMPLETED, completed_at=now(),
            params={"budget": 10}, summary={"state": state, "message": "checked 5 products"},
        )  # fmt: skip
        session.add(job)
        session.flush()
        items = [
            finding(session, job, "differs", differs, 901, price={"sent": "1", "shop": "2"}),
            finding(session, job, "missing", missing, 902),
            finding(session, job, "unknown", None, 903),
            finding(session, job, "doubled", None, 904),
        ]
        session.execute(
            update(ProductSyncStatus)
            .where(ProductSyncStatus.product_id == differs)
            .values(sent={"price": "x", "name": "y"}, drift="differs", fingerprint="f")
        )
        return job.id, [item.id for item in items]


def test_findings_are_shown_with_both_values(browser: Browser, shop: int, make: Make, database: Database) -> None:
    checked(database, make, shop)
    page = browser.page(f"/shops/{shop}/drift")
    rows = [" ".join(row.text_content().split()) for row in page.xpath("//*[@data-testid='findings']/tbody/tr")]
    assert rows == [
        "S-901 Differs price: 1 → 2", "S-902 Missing in the shop it is missing", "S-903 Unknown to us it is unknown",
        "S-904 Doubled reference it is doubled",
    ]  # fmt: skip
    narrowed = browser.page(f"/shops/{shop}/drift?found=missing")
    assert len(narrowed.xpath("//*[@data-testid='findings']/tbody/tr")) == 1
    facts = " ".join(browser.page(f"/shops/{shop}").xpath("//*[@data-testid='drift']")[0].text_content().split())
    assert "a full cycle took 1 check, 7 requests" in facts
    assert "1 product" in facts


def test_checking_and_repairing_start_jobs(
    browser: Browser, shop: int, make: Make, database: Database, messages: Messages
) -> None:
    job, items = checked(database, make, shop)
    browser.get(f"/shops/{shop}/drift")
    assert browser.post(f"/shops/{shop}/drift/check").status_code == 302
    assert browser.post(f"/shops/{shop}/drift/check").status_code == 302
    with database.read() as session:
        assert len(session.scalars(select(JobProgress).where(JobProgress.kind == "drift")).all()) == 2
    assert browser.post(f"/shops/{shop}/drift/{job}/repair", {"item": [str(items[0])]}).status_code == 302
    with database.read() as session:
        push = session.scalars(select(JobProgress).where(JobProgress.kind == "push")).one()
        assert (push.parent_id, len(push.params["selection"]["ids"])) == (job, 1)
        link = session.scalars(select(ProductSyncStatus).where(ProductSyncStatus.fingerprint.is_(None))).first()
        assert link is not None
        mended = session.scalars(
            select(ProductSyncStatus).where(ProductSyncStatus.product_id == push.params["selection"]["ids"][0])
        ).one()
        assert (mended.sent, mended.drift) == ({"name": "y"}, None)
    browser.post(f"/shops/{shop}/drift/{job}/repair", {"missing": "unlink"})
    names = [name for name, _ in messages()]
    assert sorted(set(names)) == ["bulk_import_products", "bulk_sync_products"]
    with database.read() as session:
        assert len(session.scalars(select(ProductSyncStatus)).all()) == 1
    assert browser.post(f"/shops/{shop + 1}/drift/{job}/repair").status_code == 404


def test_a_shop_s_budget_for_checks_is_edited_with_it(browser: Browser, shop: int, database: Database) -> None:
    form = {
        "name": "Cyan", "address": "http://127.0.0.1", "active": "y", "home_category_id": "2", "max_concurrency": "1",
        "connect_timeout": "5", "read_timeout": "60", "conflict_policy": "ours", "time_zone": "UTC", "key": "A" * 32,
    }  # fmt: skip
    for given, kept in (("50", 50), ("", 50)):
        browser.get(f"/shops/{shop}/edit")
        assert browser.post(f"/shops/{shop}/edit", {**form, "drift_budget": given}).status_code == 302
        with database.read() as session:
            assert session.get_one(Shop, shop).drift_budget == kept
    assert browser.post(f"/shops/{shop}/edit", {**form, "drift_budget": "3"}).status_code == 422
