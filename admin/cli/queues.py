"""`manage.py queue`: how many messages wait where, and holding a queue."""

import click
import dramatiq

import tasks
from admin.cli import output
from admin.cli.frame import App, CliError, Commands, pass_app
from admin.cli.output import json_option
from sync import queues
from tasks.broker import QUEUES
from tasks.queue_lengths import BrokerAway, Length, lengths

name_argument = click.argument("queue", type=click.Choice(QUEUES), metavar="QUEUE")


@click.group(cls=Commands)
def queue() -> None:
    """The queues of messages, by kind of work and by urgency."""


@queue.command("list")
@json_option
@pass_app
def list_queues(app: App, as_json: bool) -> None:
    """List the queues: how many messages wait, how many wait for their time, and who holds which."""
    found = _lengths(app)
    with app.db.read() as session:
        held = queues.paused(session)
    rows = [
        {
            "queue": name, "waiting": length.waiting, "delayed": length.delayed,
            "paused_by": held[name].paused_by if name in held else None,
            "paused_at": held[name].paused_at if name in held else None,
        }
        for name, length in found.items()
    ]  # fmt: skip
    if as_json:
        output.print_json(rows)
        return
    titles = ("QUEUE", "WAITING", "FOR LATER", "PAUSED BY", "PAUSED AT")
    output.table(titles, [list(row.values()) for row in rows])


@queue.command()
@name_argument
@pass_app
def pause(app: App, queue: str) -> None:
    """Hold QUEUE: workers leave its messages alone within two seconds.

    What they have begun, they finish. It stays held over restarts, until it is resumed.
    """
    with app.db.write() as session:
        if not queues.pause(session, queue, "the command line"):
            raise CliError(f"queue {queue} is paused already; let it go on with: python manage.py queue resume {queue}")
    click.echo(f"queue {queue} is paused; let it go on with: python manage.py queue resume {queue}")


@queue.command()
@name_argument
@pass_app
def resume(app: App, queue: str) -> None:
    """Let the messages of QUEUE go on."""
    with app.db.write() as session:
        if not queues.resume(session, queue):
            raise CliError(f"queue {queue} is not paused")
    click.echo(f"queue {queue} goes on")


@queue.command()
@click.option(
    "--max", "limit", type=click.IntRange(0), metavar="N", help="How many may wait.  [default: SHOPFERRY_QUEUE_WARNING]"
)
@pass_app
def monitor(app: App, limit: int | None) -> None:
    """Look whether a queue is too long; for cron or a monitoring system.

    Exits with 1 when more messages wait in a queue than allowed, and names it.
    """
    allowed = app.settings.queue_warning if limit is None else limit
    found = _lengths(app)
    output.table(("QUEUE", "WAITING"), [(name, length.waiting) for name, length in found.items()])
    long = [name for name, length in found.items() if length.waiting > allowed]
    if long:
        raise CliError(
            f"more than {allowed:,} messages wait in: {', '.join(long)}; do workers run, and enough of them?"
        )


def _lengths(app: App) -> dict[str, Length]:
    tasks.configure(app.settings)
    try:
        return lengths(dramatiq.get_broker())
    except BrokerAway as error:
        raise CliError(f"{error}; see BROKER_URL") from error
