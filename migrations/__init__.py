"""Alembic migrations, run by `upgrade()` without a configuration file."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine


def config(engine: Engine) -> Config:
    """Alembic's configuration for one database."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.attributes["engine"] = engine
    return made


UNSPOKEN = ("ix_products_words",)
"""Indexes over expressions, which models do not speak of: one server has them, another cannot."""


def is_compared(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Whether Alembic is to compare it with the models (its `include_object`)."""
    return not (kind == "index" and name in UNSPOKEN)


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema."""
    command.upgrade(config(engine), "head")


def is_current(engine: Engine) -> bool:
    """Whether the database has the newest schema."""
    head = ScriptDirectory.from_config(config(engine)).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
