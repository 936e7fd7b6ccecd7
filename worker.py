"""What `dramatiq worker` and `periodiq worker` import: logging, the broker and all actors."""

import tasks
import telemetry
from settings import Settings

_settings = Settings.from_env()
telemetry.configure(_settings)
tasks.configure(_settings)

from tasks import (  # noqa: E402 - actors bind to the broker that was just set
    actors,
    availability_actors,
    feed_actors,
    linking_actors,
    schedule_actors,
)

__all__ = ["actors", "availability_actors", "feed_actors", "linking_actors", "schedule_actors"]
