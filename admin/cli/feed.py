"""`manage.py feed`: suppliers' files."""

from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

import tasks
from admin.cli import find, follow, output, secret
from admin.cli.feed_shown import preview_data, print_dry_run, print_preview
from admin.cli.follow import follow_jobs
from admin.cli.frame import App, CliError, Commands, pass_app
from admin.cli.output import json_option
from models import Feed, Supplier
from sync.errors import SyncError
from sync.schedules import entries
from sync.suppliers import feeds
from sync.suppliers.acquire import acquired
from sync.suppliers.dry_run import dry_run
from sync.suppliers.feed_errors import FeedError
from sync.suppliers.feed_options import FORMATS, FeedOptions
from sync.suppliers.fetch import AUTH_KINDS
from sync.suppliers.mapping import FeedMapping
from sync.suppliers.presets import PRESETS
from sync.suppliers.preview import preview


@click.group(cls=Commands)
def feed() -> None:
    """Suppliers' files, and the offers that they bring."""


@feed.command()
@click.argument("supplier_name", metavar="SUPPLIER")
@click.argument("name")
@click.argument("address")
@click.option("--source", type=click.Choice(feeds.SOURCES), default="url", show_default=True, help="Where it lies.")
@click.option("--format", "kind", type=click.Choice(FORMATS), help="Its format; else what it looks like.")
@click.option("--preset", type=click.Choice(list(PRESETS)), help="A known format, with its mapping.")
@click.option("--map", "mapped", multiple=True, metavar="FIELD=COLUMN", help="A field's column; several times.")
@click.option("--missing", type=click.Choice(["leave", "zero", "unavailable"]), default="leave", show_default=True,
              help="What becomes of products that it has no longer.")  # fmt: skip
@click.option("--cron", metavar="CRON", help='When to read it, such as "0 * * * *"; else only by hand.')
@click.option("--auth", type=click.Choice(AUTH_KINDS), default="none", show_default=True, help="How to sign in.")
@click.option("--user", metavar="NAME", help="Who to sign in as. The secret is asked for.")
@pass_app
def add(
    app: App, supplier_name: str, name: str, address: str, source: str, kind: str | None, preset: str | None,
    mapped: tuple[str, ...], missing: str, cron: str | None, auth: str, user: str | None,
) -> None:  # fmt: skip
    """Add the feed NAME of SUPPLIER, read from ADDRESS: a URL, or a path in the folder of its source.

    Without --map and --preset the mapping is guessed from the file, and shown.
    """
    hidden = None if auth == "none" else app.services.vault.encrypt(secret.read("Secret"))
    made = Feed(
        name=name, source=source, address=address, format=kind or "", missing_behavior=missing, reading={}, filters=[],
        safety={}, auth={"kind": auth, **({"user": user} if user else {})}, auth_secret_encrypted=hidden, preset=preset,
    )  # fmt: skip
    try:
        made.mapping = _mapping(app, made, preset, mapped)
        feeds.Reading.of(made)
        with app.db.write() as session:
            made.supplier_id = find.supplier(session, supplier_name).id
            session.add(made)
            session.flush()
            if cron:
                entries.add(session, "feed", feed=made, cron=cron)
    except SyncError as error:
        raise CliError(str(error)) from None
    click.echo(f"feed {name} added; its mapping is:")
    for field, rule in made.mapping.items():
        click.echo(f"  {field}: {rule['column'] if isinstance(rule, dict) else rule}")


def _mapping(app: App, made: Feed, preset: str | None, mapped: tuple[str, ...]) -> dict[str, Any]:
    if mapped:
        pairs = dict(each.partition("=")[::2] for each in mapped)
        FeedMapping.from_data(pairs)
        return dict(pairs)
    if preset:
        made.format = made.format or PRESETS[preset].formats[0]
        made.reading = dict(PRESETS[preset].reading)
        return dict(PRESETS[preset].mapping)
    with acquired(app.services, made, conditional=False) as file:
        assert file.path is not None  # noqa: S101 - without a condition there is a file
        seen = preview(file.path, FeedOptions.from_data(made.format or None, {}), limits=app.services.feeds)
    made.format = made.format or seen.options.format or "csv"
    return dict(seen.mapping)


@feed.command("list")
@json_option
@pass_app
def list_feeds(app: App, as_json: bool) -> None:
    """List the feeds, when each was read last, and what is wrong with it."""
    with app.db.read() as session:
        found = session.execute(select(Feed, Supplier.name).join(Supplier).order_by(Supplier.name, Feed.name)).all()
        rows = [
            {"id": one.id, "supplier": supplier, "name": one.name, "source": one.source, "active": one.active,
             "rows": one.row_count, "checked_at": one.checked_at, "succeeded_at": one.succeeded_at,
             "error": one.error_message}
            for one, supplier in found
        ]  # fmt: skip
    if as_json:
        output.print_json(rows)
    elif rows:
        output.table([name.upper() for name in rows[0]], [list(row.values()) for row in rows])
    else:
        click.echo("there is no feed yet: python manage.py feed add SUPPLIER NAME ADDRESS")


@feed.command()
@click.argument("name")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Read so many rows only.")
@click.option("--force", is_flag=True, help="Read the file also when it has not changed.")
@click.option("--no-wait", is_flag=True, help="Return as soon as the job is in the queue.")
@json_option
@pass_app
def run(app: App, name: str, limit: int | None, force: bool, no_wait: bool, as_json: bool) -> None:
    """Read the feed NAME ("Supplier: Name", its name or its number) and take its offers over.

    The exit code is 1 when rows were invalid, or the run is held.
    """
    tasks.configure(app.settings)
    if not no_wait:
        follow.require_workers()
    from tasks.actors import bulk_sync_products

    try:
        with app.db.write() as session:
            number = feeds.open_run(session, find.feed(session, name).id, limit=limit, force=force).id
    except SyncError as error:
        raise CliError(str(error)) from None
    bulk_sync_products.send(number)
    follow_jobs(app, [number], no_wait, as_json, "the run")


@feed.command("preview")
@click.argument("name")
@json_option
@pass_app
def show_preview(app: App, name: str, as_json: bool) -> None:
    """Show how a feed, or a file at the path NAME, is written: its columns and its first rows, raw and mapped."""
    try:
        if Path(name).is_file():
            seen = preview(Path(name), limits=app.services.feeds)
        else:
            with app.db.read() as session:
                found = find.feed(session, name)
            with acquired(app.services, found, conditional=False) as file:
                assert file.path is not None  # noqa: S101 - without a condition there is a file
                options = FeedOptions.from_data(found.format, found.reading)
                seen = preview(file.path, options, found.mapping, found.filters, limits=app.services.feeds)
    except FeedError as error:
        raise CliError(str(error)) from None
    if as_json:
        output.print_json(preview_data(seen))
    else:
        print_preview(seen)


@feed.command()
@click.argument("name")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Look at so many rows only.")
@json_option
@pass_app
def test(app: App, name: str, limit: int | None, as_json: bool) -> None:
    """Read the feed NAME and say what a run would do, row by reason; nothing is written.

    The exit code is 1 when the run would be held.
    """
    with app.db.read() as session:
        found = find.feed(session, name)
    try:
        seen = dry_run(app.services, found, limit)
    except FeedError as error:
        raise CliError(str(error)) from None
    if as_json:
        output.print_json(seen)
    else:
        print_dry_run(seen)
    if seen.stops:
        raise click.exceptions.Exit(1)
