"""The right to work in a shop."""

import pytest

from models import Database, JobProgress, Shop
from sync import slots
from sync.presence import free


@pytest.fixture
def shop(database: Database) -> Shop:
    with database.write() as session:
        made = Shop(name="Cyan", address="http://127.0.0.1:9", key_encrypted="", max_concurrency=1)
        session.add(made)
    return made


def take(database: Database, shop: Shop, holder: str) -> bool:
    with database.write() as session:
        return slots.acquire(session, shop, holder)


def leave(database: Database, shop: Shop, holder: str) -> None:
    with database.write() as session:
        slots.release(session, shop.id, holder)


def test_only_as_many_lanes_as_the_shop_allows(database: Database, shop: Shop) -> None:
    assert take(database, shop, "a")
    assert not take(database, shop, "b")
    shop.max_concurrency = 2
    assert take(database, shop, "b")
    assert not take(database, shop, "c")


def test_a_holder_may_ask_again(database: Database, shop: Shop) -> None:
    assert take(database, shop, "a")
    assert take(database, shop, "a")


def test_a_lane_that_waits_has_its_turn_before_the_last_one_comes_back(database: Database, shop: Shop) -> None:
    assert take(database, shop, "a")
    assert not take(database, shop, "b")
    leave(database, shop, "a")
    assert not take(database, shop, "a")
    assert take(database, shop, "b")


def test_a_lane_alone_goes_on_at_once(database: Database, shop: Shop) -> None:
    for _ in range(3):
        assert take(database, shop, "a")
        leave(database, shop, "a")


def test_a_lane_whose_rival_is_gone_is_not_kept_waiting(database: Database, shop: Shop) -> None:
    take(database, shop, "a")
    take(database, shop, "b")
    leave(database, shop, "a")
    assert [take(database, shop, "a"), take(database, shop, "a")] == [False, True]


def test_a_dead_lanes_slot_is_freed_with_all_that_it_held(database: Database, shop: Shop) -> None:
    assert take(database, shop, "a")
    with database.write() as session:
        free(session, ["a"])
    assert take(database, shop, "b")


def test_an_urgent_push_has_a_slot_of_its_own_and_just_one(database: Database, shop: Shop) -> None:
    def urgently(holder: str) -> bool:
        with database.write() as session:
            return slots.acquire(session, shop, holder, urgent=True)

    assert take(database, shop, "lane")
    assert [urgently("a"), urgently("b")] == [True, False]
    leave(database, shop, "a")
    assert urgently("b")


def test_the_more_jobs_wait_the_more_seldom_each_asks(database: Database, shop: Shop) -> None:
    with database.write() as session:
        assert slots.delay(session, shop.id) == slots.DELAY
        session.add_all(
            JobProgress(job_id=str(n), job_type="sync", shop_id=shop.id, status="running") for n in range(5)
        )
        assert slots.delay(session, shop.id) == 5 * slots.DELAY
