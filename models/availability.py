"""What a shop says about availability, the way into its database, and candidates for links."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TABLE_OPTIONS, Base, Timestamps
from models.types import BigId, Code, Texts, UtcDateTime, Words


class ShopAvailability(Timestamps, Base):
    """How a shop turns offers into availability.

    `texts` is {iso: {"available": text, "unavailable": text, "delivery": {plural category: text with {days}}}};
    `supplier_rule` is first, cheapest, fastest or stock, over `supplier_ids` in order (all where empty); `route` is api
    or sql; stock below `min_stock_threshold` does not count as available.
    """

    __tablename__ = "shop_availability"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id", ondelete="CASCADE"), primary_key=True)
    active: Mapped[bool] = mapped_column(default=False)
    min_stock_threshold: Mapped[int] = mapped_column(default=20)
    only_changed: Mapped[bool] = mapped_column(default=True)
    texts: Mapped[dict[str, Any]] = mapped_column(Texts, default=dict)
    supplier_rule: Mapped[str] = mapped_column(String(16), default="first")
    supplier_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    allow_value: Mapped[int] = mapped_column(default=1)
    deny_value: Mapped[int] = mapped_column(default=0)
    write_quantities: Mapped[bool] = mapped_column(default=False)
    product_listing_enabled: Mapped[bool] = mapped_column(default=True)
    route: Mapped[str] = mapped_column(String(8), default="api")


class ShopDatabase(Timestamps, Base):
    """The way into a shop's own MySQL. `report` is what the last test found."""

    __tablename__ = "shop_databases"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id", ondelete="CASCADE"), primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    port: Mapped[int] = mapped_column(default=3306)
    name: Mapped[str] = mapped_column(String(64))
    user: Mapped[str] = mapped_column(String(128))
    password_encrypted: Mapped[str] = mapped_column(Text)
    prefix: Mapped[str] = mapped_column(String(32), default="ps_")
    id_shop: Mapped[int] = mapped_column(default=1)
    tls: Mapped[bool] = mapped_column(default=False)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LinkCandidate(Base):
    """A shop's product that could be ours, where it is not certain; `reason` says why."""

    __tablename__ = "link_candidates"
    __table_args__ = (
        UniqueConstraint("shop_id", "product_id", "external_id"),
        Index("ix_link_candidates_shop_reason", "shop_id", "reason", "id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id", ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), index=True)
    external_id: Mapped[int]
    matched_by: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(32))
    reference: Mapped[str] = mapped_column(Code(64), default="")
    ean13: Mapped[str] = mapped_column(String(14), default="")
    name: Mapped[str] = mapped_column(Words(255), default="")
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
