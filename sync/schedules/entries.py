"""The schedules that there are: created for each shop, switched, given other times."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Feed, Schedule, Shop, now
from sync.schedules import due
from sync.schedules.actions import FEED, HOUSE, SHOP, Action, action_of
from sync.schedules.clock import ScheduleInvalid, check, next_run
from sync.upsert import upsert


def ensure_defaults(session: Session) -> None:
    """Create what is missing, and let shops' schedules follow their shop's time zone. Cheap where nothing changed."""
    from sync.schedules.registry import ACTIONS

    shops = session.execute(select(Shop.id, Shop.time_zone)).all()
    known = set(session.scalars(select(Schedule.key)))
    wanted = [
        _row(action, shop_id, None, zone)
        for action in ACTIONS.values()
        if action.cron
        for shop_id, zone in _owners(action, [(row.id, row.time_zone) for row in shops])
    ]
    upsert(session, Schedule, [row for row in wanted if row["key"] not in known], ["key"], ["action"])
    _follow_zones(session)


def _owners(action: Action, shops: Sequence[tuple[int, str]]) -> Iterable[tuple[int | None, str]]:
    return shops if action.of == SHOP else [(None, "UTC")] if action.of == HOUSE else []


def _follow_zones(session: Session) -> None:
    moved = select(Schedule, Shop.time_zone).join(Shop, Shop.id == Schedule.shop_id)
    for schedule, zone in session.execute(moved.where(Schedule.time_zone != Shop.time_zone)).all():
        schedule.time_zone = zone
        due.plan(schedule, now())


def add(session: Session, name: str, *, feed: Feed, cron: str, active: bool = True) -> Schedule:
    """Give a feed a schedule, or its schedule another time. Raises ScheduleInvalid."""
    action = action_of(name)
    check(cron, "UTC")
    row = {**_row(action, None, feed.id, "UTC"), "cron": cron, "active": active}
    upsert(session, Schedule, [row], ["key"], ["cron", "active"])
    found = session.scalars(
        select(Schedule).where(Schedule.key == row["key"]).execution_options(populate_existing=True)
    ).one()
    due.plan(found, now())
    return found


def key_of(action: Action, shop_id: int | None, feed_id: int | None) -> str:
    """ "push:shop:3", "feed:feed:7", "clean_up"."""
    owner = shop_id if action.of == SHOP else feed_id if action.of == FEED else None
    return action.name if owner is None else f"{action.name}:{action.of}:{owner}"


def _row(action: Action, shop_id: int | None, feed_id: int | None, zone: str) -> dict[str, Any]:
    moment = now()
    try:
        first = next_run(action.cron, zone, moment) if action.cron and action.active else None
    except ScheduleInvalid:  # a shop's time zone that nobody knows
        zone = "UTC"
        first = next_run(action.cron or "", zone, moment)
    return {
        "key": key_of(action, shop_id, feed_id), "action": action.name, "shop_id": shop_id, "feed_id": feed_id,
        "cron": action.cron or "", "time_zone": zone, "params": {}, "active": action.active, "next_run_at": first,
        "created_at": moment, "updated_at": moment,
    }  # fmt: skip


def listed(session: Session) -> list[Schedule]:
    """All schedules: the house's first, then by shop and feed."""
    order = (Schedule.shop_id.is_not(None), Schedule.shop_id, Schedule.feed_id, Schedule.action)
    return list(session.scalars(select(Schedule).order_by(*order)))


def switch(session: Session, schedule_id: int, active: bool) -> Schedule:
    """On or off. Raises Missing."""
    schedule = due.get(session, schedule_id, lock=True)
    schedule.active = active
    due.plan(schedule, now())
    return schedule


def change(
    session: Session, schedule_id: int, *, cron: str | None = None, time_zone: str | None = None,
    params: Mapping[str, float] | None = None,
) -> Schedule:  # fmt: skip
    """Give it other times, or other numbers to go by. A shop's schedule keeps its shop's time zone.

    Raises Missing and ScheduleInvalid.
    """
    schedule = due.get(session, schedule_id, lock=True)
    if time_zone is not None and time_zone != schedule.time_zone and schedule.shop_id is not None:
        raise ScheduleInvalid("a shop's schedules run in its time zone; change it with the shop")
    new_cron = schedule.cron if cron is None else " ".join(cron.split())
    check(new_cron, time_zone or schedule.time_zone)
    schedule.params = {**schedule.params, **_checked(schedule, params or {})}
    schedule.cron, schedule.time_zone = new_cron, time_zone or schedule.time_zone
    due.plan(schedule, now())
    return schedule


def _checked(schedule: Schedule, params: Mapping[str, float]) -> dict[str, float]:
    known = action_of(schedule.action).params
    for name, value in params.items():
        if name not in known:
            listed = ", ".join(known) or "none"
            raise ScheduleInvalid(f"{schedule.action} has no number {name!r}; there are: {listed}")
        if not 0 < value < 100_000:
            raise ScheduleInvalid(f"{name} is {value:g}; it takes a number above 0")
    return dict(params)
