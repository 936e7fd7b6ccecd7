"""What a shop holds against what was last sent there: found by a check within a budget of requests, and repaired."""

from sync.drift.open import open_drift

__all__ = ["open_drift"]
