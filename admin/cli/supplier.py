"""`manage.py supplier`: who delivers."""

import click
from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from admin.cli import find, output
from admin.cli.frame import App, CliError, Commands, pass_app
from admin.cli.output import json_option
from models import Feed, Offer, Supplier
from models.types import nfc


@click.group(cls=Commands)
def supplier() -> None:
    """Suppliers, whose feeds bring offers of our products."""


@supplier.command()
@click.argument("name")
@click.option("--contractor", metavar="ID", help="Its number in your own books.")
@click.option("--position", type=int, default=0, show_default=True, help="Its rank; the smallest comes first.")
@pass_app
def add(app: App, name: str, contractor: str | None, position: int) -> None:
    """Add the supplier NAME."""
    name = nfc(name).strip()
    if not 1 <= len(name) <= 100:
        raise click.UsageError("a supplier's name has 1 to 100 characters")
    with app.db.write() as session:
        if session.scalar(select(Supplier.id).where(func.lower(Supplier.name) == name.lower())):
            raise CliError(f"there is a supplier {name!r} already")
        session.add(Supplier(name=name, contractor_id=contractor, position=position))
    click.echo(f"supplier {name} added")


@supplier.command("list")
@json_option
@pass_app
def list_suppliers(app: App, as_json: bool) -> None:
    """List the suppliers, with their feeds and offers."""
    with app.db.read() as session:
        offers = _counted(session, Offer.supplier_id)
        feeds = _counted(session, Feed.supplier_id)
        found = session.scalars(select(Supplier).order_by(Supplier.position, Supplier.name)).all()
        rows = [
            {"name": one.name, "contractor_id": one.contractor_id, "position": one.position, "active": one.active,
             "feeds": feeds.get(one.id, 0), "offers": offers.get(one.id, 0)}
            for one in found
        ]  # fmt: skip
    if as_json:
        output.print_json(rows)
    elif rows:
        output.table([name.upper() for name in rows[0]], [list(row.values()) for row in rows])
    else:
        click.echo("there is no supplier yet: python manage.py supplier add NAME")


@supplier.command()
@click.argument("name")
@click.option("--off", is_flag=True, help="Switch it off instead.")
@pass_app
def activate(app: App, name: str, off: bool) -> None:
    """Let the offers of the supplier NAME count; with --off they do not."""
    with app.db.write() as session:
        found = find.supplier(session, name)
        found.active = not off
        name = found.name
    click.echo(f"supplier {name} is {'not active: its offers do not count' if off else 'active'}")


def _counted(session: Session, column: InstrumentedAttribute[int]) -> dict[int, int]:
    """{supplier id: how many rows there are of it}."""
    rows = session.execute(select(column, func.count()).group_by(column))
    return {int(number): int(count) for number, count in rows}
