"""The pace of one shop's requests: evenly spaced, slower when the shop asks, stopped while it is down.

A request takes a slot; slots lie at least `interval` apart. 429, 503 and Retry-After stretch the interval, good
answers shrink it again. After repeated failures slots lie so far apart that only one trial goes at a time, which is
a breaker that half-opens on its own: a trial that succeeds puts the old pace back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from prestashop_client.errors import BadAnswer, PrestaShopError, RateLimited, ShopUnavailable


class Pacer(Protocol):
    """What is asked before every request and told after it."""

    def wait(self) -> None:
        """Return when the next request may go. Raises RateLimited when that is longer than the caller waits."""

    def succeeded(self, seconds: float, execution_time: float | None) -> None:
        """A good answer after `seconds`, of which the shop itself worked `execution_time`."""

    def failed(self, error: PrestaShopError) -> None:
        """An error; 429, 503 and Retry-After ask for a slower pace."""


class NoPace:
    """As fast as it goes."""

    def wait(self) -> None:
        return

    def succeeded(self, seconds: float, execution_time: float | None) -> None:
        return

    def failed(self, error: PrestaShopError) -> None:
        return


@dataclass(frozen=True, slots=True)
class PaceState:
    """What the processes that work on one shop share. Times are seconds since 1970.

    next_slot: nobody sends before it. stretch: factor on the interval, 1 and more. failures: in a row.
    """

    next_slot: float = 0.0
    stretch: float = 1.0
    failures: int = 0


class PaceStore(Protocol):
    """Where a PaceState lives: in memory here, in Redis where several processes work on one shop."""

    def update(self, change: Callable[[PaceState], PaceState]) -> tuple[PaceState, PaceState]:
        """Replace the state by `change(state)` as one step; what it was and what it is now."""


class MemoryStore:
    """The state of one process, safe for its threads."""

    def __init__(self) -> None:
        self._state = PaceState()
        self._lock = threading.Lock()

    def update(self, change: Callable[[PaceState], PaceState]) -> tuple[PaceState, PaceState]:
        with self._lock:
            before, self._state = self._state, change(self._state)
            return before, self._state


@dataclass(frozen=True, slots=True)
class PaceRules:
    """per_second: requests at most. share: of the time the shop may be at work for us (by its Execution-Time).
    breaker_after: failures in a row. pause: seconds between trials then, doubling up to `longest_pause`."""

    per_second: float = 10.0
    share: float = 1.0
    stretch_most: float = 64.0
    breaker_after: int = 5
    pause: float = 15.0
    longest_pause: float = 300.0

    @property
    def interval(self) -> float:
        return 1.0 / self.per_second

    def spacing(self, state: PaceState) -> float:
        """Seconds from one slot to the next."""
        over = state.failures - self.breaker_after
        if over >= 0:
            return min(self.longest_pause, self.pause * 2.0 ** min(over, 10))
        return self.interval * state.stretch


class AdaptivePacer:
    """The pacer of one shop. `max_wait`: longer waits are not slept but raised, with `retry_after`, to be snoozed."""

    def __init__(
        self,
        rules: PaceRules | None = None,
        store: PaceStore | None = None,
        *,
        max_wait: float = float("inf"),
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.rules = rules or PaceRules()
        self.waited = 0.0
        self._store = store or MemoryStore()
        self._max_wait = max_wait
        self._clock = clock
        self._sleep = sleep

    def wait(self) -> None:
        now = self._clock()

        def take(state: PaceState) -> PaceState:
            slot = max(now, state.next_slot)
            if slot - now > self._max_wait:
                return state
            return replace(state, next_slot=slot + self.rules.spacing(state))

        before, after = self._store.update(take)
        pause = max(0.0, before.next_slot - now)
        if after == before:
            raise self._not_yet(before, pause)
        if pause:
            self.waited += pause
            self._sleep(pause)

    def succeeded(self, seconds: float, execution_time: float | None) -> None:
        now = self._clock()
        worked = seconds if execution_time is None else execution_time
        rest = now + worked * (1 / self.rules.share - 1)

        def ease(state: PaceState) -> PaceState:
            was_down = state.failures >= self.rules.breaker_after
            next_slot = now + self.rules.interval if was_down else state.next_slot
            return PaceState(max(next_slot, rest), max(1.0, state.stretch * 0.9), 0)

        self._store.update(ease)

    def failed(self, error: PrestaShopError) -> None:
        now = self._clock()
        down = isinstance(error, ShopUnavailable) or (isinstance(error, BadAnswer) and not error.codes)
        if not down:
            return
        overloaded = isinstance(error, RateLimited) or error.status == 503

        def slow_down(state: PaceState) -> PaceState:
            stretch = min(self.rules.stretch_most, state.stretch * 2) if overloaded else state.stretch
            worse = PaceState(state.next_slot, stretch, state.failures + 1)
            asked = now + (error.retry_after or 0.0)
            return replace(worse, next_slot=max(worse.next_slot, asked, now + self.rules.spacing(worse)))

        self._store.update(slow_down)

    def _not_yet(self, state: PaceState, pause: float) -> RateLimited:
        if state.failures >= self.rules.breaker_after:
            message = f"the shop failed {state.failures} times in a row; the next trial is in {pause:.0f} s"
        else:
            message = f"the next request may go in {pause:.1f} s"
        return RateLimited(message, retry_after=pause)
