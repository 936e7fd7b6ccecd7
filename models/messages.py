"""What the database keeps of messages: the dead ones, how often one was delivered, and paused queues."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TABLE_OPTIONS, Base
from models.types import BigId, UtcDateTime, now


class DeadStatus(StrEnum):
    """What became of a dead message."""

    DEAD = "dead"
    RETRIED = "retried"
    DISCARDED = "discarded"


class DeadMessage(Base):
    """A message that is not tried any more.

    `args` are redacted, for people; `payload` is the message itself, encrypted, for sending it again.
    """

    __tablename__ = "dead_messages"
    __table_args__ = (Index("ix_dead_messages_status_died", "status", "died_at"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message_id: Mapped[str] = mapped_column(String(64), unique=True)
    queue: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(100), index=True)
    args: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    payload: Mapped[bytes] = mapped_column(LargeBinary(2**24 - 1))
    error: Mapped[str] = mapped_column(Text, default="")
    traceback: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(16), default=DeadStatus.DEAD)
    enqueued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    died_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Delivery(Base):
    """A message in somebody's hands: it goes when the work is done, so that what stays was killed with its worker."""

    __tablename__ = "deliveries"

    message_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    actor: Mapped[str] = mapped_column(String(100))
    count: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)


class QueuePause(Base):
    """A queue that an operator holds: its messages wait."""

    __tablename__ = "queue_pauses"

    queue: Mapped[str] = mapped_column(String(64), primary_key=True)
    paused_by: Mapped[str] = mapped_column(String(100), default="")
    paused_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
