"""What every command shares: settings, database and services when they are needed, and errors in one line."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import click
import redis
from dramatiq.errors import DramatiqError
from sqlalchemy.exc import InterfaceError, OperationalError

import migrations
from admin.accounts import AccountError
from models import Database
from settings import Settings, SettingsError
from sync.catalogue_files import CatalogueFileError
from sync.errors import SyncError
from sync.services import Services

FAILED, USAGE = 1, 2
"""Exit codes: something failed or the result holds errors; the command was called wrongly (click's own)."""


class CliError(click.ClickException):
    """Raised when a command cannot do its work: one line that names the thing and the remedy. Exit code 1."""


class App:
    """This call's settings and what is made from them."""

    @cached_property
    def settings(self) -> Settings:
        return Settings.from_env()

    @cached_property
    def services(self) -> Services:
        """Database, secrets, files and the way into shops; the database is there and has the newest schema."""
        from tasks import context

        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        made = context.build(self.settings)
        try:
            current = migrations.is_current(made.db.engine)
        except BaseException:
            made.db.dispose()
            raise
        if not current:
            made.db.dispose()
            raise CliError("the database does not have the newest schema; run: python manage.py migrate")
        return made

    @property
    def db(self) -> Database:
        return self.services.db

    def close(self) -> None:
        """Close the database, if it was opened."""
        if "services" in self.__dict__:
            self.services.db.dispose()


class Commands(click.Group):
    """A group whose commands' expected errors end in one line instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (SettingsError, SyncError, AccountError, CatalogueFileError) as error:
            raise CliError(str(error)) from error
        except (OperationalError, InterfaceError) as error:
            reason = str(error.orig or error).strip().splitlines()[0]
            raise CliError(f"the database does not answer: {reason}; see DATABASE_URL") from error
        except (redis.RedisError, DramatiqError) as error:
            raise CliError(f"the broker does not answer ({type(error).__name__}); see BROKER_URL") from error


pass_app: Callable[[Callable[..., Any]], Callable[..., Any]] = click.make_pass_decorator(App)
