"""`manage.py migrate`: the database's schema."""

import click

import migrations
from admin.cli.frame import App, pass_app
from models import Database


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if the schema is not the newest.")
@pass_app
def migrate(app: App, check: bool) -> None:
    """Bring the database to the newest schema.

    Safe to call again: then it says that nothing was to be done.
    """
    settings = app.settings
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        current = migrations.is_current(database.engine)
        if not current and not check:
            migrations.upgrade(database.engine)
    finally:
        database.dispose()
    if current:
        click.echo("the database has the newest schema")
    elif check:
        raise click.ClickException("the database does not have the newest schema; run: python manage.py migrate")
    else:
        click.echo("the database was brought to the newest schema")
