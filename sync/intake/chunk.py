"""A chunk of an import: fetched, read, written, and an outcome for each of its items."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import ItemStatus, JobItem, JobProgress, SyncLog
from prestashop_client import PrestaShopError
from sync.chunks import Claimed
from sync.intake.fetch import PREFETCHER, Fetched, fetch, job_key
from sync.intake.images import take_images
from sync.intake.memory import images_left, remember, remembered
from sync.intake.names import ShopNames, learn, names_for, read_categories
from sync.intake.read import Unreadable, read_product
from sync.intake.selection import ImportSelection
from sync.intake.values import Incoming
from sync.intake.writer import Writer
from sync.kinds import Done
from sync.outcome import Outcome, refused, retry, skipped, snooze
from sync.strategies.run import Run, outcome_of

logger = structlog.get_logger(__name__)

IMAGE_SECONDS = 5.0
"""After these a chunk leaves the rest of its images to the next one."""
TRIES = 3
"""Goes at writing a chunk, where somebody else makes the same product or category at the same moment."""


def import_chunk(run: Run, items: Sequence[Claimed]) -> Done:
    """Import the products of these items; see sync.kinds.Kind.work."""
    selection = ImportSelection.from_params(run.params["selection"])
    items = [replace(item, external_id=_number(item.key)) for item in items]
    fresh = [item for item in items if not item.data]
    written: dict[int, dict[str, Any] | None] = {item.id: item.data for item in items if item.data}
    outcomes: dict[int, Outcome] = {}
    if fresh:
        try:
            outcomes = Chunk(run, selection, fresh).run()
        except PrestaShopError as error:
            outcomes = {item.id: outcome_of(error, item.external_id) for item in fresh}
    if selection.images:
        written |= _written(run, [item for item in fresh if outcomes[item.id].settled])
    outcomes |= _with_images(run, [item for item in items if item.id in written], written)
    return Done(outcomes, lambda session, share: _log(session, run, items, outcomes, share))


class Chunk:
    """One go at the products of some items."""

    def __init__(self, run: Run, selection: ImportSelection, items: Sequence[Claimed]) -> None:
        self.run_, self.selection, self.items = run, selection, items
        self.by_number = {item.external_id: item for item in items if item.external_id is not None}

    def run(self) -> dict[int, Outcome]:
        """An outcome for each item. Raises PrestaShopError."""
        run, progress_id = self.run_, self.run_.progress_id or 0
        job = job_key(run.services, progress_id)
        ids = list(self.by_number)
        fetched = PREFETCHER.take(job, ids) or fetch(run.client, ids)
        ahead = [] if self.selection.images or run.shop.max_concurrency > 1 else self._next(progress_id)
        if ahead:
            PREFETCHER.start(run.services, run.shop, job, ahead)
        if fetched.lacking:
            self._say(progress_id, fetched.lacking)
        names = names_for(job, run.shop, run.client)
        incoming, outcomes = self._read(fetched, names)
        outcomes |= self._write(incoming, names)
        return {item.id: outcomes.get(item.external_id or 0) or _gone(item) for item in self.items}

    def _say(self, progress_id: int, message: str) -> None:
        """What holds for the whole job is said once, on the job."""
        with self.run_.services.db.write() as session:
            found = session.get(JobProgress, progress_id)
            if found is not None and found.summary.get("message") != message:
                found.summary = {**found.summary, "message": message}

    def _next(self, progress_id: int) -> list[int]:
        query = (
            select(JobItem.key)
            .where(JobItem.progress_id == progress_id, JobItem.status == ItemStatus.PENDING)
            .order_by(JobItem.priority, JobItem.id)
            .limit(len(self.items))
        )
        with self.run_.services.db.read() as session:
            return [number for key in session.scalars(query) if (number := _number(key)) is not None]

    def _read(self, fetched: Fetched, names: ShopNames) -> tuple[list[Incoming], dict[int, Outcome]]:
        client = self.run_.client
        rows = [row for same in fetched.combinations.values() for row in same]
        prices = [row for same in fetched.prices.values() for row in same]
        learn(names, client, fetched.products.values(), rows, prices)
        if any(_unknown_categories(one, names) for one in fetched.products.values()):
            read_categories(names, client)
        found, outcomes = [], {}
        for number, document in sorted(fetched.products.items()):
            parts = (fetched.stock, fetched.combinations, fetched.prices)
            try:
                one = read_product(document, names, *(part.get(number, ()) for part in parts))
                found.append(replace(one, prices_known=fetched.lacking is None))
            except Unreadable as error:
                outcomes[number] = refused(str(error), number)
        return found, outcomes

    def _write(self, incoming: Sequence[Incoming], names: ShopNames) -> dict[int, Outcome]:
        outcomes, rivals = self._tried(incoming, names)
        if not rivals:
            return outcomes
        there = {int(one["id"]) for one in self.run_.client.list("products", filters={"id": sorted(rivals)})}
        gone = rivals.keys() - there
        again = [one for one in incoming if one.external_id in {rivals[number] for number in gone}]
        return outcomes | (self._tried(again, names, gone)[0] if again else {})

    def _tried(
        self, incoming: Sequence[Incoming], names: ShopNames, gone: Iterable[int] = ()
    ) -> tuple[dict[int, Outcome], dict[int, int]]:
        for _ in range(TRIES):
            try:
                return self._once(incoming, names, gone)
            except IntegrityError as error:
                logger.info("written by somebody else meanwhile", reason=str(error.orig))
        if len(incoming) > 1:
            return self._one_by_one(incoming, names, gone)
        reason = "the product is being written by somebody else, or its codes are another's"
        return {one.external_id: retry(reason, one.external_id) for one in incoming}, {}

    def _one_by_one(
        self, incoming: Sequence[Incoming], names: ShopNames, gone: Iterable[int]
    ) -> tuple[dict[int, Outcome], dict[int, int]]:
        outcomes: dict[int, Outcome] = {}
        rivals: dict[int, int] = {}
        for one in incoming:
            found, others = self._tried([one], names, gone)
            outcomes |= found
            rivals |= others
        return outcomes, rivals

    def _once(
        self, incoming: Sequence[Incoming], names: ShopNames, gone: Iterable[int]
    ) -> tuple[dict[int, Outcome], dict[int, int]]:
        run = self.run_
        with run.services.db.write() as session:
            writer = Writer(session, run.shop, names, self.selection, run.claimant)
            writer.write(incoming, gone)
            remember(session, self.by_number, incoming, writer.outcomes, writer.links, self.selection.images)
        return writer.outcomes, writer.rivals


def _number(key: str) -> int | None:
    """The product's id in the shop, by the item's key: an attempt that failed leaves the item without its own."""
    text = key.removeprefix("external:")
    return int(text) if text.isdecimal() else None


def _gone(item: Claimed) -> Outcome:
    return skipped(f"product {item.external_id or item.sku} was deleted in the shop meanwhile")


def _unknown_categories(document: Mapping[str, Any], names: ShopNames) -> bool:
    """Whether a product is in a category that was made after the tree was read."""
    entries = (document.get("associations") or {}).get("categories") or ()
    fresh = {int(one["id"]) for one in entries} - names.looked_for
    names.looked_for |= fresh
    return bool(fresh - names.categories.keys() - {names.home, 1})


def _written(run: Run, items: Sequence[Claimed]) -> dict[int, dict[str, Any] | None]:
    """What was remembered of these items when they were written."""
    query = select(JobItem.id, JobItem.data).where(JobItem.id.in_([item.id for item in items]))
    with run.services.db.read() as session:
        return {number: data for number, data in session.execute(query) if data}


def _with_images(
    run: Run, items: Sequence[Claimed], written: Mapping[int, dict[str, Any] | None]
) -> dict[int, Outcome]:
    """The images of products that are written, as many as there is time for; the others have their turn later."""
    until = min(time.monotonic() + IMAGE_SECONDS, run.deadline)
    outcomes: dict[int, Outcome] = {}
    trouble: Outcome | None = None
    for item in items:
        data = written[item.id] or {}
        outcome = remembered(data, item.external_id)
        if not images_left(data):
            outcomes[item.id] = outcome
        elif trouble is not None or time.monotonic() > until:
            outcomes[item.id] = trouble or snooze(0.0)
        else:
            try:
                notes = take_images(run, item.external_id or 0, data)
                outcomes[item.id] = replace(outcome, error="; ".join([outcome.error or "", *notes]).strip("; ") or None)
            except PrestaShopError as error:
                found = outcome_of(error, item.external_id)
                outcomes[item.id] = found
                trouble = found if found.shop_wide else None
    return outcomes


def _log(
    session: Session, run: Run, items: Sequence[Claimed], outcomes: Mapping[int, Outcome], milliseconds: int
) -> None:
    """One line for what was imported, updated or refused."""
    words = {ItemStatus.PUSHED: "success", ItemStatus.REFUSED: "error", ItemStatus.FAILED: "error"}
    query = select(JobItem.id, JobItem.product_id).where(JobItem.id.in_([item.id for item in items]))
    ours = {number: product for number, product in session.execute(query)}  # noqa: C416 - a Row is no pair for mypy
    rows = [
        {
            "shop_id": run.shop.id,
            "product_id": ours.get(item.id),
            "progress_id": run.progress_id,
            "operation": "import_product",
            "direction": "from_shop",
            "status": words[outcomes[item.id].status],
            "message": outcomes[item.id].error or f"{outcomes[item.id].operation} {item.sku or item.external_id}",
            "execution_time_ms": milliseconds,
        }
        for item in items
        if outcomes[item.id].status in words
    ]
    if rows:
        session.execute(insert(SyncLog), rows)
