"""How far a check has come, as it is kept with its job: so that it goes on there after a kill, or the next night."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

STAGES = ("products", "combinations", "stock")


@dataclass(slots=True)
class State:
    """`stage` and `last` (an id in the shop) say where to go on. `checked`, `found`, `requests` and `seconds` are this
    job's; `cycle` sums up since the cycle's `began` (ISO 8601): nights, requests, seconds, products."""

    stage: str = STAGES[0]
    last: int = 0
    complete: bool = False
    requests: int = 0
    seconds: float = 0.0
    checked: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    cycle: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, summary: Mapping[str, Any], left_at: Mapping[str, Any] | None, moment: str) -> "State":
        """The state of a job: its own, else one that goes on where the last job stopped, else a new cycle."""
        if summary.get("state"):
            return cls(**summary["state"])
        if left_at:
            cycle = dict(left_at["cycle"])
            cycle["nights"] = cycle.get("nights", 0) + 1
            return cls(stage=left_at["stage"], last=left_at["last"], cycle=cycle)
        return cls(cycle={"began": moment, "nights": 1, "requests": 0, "seconds": 0.0, "products": 0})

    def as_dict(self) -> dict[str, Any]:
        """A JSON form."""
        return asdict(self)

    def count(self, what: str, number: int) -> None:
        """So many more were checked."""
        self.checked[what] = self.checked.get(what, 0) + number
        if what == "products":
            self.cycle["products"] = self.cycle.get("products", 0) + number

    def spend(self, requests: int, seconds: float) -> None:
        """So many more requests were made, and took so long."""
        self.requests += requests
        self.seconds = round(self.seconds + seconds, 3)
        self.cycle["requests"] = self.cycle.get("requests", 0) + requests
        self.cycle["seconds"] = round(self.cycle.get("seconds", 0.0) + seconds, 3)

    def move(self, last: int | None) -> None:
        """On to what comes behind `last`; None ends the stage."""
        if last is not None:
            self.last = last
            return
        following = STAGES.index(self.stage) + 1
        self.complete = following == len(STAGES)
        if not self.complete:
            self.stage, self.last = STAGES[following], 0
