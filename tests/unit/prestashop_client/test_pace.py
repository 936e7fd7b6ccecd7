"""Even spacing, slower when asked, a breaker that half-opens on its own."""

from __future__ import annotations

import itertools
import threading

import pytest

from prestashop_client.errors import BadAnswer, EntityRefused, RateLimited, ShopUnavailable
from prestashop_client.pace import AdaptivePacer, MemoryStore, NoPace, PaceRules

from .scripted import Says, scripted, xml


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


def pacer(clock, store=None, max_wait=float("inf"), **rules):
    return AdaptivePacer(PaceRules(**rules), store, max_wait=max_wait, clock=clock, sleep=clock.sleep)


def times(pacer, clock, count):
    result = []
    for _ in range(count):
        pacer.wait()
        result.append(clock.now)
    return [round(later - earlier, 3) for earlier, later in itertools.pairwise(result)]


def test_requests_are_evenly_spaced(clock):
    assert times(pacer(clock, per_second=4), clock, 5) == [0.25] * 4


def test_idle_time_is_not_saved_up_for_a_burst(clock):
    pace = pacer(clock, per_second=4)
    pace.wait()
    clock.now += 60
    assert times(pace, clock, 3) == [0.25] * 2


def test_429_and_503_slow_down_and_good_answers_speed_up_again(clock):
    pace = pacer(clock, per_second=10)
    pace.failed(RateLimited("429", status=429))
    pace.failed(ShopUnavailable("503", status=503))
    assert times(pace, clock, 3) == [0.4, 0.4]
    for _ in range(20):
        pace.succeeded(0.01, 0.01)
    assert times(pace, clock, 3)[-1] == 0.1


def test_retry_after_is_kept(clock):
    pace = pacer(clock)
    pace.failed(RateLimited("429", status=429, retry_after=30))
    pace.wait()
    assert clock.now == 1030


def test_the_shop_gets_its_rest_by_its_execution_time(clock):
    pace = pacer(clock, per_second=1000, share=0.5)
    pace.wait()
    pace.succeeded(0.6, 0.5)
    pace.wait()
    assert clock.now == pytest.approx(1000.5)


def test_a_long_wait_is_raised_to_be_snoozed_and_takes_no_slot(clock):
    pace = pacer(clock, max_wait=5)
    pace.failed(RateLimited("429", status=429, retry_after=30))
    for _ in range(3):
        with pytest.raises(RateLimited) as caught:
            pace.wait()
        assert caught.value.retry_after == pytest.approx(30)
    clock.now += 30
    pace.wait()
    assert pace.waited == 0


def test_the_breaker_lets_one_trial_through_at_a_time(clock):
    pace = pacer(clock, max_wait=1, breaker_after=3, pause=15)
    for _ in range(3):
        pace.failed(ShopUnavailable("down"))
    with pytest.raises(RateLimited, match="3 times in a row"):
        pace.wait()
    clock.now += 15
    pace.wait()
    with pytest.raises(RateLimited):
        pace.wait()
    pace.failed(ShopUnavailable("still down"))
    clock.now += 16
    with pytest.raises(RateLimited):
        pace.wait()
    clock.now += 15
    pace.wait()
    pace.succeeded(0.1, 0.1)
    assert times(pacer(clock, pace._store), clock, 3) == [0.1, 0.1]


@pytest.mark.parametrize("error", [EntityRefused("no", status=400, codes=(85,)), BadAnswer("w", codes=(3,))])
def test_a_refusal_is_not_the_shop_failing(clock, error):
    pace = pacer(clock, breaker_after=1)
    pace.failed(error)
    pace.wait()
    assert clock.now == 1000


def test_two_processes_share_one_pace(clock):
    store = MemoryStore()
    first, second = pacer(clock, store, per_second=10), pacer(clock, store, per_second=10)
    first.wait()
    second.wait()
    assert clock.now == pytest.approx(1000.1)


def test_threads_never_take_the_same_slot(clock):
    store = MemoryStore()
    slots = []

    def work():
        pace = AdaptivePacer(PaceRules(per_second=10), store, clock=lambda: 1000.0, sleep=slots.append)
        for _ in range(20):
            pace.wait()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(round(slot, 1) for slot in slots) == [round(n / 10, 1) for n in range(1, 80)]


def test_no_pace_waits_for_nothing():
    pace = NoPace()
    pace.wait()
    pace.succeeded(1, 1)
    pace.failed(ShopUnavailable("down"))


def test_a_client_tells_its_pacer_everything(connect, clock):
    says = [xml("<product><id>1</id></product>"), Says(502, ""), Says(502, ""), Says(502, "")]
    pace = pacer(clock, breaker_after=3, max_wait=1)
    with scripted(says) as shop:
        client = connect(shop.address, pacer=pace)
        client.get("products", 1)
        with pytest.raises(ShopUnavailable):
            client.get("products", 1)
        with pytest.raises(RateLimited):
            client.get("products", 1)
    assert client.requests.total == 4
