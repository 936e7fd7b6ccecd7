"""Trying again from the admin, and holding a shop."""

import pytest
from sqlalchemy import select

from models import Database, JobItem, JobProgress, JobStatus, Shop, now
from sync.signatures import error_signature
from tests.web.conftest import Browser
from tests.web.factories import Make
from tests.web.test_push import Messages


@pytest.fixture
def ended(make: Make, database: Database) -> int:
    """A job of three items: one failed, one refused, one pushed."""
    job = make.job(make.shop("Cyan"), JobStatus.COMPLETED_WITH_ERRORS, completed_at=now(), error_count=2)
    for status, error in (("failed", "no answer in 12 s"), ("refused", "name 'Mug' is not valid"), ("pushed", "")):
        make.items(job, [error], status=status)
    with database.write() as session:
        row = session.get_one(JobProgress, job)
        row.params = {"selection": {"kind": "all"}, "mode": "prices"}
        for item in session.scalars(select(JobItem)):
            item.signature = error_signature(item.error) if item.error else None
    return job


def test_failed_items_are_retried_once_in_a_job_that_names_its_parent(
    browser: Browser, database: Database, messages: Messages, ended: int
) -> None:
    page = browser.page(f"/jobs/{ended}")
    assert page.xpath("string(//*[@data-testid='retry'])") == "Retry 1 failed"
    assert page.xpath("string(//*[@data-testid='retry-refused'])") == "Retry 2 that went wrong"
    answer = browser.post(f"/jobs/{ended}/retry")
    assert answer.location == "/jobs/2"
    assert messages() == [("bulk_sync_products", (2,))]
    assert browser.page("/jobs/2").xpath("//*[@data-testid='parent']/@href") == [f"/jobs/{ended}"]
    page = browser.page(f"/jobs/{ended}")
    assert "job 2" in page.xpath("string(//*[@data-testid='children'])")
    assert page.xpath("//*[@data-testid='retry']") == []
    assert browser.post(f"/jobs/{ended}/retry").location == f"/jobs/{ended}"
    assert len(messages()) == 1
    with database.read() as session:
        assert session.get_one(JobProgress, 2).params["mode"] == "prices"


def test_a_job_is_pushed_again_in_full(browser: Browser, database: Database, messages: Messages, ended: int) -> None:
    browser.get(f"/jobs/{ended}")
    browser.post(f"/jobs/{ended}/again")
    with database.read() as session:
        made = session.get_one(JobProgress, 2)
        assert (made.parent_id, made.params["force"], made.params["mode"]) == (ended, True, "prices")


def test_errors_are_grouped_and_a_group_is_retried(
    browser: Browser, make: Make, database: Database, messages: Messages, ended: int
) -> None:
    with database.write() as session:
        for number in range(3):
            error = f"no answer in {number} s"
            session.add(
                JobItem(
                    progress_id=ended, key=f"p:{number}", sku=f"S{number}", status="failed", error=error,
                    signature=error_signature(error), finished_at=now(),
                )
            )  # fmt: skip
    rows = browser.page("/jobs/errors").xpath("//*[@data-testid='error-groups']/tbody/tr")
    assert [row.xpath("string(td[1])") for row in rows] == ["4", "1"]
    assert browser.page("/jobs/errors?shop=99").xpath("//*[@data-testid='empty']")
    browser.post(f"/jobs/errors/{error_signature('no answer in 1 s')}/retry", {"shop": "1"})
    assert messages() == [("bulk_sync_products", (2,))]
    rows = browser.page("/jobs/errors").xpath("//*[@data-testid='error-groups']/tbody/tr")
    assert [row.xpath("string(td[1])") for row in rows] == ["1"]
    answer = browser.post(f"/jobs/errors/{error_signature('no answer in 1 s')}/retry", {"shop": "1"})
    assert answer.location == "/jobs/errors"
    assert len(messages()) == 1


def test_the_overview_names_the_groups(browser: Browser, ended: int) -> None:
    needs = browser.page("/").xpath("//*[@data-testid='needs']//li")
    assert any("1 failed in Cyan: no answer in 12 s" in need.text_content() for need in needs)


def test_attempts_are_shown_with_their_errors(browser: Browser, make: Make, database: Database, ended: int) -> None:
    with database.write() as session:
        item = session.scalars(select(JobItem).where(JobItem.status == "failed")).one()
        item.history = [{"at": now().isoformat(), "error": f"attempt {number}"} for number in (1, 2)]
    shown = browser.page(f"/jobs/{ended}").xpath("//*[@data-testid='history']")
    assert [one.xpath("string(summary)") for one in shown] == ["2 attempts"]
    assert "attempt 1" in shown[0].text_content()


def test_a_shop_is_paused_its_jobs_say_so_and_resuming_wakes_them(
    browser: Browser, make: Make, database: Database, messages: Messages
) -> None:
    shop = make.shop("Cyan")
    job = make.job(shop)
    browser.get(f"/shops/{shop}")
    tag = browser.get("/api/jobs/active").headers["ETag"]
    browser.post(f"/shops/{shop}/pause")
    with database.read() as session:
        assert session.get_one(Shop, shop).paused_at is not None
    answer = browser.get("/api/jobs/active", headers={"If-None-Match": tag}).json
    assert answer is not None
    (found,) = answer["jobs"]
    assert (found["status"], found["paused"], found["shown"]["state"], found["shown"]["rate"]) == (
        "running", True, "Paused", "",
    )  # fmt: skip
    page = browser.page("/jobs")
    assert page.xpath("//article//*[@data-testid='job-resume']/@formaction")[0] == f"/shops/{shop}/resume"
    assert browser.page(f"/shops/{shop}").xpath("//*[@data-testid='paused']")
    assert browser.post(f"/shops/{shop}/resume", {"next": "/jobs"}).location == "/jobs"
    assert messages() == [("resume_job", (job,))]
    with database.read() as session:
        assert session.get_one(Shop, shop).paused_at is None


def test_an_interrupted_job_says_why(browser: Browser, make: Make) -> None:
    job = make.job(
        make.shop(), JobStatus.INTERRUPTED, completed_at=now(), summary={"interrupted": "the shop was deleted"}
    )
    page = browser.page(f"/jobs/{job}")
    assert "the shop was deleted" in page.xpath("string(//*[@data-testid='interrupted'])")
