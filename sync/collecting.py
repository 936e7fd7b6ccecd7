"""How often a process that works looks for garbage."""

import gc

THRESHOLDS = (50_000, 20, 50)
"""Feeds and imports make tens of thousands of objects that live for a moment; to look among them after each 700, as
Python does unless told otherwise, takes a tenth to a fifth of the time of a run."""


def collect_rarely() -> None:
    """Set the thresholds of the garbage collector, for this process."""
    gc.set_threshold(*THRESHOLDS)
