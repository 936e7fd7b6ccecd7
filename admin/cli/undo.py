"""`manage.py jobs undo`: take back what a job wrote."""

import click

import tasks
from admin.cli import follow, output
from admin.cli.frame import App, pass_app
from admin.cli.output import json_option
from models import JobStatus
from sync.undo.open import open_undo, preview


@click.command()
@click.argument("number", type=int, metavar="JOB")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--no-wait", is_flag=True, help="Return as soon as the job is in the queue.")
@json_option
@pass_app
def undo(app: App, number: int, yes: bool, no_wait: bool, as_json: bool) -> None:
    """Take back what a job wrote, where the shop still holds it. Says count and effect, and asks first."""
    tasks.configure(app.settings)
    if not no_wait:
        follow.require_workers()
    with app.db.read() as session:
        found = preview(session, number)
    if not yes and found.possible:
        click.echo(
            f"job {number} wrote to {found.products:,} products: {found.updates:,} changes are put back and "
            f"{found.creates:,} created things deleted, unless somebody edited them since; images stay",
            err=True,
        )
        click.confirm("undo it?", abort=True, err=True)
    with app.db.write() as session:
        made = open_undo(session, number).id
    from tasks.actors import bulk_sync_products

    bulk_sync_products.send(made)
    if no_wait:
        click.echo(f"job {made} undoes it; see it with: python manage.py jobs show {made}")
        return
    views = follow.wait(app, [made], quiet=as_json)
    if as_json:
        output.print_json(views)
    else:
        follow.results(views)
    if any(view.status != JobStatus.COMPLETED for view in views):
        raise click.exceptions.Exit(1)
