"""`manage.py shop set-database` and `test-database`: the way into a shop's own MySQL."""

import click

from admin.cli import find, output, secret
from admin.cli.frame import App, CliError, pass_app
from admin.cli.output import json_option
from models import ShopDatabase
from sync.availability.databases import try_database
from sync.errors import SyncError


@click.command("set-database")
@click.argument("shop_name", metavar="SHOP")
@click.argument("host")
@click.argument("name")
@click.argument("user")
@click.option("--port", type=click.IntRange(1, 65535), default=3306, show_default=True, help="The server's port.")
@click.option("--prefix", default="ps_", show_default=True, help="What the names of the tables begin with.")
@click.option("--id-shop", type=click.IntRange(1), default=1, show_default=True, help="The shop's id in there.")
@click.option("--tls", is_flag=True, help="Connect with TLS.")
@pass_app
def set_database(
    app: App, shop_name: str, host: str, name: str, user: str, port: int, prefix: str, id_shop: int, tls: bool
) -> None:
    """Set the way into the database NAME of a SHOP, on HOST, as USER. The password is asked for, or read from stdin."""
    hidden = app.services.vault.encrypt(secret.read("Password"))
    with app.db.write() as session:
        shop = find.shop(session, shop_name)
        session.merge(ShopDatabase(
            shop_id=shop.id, host=host, port=port, name=name, user=user, password_encrypted=hidden, prefix=prefix,
            id_shop=id_shop, tls=tls, report={},
        ))  # fmt: skip
        shop_name = shop.name
    click.echo(f"the database of shop {shop_name} is set; test it: python manage.py shop test-database {shop_name}")


@click.command("test-database")
@click.argument("shop_name", metavar="SHOP")
@json_option
@pass_app
def test_database(app: App, shop_name: str, as_json: bool) -> None:
    """Test the way into a SHOP's database: server, tables, languages and rights; writes nothing.

    Exits with 1 when something is wrong there.
    """
    with app.db.read() as session:
        shop = find.shop(session, shop_name)
    try:
        report = try_database(app.services, shop)
    except SyncError as error:
        raise CliError(str(error)) from None
    if as_json:
        output.print_json(report)
    else:
        for check in report["checks"]:
            click.echo(f"{'ok   ' if check['ok'] else 'WRONG'}  {check['name']}: {check['evidence']}")
            if check["remedy"]:
                click.echo(f"       {check['remedy']}")
    if not report["ok"]:
        raise click.exceptions.Exit(1)
