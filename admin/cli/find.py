"""Finds what an operator names: a shop whatever the case of its letters, a category by its path, a product by SKU."""

from collections.abc import Sequence

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.cli.frame import CliError
from models import Category, Feed, Product, Shop, Supplier
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


def supplier(session: Session, name: str) -> Supplier:
    """The supplier of that name, in any case of letters. Raises CliError that lists the names there are."""
    found = session.scalars(select(Supplier).order_by(Supplier.position, Supplier.name)).all()
    wanted = nfc(name).casefold()
    for each in found:
        if each.name.casefold() == wanted:
            return each
    known = ", ".join(each.name for each in found) or "none yet; add one: python manage.py supplier add NAME"
    raise CliError(f"there is no supplier {name!r}; there are: {known}")


def feed(session: Session, name: str) -> Feed:
    """The feed of that number, of that name, or "Supplier: Name". Raises CliError that lists the feeds there are."""
    found = session.scalars(select(Feed).order_by(Feed.id)).all()
    wanted = nfc(name).casefold()
    titles = {each.id: f"{each.supplier.name}: {each.name}" for each in found}
    named = [each for each in found if wanted in (str(each.id), each.name.casefold(), titles[each.id].casefold())]
    if len(named) == 1:
        return named[0]
    known = ", ".join(repr(title) for title in titles.values()) or "none yet; add one: python manage.py feed add"
    raise CliError(f"there {'are several feeds' if named else 'is no feed'} {name!r}; there are: {known}")
