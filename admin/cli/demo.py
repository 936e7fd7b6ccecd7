"""`manage.py demo`: the whole of Shopferry with two sandbox shops and a demo catalogue."""

import sys
from collections.abc import Sequence

import click

import migrations
import tasks
from admin.cli import demo_data, demo_supplier, house, ports
from admin.cli.demo_data import Sandbox
from admin.cli.frame import App, CliError, pass_app
from admin.cli.supervisor import Program
from models import Database
from settings import Settings
from sync.services import Services


@click.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    metavar="PORT",
    help="Port of the admin.  [default: SHOPFERRY_PORT, else 8080]",
)
@click.option(
    "--shop-port",
    type=click.IntRange(1, 65000),
    default=8090,
    show_default=True,
    metavar="PORT",
    help="Port of the first sandbox shop; the next has the next.",
)
@click.option("--latency", type=click.IntRange(0, 10_000), default=40, show_default=True, metavar="MS",
              help="What the sandbox shops add to every request.")  # fmt: skip
@click.option("--verbose", is_flag=True, help="Show what every process logs.")
@pass_app
def demo(app: App, port: int | None, shop_port: int, latency: int, verbose: bool) -> None:
    """Start everything with two sandbox shops and a demo catalogue.

    The first time it loads some 400 products, creates an operator with a one-time password and starts a first push.
    Later it goes on with what is there. All of it listens on 127.0.0.1 only; Ctrl-C stops all of it.
    """
    settings = app.settings
    if settings.production:
        raise CliError("the demo is not for SHOPFERRY_ENV=production; unset it, or use: python manage.py run")
    with house.alone(settings.data_dir):
        services, password = _prepare(app)
        admin_port = ports.free_port(port or settings.port, "the admin")
        sandboxes = _sandboxes(services, shop_port, {admin_port})
        demo_data.put_shops(services, sandboxes)
        env = house.environment(settings, log_level=None if verbose else "ERROR")

        def ready() -> None:
            house.wait_for([sandbox.port for sandbox in sandboxes])
            demo_data.meet_shops(services)
            _push(services)
            house.wait_for([admin_port])
            _welcome(admin_port, sandboxes, password)

        programs = [*_programs(settings, sandboxes, latency), house.web(admin_port), *house.workers()]
        house.keep(settings, env, programs, ready)


def _prepare(app: App) -> tuple[Services, str | None]:
    """Database, catalogue and operator; the password if the operator is new."""
    settings = app.settings
    marker = settings.data_dir / "demo"
    database = Database(settings.database_url)
    try:
        migrations.upgrade(database.engine)
        with database.read() as session:
            demo_data.refuse_real_data(session, marker)
    finally:
        database.dispose()
    marker.touch()
    demo_data.load_catalogue(app.services)
    password = demo_data.create_operator(app.services)
    if password:
        click.echo(f"operator {demo_data.OPERATOR}, one-time password {password}")
    return app.services, password


def _sandboxes(services: Services, first_port: int, taken: set[int]) -> list[Sandbox]:
    found = []
    for number, name in enumerate(demo_data.SHOPS):
        port = ports.free_port(first_port + number, f"shop {name}", taken)
        taken.add(port)
        found.append(Sandbox(name, port, demo_data.known_key(services, name)))
    return found


def _programs(settings: Settings, sandboxes: Sequence[Sandbox], latency: int) -> list[Program]:
    folder = (settings.data_dir / "sandbox").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return [
        Program(
            f"shop-{sandbox.name.lower()}",
            [
                sys.executable, "-m", "prestashop_client.sandbox", "--port", str(sandbox.port), "--key", sandbox.key,
                "--db", str(folder / f"{sandbox.name.lower()}.sqlite3"), "--latency", str(latency),
            ],
        )
        for sandbox in sandboxes
    ]  # fmt: skip


def _push(services: Services) -> None:
    """Start the first push and read the supplier's feed; the broker is told only when they are committed."""
    opened = demo_data.first_push(services)
    reading = demo_supplier.first_run(services)
    if reading is not None:
        opened = [*opened, reading]
    if not opened:
        return
    tasks.configure(Settings.from_env())
    from tasks.actors import bulk_sync_products

    for number in opened:
        bulk_sync_products.send(number)


def _welcome(port: int, sandboxes: Sequence[Sandbox], password: str | None) -> None:
    name = demo_data.OPERATOR
    signing_in = (
        f"sign in as {name} with the one-time password {password}"
        if password
        else f"the operator {name} exists; a new password: python manage.py user reset-password {name}"
    )
    lines = [f"Shopferry is at http://127.0.0.1:{port}", signing_in, ""]
    lines += [f"shop {sandbox.name:<8} {sandbox.address}" for sandbox in sandboxes]
    lines += ["", "Ctrl-C stops everything; the data stay, and the next start goes on with them."]
    click.echo("\n" + "\n".join(f"  {line}".rstrip() for line in lines) + "\n")
