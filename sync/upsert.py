"""Insert rows, or update those that are there already: one statement, on every database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.orm import Session

from models import Base


def upsert(
    session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]], key: Sequence[str], columns: Sequence[str]
) -> None:
    """Insert `rows`; where the unique `key` exists, its `columns` take the new values. Rows have the same keys."""
    if not rows:
        return
    dialect = session.get_bind().dialect.name
    if dialect in ("mysql", "mariadb"):
        insert = mysql.insert(table).values(list(rows))
        session.execute(insert.on_duplicate_key_update({name: insert.inserted[name] for name in columns}))
        return
    fresh = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table).values(list(rows))
    session.execute(
        fresh.on_conflict_do_update(index_elements=key, set_={name: fresh.excluded[name] for name in columns})
    )
