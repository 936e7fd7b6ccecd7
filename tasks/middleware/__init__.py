"""Our middleware, one concern a file."""

from tasks.middleware.context import LogContext
from tasks.middleware.give_up import GiveUp
from tasks.middleware.retries import PatientRetries, Snooze
from tasks.middleware.roll_call import RollCall
from tasks.middleware.unique import Unique

__all__ = ["GiveUp", "LogContext", "PatientRetries", "RollCall", "Snooze", "Unique"]
