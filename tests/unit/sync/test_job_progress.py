"""The original service's functions, under their names and by their rules."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from models import Database, JobProgress, JobStatus, Shop, now
from sync.job_progress import (
    add_error,
    create_job_progress,
    get_active_jobs,
    get_progress_by_job_id,
    get_progress_summary,
    get_recent_jobs,
    get_shop_statistics,
    mark_completed,
    mark_failed,
    update_progress,
)


@pytest.fixture
def shop(database: Database) -> Shop:
    with database.write() as session:
        made = Shop(name="Cyan", address="http://127.0.0.1:9", key_encrypted="")
        session.add(made)
    return made


def created(database: Database, shop: Shop | None, job_id: str = "job-1", total: int = 150) -> int:
    with database.write() as session:
        return create_job_progress(session, job_id, shop, "import", total)


def job(database: Database, progress: int) -> JobProgress:
    with database.read() as session:
        return session.get_one(JobProgress, progress)


def test_a_job_starts_running(database: Database, shop: Shop) -> None:
    made = job(database, created(database, shop))
    assert (made.status, made.total_count, made.current_count) == (JobStatus.RUNNING, 150, 0)
    assert made.started_at is not None
    assert made.is_running


def test_a_retried_message_takes_its_job_up_again(database: Database, shop: Shop) -> None:
    assert created(database, shop) == created(database, shop)


def test_progress_counts_up_and_never_back(database: Database, shop: Shop) -> None:
    progress = created(database, shop)
    with database.write() as session:
        assert update_progress(session, progress, 75, [{"sku": "ABC123", "error": "Product already exists"}])
        assert update_progress(session, progress, 70)
    seen = job(database, progress)
    assert (seen.current_count, seen.error_count, seen.progress_percentage) == (75, 1, 50)
    assert seen.error_details == [{"sku": "ABC123", "error": "Product already exists"}]


def test_a_hundred_errors_are_kept_and_all_are_counted(database: Database, shop: Shop) -> None:
    progress = created(database, shop)
    with database.write() as session:
        for number in range(130):
            add_error(session, progress, f"SKU-{number}", "Invalid price " + "!" * 5000)
    seen = job(database, progress)
    assert (seen.error_count, len(seen.error_details)) == (130, 100)
    assert max(len(error["error"]) for error in seen.error_details) == 2000


def test_a_completed_job_is_done_whole(database: Database, shop: Shop) -> None:
    progress = created(database, shop)
    with database.write() as session:
        mark_completed(session, progress, {"imported": 150})
    seen = job(database, progress)
    assert (seen.status, seen.current_count, seen.summary) == (JobStatus.COMPLETED, 150, {"imported": 150})
    assert seen.is_completed
    assert (seen.duration_seconds or 0) >= 0


def test_a_job_with_errors_does_not_say_completed(database: Database, shop: Shop) -> None:
    progress = created(database, shop)
    with database.write() as session:
        add_error(session, progress, "ABC123", "Invalid price")
        mark_completed(session, progress)
    assert job(database, progress).status == JobStatus.COMPLETED_WITH_ERRORS


def test_a_failed_job_keeps_the_reason(database: Database, shop: Shop) -> None:
    progress = created(database, shop)
    with database.write() as session:
        mark_failed(session, progress, "the shop is gone", {"attempts": 4})
    seen = job(database, progress)
    assert seen.is_failed
    assert seen.error_details == [{"sku": "", "error": "the shop is gone"}]


def test_an_unknown_job_breaks_nothing(database: Database) -> None:
    with database.write() as session:
        assert not update_progress(session, 99, 5)
        assert not mark_completed(session, 99)
        assert not mark_failed(session, 99, "gone")
        assert not add_error(session, 99, "ABC123", "gone")
        assert get_progress_summary(session, 99) is None
        assert get_progress_by_job_id(session, "none") is None


def test_active_and_recent_jobs_are_at_most_twenty_the_newest_first(database: Database, shop: Shop) -> None:
    for number in range(25):
        created(database, shop, f"job-{number}")
    other = created(database, None, "other")
    with database.write() as session:
        session.execute(
            update(JobProgress).where(JobProgress.job_id == "job-0").values(created_at=now() - timedelta(hours=25))
        )
    with database.read() as session:
        active = get_active_jobs(session)
        assert len(active) == 20
        assert active[0].id == other
        assert {one.shop_id for one in get_active_jobs(session, shop.id)} == {shop.id}
        assert len(get_recent_jobs(session, shop.id, "import")) == 20
        assert get_recent_jobs(session, shop.id, "sync") == []


def test_a_summary_is_plain_data(database: Database, shop: Shop) -> None:
    progress = created(database, shop)
    with database.read() as session:
        summary = get_progress_summary(session, progress)
    assert summary is not None
    assert (summary["shop_name"], summary["progress_percentage"], summary["status"]) == ("Cyan", 0, "running")


def test_a_shops_statistics(database: Database, shop: Shop) -> None:
    done, failed, _ = (created(database, shop, f"job-{number}", 10) for number in range(3))
    with database.write() as session:
        mark_completed(session, done)
        mark_failed(session, failed, "down")
    with database.read() as session:
        found = get_shop_statistics(session, shop.id, 7)
    assert {key: found[key] for key in ("total_jobs", "completed", "failed", "active", "items", "errors")} == {
        "total_jobs": 3, "completed": 1, "failed": 1, "active": 1, "items": 10, "errors": 1,
    }  # fmt: skip
    assert found["average_duration"] >= 0
