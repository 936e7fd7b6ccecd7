"""A check of a shop, as the stage before a job's lanes: it finds the items, all of them settled already.

A page is asked for, compared, and written down with how far the check has come, in one transaction: a check that was
killed goes on behind its last page.
"""

import time
from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import ItemStatus, JobItem, JobProgress, JobStatus, ProductSyncStatus, Shop, now
from prestashop_client import PrestaShopClient, PrestaShopError
from sync import jobs
from sync.drift import combinations, products, stock
from sync.drift.findings import UNKNOWN, UNKNOWN_LISTED, Finding, keep, settle_doubles
from sync.drift.state import State
from sync.drift.words import message
from sync.intake.discover import fail
from sync.outcome import Outcome, pushed, skipped, snooze
from sync.services import Services
from sync.strategies.run import outcome_of

TURN = 5.0
"""Seconds after which the stage lets others go first."""
SPARE = products.PAGE // products.FULL + 1
"""Requests that a page of products may need besides its own."""


def check(services: Services, progress_id: int, _claimant: str) -> Outcome:
    """Check as many pages as a turn and the budget allow; see sync.kinds.Kind.prepare."""
    with services.db.read() as session:
        job = session.get(JobProgress, progress_id)
        if job is None or job.status != JobStatus.RUNNING or job.opened_at is not None or job.shop is None:
            return skipped("the job has ended, is open already, or its shop is gone")
        shop, budget = job.shop, int(job.params["budget"])
        late = now() - (job.started_at or now()) > timedelta(seconds=services.policy.retry_until)
    if late:
        return fail(services, progress_id, "the shop could not be read within a day")
    until = time.monotonic() + TURN
    try:
        with services.connect(shop) as client:
            round_ = Round(services, progress_id, shop, client, budget)
            while time.monotonic() < until:
                if round_.page():
                    return pushed("checked", None)
    except PrestaShopError as error:
        outcome = outcome_of(error)
        if outcome.status in (ItemStatus.RETRY, ItemStatus.PENDING):
            return snooze(max(outcome.delay or 0.0, services.policy.retry_delays[0]))
        return fail(services, progress_id, str(error))
    return snooze(0.0)


class Round:
    """Pages of a check, one after the other."""

    def __init__(self, services: Services, progress_id: int, shop: Shop, client: PrestaShopClient, budget: int) -> None:
        self.services, self.progress_id, self.shop = services, progress_id, shop
        self.client, self.budget = client, budget

    def page(self) -> bool:
        """Check one page; whether the job is done: the cycle is complete, or its requests are used up."""
        with self.services.db.read() as session:
            state = self._state(jobs.get(session, self.progress_id))
            if state.stage == "combinations" and not state.last and not combinations.wanted(session, self.shop):
                state.move(None)
        if state.complete or (state.requests and state.requests + 1 + SPARE > self.budget):
            self._end(state)
            return True
        before, started = self.client.requests.total, time.monotonic()
        if state.stage == "products":
            self._products(state, before, started)
        else:
            self._rows(state, before, started)
        return False

    def _state(self, job: JobProgress) -> State:
        return State.of(job.summary, job.params.get("from"), now().isoformat())

    def _products(self, state: State, before: int, started: float) -> None:
        page = products.ask(self.client, state.last)
        with self.services.db.read() as session:
            links = products.known_links(session, self.shop, page)
        texts = products.read_texts(self.client, products.touched(self.shop, page, links))
        with self.services.db.write() as session:
            comparison = products.Comparison(session, self.shop, page, links, texts)
            comparison.run(state)
            state.move(page.top)
            self._save(session, state, comparison.findings, before, started)

    def _rows(self, state: State, before: int, started: float) -> None:
        stage = combinations if state.stage == "combinations" else stock
        rows = stage.ask(self.client, state.last)
        with self.services.db.write() as session:
            findings = stage.compare(session, self.shop, rows, state)
            self._save(session, state, findings, before, started)

    def _save(self, session: Session, state: State, findings: list[Finding], before: int, started: float) -> None:
        listed = self._listed(state, findings)
        keep(session, self.progress_id, self.shop.id, listed)
        state.spend(self.client.requests.total - before, time.monotonic() - started)
        self._note(session, state)
        jobs.expect(session, self.progress_id, 300.0)

    def _listed(self, state: State, findings: list[Finding]) -> list[Finding]:
        """Those that get an item: of products unknown to us only so many."""
        room = UNKNOWN_LISTED - state.found.get(UNKNOWN, 0)
        strangers = [one for one in findings if one.word == UNKNOWN]
        state.found[UNKNOWN] = state.found.get(UNKNOWN, 0) + len(strangers)
        return [one for one in findings if one.word != UNKNOWN] + strangers[: max(0, room)]

    def _note(self, session: Session, state: State) -> None:
        job = jobs.get(session, self.progress_id)
        job.summary = {**job.summary, "state": state.as_dict(), "message": message(state, self._linked(session))}

    def _linked(self, session: Session) -> int:
        mine = (ProductSyncStatus.shop_id == self.shop.id) & ProductSyncStatus.external_id.is_not(None)
        return session.scalar(select(func.count()).where(mine)) or 0

    def _end(self, state: State) -> None:
        with self.services.db.write() as session:
            job = jobs.get(session, self.progress_id)
            if job.opened_at is not None:
                return
            doubled = settle_doubles(session, self.progress_id)
            listed = self._counts(session)
            unknown = state.found.get(UNKNOWN, 0) - doubled
            state.found = {**listed, **({UNKNOWN: unknown} if unknown else {})}
            self._note(session, state)
            jobs.recount(session, job)
            jobs.opened(session, job)
            jobs.finish(session, self.progress_id)

    def _counts(self, session: Session) -> Counter[str]:
        query = select(JobItem.operation, func.count()).where(JobItem.progress_id == self.progress_id)
        rows = session.execute(query.group_by(JobItem.operation))
        return Counter({word: number for word, number in rows if word is not None and word != UNKNOWN})
