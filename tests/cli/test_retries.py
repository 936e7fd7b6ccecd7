"""Trying again and holding a shop from the command line."""

import json

import pytest

from models import JobItem, JobProgress, JobStatus, Shop, now
from sync.services import Services
from sync.signatures import error_signature
from tests.cli.conftest import Invoke

STUB = {"BROKER_URL": "stub://"}


@pytest.fixture
def ended(stored: Services) -> int:
    """A job with one item that failed and one that was refused."""
    with stored.db.write() as session:
        shop = Shop(name="Cyan", address="http://x", key_encrypted=stored.vault.encrypt("K" * 32))
        session.add(shop)
        session.flush()
        job = JobProgress(
            job_id="ended", job_type="sync", shop_id=shop.id, status=JobStatus.COMPLETED_WITH_ERRORS, error_count=2,
            params={"selection": {"kind": "all"}}, completed_at=now(),
        )  # fmt: skip
        session.add(job)
        session.flush()
        for sku, status, error in (("S-1", "failed", "no answer in 5 s"), ("S-2", "refused", "no answer in 7 s")):
            session.add(
                JobItem(
                    progress_id=job.id, key=sku, sku=sku, status=status, error=error,
                    signature=error_signature(error), finished_at=now(),
                )
            )  # fmt: skip
        return job.id


def test_what_failed_is_retried_once(invoke: Invoke, stored: Services, ended: int) -> None:
    (made,) = json.loads(invoke("jobs", "retry", str(ended), "--json", more_env=STUB).output)
    with stored.db.read() as session:
        assert session.get_one(JobProgress, made["id"]).parent_id == ended
    again = invoke("jobs", "retry", str(ended), more_env=STUB)
    assert (again.exit_code, again.output) == (1, f"Error: nothing of job {ended} is left to be retried\n")


def test_groups_are_listed_and_retried_whole(invoke: Invoke, stored: Services, ended: int) -> None:
    (group,) = json.loads(invoke("jobs", "errors", "--groups", "--json").output)
    assert (group["count"], group["shop_name"], group["sku"]) == (2, "Cyan", "S-2")
    assert group["signature"] in invoke("jobs", "errors", "--groups").output
    assert invoke("jobs", "retry", group["signature"], more_env=STUB).exit_code == 0
    assert json.loads(invoke("jobs", "errors", "--groups", "--json").output) == []
    nothing = invoke("jobs", "retry", group["signature"], more_env=STUB)
    assert (nothing.exit_code, nothing.output) == (1, "Error: nothing with this error waits to be retried\n")


@pytest.mark.parametrize("arguments", [[], ["1", "--groups"], ["--groups", "--csv"]])
def test_errors_are_of_one_job_or_of_all(invoke: Invoke, arguments: list[str]) -> None:
    assert invoke("jobs", "errors", *arguments).exit_code == 2


def test_a_shop_is_paused_and_resumed(invoke: Invoke, stored: Services, ended: int) -> None:
    assert "shop Cyan is paused" in invoke("shop", "pause", "cyan").output
    assert invoke("shop", "pause", "cyan").exit_code == 1
    (listed,) = json.loads(invoke("shop", "list", "--json").output)
    assert listed["paused_at"] is not None
    assert invoke("shop", "resume", "cyan").output == "shop Cyan goes on; 0 jobs are woken\n"
    assert invoke("shop", "resume", "cyan").exit_code == 1
