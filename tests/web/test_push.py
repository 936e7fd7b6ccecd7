"""Pushing: count and effect first, one job per shop, the message only after the commit."""

from collections.abc import Callable
from typing import Any

import pytest

from models import Database, JobProgress, Shop, User
from tests.web.conftest import Browser
from tests.web.factories import Make

Messages = Callable[[], list[tuple[str, tuple[Any, ...]]]]

QUERY = {"text": "", "shop_id": None, "status": None, "category_id": None, "active": None}
"""A filter that leaves nothing out."""


def jobs(database: Database) -> list[tuple[int | None, dict[str, Any]]]:
    with database.read() as session:
        return [(job.shop_id, job.params["selection"]) for job in session.query(JobProgress).order_by(JobProgress.id)]


def offers(browser: Browser, path: str) -> list[str]:
    page = browser.page(path)
    return [cell.text_content() for cell in page.xpath("//*[@data-testid='offer-count']")]


def test_count_and_effect_are_said_for_each_shop(browser: Browser, make: Make) -> None:
    cyan, magenta = make.shop("Cyan"), make.shop("Magenta", latency_ms=300.0)
    ids = make.products(60)
    make.link(ids[0], cyan)
    make.link(ids[1], cyan, "error")
    assert offers(browser, "/products/push?kind=all") == ["60", "60"]
    assert offers(browser, "/products/push?kind=changed") == ["59", "60"]
    assert offers(browser, "/products/push?kind=errors") == ["1", "0"]
    assert offers(browser, f"/products/push?kind=ids&id={ids[0]}&id={ids[1]}&id={ids[1]}") == ["2", "2"]
    assert offers(browser, "/products/push?kind=matching&q=sku-000") == ["9", "9"]
    assert offers(browser, f"/products/push?kind=matching&shop={cyan}&status=error") == ["1", "1"]
    row = browser.page(f"/products/push?kind=all&to={magenta}").xpath("//*[@data-testid='offers']/tbody/tr")[1]
    assert row.xpath(".//input/@data-requests") == ["4"]
    assert row.xpath(".//input/@checked") == ["checked"]
    assert "1 s" in row.text_content()


def test_a_category_with_all_below_it(browser: Browser, make: Make) -> None:
    make.shop()
    top = make.category("Art")
    make.product(category_id=make.category("Mugs", parent_id=top))
    make.product()
    assert offers(browser, f"/products/push?kind=category&category={top}") == ["1"]
    assert "Choose a category." in browser.get("/products/push?kind=category").text


def test_one_job_per_shop_and_one_message_per_job(
    browser: Browser, make: Make, database: Database, messages: Messages
) -> None:
    cyan, magenta = make.shop("Cyan"), make.shop("Magenta")
    ids = make.products(3)
    browser.get("/products/push?kind=all")
    answer = browser.post("/products/push", {"kind": "ids", "id": ids[:2], "to": [cyan, magenta]})
    assert answer.location == "/products"
    selection = {"kind": "ids", "ids": ids[:2], "category_id": None, "search": None}
    assert jobs(database) == [(cyan, selection), (magenta, selection)]
    assert messages() == [("bulk_sync_products", (1,)), ("bulk_sync_products", (2,))]
    with database.read() as session:
        assert {job.user_id for job in session.query(JobProgress)} == {session.query(User).one().id}
    toasts = browser.page("/products").xpath("//*[@data-testid='toast'][not(ancestor::template)]")
    assert ["to Cyan" in toast.text_content() for toast in toasts] == [True, False]
    assert [toast.xpath(".//a/@href") for toast in toasts] == [["/jobs/1"], ["/jobs/2"]]


@pytest.mark.parametrize(
    ("data", "selection"),
    [
        ({"kind": "all"}, {"kind": "all"}),
        ({"kind": "changed"}, {"kind": "changed"}),
        ({"kind": "category", "category": "1"}, {"kind": "category", "category_id": 1}),
        ({"kind": "matching", "q": "mug"}, {"kind": "query", "query": {**QUERY, "text": "mug"}}),
        ({"kind": "matching"}, {"kind": "all"}),
        (
            {"kind": "matching", "shop": "1", "status": "none"},
            {"kind": "query", "query": {**QUERY, "shop_id": 1, "status": "none"}},
        ),
    ],
)
def test_what_is_asked_becomes_the_jobs_selection(
    browser: Browser,
    make: Make,
    database: Database,
    messages: Messages,
    data: dict[str, str],
    selection: dict[str, Any],
) -> None:
    make.shop()
    make.product(name="Mug", category_id=make.category())
    browser.get("/products/push?kind=all")
    browser.post("/products/push", {**data, "to": "1"})
    assert jobs(database) == [(1, {"ids": [], "category_id": None, "search": None, **selection})]
    assert len(messages()) == 1


def test_an_inactive_shop_is_refused_with_its_name_and_nothing_is_opened(
    browser: Browser, make: Make, database: Database, messages: Messages
) -> None:
    make.shop("Cyan")
    make.shop("Magenta", active=False)
    make.product()
    page = browser.page("/products/push?kind=all")
    assert page.xpath("//input[@name='to'][@value='2']/@disabled") == ["disabled"]
    answer = browser.post("/products/push", {"kind": "all", "to": ["1", "2"]})
    assert answer.status_code == 409
    assert "Magenta" in answer.text
    assert "is not active" in answer.text
    assert jobs(database) == []
    assert messages() == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"kind": "all"}, "Choose at least one shop."),
        ({"kind": "all", "to": "99"}, "Choose at least one shop."),
        ({"kind": "ids", "to": "1"}, "No product is selected."),
        ({"kind": "category", "category": "99", "to": "1"}, "Choose a category."),
        ({"kind": "matching", "shop": "1", "status": "error", "to": "1"}, "No product matches the filter."),
    ],
)
def test_what_makes_no_sense_is_said_and_opens_nothing(
    browser: Browser, make: Make, database: Database, messages: Messages, data: dict[str, str], said: str
) -> None:
    make.shop()
    make.product()
    browser.get("/products/push?kind=all")
    answer = browser.post("/products/push", data)
    assert answer.status_code == 422
    assert said in answer.text
    assert jobs(database) == []
    assert messages() == []


def test_a_product_is_pushed_from_its_page_and_one_comes_back_to_it(
    browser: Browser, make: Make, database: Database, messages: Messages
) -> None:
    shop, product = make.shop(), make.product()
    browser.get(f"/products/{product}")
    data = {"kind": "ids", "id": product, "to": shop, "next": f"/products/{product}"}
    assert browser.post("/products/push", data).location == f"/products/{product}"
    assert len(messages()) == 1
    elsewhere = {**data, "next": "//evil.example"}
    assert browser.post("/products/push", elsewhere).location == "/products"


def test_without_a_broker_the_job_is_kept_and_the_operator_told(
    browser: Browser, make: Make, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dramatiq.errors import ConnectionClosed

    from tasks.actors import bulk_sync_products

    def refuse(*_arguments: object, **_options: object) -> None:
        raise ConnectionClosed("no broker")

    monkeypatch.setattr(bulk_sync_products, "send", refuse)
    make.shop()
    make.product()
    browser.get("/products/push?kind=all")
    assert browser.post("/products/push", {"kind": "all", "to": "1"}).status_code == 302
    assert len(jobs(database)) == 1
    assert "1 job is kept, but the broker does not answer" in browser.get("/products").text


def test_a_filter_is_kept_as_a_filter_however_many_it_finds(browser: Browser, make: Make, database: Database) -> None:
    shop = make.shop()
    make.products(3)
    assert offers(browser, f"/products/push?kind=matching&shop={shop}&status=none") == ["3"]
    assert offers(browser, "/products/push?kind=matching&q=sku") == ["3"]
    with database.read() as session:
        assert session.query(Shop).count() == 1


def test_the_mode_and_the_force_of_a_push_are_kept(browser: Browser, make: Make, database: Database) -> None:
    cyan = make.shop("Cyan")
    make.products(2)
    page = browser.page("/products/push?kind=all&mode=prices")
    assert page.xpath("//select[@id='mode']/option[@selected]/@value") == ["prices"]
    browser.post("/products/push", {"kind": "all", "to": [cyan], "mode": "prices", "force": "1"})
    browser.post("/products/push", {"kind": "all", "to": [cyan], "mode": "nonsense"})
    with database.read() as session:
        params = [job.params for job in session.query(JobProgress).order_by(JobProgress.id)]
    assert [(each.get("mode", "full"), each.get("force", False)) for each in params] == [
        ("prices", True), ("full", False),
    ]  # fmt: skip
