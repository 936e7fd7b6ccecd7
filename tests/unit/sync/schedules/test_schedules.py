"""Schedules fire once, for whom they are, and say why when they do nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import delete, select

from models import (
    Database,
    DeadMessage,
    Feed,
    ItemChange,
    JobProgress,
    JobStatus,
    ProductSyncStatus,
    Schedule,
    Shop,
    ShopSlot,
    Supplier,
    SyncLog,
    SyncStatus,
    now,
)
from prestashop_client.sandbox import Sandbox
from sync.schedules import due, entries
from sync.schedules.clock import ScheduleInvalid
from sync.schedules.due import StillRunning, Taken
from sync.schedules.run import run
from sync.services import Services
from tests.factories import make_product, make_shop

NOON = datetime(2026, 5, 1, 12, 0, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def shop(services: Services, clock: time_machine.Traveller) -> int:
    """A shop in Warsaw, with one product for it and its schedules."""
    with services.db.write() as session:
        made = make_shop(session, services, "http://127.0.0.1:9", "K" * 32, time_zone="Europe/Warsaw")
        make_product(session, "MUG")
        entries.ensure_defaults(session)
        return made.id


def find(services: Services, key: str) -> Schedule:
    with services.db.read() as session:
        return session.scalars(select(Schedule).where(Schedule.key == key)).one()


def take(services: Services) -> list[Taken]:
    with services.db.write() as session:
        return due.take_due(session)


def only(services: Services, key: str) -> Schedule:
    """Switch off all but one."""
    with services.db.write() as session:
        for schedule in entries.listed(session):
            entries.switch(session, schedule.id, schedule.key == key)
    return find(services, key)


def jobs_of(services: Services) -> list[JobProgress]:
    with services.db.read() as session:
        return list(session.scalars(select(JobProgress).order_by(JobProgress.id)))


def test_a_shop_gets_its_schedules_once_in_its_time_zone(services: Services, shop: int) -> None:
    with services.db.write() as session:
        entries.ensure_defaults(session)
        found = {one.key: one for one in entries.listed(session)}
    assert {"clean_up", f"push:shop:{shop}", f"retry:shop:{shop}", f"health:shop:{shop}"} <= set(found)
    assert {name: found[f"{name}:shop:{shop}"].cron for name in ("drift", "availability", "health", "retry")} == {
        "drift": "30 3 * * *", "availability": "*/30 * * * *", "health": "*/10 * * * *", "retry": "0 */6 * * *",
    }  # fmt: skip
    assert all(one.active and one.next_run_at is not None for one in found.values())
    nightly = found[f"push:shop:{shop}"]
    assert (nightly.cron, nightly.time_zone) == ("0 2 * * *", "Europe/Warsaw")
    assert nightly.next_run_at == datetime(2026, 5, 2, 0, 0, tzinfo=UTC)


def test_a_shop_that_moves_takes_its_schedules_along(services: Services, shop: int) -> None:
    with services.db.write() as session:
        session.get_one(Shop, shop).time_zone = "America/New_York"
    with services.db.write() as session:
        entries.ensure_defaults(session)
    assert find(services, f"push:shop:{shop}").next_run_at == datetime(2026, 5, 2, 6, 0, tzinfo=UTC)


def test_a_deleted_shop_takes_its_schedules_along(services: Services, shop: int) -> None:
    with services.db.write() as session:
        session.execute(delete(Shop))
    with services.db.read() as session:
        assert [one.key for one in entries.listed(session)] == ["clean_up"]


def test_it_fires_once_however_many_ask(services: Services, shop: int, clock: time_machine.Traveller) -> None:
    only(services, f"push:shop:{shop}")
    clock.move_to(datetime(2026, 5, 2, 0, 0, 1, tzinfo=UTC))
    first = take(services)
    assert len(first) == 1
    assert [take(services) for _ in range(3)] == [[], [], []]
    assert find(services, f"push:shop:{shop}").next_run_at == datetime(2026, 5, 3, 0, 0, tzinfo=UTC)
    assert run(services, first[0].schedule_id, first[0].token) is not None
    assert take(services) == []


def test_its_job_is_a_full_push_and_a_message_that_comes_twice_opens_no_other(
    services: Services, shop: int, clock: time_machine.Traveller
) -> None:
    only(services, f"push:shop:{shop}")
    clock.shift(timedelta(days=1))
    (taken,) = take(services)
    number = run(services, taken.schedule_id, taken.token)
    assert run(services, taken.schedule_id, taken.token) is None
    (job,) = jobs_of(services)
    assert (job.id, job.shop_id, job.kind, job.params["selection"]["kind"]) == (number, shop, "push", "all")
    after = find(services, f"push:shop:{shop}")
    assert (after.progress_id, after.last_result, after.running_until) == (number, f"job {number}", None)
    assert after.last_run_at == now()


def test_runs_that_were_missed_are_made_up_once(services: Services, shop: int, clock: time_machine.Traveller) -> None:
    only(services, f"push:shop:{shop}")
    clock.shift(timedelta(days=5))
    (taken,) = take(services)
    run(services, taken.schedule_id, taken.token)
    assert take(services) == []
    assert find(services, f"push:shop:{shop}").next_run_at == datetime(2026, 5, 7, 0, 0, tzinfo=UTC)


def test_a_run_whose_message_was_lost_is_taken_again(
    services: Services, shop: int, clock: time_machine.Traveller
) -> None:
    only(services, f"push:shop:{shop}")
    clock.shift(timedelta(days=1))
    (lost,) = take(services)
    clock.shift(timedelta(minutes=10))
    assert take(services) == []
    clock.shift(timedelta(minutes=11))
    (again,) = take(services)
    assert again.schedule_id == lost.schedule_id
    assert run(services, lost.schedule_id, lost.token) is None, "the lost message turns up after all"
    assert run(services, again.schedule_id, again.token) is not None
    assert len(jobs_of(services)) == 1


def test_it_never_runs_twice_at_once(services: Services, shop: int, clock: time_machine.Traveller) -> None:
    only(services, f"push:shop:{shop}")
    clock.shift(timedelta(days=1))
    (taken,) = take(services)
    number = run(services, taken.schedule_id, taken.token)
    clock.shift(timedelta(days=1))
    (taken,) = take(services)
    assert run(services, taken.schedule_id, taken.token) is None
    assert find(services, f"push:shop:{shop}").last_result == f"skipped: job {number} of the last run is not over"
    with services.db.write() as session:
        session.get_one(JobProgress, number).status = JobStatus.COMPLETED
    clock.shift(timedelta(days=1))
    (taken,) = take(services)
    assert run(services, taken.schedule_id, taken.token) is not None


def test_run_now_runs_what_is_off_but_not_what_runs(services: Services, shop: int) -> None:
    schedule = find(services, f"push:shop:{shop}")
    with services.db.write() as session:
        entries.switch(session, schedule.id, False)
    with services.db.write() as session:
        taken = due.run_now(session, schedule.id)
    with services.db.write() as session, pytest.raises(StillRunning):
        due.run_now(session, schedule.id)
    assert run(services, taken.schedule_id, taken.token) is not None
    after = find(services, f"push:shop:{shop}")
    assert (after.active, after.next_run_at) == (False, None)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"active": False}, "skipped: shop 'Cyan' is not active"),
        ({"paused_at": NOON, "paused_by": "ann"}, "skipped: shop 'Cyan' is paused by ann"),
    ],
)
def test_a_shop_that_is_paused_or_off_is_skipped_with_the_reason(
    services: Services, shop: int, clock: time_machine.Traveller, values: dict[str, object], reason: str
) -> None:
    only(services, f"push:shop:{shop}")
    with services.db.write() as session:
        for name, value in values.items():
            setattr(session.get_one(Shop, shop), name, value)
    clock.shift(timedelta(days=1))
    (taken,) = take(services)
    assert run(services, taken.schedule_id, taken.token) is None
    assert find(services, f"push:shop:{shop}").last_result == reason
    assert jobs_of(services) == []


def test_the_failed_are_tried_again_only_where_there_are_some(services: Services, shop: int) -> None:
    schedule = find(services, f"retry:shop:{shop}")
    with services.db.write() as session:
        taken = due.run_now(session, schedule.id)
    assert run(services, taken.schedule_id, taken.token) is None
    assert find(services, schedule.key).last_result == "nothing to do: no product is in error"
    with services.db.write() as session:
        product = make_product(session, "JUG")
        session.add(ProductSyncStatus(product_id=product.id, shop_id=shop, sync_status=SyncStatus.ERROR))
        taken = due.run_now(session, schedule.id)
    assert run(services, taken.schedule_id, taken.token) is not None
    assert [job.params["selection"]["kind"] for job in jobs_of(services)] == ["errors"]


def test_switching_off_and_on(services: Services, shop: int, clock: time_machine.Traveller) -> None:
    schedule = only(services, f"push:shop:{shop}")
    with services.db.write() as session:
        entries.switch(session, schedule.id, False)
    clock.shift(timedelta(days=3))
    assert take(services) == []
    with services.db.write() as session:
        entries.switch(session, schedule.id, True)
    assert take(services) == [], "what it missed while it was off is not made up"
    assert find(services, schedule.key).next_run_at == datetime(2026, 5, 5, 0, 0, tzinfo=UTC)


def test_other_times(services: Services, shop: int) -> None:
    schedule = find(services, f"push:shop:{shop}")
    with services.db.write() as session:
        entries.change(session, schedule.id, cron=" 15  4 * * 1 ")
    after = find(services, schedule.key)
    assert (after.cron, after.next_run_at) == ("15 4 * * 1", datetime(2026, 5, 4, 2, 15, tzinfo=UTC))
    for wrong in ({"cron": "soon"}, {"time_zone": "UTC"}, {"params": {"jobs_days": 3}}):
        with services.db.write() as session, pytest.raises(ScheduleInvalid):
            entries.change(session, schedule.id, **wrong)  # type: ignore[arg-type]
    with services.db.write() as session:
        entries.change(session, find(services, "clean_up").id, time_zone="Europe/Warsaw", params={"jobs_days": 3})
    with services.db.write() as session, pytest.raises(ScheduleInvalid, match="above 0"):
        entries.change(session, find(services, "clean_up").id, params={"jobs_days": 0})


def test_clean_up_deletes_what_is_old_and_says_how_much(
    services: Services, shop: int, clock: time_machine.Traveller
) -> None:
    schedule = find(services, "clean_up")
    for days in (40, 20, 1):
        clock.move_to(NOON - timedelta(days=days))
        with services.db.write() as session:
            session.add(JobProgress(job_id=str(days), job_type="sync", status=JobStatus.COMPLETED, completed_at=now()))
            session.add(SyncLog(shop_id=shop, operation="update", status="success"))
            session.add(ItemChange(shop_id=shop, external_id=1, operation="update"))
            session.add(DeadMessage(message_id=str(days), queue="default", actor="x", payload=b""))
    clock.move_to(NOON)

    def clean() -> str | None:
        with services.db.write() as session:
            taken = due.run_now(session, schedule.id)
        assert run(services, taken.schedule_id, taken.token) is None
        return find(services, "clean_up").last_result

    assert clean() == "deleted 1 jobs, 1 log entries, 1 changes, 2 dead messages"
    with services.db.write() as session:
        entries.change(session, schedule.id, params={"jobs_days": 10, "dead_hours": 12})
    assert clean() == "deleted 1 jobs, 0 log entries, 0 changes, 1 dead messages"


def test_clean_up_frees_what_nobody_holds_any_more(services: Services, shop: int) -> None:
    with services.db.write() as session:
        session.add(ShopSlot(shop_id=shop, number=7, holder="unheard of"))
        taken = due.run_now(session, find(services, "clean_up").id)
    run(services, taken.schedule_id, taken.token)
    with services.db.read() as session:
        assert session.scalars(select(ShopSlot.holder).where(ShopSlot.number == 7)).one() is None


def test_work_that_fails_is_over_and_said(
    services: Services, shop: int, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("no space left")

    monkeypatch.setattr("sync.schedules.cleaning._delete", break_down)
    schedule = find(services, "clean_up")
    with services.db.write() as session:
        taken = due.run_now(session, schedule.id)
    with pytest.raises(RuntimeError):
        run(services, taken.schedule_id, taken.token)
    after = find(services, "clean_up")
    assert (after.last_result, after.running_until) == ("failed: RuntimeError", None)


@pytest.fixture
def live(services: Services, sandbox: Sandbox) -> Schedule:
    """The look at a shop that answers."""
    with services.db.write() as session:
        shop = make_shop(session, services, sandbox.address, sandbox.key)
        entries.ensure_defaults(session)
    return find(services, f"health:shop:{shop.id}")


def look(services: Services, schedule: Schedule) -> tuple[str | None, Shop]:
    with services.db.write() as session:
        taken = due.run_now(session, schedule.id)
    run(services, taken.schedule_id, taken.token)
    with services.db.read() as session:
        return find(services, schedule.key).last_result, session.get_one(Shop, schedule.shop_id)


def test_a_shop_is_tested_once_and_then_asked_with_one_request(
    services: Services, sandbox: Sandbox, live: Schedule
) -> None:
    _result, shop = look(services, live)
    assert (shop.health, shop.version is None) == ("ok", False)
    seen, before = shop.health_checked_at, len(sandbox.requests)
    result, shop = look(services, live)
    assert len(sandbox.requests) == before + 1
    assert (result or "").startswith("ok, ")
    assert shop.health_checked_at is not None
    assert seen is not None
    assert shop.health_checked_at > seen


def test_a_shop_that_goes_down_and_comes_back(services: Services, sandbox: Sandbox, live: Schedule) -> None:
    look(services, live)
    fault = sandbox.faults.add("reset")
    result, shop = look(services, live)
    assert (result or "").startswith("down: ")
    assert (shop.health, bool(shop.health_message)) == ("down", True)
    sandbox.faults.remove(fault)
    result, shop = look(services, live)
    assert (result, shop.health, shop.health_message) == ("ok", "ok", None)


def test_a_shop_where_a_job_is_at_work_is_not_asked(services: Services, sandbox: Sandbox, live: Schedule) -> None:
    with services.db.write() as session:
        session.add(
            JobProgress(job_id="1", job_type="sync", shop_id=live.shop_id, status=JobStatus.RUNNING, heartbeat_at=now())
        )
    result, _shop = look(services, live)
    assert result == "job 1 is at work there"
    assert list(sandbox.requests) == []


def test_taking_on_every_kind_of_server(any_database: Database) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        with any_database.write() as session:
            for number in range(3):
                session.add(Shop(name=f"Shop {number}", address="http://127.0.0.1:9", key_encrypted=""))
            session.flush()
            entries.ensure_defaults(session)
            entries.ensure_defaults(session)
            count = len(entries.listed(session))
        clock.shift(timedelta(days=1))
        with any_database.write() as session:
            first = due.take_due(session)
        with any_database.write() as session:
            assert due.take_due(session) == []
        assert len(first) == len(set(first)) == count


def test_the_comparison_goes_on_but_not_twice_at_once(services: Services, shop: int) -> None:
    schedule = find(services, f"drift:shop:{shop}")
    with services.db.write() as session:
        taken = due.run_now(session, schedule.id)
    number = run(services, taken.schedule_id, taken.token)
    (job,) = jobs_of(services)
    assert (job.id, job.kind, job.shop_id) == (number, "drift", shop)
    with services.db.write() as session:
        session.get_one(Schedule, schedule.id).progress_id = None  # somebody else started it
        taken = due.run_now(session, schedule.id)
    assert run(services, taken.schedule_id, taken.token) is None
    assert find(services, schedule.key).last_result == f"nothing to do: job {number} compares it already"


def test_availability_that_is_not_set_up_is_said(services: Services, shop: int) -> None:
    schedule = find(services, f"availability:shop:{shop}")
    assert schedule.cron == "*/30 * * * *"
    with services.db.write() as session:
        taken = due.run_now(session, schedule.id)
    assert run(services, taken.schedule_id, taken.token) is None
    assert "availability of shop 'Cyan'" in (find(services, schedule.key).last_result or "")


def test_a_feed_has_a_schedule_of_its_own(services: Services, clock: time_machine.Traveller) -> None:
    with services.db.write() as session:
        feed = Feed(supplier=Supplier(name="Acme"), name="Stock", source="url", address="https://acme.example/s.csv")
        session.add(feed)
        session.flush()
        entries.add(session, "feed", feed=feed, cron="0 * * * *")
        schedule = entries.add(session, "feed", feed=feed, cron="*/15 * * * *")
        assert (schedule.key, schedule.next_run_at) == (
            f"feed:feed:{feed.id}",
            NOON + timedelta(minutes=14, seconds=30),
        )
    clock.shift(timedelta(minutes=15))
    taken = next(one for one in take(services) if one.schedule_id == schedule.id)
    number = run(services, taken.schedule_id, taken.token)
    (job,) = jobs_of(services)
    assert (job.id, job.kind, job.feed_id) == (number, "feed", feed.id)
