"""The actors of suppliers' feeds: one reads and plans a run, another applies its chunks."""

import dramatiq

from models import ItemStatus
from sync.errors import SyncError
from sync.outcome import Outcome
from sync.suppliers import chunks, ending
from sync.suppliers.execute import execute
from tasks.actors import _claimant, _conclude
from tasks.context import services

HOUR_MS = 3_600_000


def _run_failed(reason: str, progress_id: int) -> None:
    with services().db.write() as session:
        ending.fail(session, progress_id, reason)


@dramatiq.actor(queue_name="import", time_limit=6 * HOUR_MS, throws=(SyncError,), give_up=_run_failed)
def execute_feed(progress_id: int) -> None:
    """Read and plan a run that `sync.suppliers.feeds.open_run` opened, then have its chunks applied; goes on with one
    that was interrupted."""
    found = execute(services(), progress_id, _claimant())
    if isinstance(found, Outcome):
        if found.status == ItemStatus.RETRY:
            _conclude(Outcome(ItemStatus.PENDING, delay=found.delay))  # the run counts its attempts itself
        return
    for number in found:
        process_feed_chunk.send(progress_id, number)


def _chunk_failed(reason: str, progress_id: int, number: int) -> None:
    chunks.give_up_chunk(services(), progress_id, number, reason)


@dramatiq.actor(queue_name="import", time_limit=10 * 60_000, give_up=_chunk_failed)
def process_feed_chunk(progress_id: int, number: int) -> None:
    """Apply the chunk of that number: its rows are remembered, its offers written."""
    chunks.apply_chunk(services(), progress_id, number)
