"""Our middleware, one concern a file."""

from tasks.middleware.collecting import CollectRarely
from tasks.middleware.context import LogContext
from tasks.middleware.dead_messages import DeadMessages
from tasks.middleware.deliveries import Deliveries
from tasks.middleware.give_up import GiveUp
from tasks.middleware.paused import Paused
from tasks.middleware.retries import PatientRetries, Snooze
from tasks.middleware.roll_call import RollCall
from tasks.middleware.unique import Unique
from tasks.middleware.watch import Watch

__all__ = [
    "CollectRarely", "DeadMessages", "Deliveries", "GiveUp", "LogContext", "PatientRetries", "Paused", "RollCall",
    "Snooze", "Unique", "Watch",
]  # fmt: skip
