"""How a job ends follows from its items."""

import pytest

from models import JobStatus
from sync.jobs import end_of


@pytest.mark.parametrize(
    ("counts", "interrupted", "status"),
    [
        ({}, False, JobStatus.COMPLETED),
        ({"pushed": 3, "unchanged": 1, "skipped": 2, "superseded": 1}, False, JobStatus.COMPLETED),
        ({"pushed": 3, "refused": 1}, False, JobStatus.COMPLETED_WITH_ERRORS),
        ({"unchanged": 3, "failed": 1}, False, JobStatus.COMPLETED_WITH_ERRORS),
        ({"failed": 2, "refused": 1}, False, JobStatus.FAILED),
        ({"pushed": 3, "cancelled": 1}, False, JobStatus.CANCELLED),
        ({"failed": 3, "cancelled": 1}, True, JobStatus.CANCELLED),
        ({"pushed": 3, "failed": 1}, True, JobStatus.INTERRUPTED),
        ({"failed": 4}, True, JobStatus.INTERRUPTED),
        ({"pushed": 4}, True, JobStatus.COMPLETED),
    ],
)
def test_the_end_of_a_job(counts: dict[str, int], interrupted: bool, status: JobStatus) -> None:
    assert end_of(counts, interrupted=interrupted) == status
