"""`column IN (a thousand values)`: one parameter where the database takes arrays, so that nobody parses a thousand."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, String, bindparam, func, select
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
