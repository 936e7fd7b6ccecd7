"""`manage.py jobs`: what runs, what ran, and what went wrong."""

import sys
from collections.abc import Iterator
from typing import Any

import click

import tasks
from admin import error_list
from admin.cli import find, follow, output
from admin.cli.frame import App, CliError, Commands, pass_app
from admin.cli.output import json_option
from admin.csv_export import rows_as_csv
from models import JobStatus
from sync import jobs as ledger
from sync import progress, retries
from sync.errors import Missing
from sync.progress import JobView

GROUP_LENGTH = 32
"""Digits of a group's id; a job's number is shorter."""


@click.group(cls=Commands)
def jobs() -> None:
    """The jobs: bulk work that runs, waits or has ended."""


@jobs.command("list")
@click.option("--active", is_flag=True, help="Only what waits or runs.")
@click.option("--shop", "shop_name", metavar="NAME", help="Only this shop's.")
@click.option("--status", type=click.Choice([status.value for status in JobStatus]), help="Only those in this state.")
@click.option(
    "--limit", type=click.IntRange(1, 1000), metavar="N", default=20, show_default=True, help="How many at most."
)
@json_option
@pass_app
def list_jobs(app: App, active: bool, shop_name: str | None, status: str | None, limit: int, as_json: bool) -> None:
    """List jobs, the newest first."""
    with app.db.read() as session:
        shop_id = find.shop(session, shop_name).id if shop_name else None
        if active:
            views = progress.active_jobs(session, shop_id)
            views = [view for view in views if view.completed_at is None and status in (None, view.status)][:limit]
        else:
            views = progress.history(session, shop_id=shop_id, status=status, limit=limit)
    if as_json:
        output.print_json(views)
        return
    titles = ("JOB", "WHAT", "SHOP", "STATE", "DONE", "TOTAL", "ERRORS", "BY", "STARTED", "SECONDS")
    output.table(titles, [_row(view) for view in views])


def _row(view: JobView) -> list[Any]:
    seconds = None if view.duration_seconds is None else f"{view.duration_seconds:.1f}"
    state = "cancelling" if view.cancel_requested and view.completed_at is None else view.status.replace("_", " ")
    state = "paused" if view.paused and state == "running" else state
    return [
        view.id, view.title, view.shop_name, state, view.current_count, view.total_count, view.error_count,
        view.user_name, view.started_at, seconds,
    ]  # fmt: skip


@jobs.command()
@click.argument("ids", type=int, nargs=-1, required=True, metavar="JOB...")
@json_option
@pass_app
def show(app: App, ids: tuple[int, ...], as_json: bool) -> None:
    """Show how jobs stand."""
    with app.db.read() as session:
        views = [_view(progress.details(session, number), number) for number in ids]
    if as_json:
        output.print_json(views)
    else:
        follow.results(views)


@jobs.command()
@click.argument("number", type=int, metavar="[JOB]", required=False)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, in UTF-8 with BOM, safe to open in a spreadsheet.")
@click.option("--groups", is_flag=True, help="All jobs of the last seven days, grouped by what the error says.")
@json_option
@pass_app
def errors(app: App, number: int | None, as_csv: bool, groups: bool, as_json: bool) -> None:
    """List what went wrong in a job, all of it; or in all jobs, grouped.

    A group's id is what `jobs retry` takes to try all of it again.
    """
    if groups == (number is not None) or (groups and as_csv):
        raise click.UsageError("name a job, or ask for --groups (which are printed as a table or as JSON)")
    if number is None:
        _print_groups(app, as_json)
        return
    with app.db.read() as session:
        _view(progress.details(session, number), number)
        found = error_list.every(session, number)
        if as_csv:
            rows = ((row.number, row.sku, row.status, row.error) for row in found)
            _write(rows_as_csv(_titled(rows)))
        elif as_json:
            output.print_json(list(found))
        else:
            output.table(
                ("#", "SKU", "STATE", "ERROR"), [(row.number, row.sku, row.status, row.error) for row in found]
            )


def _print_groups(app: App, as_json: bool) -> None:
    with app.db.read() as session:
        found = progress.error_groups(session)
    if as_json:
        output.print_json(found)
    else:
        titles = ("GROUP", "SHOP", "ITEMS", "LAST", "FOR EXAMPLE", "ERROR")
        output.table(titles, [
            (group.signature, group.shop_name, group.count, group.last_at, group.sku, group.example) for group in found
        ])  # fmt: skip


@jobs.command()
@click.argument("which", metavar="JOB|GROUP")
@click.option("--refused", is_flag=True, help="Also the items that were refused, not only those that failed.")
@json_option
@pass_app
def retry(app: App, which: str, refused: bool, as_json: bool) -> None:
    """Try again what failed in a job, or everything with the same error.

    GROUP is the id that `jobs errors --groups` prints. Each becomes a new job that names its parent; items that were
    tried again already stay out.
    """
    tasks.configure(app.settings)
    from tasks.actors import bulk_sync_products

    with app.db.write() as session:
        if which.isdigit() and len(which) < GROUP_LENGTH:
            made = [retries.retry_failed(session, ledger.get(session, int(which)), refused=refused)]
        elif refused:
            raise click.UsageError("--refused goes with a job; a group holds what has its error, refused or failed")
        else:
            made = retries.retry_group(session, which)
        ids = [job.id for job in made]
    for number in ids:
        bulk_sync_products.send(number)
    if as_json:
        output.print_json([{"id": number} for number in ids])
    else:
        for number in ids:
            click.echo(f"job {number} is in the queue; see it with: python manage.py jobs show {number}")


def _titled(rows: Iterator[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    yield ("#", "SKU", "State", "Error")
    yield from rows


def _write(lines: Iterator[str]) -> None:
    for line in lines:
        sys.stdout.buffer.write(line.encode())
    sys.stdout.buffer.flush()


@jobs.command()
@click.argument("number", type=int, metavar="JOB")
@pass_app
def cancel(app: App, number: int) -> None:
    """Stop a job: what waits is cancelled, what is under way is finished."""
    with app.db.write() as session:
        view = _view(progress.details(session, number), number)
        if not ledger.cancel(session, number):
            raise CliError(f"job {number} has ended already ({view.status.replace('_', ' ')})")
    click.echo(f"job {number} is stopping")


@jobs.command()
@click.option(
    "--days",
    type=click.FloatRange(0),
    metavar="DAYS",
    required=True,
    help="Delete jobs that ended longer ago than this.",
)
@pass_app
def cleanup(app: App, days: float) -> None:
    """Delete old jobs with their items. Jobs that have not ended stay."""
    with app.db.write() as session:
        count = ledger.cleanup_old_jobs(session, days)
    click.echo(f"{count:,} jobs deleted")


def _view(view: JobView | None, number: int) -> JobView:
    if view is None:
        raise Missing("job", number)
    return view
