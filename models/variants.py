"""What a product has besides its row: combinations, features, prices for customer groups; and their ids in shops."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import TABLE_OPTIONS, Base, Timestamps
from models.types import Amount, Code, Texts, UtcDateTime, Words


class Combination(Timestamps, Base):
    """A variant of a product (PrestaShop's combination).

    `options` is [{"option": {iso: name}, "value": {iso: name}}, ...] in order; `price` and `weight` are what it adds to
    the product's (may be negative); `images` are sha256 of the product's images that show it.
    """

    __tablename__ = "combinations"
    __table_args__ = (Index("ix_combinations_product", "product_id", "position"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    sku: Mapped[str | None] = mapped_column(Code(64), unique=True)
    ean: Mapped[str | None] = mapped_column(String(14), index=True)
    supplier_reference: Mapped[str | None] = mapped_column(Words(64))
    options: Mapped[list[dict[str, dict[str, str]]]] = mapped_column(Texts, default=list)
    price: Mapped[Decimal] = mapped_column(Amount, default=Decimal(0))
    weight: Mapped[Decimal] = mapped_column(Amount, default=Decimal(0))
    quantity: Mapped[int] = mapped_column(default=0)
    minimal_quantity: Mapped[int] = mapped_column(default=1)
    is_default: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    images: Mapped[list[str]] = mapped_column(JSON, default=list)


class CombinationLink(Base):
    """A combination in a shop: its ids there, and what was last sent (as ProductSyncStatus does for the product).

    `combination_id` is null when ours is gone and the shop's has still to go; that only goes if `made` (we created it
    there, it was not found).
    """

    __tablename__ = "combination_links"
    __table_args__ = (
        UniqueConstraint("combination_id", "shop_id"),
        UniqueConstraint("shop_id", "external_id"),
        Index("ix_combination_links_product", "product_id", "shop_id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    combination_id: Mapped[int | None] = mapped_column(ForeignKey("combinations.id", ondelete="SET NULL"))
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id", ondelete="CASCADE"))
    external_id: Mapped[int | None]
    stock_available_id: Mapped[int | None]
    made: Mapped[bool] = mapped_column(default=False)
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    sent: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    quantity_sent: Mapped[int | None]


class ProductFeature(Base):
    """A feature of a product and its value ("Material: cotton"): `feature` and `value` are {iso: name}."""

    __tablename__ = "product_features"
    __table_args__ = (Index("ix_product_features_product", "product_id", "position"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    feature: Mapped[dict[str, str]] = mapped_column(Texts, default=dict)
    value: Mapped[dict[str, str]] = mapped_column(Texts, default=dict)


class SpecificPrice(Timestamps, Base):
    """A price for a group of customers (PrestaShop's specific price).

    `customer_group` is the group's name in the shops ("" for all); `price` net, None: the product's own; `reduction`
    is an amount, or a share (0.1 for 10 %) where `reduction_type` is percentage; `shop_id` None: in every shop.
    """

    __tablename__ = "specific_prices"
    __table_args__ = (Index("ix_specific_prices_product", "product_id"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    combination_id: Mapped[int | None] = mapped_column(ForeignKey("combinations.id", ondelete="CASCADE"), index=True)
    shop_id: Mapped[int | None] = mapped_column(ForeignKey("shops.id", ondelete="CASCADE"), index=True)
    customer_group: Mapped[str] = mapped_column(Words(64), default="")
    from_quantity: Mapped[int] = mapped_column(default=1)
    price: Mapped[Decimal | None] = mapped_column(Amount)
    reduction: Mapped[Decimal] = mapped_column(Amount, default=Decimal(0))
    reduction_type: Mapped[str] = mapped_column(String(16), default="amount")
    reduction_tax: Mapped[bool] = mapped_column(default=True)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SpecificPriceLink(Base):
    """A specific price in a shop. `specific_price_id` is null when ours is gone and the shop's has still to go.

    `made`: we created it there; one that was found there stays when ours goes.
    """

    __tablename__ = "specific_price_links"
    __table_args__ = (
        UniqueConstraint("shop_id", "external_id"),
        Index("ix_specific_price_links_product", "product_id", "shop_id"),
        TABLE_OPTIONS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id", ondelete="CASCADE"))
    specific_price_id: Mapped[int | None] = mapped_column(
        ForeignKey("specific_prices.id", ondelete="SET NULL"), index=True
    )
    external_id: Mapped[int]
    made: Mapped[bool] = mapped_column(default=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
