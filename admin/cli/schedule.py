"""`manage.py schedule`: what runs by the clock."""

from typing import Any

import click
import dramatiq
from sqlalchemy import select
from sqlalchemy.orm import Session

import tasks
from admin.cli import output
from admin.cli.frame import App, CliError, Commands, pass_app
from admin.cli.output import json_option
from models import Schedule, Shop
from sync.schedules import due, entries
from sync.schedules.clock import ScheduleInvalid, describe

key_argument = click.argument("key", metavar="KEY")
_FIELDS = (
    "key", "action", "shop_id", "feed_id", "cron", "time_zone", "params", "active", "next_run_at", "last_run_at",
    "last_result", "progress_id",
)  # fmt: skip


@click.group(cls=Commands)
def schedule() -> None:
    """What runs by the clock: nightly pushes, retries, checks, looks at shops, the clean-up.

    KEY names a schedule, such as push:shop:3; the list shows them.
    """


@schedule.command("list")
@json_option
@pass_app
def list_schedules(app: App, as_json: bool) -> None:
    """List the schedules, with their times in words. Those that are missing are created first."""
    with app.db.write() as session:
        entries.ensure_defaults(session)
    with app.db.read() as session:
        names = {row.id: row.name for row in session.execute(select(Shop.id, Shop.name))}
        rows = [_row(one, names) for one in entries.listed(session)]
    if as_json:
        output.print_json(rows)
        return
    titles = ("KEY", "SHOP", "WHEN", "ON", "NEXT RUN", "LAST RUN", "RESULT")
    shown = ("key", "shop", "when", "active", "next_run_at", "last_run_at", "last_result")
    output.table(titles, [[row[name] for name in shown] for row in rows])


def _row(one: Schedule, names: dict[int, str]) -> dict[str, Any]:
    row = {name: getattr(one, name) for name in _FIELDS}
    return {**row, "shop": names.get(one.shop_id or 0), "when": _when(one)}


def _when(one: Schedule) -> str:
    try:
        return f"{describe(one.cron)}, {one.time_zone}"
    except ScheduleInvalid:
        return f"{one.cron}, {one.time_zone}"


@schedule.command()
@key_argument
@pass_app
def run(app: App, key: str) -> None:
    """Run the schedule KEY at once, on or off. A worker does it."""
    from tasks.schedule_actors import run_schedule

    tasks.configure(app.settings)
    with app.db.write() as session:
        try:
            taken = due.run_now(session, _find(session, key).id)
        except due.StillRunning:
            raise CliError(f"{key} is running already") from None
    dramatiq.get_broker().enqueue(run_schedule.message(taken.schedule_id, taken.token))
    click.echo(f"{key} is on its way")


@schedule.command()
@key_argument
@pass_app
def on(app: App, key: str) -> None:
    """Switch the schedule KEY on. What it missed meanwhile is not made up."""
    with app.db.write() as session:
        found = entries.switch(session, _find(session, key).id, True)
        when = f"{found.next_run_at:%Y-%m-%d %H:%M} UTC" if found.next_run_at else found.last_result
    click.echo(f"{key} is on; next run: {when}")


@schedule.command()
@key_argument
@pass_app
def off(app: App, key: str) -> None:
    """Switch the schedule KEY off."""
    with app.db.write() as session:
        entries.switch(session, _find(session, key).id, False)
    click.echo(f"{key} is off")


@schedule.command("set")
@key_argument
@click.option("--cron", metavar="CRON", help="Minute, hour, day, month and weekday, such as '0 2 * * *'.")
@click.option("--time-zone", metavar="ZONE", help="Such as Europe/Warsaw; a shop's schedules have the shop's own.")
@click.option(
    "--number", "numbers", multiple=True, metavar="NAME=N",
    help="A number that it goes by, such as jobs_days=60; may be given several times.",
)  # fmt: skip
@pass_app
def change(app: App, key: str, cron: str | None, time_zone: str | None, numbers: tuple[str, ...]) -> None:
    """Give the schedule KEY other times, or other numbers to go by."""
    if cron is None and time_zone is None and not numbers:
        raise click.UsageError("say what to set: --cron, --time-zone or --number")
    params = dict(_number(text) for text in numbers)
    with app.db.write() as session:
        found = entries.change(
            session, _find(session, key).id, cron=cron, time_zone=time_zone, params=params
        )  # fmt: skip
        click.echo(f"{key}: {_when(found)}")


def _number(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise click.UsageError(f"{text!r} is no number with its name, such as jobs_days=60") from None


def _find(session: Session, key: str) -> Schedule:
    entries.ensure_defaults(session)
    found = session.scalar(select(Schedule).where(Schedule.key == key))
    if found is None:
        raise CliError(f"there is no schedule {key!r}; see them with: python manage.py schedule list")
    return found
