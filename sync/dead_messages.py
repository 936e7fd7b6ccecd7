"""Dead messages: kept with what they were about and why they died, to be sent again or let go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session, defer

from models import DeadMessage, DeadStatus, now
from sync.errors import Missing
from sync.secrets import Vault

ERROR_LENGTH = 4_000
TRACEBACK_LENGTH = 20_000
VALUE_LENGTH = 200
SECRET_WORDS = ("password", "passwd", "secret", "token", "key")
PRUNE_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Death:
    """A message that is not tried any more. `args` by name, unredacted; `payload` is the message as its broker has it;
    `enqueued_at` is when it was first sent."""

    message_id: str
    queue: str
    actor: str
    args: dict[str, Any]
    payload: bytes
    error: str
    traceback: str
    attempts: int
    enqueued_at: datetime | None = None


def record(session: Session, vault: Vault, death: Death) -> DeadMessage:
    """Keep a dead message; one that was retried and died again is the same row, dead anew."""
    row = session.scalar(select(DeadMessage).where(DeadMessage.message_id == death.message_id).with_for_update())
    if row is None:
        row = DeadMessage(message_id=death.message_id)
        session.add(row)
    row.queue, row.actor, row.args = death.queue, death.actor, redacted(death.args)
    row.payload = vault.encrypt(death.payload.decode()).encode()
    row.error, row.traceback = death.error[:ERROR_LENGTH], death.traceback[-TRACEBACK_LENGTH:]
    row.attempts, row.enqueued_at = death.attempts, death.enqueued_at
    row.status, row.died_at, row.settled_at = DeadStatus.DEAD, now(), None
    session.flush()
    return row


def redacted(args: dict[str, Any]) -> dict[str, Any]:
    """Arguments for people: nothing secret, nothing long."""
    return {name: "***" if _is_secret(name) else _short(value) for name, value in args.items()}


def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in SECRET_WORDS)


def _short(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return redacted({str(name): item for name, item in value.items()})
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= VALUE_LENGTH else f"{text[: VALUE_LENGTH - 1]}…"


def get(session: Session, dead_id: int) -> DeadMessage:
    """The dead message of that id. Raises Missing."""
    row = session.get(DeadMessage, dead_id)
    if row is None:
        raise Missing("dead message", dead_id)
    return row


def listed(
    session: Session, *, actor: str | None = None, status: str | None = DeadStatus.DEAD,
    before: int | None = None, limit: int = 50,
) -> list[DeadMessage]:  # fmt: skip
    """Dead messages, the newest first, without their payload; those below the id `before`, page by page."""
    query = select(DeadMessage).options(defer(DeadMessage.payload)).where(*_chosen(actor, status))
    if before is not None:
        query = query.where(DeadMessage.id < before)
    return list(session.scalars(query.order_by(DeadMessage.id.desc()).limit(limit)))


def _chosen(actor: str | None, status: str | None) -> list[ColumnElement[bool]]:
    chosen: list[ColumnElement[bool]] = []
    if actor is not None:
        chosen.append(DeadMessage.actor == actor)
    if status is not None:
        chosen.append(DeadMessage.status == status)
    return chosen


def counts(session: Session) -> dict[str, int]:
    """How many wait for a decision, by actor."""
    query = (
        select(DeadMessage.actor, func.count())
        .where(DeadMessage.status == DeadStatus.DEAD)
        .group_by(DeadMessage.actor)
        .order_by(DeadMessage.actor)
    )
    return {actor: number for actor, number in session.execute(query)}  # noqa: C416 - a Row is no pair for mypy


def ids(session: Session, *, actor: str | None = None) -> Sequence[int]:
    """All that wait for a decision, the oldest first."""
    query = select(DeadMessage.id).where(*_chosen(actor, DeadStatus.DEAD)).order_by(DeadMessage.id)
    return session.scalars(query).all()


def take(session: Session, vault: Vault, dead_id: int) -> bytes | None:
    """The message itself, to be sent once this is committed; None when somebody else was first.

    Raises Missing, and SecretUnreadable.
    """
    row = get(session, dead_id)
    payload = vault.decrypt(row.payload.decode()).encode()
    return payload if _settle(session, dead_id, DeadStatus.RETRIED) else None


def put_back(session: Session, dead_id: int) -> None:
    """It could not be sent after all."""
    values = {"status": DeadStatus.DEAD, "settled_at": None}
    session.execute(update(DeadMessage).where(DeadMessage.id == dead_id).values(values))


def discard(session: Session, dead_id: int) -> bool:
    """Let it go; False when it is not waiting for a decision. Raises Missing."""
    get(session, dead_id)
    return _settle(session, dead_id, DeadStatus.DISCARDED)


def _settle(session: Session, dead_id: int, status: DeadStatus) -> bool:
    waiting = update(DeadMessage).where(DeadMessage.id == dead_id, DeadMessage.status == DeadStatus.DEAD)
    result: Any = session.execute(waiting.values(status=status, settled_at=now()))
    return bool(result.rowcount)


def prune(session: Session, hours: float) -> int:
    """Delete those that died longer ago, whatever became of them, at most a thousand; how many."""
    old = select(DeadMessage.id).where(DeadMessage.died_at < now() - timedelta(hours=hours)).limit(PRUNE_CHUNK)
    found = session.scalars(old).all()
    session.execute(delete(DeadMessage).where(DeadMessage.id.in_(found)))
    return len(found)
