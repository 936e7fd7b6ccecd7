"""Secrets for commands: asked for without echo, or a line of standard input; never an argument, which others see."""

import secrets
import sys

import click


def read(what: str, *, twice: bool = False) -> str:
    """The secret. Raises click.UsageError when standard input is at its end."""
    if sys.stdin.isatty():
        text: str = click.prompt(what, hide_input=True, confirmation_prompt=twice)
        return text.strip()
    line = sys.stdin.readline().strip()
    if not line:
        raise click.UsageError(f"{what}: nothing on standard input; call this in a terminal, or pipe it in")
    return line


def one_time_password() -> str:
    """Sixteen random characters, to be changed at the first sign-in."""
    return secrets.token_urlsafe(12)
