"""The first stage of an import: finding the products, a page of ids and references at a time.

What is found so far is the job's own items, so that a stage that was killed goes on behind the last of them.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from models import ItemStatus, JobItem, JobProgress, JobStatus, Shop, now
from models.types import nfc
from prestashop_client import PrestaShopClient, PrestaShopError
from prestashop_client.query import greater
from sync import jobs
from sync.intake.doubles import settle_doubles
from sync.intake.members import members_of
from sync.intake.selection import ImportSelection
from sync.outcome import Outcome, failed, pushed, skipped, snooze
from sync.services import Services
from sync.strategies.run import outcome_of

PAGE = 2000
"""Products a page: 0.27 ms each (prestashop.md 10), so half a second of the shop's work."""
SHOWN = ("id", "reference", "state")
TURN = 5.0
"""Seconds after which the stage lets others go first."""

Row = dict[str, Any]
_SKIP = (
    update(JobItem)
    .where(JobItem.id == bindparam("item_id"))
    .values({name: bindparam(name) for name in ("status", "error", "finished_at")})
)


def discover(services: Services, progress_id: int, _claimant: str) -> Outcome:
    """Find the products of an import; see sync.kinds.Kind.prepare."""
    with services.db.write() as session:
        job = session.get(JobProgress, progress_id)
        if job is None or job.status != JobStatus.RUNNING or job.opened_at is not None or job.shop is None:
            return skipped("the job has ended, is open already, or its shop is gone")
        jobs.expect(session, progress_id, 300.0)
        shop, selection = job.shop, ImportSelection.from_params(job.params["selection"])
        late = now() - (job.started_at or now()) > timedelta(seconds=services.policy.retry_until)
    if late:
        return fail(services, progress_id, "the shop's products could not be listed within a day")
    if not shop.languages:
        return fail(services, progress_id, f"no language of shop {shop.name!r} is known yet; test its connection first")
    try:
        with services.connect(shop) as client:
            return Discovery(services, progress_id, shop, selection, client).run()
    except PrestaShopError as error:
        outcome = outcome_of(error)
        if outcome.status in (ItemStatus.RETRY, ItemStatus.PENDING):
            delay = max(outcome.delay or 0.0, services.policy.retry_delays[0])
            return snooze(delay)
        return fail(services, progress_id, str(error))


class Discovery:
    """One go at finding the products of a job."""

    def __init__(
        self, services: Services, progress_id: int, shop: Shop, selection: ImportSelection, client: PrestaShopClient
    ) -> None:
        self.services, self.progress_id, self.shop = services, progress_id, shop
        self.selection, self.client = selection, client

    def run(self) -> Outcome:
        """List, insert, settle the doubled ones, open."""
        until = time.monotonic() + TURN
        last, found = self._so_far()
        for page in self._pages(last):
            room = None if self.selection.limit is None else self.selection.limit - found
            rows = page if room is None else page[: max(0, room)]
            if not self._insert(rows):
                return snooze(1.0)  # another delivery of this message is at it
            found += len(rows)
            if room is not None and room <= len(page):
                break
            if time.monotonic() > until:
                return snooze(0.0)
        with self.services.db.read() as session:
            references = None if self._whole else self.client.find_by_reference
            doubles = settle_doubles(session, self.shop.id, self.progress_id, references)
        self._open(doubles)
        return pushed("found", None)

    @property
    def _whole(self) -> bool:
        return self.selection.kind == "all" and self.selection.limit is None

    def _so_far(self) -> tuple[int, int]:
        query = select(func.max(JobItem.external_id), func.count()).where(JobItem.progress_id == self.progress_id)
        with self.services.db.read() as session:
            last, found = session.execute(query).one()
        return last or 0, found

    def _pages(self, after: int) -> Iterator[list[Row]]:
        match self.selection.kind:
            case "all":
                yield from self._every(after)
            case "categories":
                yield from self._named(members_of(self.client, self.selection.ids), after)
            case "ids":
                yield from self._named(self.selection.ids, after, missing=True)
            case _:
                yield self._referred(after)

    def _every(self, after: int) -> Iterator[list[Row]]:
        """All products but drafts that the back office does not show either (state 0)."""
        last = after
        while True:
            filters = {"id": greater(last), "state": 1}
            page = self.client.list("products", filters=filters, display=SHOWN, limit=PAGE)
            if page:
                yield [self._row(one) for one in page]
                last = page[-1]["id"]
            if len(page) < PAGE:
                return

    def _named(self, ids: Sequence[int], after: int, *, missing: bool = False) -> Iterator[list[Row]]:
        wanted = sorted(number for number in set(ids) if number > after)
        for first in range(0, len(wanted), PAGE):
            part = wanted[first : first + PAGE]
            found = self.client.get_many("products", part, display=SHOWN)
            shown = [self._row(found[number]) for number in part if number in found]
            gone = [self._gone(number) for number in part if missing and number not in found]
            yield sorted([*shown, *gone], key=lambda row: row["external_id"])

    def _referred(self, after: int) -> list[Row]:
        wanted = list(dict.fromkeys(self.selection.references))
        found = self.client.find_by_reference(wanted, display=SHOWN)
        rows = {int(one["id"]): self._row(one) for same in found.values() for one in same if int(one["id"]) > after}
        missing = [self._unknown(reference) for reference in wanted if not found[reference]] if not after else []
        return [*missing, *(rows[number] for number in sorted(rows))]

    def _row(self, product: Row) -> Row:
        number = int(product["id"])
        return {
            "progress_id": self.progress_id,
            "key": f"external:{number}",
            "external_id": number,
            "sku": nfc(product["reference"]),
            "status": ItemStatus.PENDING,
            "error": None,
            "finished_at": None,
        }

    def _gone(self, number: int) -> Row:
        return {**self._row({"id": number, "reference": ""}), **_skipped(f"the shop has no product {number}")}

    def _unknown(self, reference: str) -> Row:
        row = {**self._row({"id": 0, "reference": reference[:64]}), "external_id": None}
        reason = f"the shop has no product with reference {reference!r}"
        return {**row, "key": f"reference:{reference}"[:80], **_skipped(reason)}

    def _insert(self, rows: list[Row]) -> bool:
        try:
            with self.services.db.write() as session:
                if rows:
                    session.execute(insert(JobItem), rows)
                jobs.expect(session, self.progress_id, 300.0)
        except IntegrityError:
            return False
        return True

    def _open(self, doubles: list[Row]) -> None:
        with self.services.db.write() as session:
            job = jobs.get(session, self.progress_id)
            if job.opened_at is not None:
                return
            if doubles:
                session.connection().execute(_SKIP, doubles)
            jobs.recount(session, job)
            jobs.opened(session, job)


def _skipped(reason: str) -> Row:
    return {"status": ItemStatus.SKIPPED, "error": reason, "finished_at": now()}


def fail(services: Services, progress_id: int, reason: str) -> Outcome:
    """The products cannot be listed: the job ends, and says why."""
    with services.db.write() as session:
        job = jobs.get(session, progress_id)
        if job.status != JobStatus.RUNNING or job.opened_at is not None:
            return failed(reason)
        row = {"progress_id": progress_id, "key": "products", "status": ItemStatus.FAILED, "error": reason}
        session.execute(insert(JobItem), [{**row, "finished_at": now()}])
        jobs.give_up(session, progress_id, reason)
        jobs.opened(session, job)
        jobs.finish(session, progress_id)
    return pushed("found", None)
