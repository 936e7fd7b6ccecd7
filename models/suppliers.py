"""Suppliers, their feeds, what each row of a feed last was, and what they offer of our products."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import TABLE_OPTIONS, Base, Timestamps
from models.catalogue import Product
from models.types import Amount, BigId, Code, Texts, UtcDateTime, Words


class MissingBehavior(StrEnum):
    """What becomes of the offers of products that a feed knew and no longer has."""

    LEAVE = "leave"
    ZERO = "zero"
    UNAVAILABLE = "unavailable"


class Supplier(Timestamps, Base):
    """Somebody who delivers. `contractor_id` is its number in the merchant's own books; `position` its rank."""

    __tablename__ = "suppliers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Words(100), unique=True)
    contractor_id: Mapped[str | None] = mapped_column(Words(64))
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)

    feeds: Mapped[list["Feed"]] = relationship(
        back_populates="supplier", order_by="Feed.name", cascade="all, delete-orphan"
    )


class Feed(Timestamps, Base):
    """A supplier's file and how to read it.

    `source` is upload, path, url, ftp or sftp and `address` where it lies; `auth` is {"kind": none | basic | bearer |
    header | password | key, "user": ..., "header": ...}, its secret is encrypted apart. `reading` overrides what is
    detected (delimiter, quote, encoding, header, record_path, namespaces, sheet); `mapping` is {field: {"column": ...,
    "transforms": [...]}}; `filters` say which rows to skip; `safety` holds the limits of the safety stops (percent).
    `etag`, `last_modified` and `sha256` are of the file last applied, `row_count` its rows, `settings_hash` of how it
    was read and mapped then.
    """

    __tablename__ = "feeds"
    __table_args__ = (UniqueConstraint("supplier_id", "name"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Words(100))
    format: Mapped[str] = mapped_column(String(16), default="csv")
    source: Mapped[str] = mapped_column(String(16), default="upload")
    address: Mapped[str] = mapped_column(String(1000), default="")
    auth: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    auth_secret_encrypted: Mapped[str | None] = mapped_column(Text)
    preset: Mapped[str | None] = mapped_column(String(32))
    reading: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    mapping: Mapped[dict[str, Any]] = mapped_column(Texts, default=dict)
    filters: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    missing_behavior: Mapped[str] = mapped_column(String(16), default=MissingBehavior.LEAVE)
    safety: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    row_limit: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)
    last_headers: Mapped[list[str]] = mapped_column(JSON, default=list)
    etag: Mapped[str | None] = mapped_column(String(255))
    last_modified: Mapped[str | None] = mapped_column(String(64))
    sha256: Mapped[str | None] = mapped_column(String(64))
    settings_hash: Mapped[str | None] = mapped_column(String(32))
    row_count: Mapped[int | None]
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    succeeded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error_message: Mapped[str | None] = mapped_column(Text)

    supplier: Mapped[Supplier] = relationship(back_populates="feeds")


class FeedRow(Base):
    """What a row of a feed was when it was last taken over. Rows that could not be read are in the run's chunks only.

    `key` is its SKU, else its EAN, else its supplier's SKU, with a letter that says which ("s:MUG-1"); `hash` is of
    its cells and of how they are mapped; `result` is linked, unmatched, ambiguous or missing (it was linked, and the
    feed has it no longer); `data` holds the mapped values; `linked_by` is auto or manual; `progress_id` is the run that
    wrote it last.
    """

    __tablename__ = "feed_rows"
    __table_args__ = (
        UniqueConstraint("feed_id", "key"),
        Index("ix_feed_rows_feed_result", "feed_id", "result", "id"),
        Index("ix_feed_rows_feed_hash", "feed_id", "hash"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(Code(80))
    number: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(32))
    result: Mapped[str] = mapped_column(String(16))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id", ondelete="SET NULL"), index=True)
    linked_by: Mapped[str] = mapped_column(String(16), default="auto")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    progress_id: Mapped[int | None] = mapped_column(BigInteger)


class FeedChunk(Base):
    """A thousand rows of one run of a feed, and what is to become of each; the item "rows:NUMBER" of its job.

    `counts` is {result: rows}; `rows` is compressed JSON (see sync.suppliers.chunk_rows). It goes with its job.
    """

    __tablename__ = "feed_chunks"

    progress_id: Mapped[int] = mapped_column(ForeignKey("job_progress.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    rows: Mapped[bytes] = mapped_column(LargeBinary(2**24 - 1))


class Offer(Base):
    """A supplier's offer of a product. `is_available`, `delivery_days` None: not said; `purchase_price` net, in
    `currency`."""

    __tablename__ = "offers"
    __table_args__ = (
        UniqueConstraint("product_id", "supplier_id"),
        Index("ix_offers_changed_at", "changed_at"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id", ondelete="CASCADE"), index=True)
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("feeds.id", ondelete="SET NULL"), index=True)
    supplier_sku: Mapped[str | None] = mapped_column(Words(64))
    is_available: Mapped[bool | None]
    stock_quantity: Mapped[int | None]
    delivery_days: Mapped[int | None]
    purchase_price: Mapped[Decimal | None] = mapped_column(Amount)
    currency: Mapped[str | None] = mapped_column(String(3))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    supplier: Mapped[Supplier] = relationship()
    product: Mapped[Product] = relationship()
