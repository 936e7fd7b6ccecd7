"""Whether a shop answers: a look now and then, one small request, none where pushes say it anyway."""

import time
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import JobProgress, JobStatus, Schedule, Shop, ShopHealth, now
from prestashop_client import PrestaShopError
from sync.errors import SecretUnreadable
from sync.services import Services
from sync.shops import SLOW_MS, apply_report, test_connection

FRESH = timedelta(minutes=5)
PATIENCE = 15.0
"""Seconds that such a look waits at most: a shop that takes longer is as good as down for it."""


def look_at_shop(services: Services, schedule: Schedule) -> str:
    """Keep on the shop's row whether it answers, and how fast; what was found, in words.

    A shop that was never tested, or was down, is tested in full.
    """
    with services.db.read() as session:
        shop = session.get_one(Shop, schedule.shop_id)
        busy = _job_at_work(session, shop.id)
    if busy is not None:
        return f"job {busy} is at work there"
    shop.read_timeout = min(shop.read_timeout, PATIENCE)
    if shop.health in (ShopHealth.UNKNOWN, ShopHealth.DOWN):
        return _in_full(services, shop)
    return _one_request(services, shop)


def _job_at_work(session: Session, shop_id: int) -> int | None:
    at_work = (JobProgress.status == JobStatus.RUNNING) & (JobProgress.heartbeat_at > now() - FRESH)
    query = select(JobProgress.id).where(JobProgress.shop_id == shop_id, at_work)
    return session.scalar(query.limit(1))


def _in_full(services: Services, shop: Shop) -> str:
    report = test_connection(services, shop)
    with services.db.write() as session:
        kept = session.get(Shop, shop.id)
        if kept is None:
            return "the shop was deleted"
        apply_report(kept, report)
        return f"{kept.health}: {kept.health_message}" if kept.health_message else str(kept.health)


def _one_request(services: Services, shop: Shop) -> str:
    started = time.monotonic()
    try:
        with services.connect(shop) as client:
            client.list("languages", limit=1)
    except (PrestaShopError, SecretUnreadable, ValueError) as error:
        _keep(services, shop, ShopHealth.DOWN, str(error), None)
        return f"down: {error}"
    milliseconds = (time.monotonic() - started) * 1000
    health, message = _health(shop, milliseconds)
    _keep(services, shop, health, message, milliseconds)
    return f"{health}, {milliseconds:.0f} ms"


def _health(shop: Shop, milliseconds: float) -> tuple[ShopHealth, str | None]:
    """What a test in full found wrong (a right that is missing) stays; speed is what is seen now."""
    slow = f"speed: {milliseconds:.0f} ms a request"
    other = shop.health == ShopHealth.SLOW and not (shop.health_message or "").startswith("speed:")
    if other:
        return ShopHealth.SLOW, shop.health_message
    return (ShopHealth.SLOW, slow) if milliseconds > SLOW_MS else (ShopHealth.OK, None)


def _keep(services: Services, shop: Shop, health: ShopHealth, message: str | None, latency: float | None) -> None:
    seen: dict[str, Any] = {"health": health, "health_message": message, "health_checked_at": now()}
    if latency is not None:
        seen["latency_ms"] = latency
    with services.db.write() as session:
        session.execute(update(Shop).where(Shop.id == shop.id).values(**seen, updated_at=Shop.updated_at))
