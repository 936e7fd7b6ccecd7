"""`manage.py shop content`: what a shop gets of the catalogue, and how."""

from decimal import Decimal, InvalidOperation
from typing import Any

import click

from admin.cli import find, output
from admin.cli.frame import App, CliError, pass_app
from admin.cli.output import json_option
from models import RemovalPolicy, Shop
from sync import shop_content
from sync.transform.locks import LOCKABLE


def _factor(_context: click.Context, _param: click.Parameter, value: str | None) -> Decimal | None:
    try:
        return None if value is None else Decimal(value.replace(",", "."))
    except InvalidOperation:
        raise click.BadParameter(f"{value!r} is no number, such as 1.2") from None


@click.command()
@click.argument("name")
@click.option("--price-factor", callback=_factor, metavar="NUMBER", help="What our prices are multiplied by.")
@click.option(
    "--price-rounding", metavar="RULE", help='A step such as 0.05, an ending such as .99, "gross .99", or "".'
)
@click.option("--fallback", metavar="ISO,ISO", help="Languages to take a missing text from, in order.")
@click.option("--lock", metavar="FIELD,FIELD", help=f"Fields that are never sent: {', '.join(LOCKABLE)}.")
@click.option("--image-limit", type=int, metavar="BYTES", help="Larger images are scaled down to this.")
@click.option(
    "--removal-policy",
    type=click.Choice([each.value for each in RemovalPolicy]),
    help="What becomes of products removed here.",
)
@json_option
@pass_app
def content(
    app: App, name: str, price_factor: Decimal | None, price_rounding: str | None, fallback: str | None,
    lock: str | None, image_limit: int | None, removal_policy: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Show what the shop NAME gets of the catalogue, and change it.

    Products differ from the shop then, and are sent by the next push of all of them.
    """
    values: dict[str, Any] = {
        "price_factor": price_factor, "price_rounding": price_rounding, "fallback_languages": _listed(fallback),
        "locked_fields": _listed(lock), "image_limit": image_limit, "removal_policy": removal_policy,
    }  # fmt: skip
    given = {key: value for key, value in values.items() if value is not None}
    with app.db.write() as session:
        shop = find.shop(session, name)
        try:
            changed = shop_content.apply(shop, given)
        except ValueError as error:
            raise CliError(str(error)) from None
        found = _shown(shop)
    if as_json:
        output.print_json(found)
        return
    output.facts([(key.replace("_", " "), value) for key, value in found.items()])
    if changed:
        click.echo(f'push it to the products: python manage.py sync products --all --shop "{shop.name}"')


def _listed(text: str | None) -> list[str] | None:
    return None if text is None else [part.strip() for part in text.split(",") if part.strip()]


def _shown(shop: Shop) -> dict[str, Any]:
    found = {name: getattr(shop, name) for name in shop_content.FIELDS}
    return {name: ", ".join(value) if isinstance(value, list) else value for name, value in found.items()}
