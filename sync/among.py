"""`column IN (a thousand values)`: one parameter where the database takes arrays, so that nobody parses a thousand."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Select, String, bindparam, func, literal_column, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

FEW = 20
"""Values that SQLite is given as they are."""


def among(
    session: Session, column: ColumnElement[Any] | InstrumentedAttribute[Any], values: Iterable[Any]
) -> ColumnElement[bool]:
    """Whether a column of numbers or texts holds one of the values.

    As a set to join with, PostgreSQL looks each up in the index of the column, also while it has no statistics yet.
    SQLite takes them as JSON, as fast as a list; it is SQLAlchemy that is spared a parameter for each.
    """
    listed = list(values)
    dialect = session.get_bind().dialect
    if dialect.name == "sqlite" and len(listed) > FEW:
        bound = column.type.dialect_impl(dialect).bind_processor(dialect)
        plain = [bound(each) for each in listed] if bound else listed
        document = bindparam(None, json.dumps(plain), type_=String(), unique=True)
        return column.in_(select(func.json_each(document).table_valued("value").c.value))
    if dialect.name != "postgresql":
        return column.in_(listed)
    kind = Integer() if isinstance(column.type, Integer) else String()
    return column.in_(select(func.unnest(bindparam(None, listed, type_=ARRAY(kind), unique=True))))


def looked_up(session: Session, query: Select[Any], column: ColumnElement[Any], values: Iterable[Any]) -> Select[Any]:
    """`query` for the rows whose column holds one of the values, each looked up in an index by itself.

    For tables that grow while they are asked: PostgreSQL, as long as it has no statistics, would read a thousand values
    out of all rows of a feed. OFFSET keeps it from making one join of it again.
    """
    if session.get_bind().dialect.name != "postgresql":
        return query.where(among(session, column, values))
    kind = Integer() if isinstance(column.type, Integer) else String()
    listed = bindparam(None, list(dict.fromkeys(values)), type_=ARRAY(kind), unique=True)
    given = select(func.unnest(listed).label("value")).subquery()
    found = query.where(column == given.c.value).offset(literal_column("0")).lateral()
    return select(found).select_from(given.join(found, true()))
