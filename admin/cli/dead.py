"""`manage.py dead`: messages that nobody tries any more."""

from typing import Any

import click

import tasks
from admin.cli import output
from admin.cli.frame import App, CliError, Commands, pass_app
from admin.cli.output import json_option
from models import DeadMessage, DeadStatus
from sync import dead_messages

number_argument = click.argument("number", type=int, metavar="MESSAGE")
actor_option = click.option("--actor", metavar="NAME", help="Only this actor's, such as sync_product.")
_FIELDS = ("id", "actor", "queue", "args", "error", "attempts", "status", "enqueued_at", "died_at")


@click.group(cls=Commands)
def dead() -> None:
    """Dead messages: those whose attempts have all failed, or that killed their worker three times."""


@dead.command("list")
@actor_option
@click.option(
    "--status", type=click.Choice([status.value for status in DeadStatus]), default=DeadStatus.DEAD.value,
    show_default=True, help="What became of them.",
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(1, 1000), metavar="N", default=20, show_default=True, help="How many at most."
)
@json_option
@pass_app
def list_dead(app: App, actor: str | None, status: str, limit: int, as_json: bool) -> None:
    """List dead messages, the newest first."""
    with app.db.read() as session:
        rows = [_row(one) for one in dead_messages.listed(session, actor=actor, status=status, limit=limit)]
    if as_json:
        output.print_json(rows)
        return
    titles = ("MESSAGE", "ACTOR", "ARGUMENTS", "ATTEMPTS", "DIED", "ERROR")
    output.table(titles, [
        [row["id"], row["actor"], _arguments(row["args"]), row["attempts"], row["died_at"], row["error"][:80]]
        for row in rows
    ])  # fmt: skip


def _row(one: DeadMessage) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _FIELDS}


def _arguments(args: dict[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in args.items())


@dead.command()
@number_argument
@json_option
@pass_app
def show(app: App, number: int, as_json: bool) -> None:
    """Show one of them, with its traceback."""
    with app.db.read() as session:
        found = dead_messages.get(session, number)
        row = {**_row(found), "message_id": found.message_id, "traceback": found.traceback}
    if as_json:
        output.print_json(row)
        return
    output.facts([(name, value if name != "args" else _arguments(value)) for name, value in row.items()])


@dead.command()
@click.argument("numbers", type=int, nargs=-1, required=True, metavar="MESSAGE...")
@pass_app
def retry(app: App, numbers: tuple[int, ...]) -> None:
    """Send dead messages again, as new."""
    from tasks import dead as sender

    tasks.configure(app.settings)
    for number in numbers:
        if not sender.retry(app.services, number):
            raise CliError(f"message {number} was sent again or discarded already")
        click.echo(f"message {number} is sent again")


@dead.command("retry-all")
@actor_option
@pass_app
def retry_all(app: App, actor: str | None) -> None:
    """Send all again that wait for a decision."""
    from tasks import dead as sender

    tasks.configure(app.settings)
    click.echo(f"{sender.retry_all(app.services, actor):,} messages are sent again")


@dead.command()
@click.argument("numbers", type=int, nargs=-1, required=True, metavar="MESSAGE...")
@pass_app
def discard(app: App, numbers: tuple[int, ...]) -> None:
    """Let dead messages go. They are listed as discarded until they are pruned."""
    for number in numbers:
        with app.db.write() as session:
            if not dead_messages.discard(session, number):
                raise CliError(f"message {number} was sent again or discarded already")
        click.echo(f"message {number} is discarded")


@dead.command()
@click.option(
    "--hours", type=click.FloatRange(0), metavar="HOURS", default=168.0, show_default=True,
    help="Delete those that died longer ago than this.",
)  # fmt: skip
@pass_app
def prune(app: App, hours: float) -> None:
    """Delete old dead messages, whatever became of them."""
    count = 0
    while True:
        with app.db.write() as session:
            gone = dead_messages.prune(session, hours)
        count += gone
        if gone < dead_messages.PRUNE_CHUNK:
            break
    click.echo(f"{count:,} dead messages deleted")
