"""The JSON of the live pages."""

from datetime import timedelta

from models import Database, JobProgress, JobStatus, now
from tests.web.conftest import Browser
from tests.web.factories import Make

FIELDS = {
    "id", "job_id", "job_type", "kind", "parent_id", "paused", "title", "status", "shop_id", "shop_name",
    "user_name", "current_count", "total_count", "error_count", "progress_percentage", "rate", "eta_seconds",
    "duration_seconds", "cancel_requested", "created_at", "started_at",
    "completed_at", "updated_at", "outcomes", "url", "shown",
}  # fmt: skip


def test_active_jobs_with_their_texts(browser: Browser, make: Make) -> None:
    job = make.job(make.shop("Cyan"), error_count=3, current_count=5, total_count=150)
    answer = browser.get("/api/jobs/active")
    assert answer.json is not None
    assert answer.json["active_count"] == 1
    assert set(answer.json["health"]) == {"ok", "summary"}
    (found,) = answer.json["jobs"]
    assert set(found) == FIELDS
    assert (found["id"], found["url"], found["progress_percentage"]) == (job, f"/jobs/{job}", 3)
    assert found["shown"]["text"] == "Pushing… 5/150 products to Cyan"
    assert found["shown"]["state"] == "Running"
    assert found["shown"]["percent"] == "3 %"
    assert found["shown"]["errors"] == "3 errors"
    assert found["shown"]["rate"].endswith("/min")
    assert found["shown"]["time"].startswith("about ")


def test_at_most_twenty_are_listed(browser: Browser, make: Make) -> None:
    shop = make.shop()
    for _ in range(22):
        make.job(shop)
    answer = browser.get("/api/jobs/active").json
    assert answer is not None
    assert len(answer["jobs"]) == 20
    assert answer["active_count"] == 22


def test_a_poll_without_news_is_a_304_without_a_body(browser: Browser, make: Make, database: Database) -> None:
    job = make.job(make.shop())
    tag = browser.get("/api/jobs/active").headers["ETag"]
    again = browser.get("/api/jobs/active", headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    with database.write() as session:
        session.get_one(JobProgress, job).current_count = 6
    news = browser.get("/api/jobs/active", headers={"If-None-Match": tag})
    assert news.status_code == 200
    assert news.headers["ETag"] != tag


def test_a_job_that_has_just_ended_is_still_listed(browser: Browser, make: Make) -> None:
    shop = make.shop()
    make.job(shop, JobStatus.COMPLETED, completed_at=now())
    make.job(shop, JobStatus.COMPLETED, completed_at=now() - timedelta(minutes=1))
    answer = browser.get("/api/jobs/active").json
    assert answer is not None
    assert [(job["id"], job["shown"]["hue"]) for job in answer["jobs"]] == [(1, "done")]
    assert answer["active_count"] == 0


def test_recent_jobs_by_shop_and_type(browser: Browser, make: Make) -> None:
    cyan, magenta = make.shop("Cyan"), make.shop("Magenta")
    make.job(cyan)
    make.job(magenta)
    make.job(magenta, job_type="import")
    make.job(cyan, created_at=now() - timedelta(hours=25))

    def ids(query: str) -> list[int]:
        answer = browser.get(f"/api/jobs/recent{query}").json
        assert answer is not None
        return [job["id"] for job in answer["jobs"]]

    assert ids("") == [3, 2, 1]
    assert ids(f"?shop={magenta}") == [3, 2]
    assert ids(f"?shop={magenta}&type=import") == [3]
    assert ids("?type=nonsense&shop=x") == [3, 2, 1]


def test_one_job_counts_its_items(browser: Browser, make: Make) -> None:
    job = make.job(make.shop())
    make.items(job, ["a", "b"])
    make.items(job, [""], status="pushed")
    answer = browser.get(f"/api/jobs/{job}").json
    assert answer is not None
    assert answer["outcomes"] == {"refused": 2, "pushed": 1}
    assert browser.get("/api/jobs/99").status_code == 404
    assert browser.get("/api/jobs/99").json == {
        "error": "Not found",
        "advice": "There is nothing at this address; it may have been deleted. Try the search.",
    }


def test_errors_come_by_the_hundred_numbered_through(browser: Browser, make: Make) -> None:
    product = make.product("A-1")
    job = make.job(make.shop(), error_count=150)
    make.items(job, [f"error {number}" for number in range(150)], sku="A-1", product_id=product)
    first = browser.get(f"/api/jobs/{job}/errors").json
    assert first is not None
    assert (len(first["errors"]), first["total"], first["csv"]) == (100, 150, f"/jobs/{job}/errors.csv")
    assert first["errors"][0] | {"item_id": 0} == {
        "number": 1, "item_id": 0, "sku": "A-1", "status": "refused", "error": "error 0", "url": f"/products/{product}",
    }  # fmt: skip
    second = browser.get(first["next"]).json
    assert second is not None
    assert [second["errors"][0]["number"], second["errors"][-1]["number"]] == [101, 150]
    assert second["next"] is None


def test_a_job_without_items_shows_what_it_wrote_down(browser: Browser, make: Make) -> None:
    job = make.job(make.shop(), error_count=1, error_details=[{"sku": "A-1", "error": "no price"}])
    answer = browser.get(f"/api/jobs/{job}/errors").json
    assert answer is not None
    assert [(error["sku"], error["error"]) for error in answer["errors"]] == [("A-1", "no price")]
    assert "no price" in browser.get(f"/jobs/{job}/errors.csv").text
    assert "no price" in browser.get(f"/jobs/{job}").text


def test_a_poll_takes_few_statements(browser: Browser, make: Make, statements: list[str]) -> None:
    make.job(make.shop())
    tag = browser.get("/api/jobs/active").headers["ETag"]
    statements.clear()
    browser.get("/api/jobs/active", headers={"If-None-Match": tag})
    assert len([text for text in statements if text.startswith("SELECT")]) <= 3
