"""`manage.py product`: what is in the catalogue, and how it stands in each shop."""

from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.cli import find, output
from admin.cli.frame import App, Commands, pass_app
from admin.cli.output import json_option
from models import Product, ProductSyncStatus, Shop, SyncStatus
from sync import catalogue, removals
from sync.catalogue import Query

PAGE = 200
STATES = ("none", *(status.value for status in SyncStatus))


@click.group(cls=Commands)
def product() -> None:
    """The products of the catalogue."""


@product.command("list")
@click.option("--search", default="", metavar="TEXT", help="SKU, EAN or name holds it.")
@click.option("--category", metavar="PATH", help="In this category or below it, such as Kitchen/Mugs.")
@click.option("--shop", "shop_name", metavar="NAME", help="Show the state in this shop.")
@click.option("--status", type=click.Choice(STATES), help="Only those in this state in the shop (none: never pushed).")
@click.option("--limit", type=click.IntRange(1), metavar="N", default=50, show_default=True, help="How many at most.")
@json_option
@pass_app
def list_products(
    app: App, search: str, category: str | None, shop_name: str | None, status: str | None, limit: int, as_json: bool
) -> None:
    """List products by SKU."""
    if status and not shop_name:
        raise click.UsageError("--status speaks of a shop; name it with --shop")
    with app.db.read() as session:
        shop = find.shop(session, shop_name) if shop_name else None
        query = Query(
            search, shop.id if shop else None, status, find.category(session, category).id if category else None
        )
        rows, more = _rows(session, query, limit)
    if as_json:
        output.print_json(rows)
        return
    titles = ["SKU", "NAME", "PRICE", "QUANTITY", "ACTIVE", *(["STATE"] if shop else [])]
    output.table(titles, [[row[title.lower()] for title in titles] for row in rows])
    if more:
        click.echo(f"... and more; see them with --limit {limit * 10}")


def _rows(session: Session, query: Query, limit: int) -> tuple[list[dict[str, Any]], bool]:
    rows: list[dict[str, Any]] = []
    after: str | None = None
    while len(rows) < limit:
        page = catalogue.search(session, query, after=after, limit=min(PAGE, limit - len(rows)))
        for row in page.rows:
            link = row.links.get(query.shop_id or 0)
            rows.append(_listed(row.product) | {"state": link.sync_status if link else "none"})
        after = page.after
        if after is None:
            break
        session.expunge_all()
    return rows, after is not None


def _listed(product: Product) -> dict[str, Any]:
    names = ("sku", "name", "price", "quantity", "active")
    return {name: getattr(product, name) for name in names}


@product.command()
@click.argument("sku")
@json_option
@pass_app
def show(app: App, sku: str, as_json: bool) -> None:
    """Show the product SKU and how it stands in each shop."""
    with app.db.read() as session:
        found = find.product(session, sku)
        data = _details(found)
        links = _links(session, found.id)
    if as_json:
        output.print_json({**data, "shops": links})
        return
    texts = data.pop("texts")
    output.facts([*data.items(), *((f"name ({iso})", text.get("name")) for iso, text in texts.items())])
    click.echo()
    if links:
        output.table([name.upper().replace("_", " ") for name in links[0]], [list(link.values()) for link in links])
    else:
        click.echo("it was never pushed to a shop")


def _details(product: Product) -> dict[str, Any]:
    names = (
        "price", "tax_rate", "quantity", "minimal_quantity", "active", "visibility", "condition", "ean", "manufacturer",
        "supplier_reference", "weight", "width", "height", "depth",
    )  # fmt: skip
    return {
        "sku": product.sku,
        **{name: getattr(product, name) for name in names},
        "category": find.path_of(product.default_category) if product.default_category else None,
        "images": len(product.images),
        "combinations": len(product.combinations),
        "features": len(product.features),
        "specific_prices": len(product.specific_prices),
        "changed_at": product.changed_at,
        "texts": product.texts,
    }


def _links(session: Session, product_id: int) -> list[dict[str, Any]]:
    query = (
        select(ProductSyncStatus, Shop.name)
        .join(Shop, Shop.id == ProductSyncStatus.shop_id)
        .where(ProductSyncStatus.product_id == product_id)
        .order_by(Shop.name)
    )
    return [
        {
            "shop": name,
            "state": link.sync_status,
            "id_there": link.external_id,
            "last_success": link.last_success_at,
            "error": link.error_message,
        }
        for link, name in session.execute(query)
    ]


@product.command("delete")
@click.argument("skus", nargs=-1, required=True, metavar="SKU...")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_app
def delete_products(app: App, skus: tuple[str, ...], yes: bool) -> None:
    """Delete products from the catalogue.

    The shops keep theirs until `sync removals` deals with them.
    """
    with app.db.read() as session:
        ids = [find.product(session, sku).id for sku in dict.fromkeys(skus)]
        there = sum(link.external_id is not None for links in catalogue.links_of(session, ids).values()
                    for link in links.values())  # fmt: skip
    if not yes:
        click.confirm(f"Delete {len(ids):,} products? They stay in shops {there:,} times", abort=True, err=True)
    with app.db.write() as session:
        deleted = removals.delete_products(session, ids)
    click.echo(f"{deleted:,} products deleted from the catalogue")
    if there:
        click.echo("the shops still have them; see python manage.py sync removals --shop NAME")
