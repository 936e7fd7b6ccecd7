"""Whether messages wait for a thread of this worker."""

import threading
from typing import Any

_lock = threading.Lock()
_workers: list[Any] = []


def began(worker: Any) -> None:
    """A worker has started in this process."""
    with _lock:
        _workers.append(worker)


def ended(worker: Any) -> None:
    """It has stopped."""
    with _lock:
        _workers[:] = [one for one in _workers if one is not worker]


def others_wait() -> bool:
    """Whether somebody waits for the thread that asks; True where that cannot be told."""
    with _lock:
        return not _workers or any(not one.work_queue.empty() for one in _workers)
