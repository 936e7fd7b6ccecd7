"""What a check says of itself."""

from math import ceil

from sync.drift.state import State


def message(state: State, linked: int) -> str:
    """One sentence: what was checked, in how many requests; and how long a whole cycle takes, or will take."""
    counted = ", ".join(f"{number:,} {what}" for what, number in state.checked.items()) or "nothing yet"
    found = ", ".join(f"{number:,} {word}" for word, number in sorted(state.found.items()) if number) or "nothing"
    return f"checked {counted} in {state.requests:,} requests; found: {found}; {cycle(state, linked)}"


def cycle(state: State, linked: int) -> str:
    """How long a cycle takes: what it took, or what is to be expected of the part that was done."""
    nights, requests = state.cycle.get("nights", 1), state.cycle.get("requests", 0)
    seconds = state.cycle.get("seconds", 0.0)
    if state.complete:
        return f"a full cycle took {_nights(nights)}, {requests:,} requests and {duration(seconds)}"
    done = state.cycle.get("products", 0)
    if state.stage != "products" or not done or done >= linked:
        return f"a full cycle will take about {_nights(nights)}"
    share = done / linked
    return (
        f"{100 * share:.0f} % of the products; a full cycle will take about {_nights(ceil(nights / share))}"
        f" and {duration(seconds / share)}"
    )


def _nights(number: int) -> str:
    return "1 check" if number == 1 else f"{number:,} checks"


def duration(seconds: float) -> str:
    """In words: 45 s, 12 min, 3.5 h."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
