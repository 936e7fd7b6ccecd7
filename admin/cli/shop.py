"""`manage.py shop`: the shops and the way into them."""

from urllib.parse import urlsplit

import click
from sqlalchemy import select

import tasks
from admin.addresses import bare_address
from admin.cli import find, output, secret
from admin.cli.frame import App, CliError, Commands, pass_app
from admin.cli.output import json_option
from models import Shop
from models.types import nfc
from sync import pauses, shops
from sync.schedules import entries
from sync.shops import ConnectionReport

_FIELDS = ("name", "address", "active", "paused_at", "version", "health", "latency_ms", "max_concurrency")


@click.group(cls=Commands)
def shop() -> None:
    """The shops that products are pushed to.

    NAME is a shop's name, in any case of letters.
    """


@shop.command()
@click.argument("name")
@click.argument("address")
@click.option("--id-shop", type=click.IntRange(1), metavar="ID", help="The shop's id, where PrestaShop holds several.")
@click.option("--no-test", is_flag=True, help="Do not test the connection.")
@pass_app
def add(app: App, name: str, address: str, id_shop: int | None, no_test: bool) -> None:
    """Add the shop NAME at ADDRESS, such as https://shop.example.

    Its web service key is asked for, or read as a line of standard input. The connection is tested first: a shop
    that does not answer, or whose key lacks rights, is not added unless --no-test says so.
    """
    made = Shop(name=_new_name(app, name), address=_checked(address), id_shop=id_shop)
    made.key_encrypted = app.services.vault.encrypt(_checked_key(secret.read("Web service key")))
    made.connect_timeout, made.read_timeout = 5.0, 60.0
    if not no_test:
        report = shops.test_connection(app.services, made)
        _print(report)
        if not report.ok:
            raise CliError(f"shop {name} was not added; mend what is wrong, or add it untested with --no-test")
        made.home_category_id, made.languages, made.tax_rules_groups = 2, {}, {}
        shops.apply_report(made, report)
    with app.db.write() as session:
        session.add(made)
        session.flush()
        entries.ensure_defaults(session)
    click.echo(f"shop {made.name} added")


@shop.command("list")
@json_option
@pass_app
def list_shops(app: App, as_json: bool) -> None:
    """List the shops, and how far each is in step."""
    with app.db.read() as session:
        found = session.scalars(select(Shop).order_by(Shop.name)).all()
        rows = [{name: getattr(each, name) for name in _FIELDS} for each in found]
        for row, each in zip(rows, found, strict=True):
            counts = shops.statistics(session, each.id)
            row |= {"in_shop": counts.in_shop, "links": counts.by_status, "last_success_at": counts.last_success_at}
    if as_json:
        output.print_json(rows)
    elif rows:
        titles = ("SHOP", "ADDRESS", "ACTIVE", "VERSION", "HEALTH", "IN SHOP", "ERRORS", "LAST PUSH")
        names = ("name", "address", "active", "version", "health", "in_shop")
        output.table(titles, [
            [*(row[name] for name in names), row["links"].get("error", 0), row["last_success_at"]] for row in rows
        ])  # fmt: skip
    else:
        click.echo("there is no shop yet: python manage.py shop add NAME ADDRESS")


@shop.command()
@click.argument("name")
@json_option
@pass_app
def test(app: App, name: str, as_json: bool) -> None:
    """Test the connection to the shop NAME and keep what is found.

    Exits with 1 when something is wrong there.
    """
    with app.db.read() as session:
        found = find.shop(session, name)
    report = shops.test_connection(app.services, found)
    with app.db.write() as session:
        shops.apply_report(session.get_one(Shop, found.id), report)
    if as_json:
        data = {"version": report.version, "languages": report.languages, "rights": report.rights}
        output.print_json({"ok": report.ok, "checks": report.checks, "latency_ms": report.latency_ms, **data})
    else:
        _print(report)
    if not report.ok:
        raise click.exceptions.Exit(1)


@shop.command()
@click.argument("name")
@pass_app
def activate(app: App, name: str) -> None:
    """Allow pushes to the shop NAME."""
    click.echo(f"shop {_set_active(app, name, True)} is active: products may be pushed to it")


@shop.command()
@click.argument("name")
@pass_app
def deactivate(app: App, name: str) -> None:
    """Refuse pushes to the shop NAME until it is activated again."""
    click.echo(f"shop {_set_active(app, name, False)} is not active: nothing is pushed to it")


@shop.command()
@click.argument("name")
@pass_app
def pause(app: App, name: str) -> None:
    """Hold all work in the shop NAME; jobs and pushes wait, and nothing is lost."""
    with app.db.write() as session:
        found = find.shop(session, name)
        if not pauses.pause(session, found, "the command line"):
            raise CliError(f"shop {found.name} is paused already")
    click.echo(f"shop {found.name} is paused; go on with: python manage.py shop resume {found.name!r}")


@shop.command()
@click.argument("name")
@pass_app
def resume(app: App, name: str) -> None:
    """Go on with what waits in the shop NAME."""
    with app.db.write() as session:
        found = find.shop(session, name)
        if found.paused_at is None:
            raise CliError(f"shop {found.name} is not paused")
        waiting = pauses.resume(session, found)
    if waiting:
        tasks.configure(app.settings)
        from tasks.actors import resume_job

        for number in waiting:
            resume_job.send(number)
    click.echo(f"shop {found.name} goes on; {len(waiting)} jobs are woken")


@shop.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_app
def remove(app: App, name: str, yes: bool) -> None:
    """Forget the shop NAME, with its links and mappings.

    The products stay, here and in the shop; so do its jobs. It is confirmed by typing the shop's name.
    """
    with app.db.read() as session:
        found = find.shop(session, name)
        in_shop = shops.statistics(session, found.id).in_shop
    click.echo(f"shop {found.name}: {in_shop:,} links of products are forgotten with it")
    if not yes and click.prompt("Type the shop's name to go on") != found.name:
        raise CliError("this is not the shop's name; nothing was removed")
    with app.db.write() as session:
        session.delete(session.get_one(Shop, found.id))
    click.echo(f"shop {found.name} is removed")


def _set_active(app: App, name: str, active: bool) -> str:
    with app.db.write() as session:
        found = find.shop(session, name)
        found.active = active
        return found.name


def _new_name(app: App, name: str) -> str:
    name = nfc(name).strip()
    if not 1 <= len(name) <= 100:
        raise click.UsageError("a shop's name has 1 to 100 characters")
    with app.db.read() as session:
        names = session.scalars(select(Shop.name)).all()
    if name.casefold() in (each.casefold() for each in names):
        raise CliError(f"there is a shop {name!r} already")
    return name


def _checked(address: str) -> str:
    """The address without /api. Raises click.UsageError for one that leads nowhere or holds a secret."""
    bare = bare_address(address)
    try:
        parts = urlsplit(bare)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or len(bare) > 500:
        raise click.UsageError(f"{address!r} is no shop's address, such as https://shop.example")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise click.UsageError("the address holds a user, a key or a question mark; give the address only")
    return bare


def _checked_key(key: str) -> str:
    if not (key.isascii() and key.isalnum()):
        raise click.UsageError("a web service key has letters and digits only")
    return key


def _print(report: ConnectionReport) -> None:
    for check in report.checks:
        click.echo(f"{'ok   ' if check.ok else 'WRONG'}  {check.name}: {check.evidence}")
        if check.remedy and not check.ok:
            click.echo(f"       {check.remedy}")
