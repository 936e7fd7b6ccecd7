"""Remove products from a shop, by its policy."""

from collections.abc import Sequence

from sync.chunks import Claimed
from sync.kinds import Done, Kind
from sync.removals import fill
from sync.strategies.removal import record, remove
from sync.strategies.run import Run


def work(run: Run, items: Sequence[Claimed]) -> Done:
    """Remove the products of a chunk."""
    doomed = remove(run, items, str(run.params["policy"]))
    outcomes = {one.item.id: one.outcome for one in doomed if one.outcome is not None}
    return Done(outcomes, lambda session, share: record(session, run, doomed, share))


REMOVE = Kind("remove", fill, work)
