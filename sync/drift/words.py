"""What a check says of itself."""

from dataclasses import dataclass
from math import ceil

from sync.drift.state import State


def message(state: State, linked: int) -> str:
    """One sentence: what was checked, in how many requests; and how long a whole cycle takes, or will take."""
    counted = ", ".join(f"{number:,} {what}" for what, number in state.checked.items()) or "nothing yet"
    found = ", ".join(f"{number:,} {word}" for word, number in sorted(state.found.items()) if number) or "nothing"
    return f"checked {counted} in {state.requests:,} requests; found: {found}; {cycle(state, linked)}"


@dataclass(frozen=True, slots=True)
class Cycle:
    """What a whole cycle took: checks (one a night), requests and seconds. Before its end it is what is to be expected:
    `share` (0 to 1) of the products was checked then, None if that is not known; requests are not guessed."""

    nights: int
    seconds: float | None = None
    requests: int | None = None
    share: float | None = None


def measure(state: State, linked: int) -> Cycle:
    """How long a cycle takes: what it took, or what is to be expected of the part that was done."""
    nights, seconds = state.cycle.get("nights", 1), state.cycle.get("seconds", 0.0)
    if state.complete:
        return Cycle(nights, seconds, state.cycle.get("requests", 0))
    done = state.cycle.get("products", 0)
    if state.stage != "products" or not done or done >= linked:
        return Cycle(nights)
    share = done / linked
    return Cycle(ceil(nights / share), seconds / share, share=share)


def cycle(state: State, linked: int) -> str:
    """The same in a sentence."""
    found = measure(state, linked)
    if found.requests is not None and found.seconds is not None:
        return f"a full cycle took {_nights(found.nights)}, {found.requests:,} requests and {duration(found.seconds)}"
    expected = f"a full cycle will take about {_nights(found.nights)}"
    if found.share is None or found.seconds is None:
        return expected
    return f"{100 * found.share:.0f} % of the products; {expected} and {duration(found.seconds)}"


def _nights(number: int) -> str:
    return "1 check" if number == 1 else f"{number:,} checks"


def duration(seconds: float) -> str:
    """In words: 45 s, 12 min, 3.5 h."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
