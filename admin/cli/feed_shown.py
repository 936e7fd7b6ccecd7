"""How the command line shows what is in a feed."""

from typing import Any

import click

from admin.cli import output
from sync.suppliers.dry_run import FeedDryRun
from sync.suppliers.preview import Preview


def preview_data(seen: Preview) -> dict[str, Any]:
    """A preview as JSON."""
    return {
        "format": seen.options.format,
        "reading": seen.options.reading(),
        "headers": list(seen.headers),
        "mapping": dict(seen.mapping),
        "presets": [{"name": one.preset.name, "confidence": one.confidence} for one in seen.presets],
        "warnings": list(seen.warnings),
        "rows": [
            {"row": row.number, "raw": dict(row.raw), "values": row.data(), "skipped": row.skipped,
             "problems": [problem.data() for problem in row.problems]}
            for row in seen.rows
        ],
    }  # fmt: skip


def print_preview(seen: Preview) -> None:
    """A preview for people."""
    reading = ", ".join(f"{name} {value!r}" for name, value in seen.options.reading().items())
    click.echo(f"{seen.options.format}: {reading}")
    click.echo(f"columns: {', '.join(seen.headers)}")
    for warning in seen.warnings:
        click.echo(f"note: {warning}")
    fields = list(seen.mapping)
    output.table(
        ["ROW", *(name.upper() for name in fields)],
        [[row.number, *(row.data().get(name) for name in fields)] for row in seen.rows],
    )
    for row in seen.rows:
        for one in row.problems:
            mark = "wrong" if one.fatal else "note "
            click.echo(f"{mark}  row {row.number} {one.column} {one.value!r} {one.reason}")


def print_dry_run(seen: FeedDryRun) -> None:
    """What a run would do, for people."""
    click.echo(f"{seen.rows:,} rows")
    output.facts([(name, count) for name, count in sorted(seen.results.items()) if count] or [("rows", 0)])
    for reason, count in sorted(seen.reasons.items(), key=lambda pair: -pair[1]):
        click.echo(f"invalid, {count:,}: {reason}")
    for one in seen.examples.get("invalid", ()):
        click.echo(f"  {one['why']}")
    for stop in seen.stops:
        limit = "" if stop.limit is None else f", the limit is {stop.limit:g} %"
        click.echo(f"it would be HELD: {stop.name.replace('_', ' ')}: {stop.found:g}{limit} {stop.detail}".rstrip())
