"""What needs an operator, with the place to see to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin.i18n import _, ngettext
from admin.queries.shops import ShopNumbers
from models import JobProgress, JobStatus, ProductSyncStatus, Shop, ShopHealth, SyncStatus
from sync.progress import ErrorGroup, error_groups
from sync.suppliers import alarms
from sync.suppliers.alarms import Alarm

MESSAGES = 5
"""So many different errors are listed, the most frequent first."""
MESSAGE_LENGTH = 120
"""Errors that begin alike count as one, and only their beginning is shown."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to see to."""

    text: str
    action: str
    url: str
    hue: str = "failed"


def needs(session: Session, shops: Sequence[Shop], numbers: dict[int, ShopNumbers]) -> list[Need]:
    """Shops that do not answer or were never tested, conflicts, plans, and products in error by their message."""
    by_id = {shop.id: shop for shop in shops}
    found = [need for shop in shops if (need := _of_shop(shop)) is not None]
    for shop_id, of_shop in numbers.items():
        if of_shop.conflicts and shop_id in by_id:
            text = ngettext(
                "%(num)s product in conflict, %(shop)s", "%(num)s products in conflict, %(shop)s",
                of_shop.conflicts, shop=by_id[shop_id].name,
            )  # fmt: skip
            found.append(Need(text, _("Decide"), url_for("conflicts.index", shop=shop_id), "warned"))
    found += _plans(session, by_id)
    found += of_feeds(session)
    groups = error_groups(session, limit=MESSAGES)
    found += [_group(group) for group in groups]
    # Where jobs say what went wrong, their groups do; elsewhere (single pushes) the links do.
    rest = {number: shop for number, shop in by_id.items() if number not in {group.shop_id for group in groups}}
    errors = sum(of_shop.errors for number, of_shop in numbers.items() if number in rest)
    return found + (_errors(session, rest, errors) if errors else [])


def of_feeds(session: Session) -> list[Need]:
    """Suppliers' feeds that are held, failed, or were not read when they should have been."""
    return [_feed(alarm) for alarm in alarms.by_feed(session).values()]


def _feed(alarm: Alarm) -> Need:
    if alarm.progress_id is not None:
        url = url_for("feed_runs.show", progress_id=alarm.progress_id)
        return Need(_("%(feed)s is held: it looks wrong", feed=alarm.title), _("Decide"), url, "warned")
    url = url_for("feeds.show", feed_id=alarm.feed_id)
    if alarm.kind == "overdue":
        return Need(_("%(feed)s is overdue", feed=alarm.title), _("Open"), url, "warned")
    return Need(_("%(feed)s failed: %(reason)s", feed=alarm.title, reason=alarm.reason[:160]), _("Open"), url)


def _plans(session: Session, shops: dict[int, Shop]) -> list[Need]:
    """Plans of pushes that wait for approval."""
    job = JobProgress
    waiting = select(job.id, job.shop_id).where(job.status == JobStatus.AWAITING_APPROVAL, job.kind == "push")
    return [
        Need(
            _("A plan for %(shop)s awaits your approval", shop=shops[shop_id].name), _("Show"),
            url_for("plans.show", progress_id=number), "warned",
        )
        for number, shop_id in session.execute(waiting.order_by(job.id))
        if shop_id in shops
    ]  # fmt: skip


def _group(group: ErrorGroup) -> Need:
    text = ngettext(
        "%(num)s failed in %(shop)s: %(error)s", "%(num)s failed in %(shop)s: %(error)s",
        group.count, shop=group.shop_name or _("a deleted shop"), error=group.example[:MESSAGE_LENGTH],
    )  # fmt: skip
    if group.count == 1 and group.product_id is not None:
        return Need(text, _("Open"), url_for("products.show", product_id=group.product_id))
    return Need(text, _("Show"), url_for("job_errors.index", shop=group.shop_id))


def of_system(long_queues: Mapping[str, int], dead: int) -> list[Need]:
    """Queues that grow, and messages that nobody tries any more."""
    found = [_long_queue(queue, number) for queue, number in long_queues.items()]
    if dead:
        text = ngettext("%(num)s dead message", "%(num)s dead messages", dead)
        found.append(Need(text, _("Show"), url_for("dead_messages.index")))
    return found


def _long_queue(queue: str, number: int) -> Need:
    text = ngettext(
        "%(num)s message waits in queue %(queue)s", "%(num)s messages wait in queue %(queue)s", number, queue=queue
    )
    return Need(text, _("Show"), url_for("system.show"), "warned")


def _of_shop(shop: Shop) -> Need | None:
    url = url_for("shops.show", shop_id=shop.id)
    if shop.active and shop.health == ShopHealth.DOWN:
        reason = shop.health_message or _("it does not answer")
        return Need(_("%(shop)s is down: %(reason)s", shop=shop.name, reason=reason[:160]), _("Open"), url)
    if shop.active and not shop.languages:
        return Need(_("%(shop)s was not tested yet", shop=shop.name), _("Test"), url, "warned")
    return None


def _errors(session: Session, shops: dict[int, Shop], total: int) -> list[Need]:
    link = ProductSyncStatus
    message = func.coalesce(func.substr(link.error_message, 1, MESSAGE_LENGTH), "").label("message")
    wrong = (
        select(link.shop_id, link.product_id, message)
        .where(link.sync_status == SyncStatus.ERROR, link.shop_id.in_(shops))
        .subquery()  # PostgreSQL does not group by an expression with parameters in it
    )
    columns, count = wrong.c, func.count()
    rows = session.execute(
        select(columns.shop_id, columns.message, count, func.min(columns.product_id))
        .group_by(columns.shop_id, columns.message)
        .order_by(count.desc(), columns.shop_id)
        .limit(MESSAGES)
    ).all()
    found = [_error(shops[shop_id], error, number, first) for shop_id, error, number, first in rows]
    more = total - sum(number for _shop, _error_, number, _first in rows)
    if rows and more:
        text = ngettext("%(num)s more product failed", "%(num)s more products failed", more)
        found.append(Need(text, _("Show"), _products(rows[-1][0], SyncStatus.ERROR)))
    return found


def _error(shop: Shop, error: str, number: int, product_id: int) -> Need:
    text = ngettext(
        "%(num)s product failed in %(shop)s: %(error)s", "%(num)s products failed in %(shop)s: %(error)s",
        number, shop=shop.name, error=_shown(error),
    )  # fmt: skip
    if number == 1:
        return Need(text, _("Open"), url_for("products.show", product_id=product_id))
    return Need(text, _("Show"), _products(shop.id, SyncStatus.ERROR))


def _shown(error: str) -> str:
    return f"{error}…" if len(error) == MESSAGE_LENGTH else error or _("no reason given")


def _products(shop_id: int, status: SyncStatus) -> str:
    return url_for("products.index", shop=shop_id, status=status.value)
