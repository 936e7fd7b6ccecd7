"""What a worker imports to be killed: an actor, and a product, that end the process as a crash of a library would."""

import os
import signal
from collections.abc import Sequence
from typing import Any

import dramatiq

import worker  # noqa: F401 - sets the broker and brings all actors
from sync.chunks import Claimed
from sync.kinds import Done, registry
from sync.strategies.run import Run

POISON = "SKU-0013"


@dramatiq.actor(queue_name="default")
def deadly(product_id: int) -> None:
    """Takes its worker with it."""
    os.kill(os.getpid(), signal.SIGKILL)


_push = registry.KINDS["push"]


def _work(run: Run, items: Sequence[Claimed]) -> Done:
    if any(item.sku == POISON for item in items):
        os.kill(os.getpid(), signal.SIGKILL)
    return _push.work(run, items)


def _poisoned() -> Any:
    from dataclasses import replace

    return replace(_push, work=_work)


registry.KINDS["push"] = _poisoned()
