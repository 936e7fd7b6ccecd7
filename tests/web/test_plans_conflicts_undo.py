"""Plans, conflicts and undo in the admin: what they show, and what their buttons do."""

import json
from collections.abc import Callable
from typing import Any

from models import (
    Database,
    ItemChange,
    ItemStatus,
    JobItem,
    JobProgress,
    JobStatus,
    ProductOverride,
    ProductSyncStatus,
    Shop,
    now,
)
from tests.web.conftest import Browser
from tests.web.factories import Make

Messages = Callable[[], list[tuple[str, tuple[Any, ...]]]]
CHANGE = {
    "resource": "products", "external_id": 9, "operation": "update",
    "before": {"price": "10", "name": {"1": "Mug"}}, "after": {"price": "12", "name": {"1": "<i>Cup</i>"}},
}  # fmt: skip


def make_plan(database: Database, make: Make, status: str = JobStatus.AWAITING_APPROVAL, **values: Any) -> int:
    """A plan of one update, one create and one unchanged product."""
    shop_id, ids = make.shop(), make.products(3)
    with database.write() as session:
        job = JobProgress(
            job_id="plan-1", job_type="sync", kind="push", title="Push products", shop_id=shop_id, status=status,
            params={"selection": {"kind": "all"}, "plan": True}, total_count=3, current_count=3, started_at=now(),
            opened_at=now(), expires_at=now(),
            summary={"plan": {"reads": 2, "writes": 3, "seconds": 4.0, "fields": {"price": 1, "name": 1},
                              "also": {"categories": {"a": "Mugs"}}}},
        )  # fmt: skip
        session.add(job)
        session.flush()
        for number, (state, operation, data) in enumerate(
            [
                ("planned", "update", {"mark": "m", "local": "l", "changes": [CHANGE]}),
                ("planned", "create", {"changes": [{**CHANGE, "operation": "create", "before": {}}]}),
                ("unchanged", None, None),
            ]
        ):
            session.add(
                JobItem(
                    progress_id=job.id, key=f"product:{number}", product_id=ids[number], sku=f"sku-000{number + 1}",
                    status=state, operation=operation, data=data, **values,
                )
            )  # fmt: skip
        job.expires_at = now().replace(year=now().year + 1)
        return job.id


def shown(browser: Browser, path: str) -> list[str]:
    return [row.get("data-sku") for row in browser.page(path).xpath("//*[@data-testid='plan-items']/tbody/tr")]


def test_a_plan_shows_each_field_before_and_after(browser: Browser, database: Database, make: Make) -> None:
    number = make_plan(database, make)
    page = browser.page(f"/plans/{number}")
    assert shown(browser, f"/plans/{number}") == ["sku-0001", "sku-0002", "sku-0003"]
    row = page.xpath("//tr[@data-sku='sku-0001']//tr[@data-field='price']")[0]
    assert [cell.text_content().strip() for cell in row.xpath("./*")] == ["price", "10", "12"]
    assert "<i>Cup</i>" in page.text_content()
    assert "5 requests" in page.xpath("//*[@data-testid='effect']")[0].text_content()
    assert "Mugs" in page.xpath("//*[@data-testid='also']")[0].text_content()
    assert "Approve and push 2 products" in page.xpath("//*[@data-testid='approve']")[0].text_content()


def test_a_plan_is_filtered_by_what_happens_by_field_and_by_sku(
    browser: Browser, database: Database, make: Make
) -> None:
    number = make_plan(database, make)
    assert shown(browser, f"/plans/{number}?show=create") == ["sku-0002"]
    assert shown(browser, f"/plans/{number}?show=unchanged") == ["sku-0003"]
    assert shown(browser, f"/plans/{number}?field=price") == ["sku-0001"]
    assert shown(browser, f"/plans/{number}?q=0003") == ["sku-0003"]


def test_a_plan_as_json_holds_everything_but_its_marks(browser: Browser, database: Database, make: Make) -> None:
    number = make_plan(database, make)
    found = json.loads(browser.get(f"/plans/{number}.json").text)
    assert (found["job"], found["counts"]) == (number, {"create": 1, "update": 1, "unchanged": 1})
    assert found["items"][0]["changes"] == [CHANGE]
    assert "mark" not in found["items"][0]


def test_approve_pushes_what_was_planned(browser: Browser, database: Database, make: Make, messages: Messages) -> None:
    number = make_plan(database, make)
    browser.page(f"/plans/{number}")
    assert browser.post(f"/plans/{number}/approve").status_code == 302
    assert messages() == [("bulk_sync_products", (number,))]
    with database.read() as session:
        job = session.get_one(JobProgress, number)
        assert (job.status, job.current_count, job.params["approved"]) == (JobStatus.RUNNING, 1, True)
        states = {item.sku: item.status for item in session.query(JobItem)}
    assert states == {"sku-0001": "pending", "sku-0002": "pending", "sku-0003": "unchanged"}
    assert "holds no plan" in browser.get(browser.post(f"/plans/{number}/approve").location).text


def test_discard_sends_nothing(browser: Browser, database: Database, make: Make, messages: Messages) -> None:
    number = make_plan(database, make)
    browser.page(f"/plans/{number}")
    browser.post(f"/plans/{number}/discard")
    assert messages() == []
    with database.read() as session:
        assert session.get_one(JobProgress, number).status == JobStatus.CANCELLED
        assert session.query(JobItem).filter_by(status=ItemStatus.CANCELLED).count() == 2


def test_the_push_page_offers_the_plan_first(
    browser: Browser, database: Database, make: Make, messages: Messages
) -> None:
    shop = make.shop()
    make.product()
    browser.page("/products/push?kind=all")
    answer = browser.post("/products/push", {"kind": "all", "to": str(shop), "plan": "1"})
    with database.read() as session:
        job = session.query(JobProgress).one()
        assert job.params["plan"] is True
    assert answer.location == f"/plans/{job.id}"
    assert messages() == [("bulk_sync_products", (job.id,))]
    assert browser.get(answer.location).status_code == 200


def test_a_plan_needs_somebody(browser: Browser, database: Database, make: Make) -> None:
    number = make_plan(database, make)
    links = browser.page("/").xpath("//*[@data-testid='needs']//a/@href")
    assert f"/plans/{number}" in links
    assert browser.get("/plans/999").status_code == 404


def in_conflict(database: Database, make: Make, shop: int, sku: str) -> int:
    fields = {"price": {"agreed": "10", "ours": "12", "theirs": "11"}}
    if sku == "two":
        fields["reference"] = {"agreed": "two", "ours": "two", "theirs": "TWO"}
    return make.link(make.product(sku), shop, "conflict", external_id=sum(map(ord, sku)), conflict=fields)


def test_conflicts_are_decided_field_by_field(browser: Browser, database: Database, make: Make) -> None:
    shop = make.shop(conflict_policy="ask")
    number = in_conflict(database, make, shop, "one")
    page = browser.page(f"/conflicts?shop={shop}")
    cells = [cell.text_content().strip() for cell in page.xpath("//*[@data-testid='conflict']//tbody/tr/*")]
    assert cells == ["price", "10", "12", "11"]
    browser.post(f"/conflicts/{number}", {"field:price": "shop"})
    with database.read() as session:
        assert session.query(ProductOverride).one().fields == {"price": "11"}
        link = session.get_one(ProductSyncStatus, number)
        assert (link.conflict, link.sync_status) == (None, "pending")
    assert browser.page("/conflicts").xpath("//*[@data-testid='no-conflicts']")


def test_conflicts_are_decided_all_at_once(browser: Browser, database: Database, make: Make) -> None:
    shop = make.shop()
    one, two, three = (in_conflict(database, make, shop, sku) for sku in ("one", "two", "three"))
    links = browser.page("/").xpath("//*[@data-testid='needs']//a/@href")
    assert f"/conflicts?shop={shop}" in links
    browser.page("/conflicts")
    browser.post("/conflicts/all", {"side": "ours", "link": str(one)})
    browser.post("/conflicts/all", {"side": "shop", "shop": str(shop)})
    with database.read() as session:
        left = {link.id: link.conflict for link in session.query(ProductSyncStatus)}
    assert (left[one], left[three]) == (None, None)
    assert list(left[two] or {}) == ["reference"]
    page = browser.page("/conflicts")
    assert page.xpath("//input[@name='field:reference']/@value") == ["ours"]


def test_undo_says_count_and_effect_first(browser: Browser, database: Database, make: Make, messages: Messages) -> None:
    number = make_plan(database, make, status=JobStatus.COMPLETED)
    with database.write() as session:
        job = session.get_one(JobProgress, number)
        job.completed_at = now()
        item = session.query(JobItem).first()
        assert item is not None
        session.add(
            ItemChange(
                progress_id=number, product_id=item.product_id, shop_id=job.shop_id or 0, external_id=9,
                operation="update", before={"price": "10"}, after={"price": "12"},
            )
        )  # fmt: skip
    assert browser.page(f"/jobs/{number}").xpath("//*[@data-testid='undo']/@href") == [f"/jobs/{number}/undo"]
    page = browser.page(f"/jobs/{number}/undo")
    assert "It wrote to 1 product." in page.xpath("//*[@data-testid='effect']")[0].text_content()
    answer = browser.post(f"/jobs/{number}/undo")
    with database.read() as session:
        made = session.query(JobProgress).filter_by(kind="undo").one()
    assert (made.parent_id, answer.location) == (number, f"/jobs/{made.id}")
    assert messages() == [("bulk_sync_products", (made.id,))]


def test_a_job_that_replaced_nothing_has_no_undo(browser: Browser, database: Database, make: Make) -> None:
    number = make_plan(database, make, status=JobStatus.COMPLETED)
    assert not browser.page(f"/jobs/{number}").xpath("//*[@data-testid='undo']")
    assert browser.page(f"/jobs/{number}/undo").xpath("//*[@data-testid='nothing']")


def test_a_shop_says_who_wins_and_what_its_clock_is(browser: Browser, database: Database, make: Make) -> None:
    shop = make.shop()
    browser.page(f"/shops/{shop}/edit")
    values = {
        "name": "Cyan", "address": "http://cyan.example", "active": "y", "home_category_id": "2",
        "max_concurrency": "1", "connect_timeout": "5", "read_timeout": "60", "conflict_policy": "ask",
    }  # fmt: skip
    assert browser.post(f"/shops/{shop}/edit", {**values, "time_zone": "Nowhere"}).status_code == 422
    assert browser.post(f"/shops/{shop}/edit", {**values, "time_zone": "Europe/Warsaw"}).status_code == 302
    with database.read() as session:
        found = session.get_one(Shop, shop)
        assert (found.conflict_policy, found.time_zone) == ("ask", "Europe/Warsaw")
