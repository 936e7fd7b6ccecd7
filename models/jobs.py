"""The ledger: a job that an operator sees, and one row for every item of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import TABLE_OPTIONS, Base, Timestamps
from models.shops import Shop
from models.types import BigId, Code, UtcDateTime, Words


class JobType(StrEnum):
    """Which way a job works."""

    IMPORT = "import"
    SYNC = "sync"
    EXPORT = "export"


class JobStatus(StrEnum):
    """The states of a job. The last five are final and derived from its items."""

    PENDING = "pending"
    AWAITING_APPROVAL = "awaiting_approval"
    RUNNING = "running"
    COMPLETED = "completed"
    COMPLETED_WITH_ERRORS = "completed_with_errors"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


ACTIVE = (JobStatus.PENDING, JobStatus.RUNNING)
ENDED = (
    JobStatus.COMPLETED,
    JobStatus.COMPLETED_WITH_ERRORS,
    JobStatus.FAILED,
    JobStatus.CANCELLED,
    JobStatus.INTERRUPTED,
)


class ItemStatus(StrEnum):
    """The states of an item. PENDING, CLAIMED and RETRY are open, the others settled; PLANNED waits for approval."""

    PENDING = "pending"
    CLAIMED = "claimed"
    RETRY = "retry"
    PLANNED = "planned"
    PUSHED = "pushed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    SUPERSEDED = "superseded"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_ITEMS = (ItemStatus.PENDING, ItemStatus.CLAIMED, ItemStatus.RETRY)
WRONG_ITEMS = (ItemStatus.REFUSED, ItemStatus.FAILED)


def percentage(current: int, total: int) -> int:
    """0 to 100, rounded down, so that 100 means all."""
    return min(100, current * 100 // total) if total else 0


class JobProgress(Timestamps, Base):
    """A job. `job_id` names it for ever; a deleted shop leaves it with shop_id null.

    `params` is what was asked for ({"selection": {...}}), `summary` what came of it, `error_details` the first 100
    errors ([{"sku": ..., "error": ...}]; all of them are in the items). `opened_at` is when its items were all in.
    `heartbeat_at` is the last sign of life of a lane, `due_at` when the next must have come. `kind` says what the job
    does (see sync.kinds), `parent_id` which job it goes on from; one that awaits approval lapses at `expires_at`.
    `lane_round` counts how often its lanes were started: those of an earlier round end. The two marks are moments of
    the last minutes with the count that stood then; the rate is taken since the earlier one.
    """

    __tablename__ = "job_progress"
    __table_args__ = (
        Index("idx_status_created", "status", "created_at"),
        Index("idx_shop_status", "shop_id", "status"),
        Index("idx_shop_id", "shop_id", "id"),
        Index("idx_created", "created_at"),
        Index("idx_completed", "completed_at"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    job_id: Mapped[str] = mapped_column(String(255), unique=True)
    job_type: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(32), default="push")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("job_progress.id", ondelete="SET NULL"), index=True)
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("feeds.id", ondelete="SET NULL"), index=True)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    title: Mapped[str] = mapped_column(Words(255), default="")
    shop_id: Mapped[int | None] = mapped_column(ForeignKey("shops.id", ondelete="SET NULL"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    status: Mapped[str] = mapped_column(String(32), default=JobStatus.PENDING)
    current_count: Mapped[int] = mapped_column(default=0)
    total_count: Mapped[int] = mapped_column(default=0)
    error_count: Mapped[int] = mapped_column(default=0)
    error_details: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    summary: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lane_round: Mapped[int] = mapped_column(default=0)
    earlier_mark: Mapped[datetime | None] = mapped_column(UtcDateTime)
    earlier_count: Mapped[int] = mapped_column(default=0)
    later_mark: Mapped[datetime | None] = mapped_column(UtcDateTime)
    later_count: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    shop: Mapped[Shop | None] = relationship()

    @property
    def progress_percentage(self) -> int:
        return percentage(self.current_count, self.total_count)

    @property
    def duration_seconds(self) -> float | None:
        """From the start to the end; None while one of them is missing."""
        if self.started_at is None or self.completed_at is None:
            return None
        return (self.completed_at - self.started_at).total_seconds()

    @property
    def is_running(self) -> bool:
        return self.status == JobStatus.RUNNING

    @property
    def is_completed(self) -> bool:
        return self.status in (JobStatus.COMPLETED, JobStatus.COMPLETED_WITH_ERRORS)

    @property
    def is_failed(self) -> bool:
        return self.status == JobStatus.FAILED


_WHERE_WRONG: Any = {f"{server}_where": text("signature IS NOT NULL") for server in ("postgresql", "sqlite")}
"""Hardly any item goes wrong; those that do not are left out of the index where the server can do so."""


class JobItem(Base):
    """One product, category or row of a job. `key` is unique in the job, such as "product:17".

    `not_before` is when a RETRY item may be tried again; `claimed_by` names the lane that works on it, and
    `kills` how many of those were killed meanwhile. `history` holds
    each attempt that went wrong ([{"at": ISO 8601, "error": ...}]). `signature` is of the error with its numbers and
    names taken out, to group by; `retried_by` is the job that tries it anew; `data` is what the job's kind keeps of it
    (a plan, a finding).
    """

    __tablename__ = "job_items"
    __table_args__ = (
        UniqueConstraint("progress_id", "key"),
        Index("ix_job_items_claim", "progress_id", "status", "priority", "id"),
        Index("ix_job_items_signature", "signature", "progress_id", **_WHERE_WRONG),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    progress_id: Mapped[int] = mapped_column(ForeignKey("job_progress.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(Code(80))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id", ondelete="SET NULL"), index=True)
    sku: Mapped[str] = mapped_column(Code(64), default="")
    priority: Mapped[int] = mapped_column(default=5)
    status: Mapped[str] = mapped_column(String(16), default=ItemStatus.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    kills: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    operation: Mapped[str | None] = mapped_column(String(16))
    external_id: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(Text)
    history: Mapped[list[dict[str, str]] | None] = mapped_column(JSON(none_as_null=True))
    signature: Mapped[str | None] = mapped_column(String(32))
    retried_by: Mapped[int | None] = mapped_column(BigInteger)
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    milliseconds: Mapped[int | None]
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
