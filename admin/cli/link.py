"""`manage.py link`: our products and those that a shop has already."""

import click

import tasks
from admin.cli import find, follow
from admin.cli.find import shop_option
from admin.cli.follow import follow_jobs
from admin.cli.frame import App, CliError, Commands, pass_app
from admin.cli.output import json_option
from sync.errors import SyncError
from sync.kinds.link import open_link
from sync.linking.sources import ROUTES


@click.group(cls=Commands)
def link() -> None:
    """Link products with those that a shop has already."""


@link.command()
@shop_option
@click.option(
    "--route", type=click.Choice(ROUTES), default="api", show_default=True,
    help="Read the shop's codes over its web service, or in its database (see shop set-database).",
)  # fmt: skip
@click.option("--no-wait", is_flag=True, help="Return as soon as the job is in the queue.")
@json_option
@pass_app
def products(app: App, shop_name: str, route: str, no_wait: bool, as_json: bool) -> None:
    """Look for our products in a shop by SKU, then by EAN, and link those that are found for certain.

    What is not certain is listed in the admin, under the shop's Links.
    """
    tasks.configure(app.settings)
    if not no_wait:
        follow.require_workers()
    from tasks.actors import bulk_sync_products

    try:
        with app.db.write() as session:
            number = open_link(session, find.shop(session, shop_name).id, route=route).id
    except SyncError as error:
        raise CliError(str(error)) from None
    bulk_sync_products.send(number)
    follow_jobs(app, [number], no_wait, as_json, "it")
