"""`manage.py user`: the people who sign in."""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin import accounts
from admin.cli import output, secret
from admin.cli.frame import App, CliError, Commands, pass_app
from admin.cli.output import json_option
from models import User


@click.group(cls=Commands)
def user() -> None:
    """The operators who may sign in."""


generate_option = click.option(
    "--generate", is_flag=True, help="Make a one-time password, to be changed at the first sign-in, and print it."
)


@user.command()
@click.argument("name")
@generate_option
@pass_app
def add(app: App, name: str, generate: bool) -> None:
    """Add the operator NAME.

    The password is asked for, or read as a line of standard input.
    """
    password = _password(generate)
    with app.db.write() as session:
        accounts.create_user(session, name, password, one_time=generate)
    _say(f"operator {name} added", password if generate else None)


@user.command("reset-password")
@click.argument("name")
@generate_option
@pass_app
def reset_password(app: App, name: str, generate: bool) -> None:
    """Give the operator NAME a new password.

    Whoever is signed in with the old one is signed out.
    """
    with app.db.read() as session:
        _find(session, name)
    password = _password(generate)
    with app.db.write() as session:
        accounts.set_password(session, _find(session, name), password, one_time=generate)
    _say(f"the password of {name} is changed", password if generate else None)


@user.command("list")
@json_option
@pass_app
def list_users(app: App, as_json: bool) -> None:
    """List the operators."""
    with app.db.read() as session:
        users = session.scalars(select(User).order_by(User.name)).all()
    names = ("name", "active", "one_time_password", "last_login_at", "created_at")
    rows = [{name: getattr(each, name) for name in names} for each in users]
    if as_json:
        output.print_json(rows)
    elif rows:
        titles = ("NAME", "ACTIVE", "ONE-TIME PASSWORD", "LAST SIGN-IN", "ADDED")
        output.table(titles, [list(row.values()) for row in rows])
    else:
        click.echo("there is no operator yet: python manage.py user add NAME")


@user.command()
@click.argument("name")
@pass_app
def disable(app: App, name: str) -> None:
    """Sign the operator NAME out and keep them out."""
    _set_active(app, name, False)
    click.echo(f"{name} is disabled; let them in again with: python manage.py user enable {name}")


@user.command()
@click.argument("name")
@pass_app
def enable(app: App, name: str) -> None:
    """Let the operator NAME in again."""
    _set_active(app, name, True)
    click.echo(f"{name} may sign in")


def _set_active(app: App, name: str, active: bool) -> None:
    with app.db.write() as session:
        _find(session, name).active = active


def _find(session: Session, name: str) -> User:
    found = accounts.find(session, name)
    if found is None:
        raise CliError(f"there is no operator {name!r}; see: python manage.py user list")
    return found


def _password(generate: bool) -> str:
    return secret.one_time_password() if generate else secret.read("Password", twice=True)


def _say(line: str, password: str | None) -> None:
    click.echo(f"{line}; one-time password: {password}" if password else line)
