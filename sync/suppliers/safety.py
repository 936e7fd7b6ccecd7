"""Safety stops: when a run of a feed looks wrong as a whole, it is held before anything of it is applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from statistics import median
from typing import Any

from sync.suppliers.feed_errors import MappingInvalid

RUNS = 5
"""So many of the last runs are compared with."""


@dataclass(frozen=True, slots=True)
class SafetyLimits:
    """Percent, each. None switches a stop off.

    `min_rows` of the median of the last runs; `max_unmatched` of the rows; `max_price_jumps` of the rows that are
    linked may have a price that moved by more than `price_jump`; `max_unavailable` of them may stop being available.
    A stop holds a run only where `at_least` rows give cause.
    """

    min_rows: float | None = 50.0
    max_unmatched: float | None = 80.0
    price_jump: float = 50.0
    max_price_jumps: float | None = 20.0
    max_unavailable: float | None = 30.0
    at_least: int = 10

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "SafetyLimits":
        """From a feed's `safety` JSON, the defaults for what it does not name. Raises MappingInvalid."""
        known = {each.name for each in fields(cls)}
        for name, value in data.items():
            if name not in known:
                raise MappingInvalid(f"safety.{name}", "there is no such stop", f"known: {', '.join(sorted(known))}")
            off = value is None and name not in ("price_jump", "at_least")
            if not off and (isinstance(value, bool) or not isinstance(value, int | float) or value < 0):
                raise MappingInvalid(f"safety.{name}", f"{value!r} is no number of 0 and more")
        return cls(**data)


@dataclass(slots=True)
class RunNumbers:
    """What a run found, in rows. `known` are those that were linked before, `broken_off` why the file ended early."""

    rows: int = 0
    unmatched: int = 0
    known: int = 0
    price_jumps: int = 0
    unavailable: int = 0
    broken_off: str | None = None
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def example(self, stop: str, **said: Any) -> None:
        """Keep it, if it is one of the first five of its stop."""
        kept = self.examples.setdefault(stop, [])
        if len(kept) < 5:
            kept.append(said)


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a run is held: the stop, what was found, what is allowed (percent or rows), and examples."""

    name: str
    found: float
    limit: float | None
    rows: int
    detail: str = ""
    examples: list[dict[str, Any]] = field(default_factory=list)

    def data(self) -> dict[str, Any]:
        """As JSON."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def stops(numbers: RunNumbers, limits: SafetyLimits, earlier: Sequence[int]) -> list[Stop]:
    """The reasons to hold a run; `earlier` are the row counts of the last runs. None of them: go on."""
    if numbers.rows == 0:
        return [Stop("empty", 0, None, 0, numbers.broken_off or "")]
    found = [Stop("truncated", numbers.rows, None, numbers.rows, numbers.broken_off)] if numbers.broken_off else []
    usual = median(earlier[:RUNS]) if earlier else 0
    if limits.min_rows is not None and usual and usual - numbers.rows >= limits.at_least:
        share = 100 * numbers.rows / usual
        if share < limits.min_rows:
            found.append(Stop("fewer_rows", round(share, 1), limits.min_rows, numbers.rows, f"{usual:g}"))
    for name, count, of, limit in (
        ("unmatched", numbers.unmatched, numbers.rows, limits.max_unmatched),
        ("price_jumps", numbers.price_jumps, numbers.known, limits.max_price_jumps),
        ("unavailable", numbers.unavailable, numbers.known, limits.max_unavailable),
    ):
        if limit is not None and of and count >= limits.at_least and 100 * count / of > limit:
            examples = numbers.examples.get(name, [])
            found.append(Stop(name, round(100 * count / of, 1), limit, count, examples=examples))
    return found
