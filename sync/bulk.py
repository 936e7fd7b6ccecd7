"""Inserts and updates of a thousand rows at a time, as fast as each database has them.

PostgreSQL gets the rows as one JSON document: a statement a row costs it ten times as much. The others take them as a
list of parameters, in the order that the driver wants: named ones take SQLAlchemy as long as the database.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Dialect, Table, text
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from models.types import Amount, UtcDateTime

Rows = Sequence[Mapping[str, Any]]


def insert_rows(session: Session, table: Table, rows: Rows) -> None:
    """Insert rows, all with the same columns. Defaults of the model are not applied."""
    if not rows:
        return
    dialect = session.get_bind().dialect
    if dialect.name != "postgresql":
        listed = ", ".join(f"`{name}`" for name in rows[0])
        marks = ", ".join([_mark(dialect)] * len(rows[0]))
        statement = f"INSERT INTO {table.name} ({listed}) VALUES ({marks})"  # noqa: S608
        _run_many(session, statement, [table.c[name] for name in rows[0]], rows)
        return
    columns = [table.c[name] for name in rows[0]]
    names = ", ".join(f'"{column.name}"' for column in columns)
    statement = f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {_recordset(columns, dialect)}"  # noqa: S608
    session.connection().execute(text(statement), {"rows": _document(columns, rows, dialect)})


def update_rows(session: Session, table: Table, rows: Rows, guard: str = "") -> int:
    """Set the other columns of the rows whose `id` is given; how many there were.

    `guard` is SQL that a row has to meet besides ("linked_by <> 'manual'").
    """
    if not rows:
        return 0
    dialect = session.get_bind().dialect
    names = [name for name in rows[0] if name != "id"]
    if dialect.name != "postgresql":
        mark = _mark(dialect)
        sets = ", ".join(f"`{name}` = {mark}" for name in names)
        statement = f"UPDATE {table.name} SET {sets} WHERE id = {mark}{f' AND {guard}' if guard else ''}"  # noqa: S608
        return _run_many(session, statement, [table.c[name] for name in (*names, "id")], rows)
    columns = [table.c[name] for name in ("id", *names)]
    sets = ", ".join(f'"{name}" = fresh."{name}"' for name in names)
    also = f" AND {table.name}.{guard}" if guard else ""
    source = _recordset(columns, dialect, "fresh")
    query = f"UPDATE {table.name} SET {sets} FROM {source} WHERE {table.name}.id = fresh.id{also}"  # noqa: S608
    done: Any = session.connection().execute(text(query), {"rows": _document(columns, rows, dialect)})
    return int(done.rowcount)


def _mark(dialect: Dialect) -> str:
    """How the drivers of SQLite and MariaDB write a parameter; both take names in backticks."""
    return "?" if dialect.name == "sqlite" else "%s"


def _run_many(session: Session, statement: str, columns: Sequence[Column[Any]], rows: Rows) -> int:
    """Run a statement for every row, with the values of `columns` in their order; how many rows it met."""
    dialect = session.get_bind().dialect
    values = []
    for column in columns:
        bound = column.type.dialect_impl(dialect).bind_processor(dialect)
        plain = [row[column.name] for row in rows]
        values.append(plain if bound is None else _each_once(bound, plain))
    done = session.connection().exec_driver_sql(
        statement, list(zip(*values, strict=True)), execution_options={"preserve_rowcount": True}
    )
    return int(done.rowcount)


def _each_once(bound: Callable[[Any], Any], values: list[Any]) -> list[Any]:
    """What the driver is given for each value; an object that stands in many rows (a time, a decision) is made once."""
    made = {id(value): value for value in values}
    made = {number: bound(value) for number, value in made.items()}
    return [made[id(value)] for value in values]


def _recordset(columns: Sequence[Column[Any]], dialect: Dialect, name: str = "fresh") -> str:
    listed = ", ".join(f'"{column.name}" {column.type.compile(dialect=dialect)}' for column in columns)
    return f"json_to_recordset(CAST(:rows AS json)) AS {name}({listed})"


def _document(columns: Sequence[Column[Any]], rows: Rows, dialect: Dialect) -> str:
    values = [_as_json(column, [row[column.name] for row in rows], dialect) for column in columns]
    names = [column.name for column in columns]
    plain = [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]
    return json.dumps(plain, ensure_ascii=False)


def _as_json(column: Column[Any], values: list[Any], dialect: Dialect) -> list[Any]:
    """What the column would bind; times and amounts as texts, each different one made once."""
    kind = column.type
    if not isinstance(kind, TypeDecorator):
        return values
    if not isinstance(kind, UtcDateTime | Amount):
        return [kind.process_bind_param(value, dialect) for value in values]
    texts = {value: str(kind.process_bind_param(value, dialect)) for value in set(values) if value is not None}
    return [texts.get(value) for value in values]
