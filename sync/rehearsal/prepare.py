"""The stage before a plan's chunks: the categories that its products need, rehearsed; and made once it is approved."""

import time
from dataclasses import replace
from typing import Any

from models import JobProgress, Shop
from prestashop_client import PrestaShopClient
from sync.fingerprint import fingerprint
from sync.job_categories import push_job_categories
from sync.outcome import Outcome, pushed
from sync.rehearsal import ledger
from sync.rehearsal.client import RehearsalClient
from sync.rehearsal.database import ForgetfulDatabase
from sync.rehearsal.estimate import Cost, cost
from sync.services import Services


def prepare(services: Services, progress_id: int, claimant: str) -> Outcome:
    """Push the job's categories; rehearse them where the job is a plan. An approved plan changes only the categories
    that it planned to change: where they differ by now, they stay, and the job's summary says so."""
    with services.db.read() as session:
        job = session.get(JobProgress, progress_id)
        params: dict[str, Any] = dict(job.params) if job else {}
        planned = ((job.summary if job else {}).get("plan") or {}).get("categories")
    if params.get("plan"):
        outcome, mark, spent, client = _rehearsed(services, progress_id, claimant)
        with services.db.write() as session:
            found = ledger.Rehearsed(spent, also=ledger.also(client.created) if client else {})
            ledger.note(session, progress_id, categories=mark)
            ledger.add(session, progress_id, found)
        return outcome
    if params.get("approved"):
        outcome, mark, _, _ = _rehearsed(services, progress_id, claimant)
        if mark != planned:
            with services.db.write() as session:
                ledger.note(session, progress_id, categories_changed=True)
            return outcome if not outcome.settled else pushed("update", None)
    return push_job_categories(services, progress_id, claimant)


def _rehearsed(
    services: Services, progress_id: int, claimant: str
) -> tuple[Outcome, str, Cost, RehearsalClient | None]:
    """What pushing the categories would come to, a mark of it, and what it would cost."""
    clients: list[RehearsalClient] = []
    shops: list[Shop] = []

    def connect(shop: Shop) -> PrestaShopClient:
        shops.append(shop)
        clients.append(RehearsalClient(services.connect(shop)))
        return clients[-1]

    started = time.monotonic()
    there = replace(services, db=ForgetfulDatabase(services.db), connect=connect)
    try:
        outcome = push_job_categories(there, progress_id, claimant)
    finally:
        for client in clients:
            client.inner.close()
    if not clients:
        return outcome, "", Cost(), None
    client, shop = clients[0], shops[0]
    latency = (shop.latency_ms or 0.0) / 1000
    spent = cost(client.requests.total, time.monotonic() - started, client.entities, client.writes, latency, shop.pace)
    return outcome, _mark(client), spent, client


def _mark(client: RehearsalClient) -> str:
    changes = [*client.created, *client.changed]
    return fingerprint(sorted(f"{resource} {ledger.mark_of(document)}" for resource, document in changes))[:32]
