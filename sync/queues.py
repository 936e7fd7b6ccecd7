"""Queues that an operator holds: their messages wait until the queue is resumed."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import QueuePause, now


def pause(session: Session, queue: str, by: str = "") -> bool:
    """Hold a queue; False when it is held already."""
    if session.get(QueuePause, queue) is not None:
        return False
    session.add(QueuePause(queue=queue, paused_by=by, paused_at=now()))
    return True


def resume(session: Session, queue: str) -> bool:
    """Let a queue's messages go on; False when it was not held."""
    return bool(session.execute(delete(QueuePause).where(QueuePause.queue == queue)).rowcount)  # type: ignore[attr-defined]


def paused(session: Session) -> dict[str, QueuePause]:
    """The held queues by name: who holds them, and since when."""
    return {row.queue: row for row in session.scalars(select(QueuePause).order_by(QueuePause.queue))}
