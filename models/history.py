"""What was last agreed with a shop, and what each push replaced: for diffs, conflicts and undo."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TABLE_OPTIONS, Base
from models.types import BigId, Texts, UtcDateTime, now


class SentDocument(Base):
    """The document that a link and its shop last agreed on, pushed or imported, as compressed JSON."""

    __tablename__ = "sent_documents"

    link_id: Mapped[int] = mapped_column(ForeignKey("product_sync_status.id", ondelete="CASCADE"), primary_key=True)
    document: Mapped[bytes] = mapped_column(LargeBinary(2**24 - 1))
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ItemChange(Base):
    """What one push of one item replaced: {field: value} `before` and `after`, for thirty days.

    `resource` and `external_id` name it in the shop; `operation` is create, update or delete; `undone` is reversed,
    kept or failed once somebody asked for it to be undone, in the job `undone_by`.
    """

    __tablename__ = "item_changes"
    __table_args__ = (
        Index("ix_item_changes_progress", "progress_id", "id"),
        Index("ix_item_changes_product_shop", "product_id", "shop_id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    progress_id: Mapped[int | None] = mapped_column(BigInteger)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id", ondelete="SET NULL"))
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id", ondelete="CASCADE"), index=True)
    resource: Mapped[str] = mapped_column(String(32), default="products")
    external_id: Mapped[int]
    operation: Mapped[str] = mapped_column(String(16))
    before: Mapped[dict[str, Any]] = mapped_column(Texts, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(Texts, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    undone: Mapped[str | None] = mapped_column(String(16))
    undone_by: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str | None] = mapped_column(Text)
