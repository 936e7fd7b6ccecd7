"""Check what a shop holds against what was last sent there."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from models import JobProgress
from sync.chunks import Claimed
from sync.drift.check import check
from sync.kinds import Done, Kind
from sync.outcome import skipped
from sync.strategies.run import Run


def fill(_session: Session, _job: JobProgress) -> None:
    """Nothing yet: the check itself finds the items."""


def work(_run: Run, items: Sequence[Claimed]) -> Done:
    """Findings are settled as they are found; nothing is left to be done with them here."""
    return Done({item.id: skipped("a finding; repair it, or check again") for item in items})


DRIFT = Kind("drift", fill, work, prepare=check, discovers=True)
