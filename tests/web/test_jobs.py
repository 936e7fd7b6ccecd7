"""The history of jobs and a job's page."""

from datetime import timedelta

from models import Database, JobItem, JobProgress, JobStatus, User, now
from tests.web.conftest import Browser
from tests.web.factories import Make


def listed(browser: Browser, path: str) -> list[int]:
    rows = browser.page(path).xpath("//*[@data-testid='history']/tbody/tr/@data-job")
    return [int(row) for row in rows]


def test_the_history_by_its_filters(browser: Browser, make: Make, database: Database) -> None:
    cyan, magenta = make.shop("Cyan"), make.shop("Magenta")
    with database.read() as session:
        me = session.query(User).one().id
    make.job(cyan, JobStatus.COMPLETED, user_id=me)
    make.job(magenta, JobStatus.FAILED, job_type="import")
    third = make.job(cyan, JobStatus.RUNNING)
    make.items(third, [""], sku="A-1")
    assert listed(browser, "/jobs") == [3, 2, 1]
    assert listed(browser, f"/jobs?shop={cyan}") == [3, 1]
    assert listed(browser, "/jobs?status=failed") == [2]
    assert listed(browser, "/jobs?type=import") == [2]
    assert listed(browser, f"/jobs?user={me}") == [1]
    assert listed(browser, "/jobs?q=A-1") == [3]
    assert listed(browser, "/jobs?status=nonsense&shop=x&after=y") == [3, 2, 1]
    assert "No job matches." in browser.get("/jobs?status=cancelled").text
    assert browser.get("/jobs?q=shop:magenta+state:failed+type:import").location == (
        f"/jobs?status=failed&type=import&shop={magenta}"
    )


def test_the_history_is_paged_by_key(browser: Browser, make: Make) -> None:
    shop = make.shop()
    for _ in range(60):
        make.job(shop, JobStatus.COMPLETED)
    page = browser.page("/jobs?status=completed")
    second = page.xpath("//a[@rel='next']/@href")[0]
    assert second == "/jobs?status=completed&after=11"
    assert listed(browser, second) == list(range(10, 0, -1))


def test_active_operations_stand_on_three_pages_in_the_same_form(browser: Browser, make: Make) -> None:
    job = make.job(make.shop("Cyan"), error_count=3)
    for path in ("/", "/products", "/jobs"):
        page = browser.page(path)
        (row,) = page.xpath("//section[@data-testid='active-operations']//article[@data-job!='']")
        assert row.get("data-job") == str(job)
        assert row.xpath("string(.//*[@data-testid='job-state'])") == "Running"
        assert row.xpath("string(.//*[@data-testid='job-text'])") == "Pushing… 5/150 products to Cyan"
        assert row.xpath("string(.//*[@data-testid='job-errors'])").strip() == "3 errors"
        (bar,) = row.xpath(".//*[@role='progressbar']")
        assert [bar.get(f"aria-value{name}") for name in ("min", "max", "now")] == ["0", "100", "3"]
        assert bar.get("aria-label") == "Pushing… 5/150 products to Cyan"
        assert row.xpath(".//rect/@width") == ["3%"]


def test_each_state_has_its_word_and_its_icon(browser: Browser, make: Make) -> None:
    shop = make.shop()
    for status in JobStatus:
        make.job(shop, status, completed_at=None if status in ("pending", "running") else now())
    rows = browser.page("/jobs").xpath("//*[@data-testid='history']/tbody/tr")
    shown = {
        (
            row.xpath("string(.//*[@data-slot='state'])"),
            row.xpath(".//use/@href")[0].partition("#")[2],
            row.xpath(".//span/@class")[0],
        )
        for row in rows
    }
    assert shown == {
        ("Waiting", "clock", "state hue-pending"),
        ("Running", "spin", "state hue-running"),
        ("Completed", "check", "state hue-done"),
        ("Completed with errors", "warn", "state hue-warned"),
        ("Failed", "cross", "state hue-failed"),
        ("Cancelled", "ban", "state hue-pending"),
        ("Interrupted", "ban", "state hue-failed"),
        ("Awaits approval", "question", "state hue-warned"),
    }


def test_the_items_of_a_job_by_state(browser: Browser, make: Make) -> None:
    product = make.product("A-1")
    job = make.job(make.shop(), error_count=2)
    make.items(job, ["name is not valid"], sku="A-1", product_id=product)
    make.items(job, ["no answer"], status="failed")
    make.items(job, [""] * 3, status="pushed")
    page = browser.page(f"/jobs/{job}")
    chips = [" ".join(chip.text_content().split()) for chip in page.xpath("//*[@data-testid='outcomes']/a")]
    assert chips[:2] == ["All items", "2 errors"]
    assert set(chips[2:]) == {"Refused 1", "Failed 1", "Pushed 3", "Pushed with a warning"}
    assert len(page.xpath("//*[@data-testid='items']/tbody/tr")) == 5
    wrong = browser.page(f"/jobs/{job}?state=wrong").xpath("//*[@data-testid='items']/tbody/tr")
    assert ["name is not valid" in row.text_content() for row in wrong] == [True, False]
    assert wrong[0].xpath(".//a/@href") == [f"/products/{product}"]
    assert page.xpath("//*[@data-testid='csv']/@href") == [f"/jobs/{job}/errors.csv"]
    assert "No item is in this state." in browser.get(f"/jobs/{job}?state=cancelled").text


def test_items_are_paged(browser: Browser, make: Make) -> None:
    job = make.job(make.shop())
    make.items(job, [f"error {number}" for number in range(70)])
    second = browser.page(f"/jobs/{job}").xpath("//a[@rel='next']/@href")[0]
    assert len(browser.page(second).xpath("//*[@data-testid='items']/tbody/tr")) == 20


def test_a_job_is_cancelled(browser: Browser, make: Make, database: Database) -> None:
    job = make.job(make.shop())
    make.items(job, ["", ""], status="pending")
    browser.get(f"/jobs/{job}")
    answer = browser.post(f"/jobs/{job}/cancel", {"next": "/products?q=a"})
    assert answer.location == "/products?q=a"
    with database.read() as session:
        assert session.get_one(JobProgress, job).status == JobStatus.CANCELLED
        assert {item.status for item in session.query(JobItem)} == {"cancelled"}
    browser.post(f"/jobs/{job}/cancel")
    assert "The job had ended already." in browser.get("/jobs").text
    assert browser.post("/jobs/99/cancel").status_code == 404


def test_a_job_that_stops_says_so_and_offers_no_second_cancel(browser: Browser, make: Make) -> None:
    job = make.job(make.shop(), cancel_requested=True)
    page = browser.page(f"/jobs/{job}")
    assert page.xpath("string(//*[@data-testid='job-state'])") == "Stopping"
    assert page.xpath("//button[@data-cancel]/@hidden")[0] is not None


def test_an_ended_job_says_how_long_it_took(browser: Browser, make: Make) -> None:
    begun = now() - timedelta(hours=1)
    job = make.job(
        make.shop(),
        JobStatus.COMPLETED,
        started_at=begun,
        completed_at=begun + timedelta(seconds=72),
        current_count=150,
    )
    text = browser.page(f"/jobs/{job}").xpath("string(//*[@data-testid='job-time'])")
    assert text == "took 1 min 12 s"


def test_what_was_pushed_with_a_warning_is_found(browser: Browser, make: Make) -> None:
    job = make.job(make.shop(), JobStatus.COMPLETED)
    make.items(job, ["the product is in the shop, but image bad.jpg: no picture"], "pushed", sku="bad")
    make.items(job, ["refused"], "refused", sku="other")
    page = browser.page(f"/jobs/{job}?state=warned")
    rows = page.xpath("//*[@data-testid='items']/tbody/tr")
    assert len(rows) == 1
    assert "bad.jpg" in rows[0].text_content()
