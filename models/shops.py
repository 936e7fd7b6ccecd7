"""PrestaShop shops: where they are, how to get in, what was found there, how gently to treat them."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TABLE_OPTIONS, Base, Timestamps
from models.types import Amount, Code, UtcDateTime, Words


class ShopHealth(StrEnum):
    """What the last contact with a shop showed."""

    UNKNOWN = "unknown"
    OK = "ok"
    SLOW = "slow"
    DOWN = "down"


class ConflictPolicy(StrEnum):
    """Who wins when a product was changed both here and in the shop."""

    OURS = "ours"
    SHOP = "shop"
    NEWEST = "newest"
    ASK = "ask"


class RemovalPolicy(StrEnum):
    """What may become of a product that does not belong into a shop any more."""

    NEVER = "never"
    DEACTIVATE = "deactivate"
    DELETE = "delete"


class Shop(Timestamps, Base):
    """A shop.

    `languages` maps ISO codes to the shop's language ids ({"en": 1}); `tax_rules_groups` maps a rate in percent,
    written without trailing zeros, to the id of the shop's tax rules group ({"23": 1}); `pace` caps the requests per
    second (None: no cap); time-outs are in seconds; `capabilities` is what the last probe found. `price_factor` and
    `price_rounding` ("0.01", or an ending such as ".99"; empty: none) make the shop's prices of ours;
    `fallback_languages` are the ISO codes to take a missing text from, in order (empty: the catalogue's order);
    `locked_fields` are never sent there; `image_limit` is in bytes; `time_zone` is an IANA name; `drift_budget` is in
    requests a night; while `paused_at` is set, its work waits.
    """

    __tablename__ = "shops"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Words(100), unique=True)
    address: Mapped[str] = mapped_column(String(500))
    key_encrypted: Mapped[str] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    id_shop: Mapped[int | None]
    version: Mapped[str | None] = mapped_column(String(20))
    capabilities: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    languages: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    tax_rules_groups: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    home_category_id: Mapped[int] = mapped_column(default=2)
    max_concurrency: Mapped[int] = mapped_column(default=1)
    pace: Mapped[float | None] = mapped_column(Float)
    connect_timeout: Mapped[float] = mapped_column(Float, default=5.0)
    read_timeout: Mapped[float] = mapped_column(Float, default=60.0)
    conflict_policy: Mapped[str] = mapped_column(String(16), default=ConflictPolicy.OURS)
    removal_policy: Mapped[str] = mapped_column(String(16), default=RemovalPolicy.NEVER)
    price_factor: Mapped[Decimal] = mapped_column(Amount, default=Decimal(1))
    price_rounding: Mapped[str] = mapped_column(String(16), default="")
    fallback_languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    locked_fields: Mapped[list[str]] = mapped_column(JSON, default=list)
    image_limit: Mapped[int] = mapped_column(default=2_000_000)
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    drift_budget: Mapped[int] = mapped_column(default=1000)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_by: Mapped[str | None] = mapped_column(Words(100))
    health: Mapped[str] = mapped_column(String(16), default=ShopHealth.UNKNOWN)
    health_message: Mapped[str | None] = mapped_column(Text)
    health_checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    latency_ms: Mapped[float | None] = mapped_column(Float)


class MappingType(StrEnum):
    """What a ShopMapping speaks of."""

    CATEGORY = "category"
    MANUFACTURER = "manufacturer"
    SUPPLIER = "supplier"
    OPTION = "option"
    OPTION_VALUE = "option_value"
    FEATURE = "feature"
    FEATURE_VALUE = "feature_value"


class ShopMapping(Timestamps, Base):
    """A thing of ours and its id in a shop.

    `local_key` is our category's id, or a name (of a value: its group's id in the shop, a colon, its name).
    `external_id` is None while somebody is creating it there: everybody but `claimed_by` waits. `fingerprint` is of
    what was last sent.
    """

    __tablename__ = "shop_mappings"
    __table_args__ = (UniqueConstraint("shop_id", "mapping_type", "local_key"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id", ondelete="CASCADE"))
    mapping_type: Mapped[str] = mapped_column(String(16))
    local_key: Mapped[str] = mapped_column(Code(288))
    external_id: Mapped[int | None]
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    error_message: Mapped[str | None] = mapped_column(Text)
    claimed_by: Mapped[str | None] = mapped_column(String(64))


class ShopSlot(Base):
    """The right to work in a shop: one row per lane that may work there at a time.

    `wanted` is set by a lane that found no free slot, so that the holder lets it go first.
    """

    __tablename__ = "shop_slots"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    holder: Mapped[str | None] = mapped_column(String(64))
    last_holder: Mapped[str | None] = mapped_column(String(64))
    wanted: Mapped[bool] = mapped_column(default=False)
