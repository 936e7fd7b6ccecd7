"""What a job can do. The engine (sync.jobs, sync.lanes) opens, claims, settles and ends; a kind says what the work is.

A kind's items are worked on in chunks by lanes, at most `shop.max_concurrency` at a time in a shop.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models import JobProgress
from sync.chunks import Claimed
from sync.outcome import Outcome
from sync.services import Services
from sync.strategies.run import Run


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a chunk: an outcome for each item's id, and what else is to be written when they are settled.

    `record(session, milliseconds)` runs in the transaction that settles; `milliseconds` is each item's share.
    """

    outcomes: dict[int, Outcome]
    record: Callable[[Session, int], None] | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job.

    `fill` inserts the items, in the transaction that opens the job. `prepare`, called with (services, progress id,
    claimant), is a stage of its own before the lanes, delivered again until it is neither RETRY nor PENDING; where
    `discovers` is set it is what finds the items, and ends with `sync.jobs.opened`. `work` does a chunk in the shop; an
    item's own mistakes are outcomes, never exceptions. `queue` is where its lanes wait; `chunk` is how many items they
    take at a time (None: as the policy says); `two_hands` makes the next chunk ready while the shop answers (see
    sync.hands). A kind that has no lanes names the `actor` that is sent the progress id
    to start it and to go on with it; it claims and settles its items itself.
    """

    name: str
    fill: Callable[[Session, JobProgress], None]
    work: Callable[[Run, Sequence[Claimed]], Done]
    prepare: Callable[[Services, int, str], Outcome] | None = None
    discovers: bool = False
    queue: str = "prestashop_sync"
    chunk: int | None = None
    two_hands: bool = False
    actor: str | None = None
