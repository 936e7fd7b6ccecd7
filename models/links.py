"""Links: a product in a shop, what was last sent there and how it went; and the log of operations."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TABLE_OPTIONS, Base, Timestamps
from models.types import BigId, Code, UtcDateTime, Words, now

PRIORITY_HIGH, PRIORITY_NORMAL, PRIORITY_LOW = 3, 5, 7
"""Up to 3 is high, 7 and more is low; 1 is the most urgent, 9 the least."""


class SyncStatus(StrEnum):
    """The states of a link."""

    PENDING = "pending"
    SYNCING = "syncing"
    SYNCED = "synced"
    ERROR = "error"
    CONFLICT = "conflict"


class ProductSyncStatus(Timestamps, Base):
    """The link of a product and a shop.

    `external_id` is the product's id in the shop, `stock_available_id` that of its stock row; `fingerprint` is of the
    document last sent, `sent` holds a mark of each of its fields, `quantity_sent` the stock last sent; `images` maps
    the sha256 of each image that is in the shop to its id there, in order; `image_intent` is the upload under way;
    `product_changed_at` is the product's changed_at as of the last push. A push holds the link (`claimed_by`), so that
    a product has at most one request in flight in a shop.

    `linked_by` is push, import, auto or manual (a manual link is never overwritten by the automatic one); `seen`
    holds a mark of each field as the shop last showed it, `shop_changed_at` its date_upd then; `drift` is what the
    last check found; `availability` is what was last sent of it; `conflict` holds the fields that were changed on
    both sides.
    """

    __tablename__ = "product_sync_status"
    __table_args__ = (
        UniqueConstraint("product_id", "shop_id"),
        UniqueConstraint("shop_id", "external_id"),
        Index("ix_product_sync_status_shop_status", "shop_id", "sync_status"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id", ondelete="CASCADE"))
    external_id: Mapped[int | None]
    stock_available_id: Mapped[int | None]
    sync_status: Mapped[str] = mapped_column(String(16), default=SyncStatus.PENDING)
    priority: Mapped[int] = mapped_column(default=PRIORITY_NORMAL)
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    sent: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    quantity_sent: Mapped[int | None]
    images: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    image_intent: Mapped[dict[str, str | int] | None] = mapped_column(JSON(none_as_null=True))
    product_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_success_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error_message: Mapped[str | None] = mapped_column(Text)
    retry_count: Mapped[int] = mapped_column(default=0)
    linked_by: Mapped[str] = mapped_column(String(16), default="push")
    seen: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    shop_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    drift: Mapped[str | None] = mapped_column(String(16))
    drift_checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    availability: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    availability_sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    conflict: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    claimed_by: Mapped[str | None] = mapped_column(String(64))


class DepartedProduct(Base):
    """A product that was deleted from the catalogue while a shop has it still: what is left of its link.

    `deactivated_at` is when it was switched off there; a row whose product was deleted there goes.
    """

    __tablename__ = "departed_products"
    __table_args__ = (UniqueConstraint("shop_id", "external_id"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id", ondelete="CASCADE"))
    external_id: Mapped[int]
    sku: Mapped[str] = mapped_column(Code(64))
    name: Mapped[str] = mapped_column(Words(255), default="")
    departed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    deactivated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SyncLog(Base):
    """One operation on a shop: what, which way, how it ended, in how many milliseconds."""

    __tablename__ = "sync_logs"
    __table_args__ = (
        Index("ix_sync_logs_product_created", "product_id", "created_at"),
        Index("ix_sync_logs_shop_created", "shop_id", "created_at"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int | None] = mapped_column(ForeignKey("shops.id", ondelete="SET NULL"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id", ondelete="SET NULL"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id", ondelete="SET NULL"), index=True)
    progress_id: Mapped[int | None] = mapped_column(BigInteger)
    operation: Mapped[str] = mapped_column(String(32))
    direction: Mapped[str] = mapped_column(String(16), default="to_shop")
    status: Mapped[str] = mapped_column(String(16))
    message: Mapped[str] = mapped_column(Text, default="")
    execution_time_ms: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
