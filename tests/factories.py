"""Rows for tests, with plausible values."""

from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from models import Category, Product, ProductImage, Shop
from sync.services import Services


def texts(name: str, **more: str) -> dict[str, dict[str, str]]:
    """A name in both languages of a fresh sandbox, and other texts."""
    return {
        "en": {"name": name, **more},
        "pl": {"name": f"{name} (pl)", **{field: f"{text} (pl)" for field, text in more.items()}},
    }


def make_product(session: Session, sku: str, **values: Any) -> Product:
    """A product that a shop takes."""
    given = {"texts": texts(f"Product {sku}"), "price": Decimal("19.90"), "quantity": 5, "active": True}
    product = Product(sku=sku, **{**given, **values})
    session.add(product)
    session.flush()
    return product


def make_category(session: Session, name: str, parent: Category | None = None) -> Category:
    category = Category(texts=texts(name), parent=parent)
    session.add(category)
    session.flush()
    return category


def make_shop(session: Session, services: Services, address: str, key: str, **values: Any) -> Shop:
    """A shop whose languages and taxes are known, as after a connection test."""
    given = {"name": "Cyan", "languages": {"en": 1, "pl": 2}, "tax_rules_groups": {"23": 1}}
    shop = Shop(address=address, key_encrypted=services.vault.encrypt(key), **{**given, **values})
    session.add(shop)
    session.flush()
    return shop


def add_image(session: Session, services: Services, product: Product, content: bytes, filename: str) -> ProductImage:
    image = ProductImage(
        product=product, position=len(product.images), filename=filename, sha256=services.media.put(content)
    )
    session.add(image)
    session.flush()
    return image
