"""`manage.py catalogue`: files into the catalogue."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

import click

from admin.cli import find, output
from admin.cli.frame import App, Commands, pass_app
from admin.cli.output import json_option
from models import Shop
from sync import catalogue_files
from sync.catalogue_files import CatalogueFile, Options, Outcome, Prices, Result


@click.group(cls=Commands)
def catalogue() -> None:
    """The catalogue as a whole."""


class Percent(click.ParamType[Decimal]):
    """A tax rate in percent."""

    name = "percent"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            rate = Decimal(str(value).replace(",", ".").removesuffix("%"))
        except InvalidOperation:
            rate = Decimal(-1)
        if not 0 <= rate <= 100:
            self.fail(f"{value!r} is no rate in percent, such as 23", param, ctx)
        return rate


@catalogue.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--language", default="en", show_default=True, metavar="ISO", help="The language of a CSV's texts.")
@click.option(
    "--prices",
    type=click.Choice([each.value for each in Prices]),
    default="net",
    show_default=True,
    help="Whether a CSV's prices hold the tax, where its header leaves that open.",
)
@click.option("--tax-rule", "tax_rules", multiple=True, metavar="ID=PERCENT", help="What an id of tax rules means.")
@click.option("--tax-rate", type=Percent(), help="The rate, in percent, where an id's is not known.")
@click.option("--shop", "shop_name", metavar="NAME", help="Take what its ids of tax rules mean from this shop.")
@click.option("--encoding", metavar="NAME", help="Of a CSV; found out if not given.")
@click.option("--separator", metavar="CHARACTER", help="Of a CSV; found out if not given.")
@click.option(
    "--products",
    "ids_of",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="CSV",
    help="The product CSV whose Product ID a combinations CSV names.",
)
@json_option
@pass_app
def load(
    app: App, path: Path, language: str, prices: str, tax_rules: tuple[str, ...], tax_rate: Decimal | None,
    shop_name: str | None, encoding: str | None, separator: str | None, ids_of: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Load PATH into the catalogue: a PrestaShop product or combinations CSV, or a folder of web service XML.

    Products are known by SKU: new ones are created, others changed where the file says something else, so that it
    may be loaded again. Wrong rows are named with the reason, and the others go on; then the exit code is 1.
    """
    if separator is not None and len(separator.replace("\\t", "\t")) != 1:
        raise click.UsageError("--separator takes one character, such as ';' or '\\t'")
    options = Options(
        language.lower(), Prices(prices), _tax_rates(app, tax_rules, shop_name), tax_rate, encoding,
        separator.replace("\\t", "\t") if separator else None, ids_of,
    )  # fmt: skip
    source = catalogue_files.open_catalogue(path, options)
    refused: list[Result] = []
    counts: Counter[tuple[str, Outcome]] = Counter()
    for result in _with_bar(
        source, catalogue_files.load(app.db, app.services.media, source, options.language), as_json
    ):
        counts[result.kind, result.outcome] += 1
        if result.outcome is Outcome.REFUSED:
            refused.append(result)
    _report(source, counts, refused, as_json)
    if refused:
        raise click.exceptions.Exit(1)


def _tax_rates(app: App, rules: Iterable[str], shop_name: str | None) -> dict[int, Decimal]:
    rates: dict[int, Decimal] = {}
    if shop_name:
        with app.db.read() as session:
            rates = _rates_of(find.shop(session, shop_name))
    for rule in rules:
        number, _, percent = rule.partition("=")
        if not number.strip().isdecimal():
            raise click.BadParameter(f"{rule!r} is not ID=PERCENT, such as 1=23", param_hint="--tax-rule")
        rates[int(number)] = Percent().convert(percent.strip(), None, None)
    return rates


def _rates_of(shop: Shop) -> dict[int, Decimal]:
    """The shop keeps {rate: id of the rules}; a file says the ids."""
    return {group: Decimal(rate) for rate, group in shop.tax_rules_groups.items()}


def _with_bar(source: CatalogueFile, results: Iterator[Result], quiet: bool) -> Iterator[Result]:
    if quiet:
        yield from results
        return
    with click.progressbar(length=max(1, source.size), label="Loading") as bar:
        for result in results:
            bar.update(source.position() - bar.pos)
            yield result
        bar.update(bar.length - bar.pos if bar.length else 0)


def _report(source: CatalogueFile, counts: Counter[tuple[str, Outcome]], refused: list[Result], as_json: bool) -> None:
    kinds = {"product": "products", "category": "categories"}
    rows = {plural: {each.value: counts[kind, each] for each in Outcome} for kind, plural in kinds.items()}
    if as_json:
        listed = [{"place": each.place, "sku": each.key, "reason": each.reason} for each in refused]
        output.print_json({**rows, "refusals": listed, "notes": list(source.notes())})
        return
    output.table(["", *(each.value.upper() for each in Outcome)], [[name, *row.values()] for name, row in rows.items()])
    for note in source.notes():
        click.echo(f"note: {note}")
    for each in refused:
        click.echo(f"refused: {each.place}{f' ({each.key})' if each.key else ''}: {each.reason}", err=True)
