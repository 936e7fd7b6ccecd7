"""Remove products from a shop, by its policy."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from sync.chunks import Claimed
from sync.clients.witness import Witness
from sync.kinds import Done, Kind
from sync.removals import fill
from sync.strategies import history
from sync.strategies.removal import record, remove
from sync.strategies.run import Run


def work(run: Run, items: Sequence[Claimed]) -> Done:
    """Remove the products of a chunk."""
    witness = Witness(run.client)
    doomed = remove(replace(run, client=witness), items, str(run.params["policy"]))
    outcomes = {one.item.id: one.outcome for one in doomed if one.outcome is not None}
    changes = witness.changes_by_product()
    written = [
        (one.item.product_id, change)
        for one in doomed
        if one.item.product_id is not None
        for change in changes.get(one.external_id, ())
    ]

    def keep(session: Session, share: int) -> None:
        record(session, run, doomed, share)
        history.write(session, run, written, run.progress_id)

    return Done(outcomes, keep)


REMOVE = Kind("remove", fill, work)
