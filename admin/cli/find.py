"""Finds what an operator names: a shop whatever the case of its letters, a category by its path, a product by SKU."""

from collections.abc import Sequence

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.cli.frame import CliError
from models import Category, Product, Shop
from models.types import nfc
from sync.catalogue_files.category_tree import CategoryTree

LISTED = 8


def shop(session: Session, name: str) -> Shop:
    """The shop of that name. Raises CliError that lists the names there are."""
    shops = session.scalars(select(Shop).order_by(Shop.name)).all()
    wanted = nfc(name).casefold()
    for each in shops:
        if each.name.casefold() == wanted:
            return each
    known = ", ".join(each.name for each in shops) or "none yet; add one: python manage.py shop add NAME ADDRESS"
    raise CliError(f"there is no shop {name!r}; there are: {known}")


def shops(session: Session, names: Sequence[str]) -> list[Shop]:
    """The shops of these names, each once."""
    found = {each.id: each for each in (shop(session, name) for name in names)}
    return list(found.values())


def product(session: Session, sku: str) -> Product:
    """The product of that SKU. Raises CliError."""
    found = session.scalar(select(Product).where(Product.sku == nfc(sku)))
    if found is None:
        raise CliError(f"there is no product {sku!r}; look for it: python manage.py product list --search TEXT")
    return found


def category(session: Session, text: str) -> Category:
    """The category at a path such as Kitchen/Mugs, or the only one of that name. Raises CliError."""
    path = tuple(part.strip() for part in text.split("/") if part.strip())
    number = CategoryTree(session).find(path)
    if number is not None:
        return session.get_one(Category, number)
    named = session.scalars(select(Category).where(Category.name == nfc(text.strip())).limit(LISTED)).all()
    if len(named) == 1:
        return named[0]
    if named:
        raise CliError(
            f"several categories are called {text!r}: {', '.join(path_of(each) for each in named)}; give the path"
        )
    tops = session.scalars(select(Category.name).where(Category.parent_id.is_(None)).order_by(Category.name)).all()
    known = ", ".join(tops) or "none"
    raise CliError(f"there is no category {text!r}; give its path from the top (at the top there are: {known})")


def path_of(category: Category) -> str:
    """A category's path from the top."""
    names: list[str] = []
    at: Category | None = category
    while at is not None and len(names) < 50:  # deeper than any shop, and a circle ends
        names.append(at.name)
        at = at.parent
    return "/".join(reversed(names))


shop_option = click.option(
    "--shop", "shop_name", required=True, metavar="NAME", help="The shop, in any case of letters."
)
