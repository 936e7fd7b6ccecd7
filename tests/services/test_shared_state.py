"""What processes share over Redis: a shop's pace, and who is a worker."""

import redis

from prestashop_client.pace import AdaptivePacer, PaceRules
from tasks.middleware import roll_call
from tasks.pace_store import RedisPaceStore
from tests.processes import Processes, wait_until


def test_two_processes_share_one_pace(redis_url: str) -> None:
    slept: list[float] = []
    rules = PaceRules(per_second=2.0)
    pacers = [
        AdaptivePacer(
            rules, RedisPaceStore(redis.Redis.from_url(redis_url), 7), clock=lambda: 100.0, sleep=slept.append
        )
        for _ in range(2)
    ]
    for pacer in (*pacers, *pacers):
        pacer.wait()
    assert slept == [0.5, 1.0, 1.5]


def test_shops_have_paces_of_their_own(redis_url: str) -> None:
    client = redis.Redis.from_url(redis_url)
    slept: list[float] = []
    for shop_id in (1, 2):
        store = RedisPaceStore(client, shop_id)
        AdaptivePacer(PaceRules(per_second=1.0), store, clock=lambda: 100.0, sleep=slept.append).wait()
    assert slept == []


def test_only_workers_count_as_workers(redis_url: str, processes: Processes) -> None:
    client = redis.Redis.from_url(redis_url)
    assert roll_call.present(client, 0) == 0
    worker = processes.worker()
    wait_until(lambda: roll_call.present(client, 0) == 1, "one worker to be there")
    worker.terminate()
    wait_until(lambda: roll_call.present(client, 0) == 0, "the worker to be gone")
