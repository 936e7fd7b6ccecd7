"""Every page, empty and with data: it renders, says what to do, and asks the database a bounded number of questions."""

from datetime import timedelta

import pytest
from babel.dates import format_date
from sqlalchemy import text

from models import Database, JobStatus, now
from sync.schedules import entries
from tasks.health import Health
from tests.web.conftest import Browser
from tests.web.factories import Make

MOST_STATEMENTS = 17


def fill(make: Make, products: int, shops: int = 3) -> None:
    category = make.category()
    shop_ids = [make.shop(f"Shop {number}") for number in range(shops)]
    for number in range(products):
        product = make.product(category_id=category)
        for shop in shop_ids:
            make.link(product, shop, "error" if number % 5 == 0 else "synced", error_message=f"reason {number % 3}")
    for number in range(products):
        status = JobStatus.RUNNING if number % 4 == 0 else JobStatus.COMPLETED_WITH_ERRORS
        job = make.job(shop_ids[number % shops], status, error_count=2)
        make.items(job, ["one", "two"])
    with make.services.db.write() as session:
        entries.ensure_defaults(session)


PAGES = [
    "/", "/products", "/products?shop=1&status=error&sort=-name", "/products/1", "/products/1/shops/1",
    "/products/push?kind=all", "/products/push?kind=changed", "/shops", "/shops/1", "/jobs", "/jobs/1",
    "/jobs/errors", "/suppliers", "/shops/1/links", "/shops/1/availability", "/shops/1/availability/database",
    "/jobs/1?state=wrong", "/schedules", "/schedules/1/edit", "/system", "/system/dead-messages", "/api/jobs/active",
    "/api/jobs/recent", "/api/jobs/1", "/api/jobs/1/errors",
]  # fmt: skip


def test_a_page_asks_no_more_of_the_database_when_there_is_more_to_show(
    browser: Browser, make: Make, statements: list[str]
) -> None:
    fill(make, 3)
    few = _counts(browser, statements)
    fill_more = Make(make.services)
    fill_more.count = 1000
    for _ in range(3):
        fill_more.count += 1000
        _more(fill_more)
    many = _counts(browser, statements)
    assert many == few
    assert max(many.values()) <= MOST_STATEMENTS, many


def _more(make: Make) -> None:
    for _ in range(8):
        product = make.product()
        make.link(product, 1)
        make.link(product, 2, "error", error_message="reason 0")
        make.items(make.job(1, error_count=1), ["three"])


def _counts(browser: Browser, statements: list[str]) -> dict[str, int]:
    browser.get("/system")
    found = {}
    for path in PAGES:
        statements.clear()
        assert browser.get(path).status_code == 200, path
        found[path] = len(statements)
    return found


def test_pages_stay_below_100_kb(browser: Browser, make: Make) -> None:
    fill(make, 60)
    for path in PAGES:
        assert len(browser.get(path).data) < 100_000, path


@pytest.mark.parametrize(
    "path", ["/products/99", "/products/1/shops/9", "/shops/99", "/jobs/99", "/jobs/99/errors.csv", "/x"]
)
def test_what_does_not_exist_is_a_page_in_the_frame(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "Not found" in answer.text
    assert 'aria-label="Main"' in answer.text


def test_a_new_installation_is_led_through_three_steps(browser: Browser, make: Make) -> None:
    page = browser.page("/")
    steps = page.xpath("//*[@data-testid='first-steps']/li")
    assert [step.xpath("string(.//a/@href)") for step in steps] == [
        "/shops/new",
        "/products/new",
        "/products/push?kind=all",
    ]
    assert [step.get("class") for step in steps] == [None, None, None]
    shop = make.shop()
    steps = browser.page("/").xpath("//*[@data-testid='first-steps']/li")
    assert [step.get("class") for step in steps] == ["done", None, None]
    make.product()
    make.job(shop)
    assert browser.page("/").xpath("//*[@data-testid='first-steps']") == []


@pytest.mark.parametrize(
    ("path", "button"), [("/products", "/products/new"), ("/shops", "/shops/new"), ("/jobs", "/products/push?kind=all")]
)
def test_an_empty_list_teaches(browser: Browser, path: str, button: str) -> None:
    page = browser.page(path)
    assert page.xpath("//*[@data-testid='empty']//a/@href") == [button]


def test_the_menu_names_what_there_is_and_counts_what_is_active(browser: Browser, make: Make) -> None:
    make.job(make.shop())
    page = browser.page("/jobs")
    entries = page.xpath("//nav[@aria-label='Main']//a")
    hrefs = ["/", "/products", "/shops", "/suppliers", "/jobs", "/schedules", "/system"]
    assert [entry.get("href") for entry in entries] == hrefs
    assert page.xpath("string(//*[@data-testid='active-count'])") == "1"
    assert page.xpath("//nav[@aria-label='Main']//a[@aria-current='page']/@href") == ["/jobs"]


def test_the_overview_says_what_needs_somebody(browser: Browser, make: Make) -> None:
    shop = make.shop("Cyan", health="down", health_message="connection refused")
    other = make.shop("Magenta")
    make.shop("Black", active=False, health="down")
    for reason in ("name is not valid", "name is not valid", "price"):
        make.link(make.product(), shop, "error", error_message=reason)
    make.link(make.product(), other, "conflict")
    page = browser.page("/")
    needs = [" ".join(need.xpath(".//text()")) for need in page.xpath("//*[@data-testid='needs']//li")]
    assert needs == [
        "Cyan is down: connection refused Open",
        "1 product in conflict, Magenta Decide",
        "2 products failed in Cyan: name is not valid Show",
        "1 product failed in Cyan: price Open",
    ]


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("A-1", "/products/1"),
        ("Cyan", "/shops/1"),
        ("#1", "/jobs/1"),
        ("the-job", "/jobs/1"),
        ("mug", "/products?q=mug"),
    ],
)
def test_the_search_goes_to_what_was_named(browser: Browser, make: Make, words: str, target: str) -> None:
    make.product("A-1")
    make.job(make.shop("Cyan"), job_id="the-job")
    assert browser.get("/search", query_string={"q": words}).location == target


def test_the_system_page_names_what_is_wrong_and_the_remedy(browser: Browser, database: Database) -> None:
    with database.write() as session:
        session.execute(text("DELETE FROM alembic_version"))
    page = browser.page("/system")
    rows = {row.get("data-part"): " ".join(row.text_content().split()) for row in page.xpath("//tr[@data-part]")}
    assert set(rows) == {"database", "broker", "workers", "scheduler"}
    assert "Run: manage.py migrate" in rows["database"]
    assert "Broken 0 workers" in rows["workers"]
    assert "honcho start" in rows["workers"]


def test_the_last_days_are_added_up(browser: Browser, make: Make) -> None:
    shop = make.shop()
    begun = now() - timedelta(days=2)
    for seconds, failed in ((10, 0), (30, 5), (20, 0)):
        make.job(
            shop, JobStatus.COMPLETED, created_at=begun, started_at=begun, current_count=100, error_count=failed,
            completed_at=begun + timedelta(seconds=seconds),
        )  # fmt: skip
    make.job(shop, JobStatus.COMPLETED, created_at=now() - timedelta(days=30), current_count=9999)
    page = browser.page("/")
    titles = [str(title) for title in page.xpath("//*[@class='chart']//*[local-name()='title']/text()")]
    assert len(titles) == 14
    assert titles[-3] == f"{format_date(begun, locale='en')}: 300 done, 5 failed"
    assert titles[-1].endswith("0 done, 0 failed")
    assert "a job takes 20 s (median)" in page.text_content()


def test_more_kinds_of_errors_than_fit_are_summed_up(browser: Browser, make: Make) -> None:
    shop = make.shop("Cyan")
    for number in range(8):
        make.link(make.product(), shop, "error", error_message=f"reason {number}")
    needs = browser.page("/").xpath("//*[@data-testid='needs']//li")
    assert len(needs) == 6
    assert "3 more products failed" in needs[-1].text_content()
    assert needs[0].xpath(".//a/@href")[0].startswith("/products/")


def test_the_system_page_shows_what_works_and_what_waits(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.health.check", lambda: Health(None, 2, True, {"default": 0, "prestashop_sync": 1234}))
    page = browser.page("/system")
    assert "Everything works." in page.text_content()
    rows = {row.get("data-queue"): row.xpath("string(td[2])") for row in page.xpath("//tr[@data-queue]")}
    assert (rows["default"], rows["prestashop_sync"]) == ("0", "1,234")
    rows = [" ".join(row.text_content().split()) for row in page.xpath("//tr[@data-part]")]
    assert rows[2] == "Workers Works 2 workers"
