"""Worker processes look for garbage rarely."""

from typing import Any

from dramatiq import Broker, Middleware

from sync.collecting import collect_rarely


class CollectRarely(Middleware):
    """Tells the garbage collector of worker processes, and of no other."""

    def before_worker_boot(self, broker: Broker, worker: Any) -> None:
        collect_rarely()
