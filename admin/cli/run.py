"""`manage.py run`: the whole of Shopferry on this machine, with your own data."""

import click
from sqlalchemy import select

import migrations
from admin.cli import house, ports
from admin.cli.frame import App, pass_app
from models import Database, User


@click.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar="PORT",
    help="Port of the admin.  [default: SHOPFERRY_PORT, else 8080]",
)
@pass_app
def run(app: App, port: int | None) -> None:
    """Start everything on this machine.

    Web, workers, scheduler and, where BROKER_URL is unset, an embedded broker. The database is brought to the
    newest schema first. All of it listens on 127.0.0.1 only; Ctrl-C stops all of it.
    """
    settings = app.settings
    with house.alone(settings.data_dir):
        database = Database(settings.database_url)
        migrations.upgrade(database.engine)
        with database.read() as session:
            nobody = session.scalars(select(User.id).limit(1)).first() is None
        database.dispose()
        port = ports.free_port(port or settings.port, "the admin")
        env = house.environment(settings)

        def ready() -> None:
            house.wait_for([port])
            click.echo(f"\n  Shopferry is at http://127.0.0.1:{port}  (Ctrl-C stops it)")
            if nobody:
                click.echo("  There is no operator yet: python manage.py user add NAME")
            click.echo()

        house.keep(settings, env, [house.web(port), *house.workers()], ready)
