"""The catalogue: categories, products, their images, and what a shop shows differently."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from models.base import TABLE_OPTIONS, Base, Timestamps
from models.types import Amount, Code, Texts, UtcDateTime, Words, now

if TYPE_CHECKING:
    from models.variants import Combination, ProductFeature, SpecificPrice

PRODUCT_TEXTS = (
    "name", "description", "description_short", "link_rewrite", "meta_title", "meta_description",
    "available_now", "available_later",
)  # fmt: skip
CATEGORY_TEXTS = ("name", "description", "link_rewrite", "meta_title", "meta_description")


def shown_name(texts: dict[str, dict[str, str]]) -> str:
    """The name to list a thing under: the first language that has one, in the order given."""
    return next((text["name"] for text in texts.values() if text.get("name")), "")[:255]


product_categories = Table(
    "product_categories",
    Base.metadata,
    Column("product_id", Integer, ForeignKey("products.id", ondelete="CASCADE"), primary_key=True),
    Column("category_id", Integer, ForeignKey("categories.id", ondelete="CASCADE"), primary_key=True, index=True),
    mysql_charset="utf8mb4",
    mysql_engine="InnoDB",
)


class Category(Timestamps, Base):
    """A category. Top ones have no parent; `texts` is {iso code: {one of CATEGORY_TEXTS: text}}."""

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), index=True)
    name: Mapped[str] = mapped_column(Words(255), default="")
    texts: Mapped[dict[str, dict[str, str]]] = mapped_column(Texts, default=dict)
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)

    parent: Mapped["Category | None"] = relationship(remote_side=[id], back_populates="children")
    children: Mapped[list["Category"]] = relationship(back_populates="parent", order_by="Category.position")

    @validates("texts")
    def _name_from_texts(self, _key: str, texts: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        self.name = shown_name(texts)
        return texts


def words_of(table: str = "") -> str:
    """A product's words in PostgreSQL's SQL, as its index ix_products_words holds them (only migrations know it).

    `table` is "products." in a query. Elsewhere a search reads the rows.
    """
    said = f"lower({table}sku || ' ' || coalesce({table}ean, '') || ' ' || {table}name)"
    return f"to_tsvector('simple', regexp_replace({said}, '[^[:alnum:]]+', ' ', 'g'))"


class Product(Timestamps, Base):
    """A product.

    `price` is net, in the shop's default currency; `tax_rate` in percent; `weight` in kg, sizes in cm (PrestaShop's
    defaults); `texts` is {iso code: {one of PRODUCT_TEXTS: text}}; `changed_at` moves with everything that a shop
    would show, be it in this row, its categories, images, overrides, combinations, features or specific prices.
    """

    __tablename__ = "products"
    __table_args__ = (Index("ix_products_changed_at", "changed_at"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(Code(64), unique=True)
    ean: Mapped[str | None] = mapped_column(String(14), index=True)
    name: Mapped[str] = mapped_column(Words(255), default="", index=True)
    texts: Mapped[dict[str, dict[str, str]]] = mapped_column(Texts, default=dict)
    price: Mapped[Decimal] = mapped_column(Amount, default=Decimal(0))
    tax_rate: Mapped[Decimal] = mapped_column(Amount, default=Decimal(0))
    weight: Mapped[Decimal] = mapped_column(Amount, default=Decimal(0))
    width: Mapped[Decimal] = mapped_column(Amount, default=Decimal(0))
    height: Mapped[Decimal] = mapped_column(Amount, default=Decimal(0))
    depth: Mapped[Decimal] = mapped_column(Amount, default=Decimal(0))
    manufacturer: Mapped[str | None] = mapped_column(Words(64))
    supplier_reference: Mapped[str | None] = mapped_column(Words(64))
    minimal_quantity: Mapped[int] = mapped_column(default=1)
    condition: Mapped[str] = mapped_column(String(16), default="new")
    visibility: Mapped[str] = mapped_column(String(16), default="both")
    default_category_id: Mapped[int | None] = mapped_column(
        ForeignKey("categories.id", ondelete="SET NULL"), index=True
    )
    active: Mapped[bool] = mapped_column(default=True)
    quantity: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    categories: Mapped[list[Category]] = relationship(secondary=product_categories)
    default_category: Mapped[Category | None] = relationship()
    images: Mapped[list["ProductImage"]] = relationship(
        back_populates="product", order_by="ProductImage.position", cascade="all, delete-orphan"
    )
    overrides: Mapped[list["ProductOverride"]] = relationship(cascade="all, delete-orphan")
    combinations: Mapped[list["Combination"]] = relationship(
        order_by="(Combination.position, Combination.id)", cascade="all, delete-orphan", passive_deletes=True
    )
    features: Mapped[list["ProductFeature"]] = relationship(
        order_by="(ProductFeature.position, ProductFeature.id)", cascade="all, delete-orphan", passive_deletes=True
    )
    specific_prices: Mapped[list["SpecificPrice"]] = relationship(
        order_by="SpecificPrice.id", cascade="all, delete-orphan", passive_deletes=True
    )

    @validates("texts")
    def _name_from_texts(self, _key: str, texts: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        self.name = shown_name(texts)
        return texts


class ProductImage(Base):
    """An image of a product; its bytes lie in the media folder under their sha256. The first is the cover."""

    __tablename__ = "product_images"
    __table_args__ = (UniqueConstraint("product_id", "sha256"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    filename: Mapped[str] = mapped_column(Words(255))
    sha256: Mapped[str] = mapped_column(String(64))

    product: Mapped[Product] = relationship(back_populates="images")


class ProductOverride(Timestamps, Base):
    """What one shop shows differently: `fields` is {product field: value}, texts as {"texts": {iso: {...}}}.

    `locked` are product fields that are never sent to the shop: they are edited there.
    """

    __tablename__ = "product_overrides"
    __table_args__ = (UniqueConstraint("product_id", "shop_id"), TABLE_OPTIONS)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    shop_id: Mapped[int] = mapped_column(ForeignKey("shops.id", ondelete="CASCADE"), index=True)
    fields: Mapped[dict[str, Any]] = mapped_column(Texts, default=dict)
    locked: Mapped[list[str]] = mapped_column(JSON, default=list)
