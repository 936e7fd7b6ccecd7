"""`manage.py conflicts`: what was changed both here and in a shop, and who wins."""

import click
from sqlalchemy import select

from admin.cli import find, output
from admin.cli.frame import App, CliError, Commands, pass_app
from admin.cli.output import json_option
from models import ProductSyncStatus
from sync import conflicts as domain


@click.group(cls=Commands)
def conflicts() -> None:
    """Conflicts: fields that were changed both here and in a shop."""


@conflicts.command("list")
@click.option("--shop", "shop_name", metavar="NAME", help="Only this shop's.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), metavar="N", default=100, show_default=True, help="How many at most."
)
@json_option
@pass_app
def list_conflicts(app: App, shop_name: str | None, limit: int, as_json: bool) -> None:
    """List the products in conflict, field by field: last agreed, ours, the shop's."""
    with app.db.read() as session:
        shop_id = find.shop(session, shop_name).id if shop_name else None
        found = domain.find(session, shop_id, limit=limit)
    if as_json:
        output.print_json(found)
        return
    output.table(
        ("SKU", "SHOP", "FIELD", "LAST AGREED", "OURS", "THE SHOP'S"),
        [
            [one.sku, one.shop_name, name, *(_text(sides[side]) for side in ("agreed", "ours", "theirs"))]
            for one in found
            for name, sides in one.fields.items()
        ],
    )


def _text(value: object) -> str:
    return (" | ".join(str(one) for one in value.values()) if isinstance(value, dict) else str(value))[:50]


@conflicts.command()
@click.argument("skus", nargs=-1, metavar="[SKU]...")
@click.option("--shop", "shop_name", required=True, metavar="NAME", help="The shop, in any case of letters.")
@click.option("--ours", "side", flag_value="ours", help="Ours wins: the next push overwrites the shop's values.")
@click.option("--shops", "side", flag_value="shop", help="The shop's wins: its values become what this shop shows.")
@click.option("--field", "fields", multiple=True, metavar="NAME", help="Only this field; may be given several times.")
@click.option("--all", "every", is_flag=True, help="All conflicts of the shop.")
@pass_app
def resolve(
    app: App, skus: tuple[str, ...], shop_name: str, side: domain.Side | None, fields: tuple[str, ...], every: bool
) -> None:
    """Decide the conflicts of these products, or of --all, for one side."""
    if side is None:
        raise click.UsageError("say who wins: --ours or --shops")
    if bool(skus) == every or (every and fields):
        raise click.UsageError("say which: SKUs (with --field where you like), or --all")
    with app.db.write() as session:
        shop_id = find.shop(session, shop_name).id
        if every:
            click.echo(f"{domain.resolve_all(session, side, shop_id=shop_id):,} products are decided")
            return
        for sku in skus:
            product_id = find.product(session, sku).id
            link = session.scalar(
                select(ProductSyncStatus).where(
                    ProductSyncStatus.product_id == product_id, ProductSyncStatus.shop_id == shop_id
                )
            )
            if link is None or not link.conflict:
                raise CliError(f"{sku} is not in conflict in {shop_name}; nothing was decided")
            left = domain.resolve(session, link.id, dict.fromkeys(fields or tuple(link.conflict), side))
            click.echo(f"{sku}: decided" + (f", still open: {', '.join(left)}" if left else ""))
