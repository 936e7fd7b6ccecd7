"""`manage.py import`: products and categories of a shop into the catalogue."""

import click

import tasks
from admin.cli import find, follow, output
from admin.cli.find import shop_option
from admin.cli.follow import follow_jobs
from admin.cli.frame import App, CliError, Commands, pass_app
from admin.cli.output import json_option
from models import Shop
from sync.errors import SyncError
from sync.intake import ImportSelection, open_import
from sync.intake.categories import import_categories
from sync.intake.preview import find_category, shop_tree


@click.group("import", cls=Commands)
def intake() -> None:
    """Import from shops."""


@intake.command("products")
@shop_option
@click.option(
    "--category", "categories", multiple=True, metavar="PATH",
    help="Those of a category of the shop and all below it, by its path there or its id; may be given several times.",
)  # fmt: skip
@click.option("--id", "ids", multiple=True, type=int, metavar="ID", help="The product of that id in the shop.")
@click.option("--reference", "references", multiple=True, metavar="TEXT", help="Those of exactly that reference.")
@click.option("--images", is_flag=True, help="Their image files too.")
@click.option("--only-new", is_flag=True, help="Leave products that are in the catalogue already as they are.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many, by ascending id.")
@click.option("--no-wait", is_flag=True, help="Return as soon as the job is in the queue.")
@json_option
@pass_app
def products(
    app: App, shop_name: str, categories: tuple[str, ...], ids: tuple[int, ...], references: tuple[str, ...],
    images: bool, only_new: bool, limit: int | None, no_wait: bool, as_json: bool,
) -> None:  # fmt: skip
    """Import products of a shop with all that belongs to them: all of them, or those that an option names.

    Waits with a bar and prints what came of it; the exit code is 1 when a product was refused or failed.
    """
    if sum((bool(categories), bool(ids), bool(references))) > 1:
        raise click.UsageError("choose by --category, by --id or by --reference")
    tasks.configure(app.settings)
    if not no_wait:
        follow.require_workers()
    from tasks.actors import bulk_import_products

    with app.db.read() as session:
        shop = find.shop(session, shop_name)
    kind = "categories" if categories else "ids" if ids else "references" if references else "all"
    numbers = tuple(_categories(app, shop, categories)) if categories else ids
    selection = ImportSelection(kind, numbers, references, images, not only_new, limit)
    with app.db.write() as session:
        try:
            number = open_import(session, session.get_one(Shop, shop.id), selection).id
        except SyncError as error:
            raise CliError(str(error)) from None
    bulk_import_products.send(number)
    follow_jobs(app, [number], no_wait, as_json, "the import")


def _categories(app: App, shop: Shop, wanted: tuple[str, ...]) -> list[int]:
    try:
        nodes = shop_tree(app.services, shop)
        return [find_category(nodes, text) for text in wanted]
    except SyncError as error:
        raise CliError(str(error)) from None


@intake.command("categories")
@shop_option
@json_option
@pass_app
def categories(app: App, shop_name: str, as_json: bool) -> None:
    """Import the tree of categories of a shop, here and at once."""
    with app.db.read() as session:
        shop = find.shop(session, shop_name)
    try:
        found = import_categories(app.services, shop)
    except SyncError as error:
        raise CliError(str(error)) from None
    if as_json:
        output.print_json(found)
    else:
        click.echo(f"{shop.name} has {found.total:,} categories; {found.created:,} of them are new here")
