"""The command: `python -m tests.chaos --minutes 5 --seed 1 --database postgresql`."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tests.chaos.run import run
from tests.chaos.world import say
from tests.conftest import SERVERS, server_database


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/chaos.sqlite3"
    else:
        with server_database(kind) as url:
            yield url


@click.command()
@click.option("--minutes", type=float, default=2.0, show_default=True, help="How long things go wrong.")
@click.option("--seed", type=int, default=1, show_default=True, help="Decides what happens, and in which order.")
@click.option("--products", type=int, default=200, show_default=True, help="How many products the catalogue has.")
@click.option(
    "--database", type=click.Choice(["sqlite", *SERVERS]), default="sqlite", show_default=True,
    help="Where our own data lies. Connections can be cut on a server only.",
)  # fmt: skip
def chaos(minutes: float, seed: int, products: int, database: str) -> None:
    """Push and import while everything goes wrong; the last line says what was lost, doubled or left without an end."""
    with tempfile.TemporaryDirectory(prefix="shopferry-chaos-") as name:
        folder = Path(name)
        with _database(database, folder) as url:
            verdict = run(folder, url, seed=seed, seconds=minutes * 60, products=products)
    for line in verdict.details():
        say(line)
    click.echo(str(verdict))
    sys.exit(0 if verdict.clean else 1)


if __name__ == "__main__":
    chaos()
