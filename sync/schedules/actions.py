"""What a schedule can do, by name. To add one, add a line to ACTIONS."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from models import JobProgress, Schedule
from sync.schedules.clock import ScheduleInvalid
from sync.services import Services

SHOP, FEED, HOUSE = "shop", "feed", "house"


class NotNow(Exception):
    """Raised by an action that has a reason to do nothing this time; the operator reads it."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do by the clock, for each shop or feed, or once for all (`of`).

    Either `open` opens a job in the transaction that marks the run as done, so that it is opened once whatever is
    killed when; the job's kind says how it is worked on. Or `work` does it at once and says what came of it; it may be
    called again after a kill. `cron` is when it runs unless somebody says otherwise (None: it is not created by
    itself), `params` what it goes by, with their defaults (numbers).
    """

    name: str
    of: str
    open: Callable[[Session, Schedule], JobProgress] | None = None
    work: Callable[[Services, Schedule], str] | None = None
    cron: str | None = None
    active: bool = True
    params: Mapping[str, float] = field(default_factory=dict)


def action_of(name: str) -> Action:
    """The action of that name. Raises ScheduleInvalid."""
    from sync.schedules.registry import ACTIONS

    try:
        return ACTIONS[name]
    except KeyError:
        raise ScheduleInvalid(f"unknown action {name!r}; one of: {', '.join(ACTIONS)}") from None


def params_of(schedule: Schedule) -> dict[str, Any]:
    """What a run goes by: the action's defaults, and what was set for this schedule."""
    return {**action_of(schedule.action).params, **(schedule.params or {})}
