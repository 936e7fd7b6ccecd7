"""`column IN (a thousand values)`: one parameter where the database takes arrays, so that nobody parses a thousand."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, String, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session


def among(
    session: Session, column: ColumnElement[Any] | InstrumentedAttribute[Any], values: Iterable[Any]
) -> ColumnElement[bool]:
    """Whether a column of numbers or texts holds one of the values.

    As a set to join with, PostgreSQL looks each up in the index of the column, also while it has no statistics yet.
    """
    listed = list(values)
    if session.get_bind().dialect.name != "postgresql":
        return column.in_(listed)
    kind = Integer() if isinstance(column.type, Integer) else String()
    return column.in_(select(func.unnest(bindparam(None, listed, type_=ARRAY(kind), unique=True))))
