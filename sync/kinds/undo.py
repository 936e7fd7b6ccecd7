"""Undo a job: where the shop still holds what it wrote, what was there before comes back."""

from collections.abc import Sequence

from sync.chunks import Claimed
from sync.kinds import Done, Kind
from sync.outcome import Outcome, snooze
from sync.strategies.run import BUSY_DELAY, Run
from sync.strategies.work import take
from sync.undo.apply import undo
from sync.undo.open import fill
from sync.undo.record import record


def work(run: Run, items: Sequence[Claimed]) -> Done:
    """Undo what was written to the products of a chunk; those that somebody else holds wait."""
    works = take(run, [item.product_id for item in items if item.product_id is not None])
    found = undo(run, works)
    by_product = {one.work.product.id: one.outcome for one in found}
    outcomes: dict[int, Outcome] = {
        item.id: by_product.get(item.product_id or 0) or snooze(BUSY_DELAY) for item in items
    }
    return Done(outcomes, lambda session, _share: record(session, run, found))


UNDO = Kind("undo", fill, work)
