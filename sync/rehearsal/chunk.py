"""A chunk of a plan: rehearsed with the very code of the push, or applied where nothing changed since."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from models import ItemStatus, JobItem
from sync.chunks import Claimed
from sync.clients.witness import OWNER
from sync.outcome import Outcome
from sync.rehearsal import ledger
from sync.rehearsal.client import RehearsalClient
from sync.rehearsal.database import ForgetfulDatabase
from sync.rehearsal.estimate import Cost, cost
from sync.rehearsal.mark import local_mark, plan_mark
from sync.rehearsal.shape import shape
from sync.strategies.product import push_products
from sync.strategies.run import Run
from sync.strategies.work import Work, record

APPLYING, AGAIN = "applying", "planned again"
"""Operations of an item: something of it may have been written; it was not written, because it changed."""
Result = tuple[list[Work], Callable[[Session, int], None]]


def rehearse(run: Run, items: Sequence[Claimed]) -> Result:
    """Plan the products of a chunk. Nothing is written in the shop, and of our own only the items' plans."""
    client = RehearsalClient(run.client)
    marks: dict[int, dict[str, str]] = {}

    def gate(works: Sequence[Work]) -> None:
        for work in works:
            marks[work.product.id] = {"mark": plan_mark(work), "local": local_mark(work)}

    services = replace(run.services, db=ForgetfulDatabase(run.services.db))
    before, started = run.client.requests.total, time.monotonic()
    works = push_products(replace(run, services=services, client=client, gate=gate), _product_ids(items))
    reads, reading = run.client.requests.total - before, time.monotonic() - started
    plans: dict[int, dict[str, Any]] = {}
    for work in works:
        images = client.images.done.get(work.link.external_id or 0)
        plans[work.product.id] = shape(work, marks.get(work.product.id, {}), images)
        work.outcome = _planned(work, plans[work.product.id])
    found = ledger.Rehearsed(
        _cost(run, client, reads, reading), Counter(_names(plans.values())), ledger.also(client.created)
    )

    def keep(session: Session, _milliseconds: int) -> None:
        _keep_plans(session, run, items, {pid: plan for pid, plan in plans.items() if plan["changes"] or len(plan) > 1})
        ledger.add(session, run.progress_id or 0, found)

    return works, keep


def _planned(work: Work, plan: dict[str, Any]) -> Outcome | None:
    outcome = work.outcome
    if outcome is None or outcome.status != ItemStatus.PUSHED:
        return outcome
    creates = any(one["operation"] == "create" and one["resource"] == "products" for one in plan["changes"])
    number = None if creates else outcome.external_id
    return Outcome(ItemStatus.PLANNED, "create" if creates else "update", number, outcome.error)


def _names(plans: Any) -> list[str]:
    """Which fields change how often, for the plan's summary: "price", "stock_availables.quantity"."""
    return [
        name if change["resource"] == "products" else f"{change['resource']}.{name}"
        for plan in plans
        for change in plan["changes"]
        if change["operation"] == "update"
        for name in change["after"]
    ]


def _cost(run: Run, client: RehearsalClient, reads: int, reading: float) -> Cost:
    images = sum((Counter(done) for done in client.images.done.values()), Counter[str]())
    entities = client.entities + Counter({("POST", "images"): images["upload"], ("DELETE", "images"): images["delete"]})
    mine = {kind: number for kind, number in client.writes.items() if kind[0] != "POST" or kind[1] in OWNER}
    writes = Counter(mine) + Counter(
        {
            ("POST", "images"): images["upload"],
            ("GET", "images"): images["upload"],
            ("DELETE", "images"): images["delete"],
            ("PATCH", "images"): images["cover"],
        }
    )
    return cost(reads, reading, entities, writes, (run.shop.latency_ms or 0.0) / 1000, run.shop.pace)


@dataclass(slots=True)
class Gate:
    """Lets pass what is still as it was planned. What has passed is written down before it is written in the shop, so
    that it goes on after a kill."""

    run: Run
    items: dict[int, Claimed]
    passed: set[int]
    again: dict[int, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, works: Sequence[Work]) -> None:
        good = [work for work in works if self._is_as_planned(work)]
        fresh = [self.items[work.product.id].id for work in good if work.product.id not in self.passed]
        self.passed.update(work.product.id for work in good)
        if fresh:
            with self.run.services.db.write() as session:
                mine = (JobItem.id.in_(fresh), JobItem.claimed_by == self.run.claimant)
                session.execute(update(JobItem).where(*mine).values(operation=APPLYING))

    def _is_as_planned(self, work: Work) -> bool:
        number = work.product.id
        plan = self.items[number].data or {}
        marks = {"mark": plan_mark(work), "local": local_mark(work)}
        key = "local" if number in self.passed else "mark"
        if plan.get(key) == marks[key]:
            return True
        self.again[number] = shape(work, marks)
        reason = "changed since it was planned; nothing was sent, look at its new plan"
        work.outcome = Outcome(ItemStatus.SKIPPED, AGAIN, work.link.external_id, reason)
        return False


def apply(run: Run, items: Sequence[Claimed]) -> Result:
    """Push the products of an approved plan; one that changed meanwhile is not sent, but planned again."""
    by_product = {item.product_id: item for item in items if item.product_id is not None}
    gate = Gate(run, by_product, _begun(run, items))
    works = push_products(replace(run, gate=gate), _product_ids(items))
    for work in works:
        if work.outcome and not work.outcome.settled and work.product.id in gate.passed:
            work.outcome = replace(work.outcome, operation=APPLYING)

    def keep(session: Session, milliseconds: int) -> None:
        record(session, run, works, milliseconds, run.progress_id)
        _keep_plans(session, run, items, gate.again)

    return works, keep


def _begun(run: Run, items: Sequence[Claimed]) -> set[int]:
    query = select(JobItem.product_id).where(JobItem.id.in_([item.id for item in items]), JobItem.operation == APPLYING)
    with run.services.db.read() as session:
        return {number for number in session.scalars(query) if number is not None}


_KEEP = (
    update(JobItem)
    .where(JobItem.id == bindparam("item_id"), JobItem.claimed_by == bindparam("held_by"))
    .values(data=bindparam("plan", type_=JobItem.__table__.c.data.type))
)


def _keep_plans(session: Session, run: Run, items: Sequence[Claimed], plans: dict[int, dict[str, Any]]) -> None:
    rows = [
        {"item_id": item.id, "held_by": run.claimant, "plan": plans[item.product_id]}
        for item in items
        if item.product_id in plans
    ]
    if rows:
        session.connection().execute(_KEEP, rows)


def _product_ids(items: Sequence[Claimed]) -> list[int]:
    return [item.product_id for item in items if item.product_id is not None]
