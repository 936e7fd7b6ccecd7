"""`manage.py availability`: tell a shop what can be ordered."""

from itertools import islice

import click

import tasks
from admin.cli import find, follow, output
from admin.cli.find import shop_option
from admin.cli.follow import follow_jobs
from admin.cli.frame import App, CliError, pass_app
from admin.cli.output import json_option
from sync.availability.dry_run import availability_dry_run
from sync.availability.job import ROUTES, open_availability
from sync.errors import SyncError


@click.command()
@shop_option
@click.option("--supplier", metavar="NAME", help="Only products that this supplier offers.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="So many products at most.")
@click.option("--all", "everything", is_flag=True, help="Also those whose availability has not changed.")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would be written, and write nothing.")
@click.option("--route", type=click.Choice(ROUTES), help="The web service or SQL; else what the shop's settings say.")
@click.option("--no-wait", is_flag=True, help="Return as soon as the job is in the queue.")
@json_option
@pass_app
def availability(
    app: App, shop_name: str, supplier: str | None, limit: int | None, everything: bool, dry: bool, route: str | None,
    no_wait: bool, as_json: bool,
) -> None:  # fmt: skip
    """Tell a shop what can be ordered: texts, whether orders are allowed, and quantities where that is set.

    The exit code is 1 when a product could not be told.
    """
    if not dry:
        tasks.configure(app.settings)
        if not no_wait:
            follow.require_workers()
    try:
        with app.db.write() as session:
            shop = find.shop(session, shop_name)
            supplier_id = find.supplier(session, supplier).id if supplier else None
            job = None if dry else open_availability(
                session, shop.id, supplier_id=supplier_id, limit=limit, everything=everything, route=route
            ).id  # fmt: skip
        if dry:
            found = availability_dry_run(
                app.services, shop, supplier_id=supplier_id, limit=limit, everything=everything, route=route
            )
    except SyncError as error:
        raise CliError(str(error)) from None
    if job is not None:
        from tasks.actors import bulk_sync_products

        bulk_sync_products.send(job)
        follow_jobs(app, [job], no_wait, as_json, "it")
    elif as_json:
        output.print_json(found)
    else:
        click.echo(f"{found.products:,} products would be told, {found.available:,} of them can be ordered")
        for table, rows in (found.rows or {}).items():
            click.echo(f"  {table}: {rows:,} rows")
        for one in islice(found.examples, 10):
            click.echo(f"  {one['sku']}: {one['before']} -> {one['after']}")
