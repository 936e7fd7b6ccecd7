"""Who is at work, so that what a dead worker held is free again: claims end with their claimant, not with the clock.

A claimant (a message's id) enters a row while it works, and a thread of its process counts the row's beats up. Every
other process looks on: a row whose count stands still over ten looks has nobody behind it, and what it held is freed.
Only looks are counted, so neither a clock that jumps nor a database that is away for a while makes anybody dead.
"""

import random
import threading
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import case, delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models import (
    Database,
    ItemStatus,
    JobItem,
    JobProgress,
    JobStatus,
    Presence,
    ProductSyncStatus,
    Shop,
    ShopMapping,
    ShopSlot,
    SyncStatus,
    now,
)  # fmt: skip
from sync.deadly import count_killed

logger = structlog.get_logger(__name__)

LOOKS = 10
"""So many looks at a count that stands still make its claimant dead."""


class Busy(Exception):
    """Raised when the claimant is at work already: its message was delivered twice."""


class Watch:
    """The presence of one process, and its eye on the others. `silence` is in seconds: after it, somebody is dead."""

    def __init__(self, db: Database, silence: float) -> None:
        self.db, self.interval = db, silence / LOOKS
        self.process = uuid.uuid4().hex
        self._active: set[str] = set()
        self._seen: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._for_good = False

    def enter(self, session: Session, claimant: str) -> bool:
        """Say that it works from now on, in the caller's transaction; False while its last holder may still live."""
        row = session.get(Presence, claimant, populate_existing=True)
        with self._lock:
            if row is not None and (row.process != self.process or claimant in self._active):
                return False
            self._active.add(claimant)
        beats = random.randrange(2**30)  # never the count that somebody saw the last time
        if row is None:
            session.add(Presence(claimant=claimant, process=self.process, beats=beats))
        else:
            row.beats = beats
        session.flush()
        self._keep_beating()
        return True

    def leave(self, session: Session, claimant: str) -> None:
        """Say that it holds nothing any more, in the caller's transaction."""
        session.execute(delete(Presence).where(Presence.claimant == claimant, Presence.process == self.process))
        self._forget(claimant)

    def abandon(self, claimant: str) -> None:
        """It failed: free what it held. Where the database does not answer, somebody else's look will do it."""
        self._forget(claimant)
        try:
            with self.db.write() as session:
                free(session, [claimant])
                self.leave(session, claimant)
        except SQLAlchemyError as error:
            logger.warning("claims are left to be freed", claimant=claimant, error=type(error).__name__)

    @contextmanager
    def at_work(self, claimant: str) -> Iterator[None]:
        """Be present over a block of work. Raises Busy."""
        with self.db.write() as session:
            if not self.enter(session, claimant):
                raise Busy
        try:
            yield
        except BaseException:
            self.abandon(claimant)
            raise
        with self.db.write() as session:
            self.leave(session, claimant)

    def start(self) -> None:
        """Look on for as long as the process lives, whether it works or not."""
        self._for_good = True
        self._keep_beating()

    def stop(self) -> None:
        """Look on no longer."""
        self._for_good = False
        self._wake.set()

    def _forget(self, claimant: str) -> None:
        with self._lock:
            self._active.discard(claimant)
            if not self._active and not self._for_good:
                self._wake.set()

    def _keep_beating(self) -> None:
        with self._lock:
            if self._thread is None:
                self._wake.clear()
                self._thread = threading.Thread(target=self._run, name="presence", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            self._wake.wait(self.interval)
            with self._lock:
                if not self._active and not self._for_good:
                    self._thread = None
                    return
                self._wake.clear()
            self._do(self.beat)
            self._do(self.look)

    def _do(self, what: Callable[[], object]) -> None:
        try:
            what()
        except SQLAlchemyError as error:
            self._seen.clear()  # what nobody could write down proves nothing
            logger.warning("presence: the database does not answer", error=type(error).__name__)
        except Exception:
            logger.exception("presence")

    def beat(self) -> None:
        """Count up the rows of those that work here."""
        with self._lock:
            mine = sorted(self._active)
        if mine:
            with self.db.write() as session:
                session.execute(
                    update(Presence)
                    .where(Presence.claimant.in_(mine), Presence.process == self.process)
                    .values(beats=Presence.beats + 1)
                )

    def look(self) -> list[str]:
        """Look at every count once; free what those held that were seen to stand still. Their names."""
        with self.db.read() as session:
            rows = session.execute(select(Presence.claimant, Presence.beats)).all()
        self._seen = {name: (beats, self._looks(name, beats)) for name, beats in rows}
        gone = [(name, beats) for name, (beats, looks) in self._seen.items() if looks > LOOKS]
        return [name for name, beats in gone if self._bury(name, beats)]

    def _looks(self, claimant: str, beats: int) -> int:
        before, looks = self._seen.get(claimant, (beats, 0))
        return looks + 1 if before == beats else 1

    def _bury(self, claimant: str, beats: int) -> bool:
        with self.db.write() as session:
            row = delete(Presence).where(Presence.claimant == claimant, Presence.beats == beats)
            if session.connection().execute(row).rowcount != 1:
                return False
            count_killed(session, claimant)
            free(session, [claimant])
        logger.warning("a worker is gone; what it held is free", claimant=claimant)
        return True


def free(session: Session, claimants: Collection[str]) -> None:
    """Free the items, links, mappings and slots that these hold."""
    _free_items(session, claimants)
    _free_links(session, ProductSyncStatus.claimed_by.in_(claimants))
    session.execute(update(ShopMapping).where(ShopMapping.claimed_by.in_(claimants)).values(claimed_by=None))
    session.execute(
        update(ShopSlot).where(ShopSlot.holder.in_(claimants)).values(holder=None, last_holder=ShopSlot.holder)
    )


def _free_items(session: Session, claimants: Collection[str]) -> None:
    """Their jobs are due at once: there may be no lane left that would come upon the items."""
    running = select(JobProgress.id).where(JobProgress.status == JobStatus.RUNNING)
    held = (
        JobItem.progress_id.in_(running),
        JobItem.status == ItemStatus.CLAIMED,
        JobItem.claimed_by.in_(claimants),
    )
    jobs = session.scalars(select(JobItem.progress_id).where(*held).distinct()).all()
    if jobs:
        session.execute(update(JobItem).where(*held).values(status=ItemStatus.PENDING, claimed_by=None))
        session.execute(update(JobProgress).where(JobProgress.id.in_(jobs)).values(due_at=now()))


def _free_links(session: Session, held: object) -> None:
    """A link that was being pushed shows again how it stood before."""
    link = ProductSyncStatus
    stood = case(
        (link.conflict.is_not(None), SyncStatus.CONFLICT),
        (link.error_message.is_not(None), SyncStatus.ERROR),
        (link.last_success_at.is_not(None), SyncStatus.SYNCED),
        else_=SyncStatus.PENDING,
    )
    shops = select(Shop.id)  # both columns of the index
    session.execute(
        update(link)
        .where(link.shop_id.in_(shops), link.sync_status == SyncStatus.SYNCING, held)  # type: ignore[arg-type]
        .values(claimed_by=None, sync_status=stood)
    )


def free_orphans(session: Session) -> None:
    """Free what is held by nobody who is known: a claim is made only by somebody present, and goes with its claimant,
    but for rows that were restored from a backup, or left by a version that knew no presence."""
    known = select(Presence.claimant)
    held = select(JobItem.claimed_by).where(JobItem.status == ItemStatus.CLAIMED, JobItem.claimed_by.not_in(known))
    _free_items(session, [name for name in session.scalars(held.distinct()) if name])
    link = ProductSyncStatus
    _free_links(session, link.claimed_by.is_not(None) & link.claimed_by.not_in(known))
    for table, holder in ((ShopMapping, ShopMapping.claimed_by), (ShopSlot, ShopSlot.holder)):
        session.execute(update(table).where(holder.is_not(None), holder.not_in(known)).values({holder: None}))
