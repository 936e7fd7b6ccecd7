"""Read a supplier's feed: its items are chunks of a thousand rows, which `process_feed_chunk` applies."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from models import JobProgress
from sync.chunks import Claimed
from sync.kinds import Done, Kind
from sync.strategies.run import Run


def fill(session: Session, job: JobProgress) -> None:
    """Nothing: the chunks are known once the file is read."""


def work(run: Run, items: Sequence[Claimed]) -> Done:
    """A feed has no shop and no lanes."""
    raise NotImplementedError("chunks of a feed are applied by process_feed_chunk")


FEED = Kind("feed", fill, work, queue="import", actor="execute_feed")
