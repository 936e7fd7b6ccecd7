"""`manage.py plan`: what a push would change, before anything of it is sent."""

import click

import tasks
from admin.cli import follow, output
from admin.cli.frame import App, Commands, pass_app
from admin.cli.output import json_option
from models import JobProgress, JobStatus
from sync.rehearsal import approval, read

LISTED = 50


@click.group(cls=Commands)
def plan() -> None:
    """Plans of pushes: look, approve, discard. Made with sync products --plan."""


@plan.command("list")
@json_option
@pass_app
def list_plans(app: App, as_json: bool) -> None:
    """List the plans that wait for approval."""
    with app.db.read() as session:
        waiting = (JobProgress.status == JobStatus.AWAITING_APPROVAL) & (JobProgress.kind == "push")
        jobs = session.query(JobProgress).filter(waiting).order_by(JobProgress.id).all()
        rows = [
            {
                "id": job.id, "shop": job.shop.name if job.shop else None, "expires_at": job.expires_at,
                **read.plan_of(session, job.id).counts,
            }
            for job in jobs
        ]  # fmt: skip
    if as_json:
        output.print_json(rows)
        return
    titles = ("id", "shop", "create", "update", "unchanged", "refused", "conflict", "expires_at")
    output.table(
        [name.replace("_", " ").upper() for name in titles], [[row.get(name) for name in titles] for row in rows]
    )


@plan.command()
@click.argument("number", type=int, metavar="JOB")
@click.option("--show", "group", type=click.Choice([*read.GROUPS, read.OTHER]), help="Only these products.")
@click.option("--field", metavar="NAME", help="Only products that change in this field, such as price.")
@click.option(
    "--limit", type=click.IntRange(1, 100_000), metavar="N", default=LISTED, show_default=True,
    help="How many products at most.",
)  # fmt: skip
@json_option
@pass_app
def show(app: App, number: int, group: str | None, field: str | None, limit: int, as_json: bool) -> None:
    """Show what a plan would change, field by field; with --json all of it."""
    with app.db.read() as session:
        if as_json:
            for piece in read.as_json(session, number):
                click.echo(piece, nl=False)
            return
        found = read.plan_of(session, number)
        items = read.items(session, number, group=group, field=field, limit=limit)
    output.facts(
        [
            ("state", found.status.replace("_", " ")),
            *((name, count) for name, count in found.counts.items()),
            ("requests", f"about {found.requests:,}"),
            ("seconds", f"about {found.seconds:,.0f}"),
            *((f"also {resource}", ", ".join(names[:10])) for resource, names in found.also.items()),
        ]
    )
    click.echo()
    output.table(("SKU", "WHAT", "FIELD", "IN THE SHOP", "AFTER"), [row for item in items for row in _rows(item)])


def _rows(item: read.PlanItem) -> list[list[object]]:
    rows: list[list[object]] = []
    for change in item.plan.get("changes", ()):
        for name, after in change["after"].items():
            field = name if change["resource"] == "products" else f"{change['resource']}.{name}"
            rows.append([item.sku, item.group, field, _text(change["before"].get(name)), _text(after)])
    return rows or [[item.sku, item.group, None, None, item.error]]


def _text(value: object) -> object:
    if isinstance(value, dict):
        return " | ".join(str(one) for one in value.values())[:60]
    if isinstance(value, list):
        return ", ".join(":".join(map(str, one.values())) if isinstance(one, dict) else str(one) for one in value)[:60]
    return str(value)[:60] if value is not None else None


@plan.command()
@click.argument("number", type=int, metavar="JOB")
@click.option("--no-wait", is_flag=True, help="Return as soon as the job is in the queue.")
@json_option
@pass_app
def approve(app: App, number: int, no_wait: bool, as_json: bool) -> None:
    """Push what was planned. What changed since is not sent, but planned again; then the exit code is 1."""
    tasks.configure(app.settings)
    if not no_wait:
        follow.require_workers()
    with app.db.write() as session:
        count = approval.approve(session, number)
    from tasks.actors import bulk_sync_products

    bulk_sync_products.send(number)
    if no_wait:
        click.echo(f"{count:,} products of plan {number} are being pushed")
        return
    views = follow.wait(app, [number], quiet=as_json)
    with app.db.read() as session:
        again = read.plan_of(session, number).counts.get("again", 0)
    if as_json:
        output.print_json(views)
    else:
        follow.results(views)
        if again:
            click.echo(f"{again:,} changed since they were planned: python manage.py plan again {number}")
    if again or any(view.status != JobStatus.COMPLETED for view in views):
        raise click.exceptions.Exit(1)


@plan.command()
@click.argument("number", type=int, metavar="JOB")
@pass_app
def discard(app: App, number: int) -> None:
    """Let a plan go; nothing of it is sent."""
    with app.db.write() as session:
        approval.discard(session, number)
    click.echo(f"plan {number} is discarded; nothing was sent")


@plan.command()
@click.argument("number", type=int, metavar="JOB")
@pass_app
def again(app: App, number: int) -> None:
    """Plan those products of an approved plan again that had changed."""
    tasks.configure(app.settings)
    with app.db.write() as session:
        made = approval.plan_again(session, number).id
    from tasks.actors import bulk_sync_products

    bulk_sync_products.send(made)
    click.echo(f"job {made} plans them; see it with: python manage.py plan show {made}")
