"""A lane's second hand: while the shop answers one chunk, the next one is made ready and the last one written down.

The client lets one request through at a time (`at_once`), so the shop has no more to do than with one hand.
"""

import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sync.presence import Watch
from sync.services import Services

Loop = Callable[[str], float | None]
"""Works chunk by chunk for a claimant until it is told to stop: seconds after which to go on, None for nothing left."""


def with_two_hands(services: Services, claimant: str, loop: Loop, stop: Callable[[], None]) -> float | None:
    """Run the loop for the claimant, and in another thread for a claimant of its own. `stop` ends both loops."""
    other = f"{claimant}+"
    with services.db.write() as session:
        if not services.watch.enter(session, other):  # a hand of a lane that was killed: its claims are not free yet
            return loop(claimant)
    with ThreadPoolExecutor(1, thread_name_prefix="lane") as pool:
        second = pool.submit(contextvars.copy_context().run, _hand, services.watch, other, loop, stop)
        try:
            pause = loop(claimant)
        except BaseException:
            stop()
            raise
        pauses = (pause, second.result())
    return min((one for one in pauses if one is not None), default=None)


def _hand(watch: Watch, claimant: str, loop: Loop, stop: Callable[[], None]) -> float | None:
    try:
        pause = loop(claimant)
        with watch.db.write() as session:
            watch.leave(session, claimant)
    except BaseException:
        stop()
        watch.abandon(claimant)
        raise
    return pause
