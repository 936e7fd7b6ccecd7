"""`manage.py drift`: what shops hold against what was last sent there."""

import click

import tasks
from admin.cli import find, follow, output
from admin.cli.find import shop_option
from admin.cli.follow import follow_jobs
from admin.cli.frame import App, CliError, Commands, pass_app
from admin.cli.output import json_option
from models import JobProgress, Shop
from sync.drift import open_drift
from sync.drift.findings import WORDS
from sync.drift.listing import findings, view
from sync.drift.open import last_check
from sync.drift.repair import CREATE, LEAVE, UNLINK, repair
from sync.errors import SyncError


@click.group(cls=Commands)
def drift() -> None:
    """Compare shops with what was last sent to them."""


@drift.command("check")
@shop_option
@click.option(
    "--budget", type=click.IntRange(min=1), metavar="N", help="At most so many requests; else the shop's own."
)
@click.option("--anew", is_flag=True, help="Begin at the beginning, also where the last check was not at its end.")
@click.option("--no-wait", is_flag=True, help="Return as soon as the job is in the queue.")
@json_option
@pass_app
def check(app: App, shop_name: str, budget: int | None, anew: bool, no_wait: bool, as_json: bool) -> None:
    """Check a shop, from where the last check stopped for want of requests.

    Nothing is written to the shop. The exit code is 1 when the check could not be made.
    """
    tasks.configure(app.settings)
    if not no_wait:
        follow.require_workers()
    from tasks.actors import bulk_sync_products

    with app.db.write() as session:
        try:
            number = open_drift(session, find.shop(session, shop_name), budget=budget, anew=anew).id
        except SyncError as error:
            raise CliError(str(error)) from None
    bulk_sync_products.send(number)
    follow_jobs(app, [number], no_wait, as_json, "the check")
    if not no_wait and not as_json:
        with app.db.read() as session:
            click.echo(session.get_one(JobProgress, number).summary.get("message", ""))


@drift.command("list")
@shop_option
@click.option("--kind", type=click.Choice(WORDS), help="Only findings of that kind.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=100, show_default=True, metavar="N", help="So many at most."
)
@json_option
@pass_app
def listed(app: App, shop_name: str, kind: str | None, limit: int, as_json: bool) -> None:
    """Say what the last check of a shop found, and how long a full cycle takes."""
    with app.db.read() as session:
        shop = find.shop(session, shop_name)
        known = view(session, shop.id)
        items = findings(session, known.last.id, kind, limit) if known.last else []
    if as_json:
        rows = [
            {"sku": item.sku, "id_there": item.external_id, "found": item.operation, "fields": item.data}
            for item in items
        ]
        output.print_json({
            "shop": shop.name, "full_check_at": known.checked_at, "cycle": known.cycle, "partial": known.partial,
            "drifted": known.drifted, "findings": rows,
        })  # fmt: skip
        return
    if known.last is None:
        click.echo(f"{shop.name} was never checked; check it: python manage.py drift check --shop NAME")
        return
    if items:
        lines = [[item.sku, item.external_id, item.operation, item.error] for item in items]
        output.table(["SKU", "ID THERE", "FOUND", "WHAT"], lines)
    click.echo(known.last.summary.get("message", ""))


@drift.command("repair")
@shop_option
@click.option("--kind", "kinds", multiple=True, type=click.Choice(WORDS), help="Only findings of that kind; several.")
@click.option(
    "--missing", type=click.Choice((CREATE, UNLINK, LEAVE)), default=CREATE, show_default=True,
    help="What becomes of products that the shop has no more.",
)  # fmt: skip
@click.option("--no-wait", is_flag=True, help="Return as soon as the jobs are in the queue.")
@json_option
@pass_app
def repair_shop(app: App, shop_name: str, kinds: tuple[str, ...], missing: str, no_wait: bool, as_json: bool) -> None:
    """Repair what the last check of a shop found: push what differs, create or unlink what is missing, import the rest.

    Products that share their reference are for you to sort out in the shop.
    """
    tasks.configure(app.settings)
    if not no_wait:
        follow.require_workers()
    from tasks.actors import bulk_import_products, bulk_sync_products

    with app.db.write() as session:
        shop = session.get_one(Shop, find.shop(session, shop_name).id)
        last = last_check(session, shop.id)
        if last is None:
            raise CliError(f"{shop.name} was never checked; check it: python manage.py drift check --shop NAME")
        try:
            done = repair(session, last, words=kinds or WORDS, missing=missing)
        except SyncError as error:
            raise CliError(str(error)) from None
    if done.push:
        bulk_sync_products.send(done.push.id)
    if done.intake:
        bulk_import_products.send(done.intake.id)
    if done.unlinked and not as_json:
        click.echo(f"{done.unlinked:,} products are unlinked")
    ids = [job.id for job in done.started]
    if ids:
        follow_jobs(app, ids, no_wait, as_json, "the repair")
    elif as_json:
        output.print_json([])
    else:
        click.echo("nothing is left to be repaired")
