"""No lost and no doubled write: random operations, random faults, and the shop's end state against the verdicts."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Fault, Sandbox

from .worlds import World

BEFORE = ["reset", "503", "429", "401", "302", "maintenance", "html", "502", "500", "deadlock", "413", "504"]
AFTER = ["500-saved", "lost", "truncated", "notice-before", "notice-after", "html-saved", "504-saved", "deadlock-saved"]
FAULTS = st.lists(
    st.builds(
        Fault,
        st.sampled_from([*BEFORE, *AFTER, *AFTER, "skip"]),
        rate=st.sampled_from([0.05, 0.1, 0.2, 0.4]),
        method=st.sampled_from([(), (), ("POST",), ("PATCH",), ("POST", "PATCH", "DELETE")]),
    ),
    max_size=4,
)
CALLS = 20


def no_wait(seconds: float) -> None:
    return


def run(faults: list[Fault], number: int, calls: int = CALLS) -> None:
    with (
        Sandbox.running(seed=number) as sandbox,
        PrestaShopClient(sandbox.address, sandbox.key, sleep=no_wait, validate=False, timeout=(2, 10)) as client,
    ):
        world = World(sandbox, client, random.Random(number))
        world.create_products()
        for fault in faults:
            sandbox.faults.add(fault)
        for _ in range(calls):
            world.step()
        sandbox.faults.clear()
        assert world.contradictions() == []


@pytest.mark.parametrize("part", range(4))
def test_the_shops_end_state_is_what_the_verdicts_say(part):
    """500 calls, some 2,500 entities written, in four parts that run side by side."""

    @seed(part)
    @settings(
        max_examples=6,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),  # to shrink takes minutes, and the seed says enough
    )
    @given(FAULTS, st.integers(0, 2**16))
    def check(faults: list[Fault], number: int) -> None:
        run(faults, number)

    check()


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.01)


def test_a_shop_that_answers_too_late_leaves_nothing_doubled():
    """The client gives up after 0.2 s, the shop carries the request out after 0.5."""
    with (
        Sandbox.running() as sandbox,
        PrestaShopClient(sandbox.address, sandbox.key, sleep=no_wait, validate=False, timeout=(2, 0.2)) as client,
    ):
        world = World(sandbox, client, random.Random(7))
        sandbox.faults.add("latency", milliseconds=500, rate=0.5, method=("POST", "PATCH"))
        for _ in range(12):
            world.step()
        sandbox.faults.clear()
        wait_until(lambda: sandbox.requests.total == client.requests.total)
        assert world.contradictions() == []
        assert world.statuses["unknown"]
