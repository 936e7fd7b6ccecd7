"""How results are printed: as a table for people, as JSON for programs."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import click

json_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON instead of a table."
)


def table(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print aligned columns, numbers to the right."""
    cells = [[_cell(each) for each in row] for row in rows]
    widths = [max(len(line[column]) for line in [list(titles), *cells]) for column in range(len(titles))]
    right = [bool(rows) and all(_is_number(row[at]) for row in rows) for at in range(len(titles))]
    for line in [list(titles), *cells]:
        padded = (
            text.rjust(width) if numeric else text.ljust(width)
            for text, width, numeric in zip(line, widths, right, strict=True)
        )
        click.echo("  ".join(padded).rstrip())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    return str(value)


def facts(pairs: Sequence[tuple[str, object]]) -> None:
    """Print one thing's properties, a line each."""
    width = max(len(name) for name, _ in pairs)
    for name, value in pairs:
        click.echo(f"{name.replace('_', ' ').ljust(width)}  {_cell(value)}")


def print_json(data: object) -> None:
    """Print JSON; dataclasses as objects, times in ISO 8601, decimals as texts."""
    click.echo(json.dumps(data, default=_plain, ensure_ascii=False, indent=2))


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} has no JSON form")
