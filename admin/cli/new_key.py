"""`manage.py new-key`: a key for SHOPFERRY_ENCRYPTION_KEYS."""

import click

from sync.secrets import new_key as make_key


@click.command("new-key")
def new_key() -> None:
    """Print a new key for SHOPFERRY_ENCRYPTION_KEYS.

    Put it in front of the old one, with a comma between: what the old one has encrypted stays readable.
    """
    click.echo(make_key())
