"""What runs by the clock."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Timestamps
from models.types import Code, UtcDateTime


class Schedule(Timestamps, Base):
    """One thing to do by the clock: `action` in `shop_id` or for `feed_id` (or neither), whenever `cron` says in
    `time_zone`.

    `key` names it ("push:shop:3"). `next_run_at` is when it is due; whoever takes it moves it on in the same
    transaction, so that it fires once. `running_until` is set while its work is under way; `progress_id` is the job of
    its last run.
    """

    __tablename__ = "schedules"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Code(80), unique=True)
    action: Mapped[str] = mapped_column(String(32))
    shop_id: Mapped[int | None] = mapped_column(ForeignKey("shops.id", ondelete="CASCADE"), index=True)
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"), index=True)
    cron: Mapped[str] = mapped_column(String(64))
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    active: Mapped[bool] = mapped_column(default=True)
    next_run_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    last_run_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    running_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    progress_id: Mapped[int | None] = mapped_column(BigInteger)
    last_result: Mapped[str | None] = mapped_column(Text)
