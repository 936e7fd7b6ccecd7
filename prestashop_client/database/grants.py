"""Rights: which ones the work needs, which are missing, to the letter of the GRANT, and which are too wide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pymysql.constants import ER

from prestashop_client.database.connection import Connection
from prestashop_client.database.errors import AccessRefused, GrantMissing, StatementRefused
from prestashop_client.database.known import COLUMNS, PURPOSES, written

LINE = re.compile(r"GRANT (?P<rights>.+) ON (?:TABLE |FUNCTION |PROCEDURE )?(?P<what>\S+|`.+`) TO ", re.IGNORECASE)
COLUMN_LIST = re.compile(r"\([^)]*\)")
UNKNOWN = {ER.BAD_FIELD_ERROR, ER.NO_SUCH_TABLE}  # for the check of the tables to say, not for that of rights
TEMPORARY = "shopferry_rights"


@dataclass(frozen=True, slots=True)
class Right:
    """One right. `table` is without prefix, None for the whole database; `columns` narrow an UPDATE."""

    verb: str
    table: str | None = None
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        columns = f" ({', '.join(f'`{each}`' for each in self.columns)})" if self.columns else ""
        return f"{self.verb}{columns}"


def needed(purposes: Sequence[str] = PURPOSES, *, has_physical: bool = True) -> list[Right]:
    """The least that these purposes need: to read eight tables, to change a few columns, temporary tables."""
    return [
        Right("CREATE TEMPORARY TABLES"),
        *(Right("SELECT", table) for table in COLUMNS),
        *(Right("UPDATE", table, c) for table, c in written(tuple(purposes), has_physical=has_physical).items()),
    ]


def missing(connection: Connection, rights: Sequence[Right]) -> list[Right]:
    """Those that the user does not have. Each is tried, with statements that meet no row."""
    return [right for right in rights if not _granted(connection, right)]


def statements(connection: Connection, rights: Sequence[Right]) -> list[str]:
    """The GRANT statements that give these rights to the connected user, one a table."""
    account = str(connection.one("SELECT CURRENT_USER()")[0])
    user, _, host = account.rpartition("@")
    by_table: dict[str | None, list[Right]] = {}
    for right in rights:
        by_table.setdefault(right.table, []).append(right)
    return [
        f"GRANT {', '.join(map(str, some))} ON {_object(connection, table)} TO '{_quoted(user)}'@'{_quoted(host)}';"
        for table, some in by_table.items()
    ]


def too_wide(connection: Connection) -> list[str]:
    """What the user may do beyond need, a sentence each."""
    found: list[str] = []
    for (line,) in connection.rows("SHOW GRANTS"):
        found += excess(str(line), connection.settings.name)
    return found


def excess(line: str, database: str) -> list[str]:
    """What one line of SHOW GRANTS gives beyond need."""
    match = LINE.match(line)
    if match is None:  # a role; its own rights are listed in lines of their own
        return []
    what = match["what"]
    rights = {each.strip().upper() for each in COLUMN_LIST.sub("", match["rights"]).split(",")}
    found = []
    if "WITH GRANT OPTION" in line.upper() or "GRANT OPTION" in rights:
        found.append(f"may give its rights on {what} to others (GRANT OPTION)")
    rights -= {"USAGE", "GRANT OPTION"}
    if any(each.startswith("ALL") for each in rights):
        found.append(f"may do everything on {what} (ALL PRIVILEGES)")
    elif what == "*.*" and rights:
        found.append(f"may {', '.join(sorted(rights))} on the whole server")
    elif not _of_database(what, database):
        found += [f"may {', '.join(sorted(rights))} on {what}, outside of this database"] if rights else []
    else:
        found += _excess_in_database(what, rights)
    return found


def _excess_in_database(what: str, rights: set[str]) -> list[str]:
    whole = what.endswith(".*")
    least = {"CREATE TEMPORARY TABLES"} if whole else {"SELECT", "UPDATE"}
    spare = sorted(rights - least)
    if not spare:
        return []
    return [f"may {', '.join(spare)} on {'all tables of ' if whole else ''}{what.removesuffix('.*')}"]


def _of_database(what: str, database: str) -> bool:
    name = what.partition(".")[0] if not what.startswith("`") else what[1:].partition("`")[0]
    return name.replace("\\_", "_").replace("\\%", "%") == database


def _granted(connection: Connection, right: Right) -> bool:
    try:
        for statement in _trials(connection, right):
            connection.execute(statement)
    except (GrantMissing, AccessRefused):  # the latter for rights on the whole database
        return False
    except StatementRefused as error:
        if not UNKNOWN.intersection(error.codes):
            raise
    return True


def _trials(connection: Connection, right: Right) -> list[str]:
    """Statements that need the right and change nothing."""
    if right.table is None:
        return [f"CREATE TEMPORARY TABLE {TEMPORARY} (id INT)", f"DROP TEMPORARY TABLE {TEMPORARY}"]
    table = connection.settings.table(right.table)
    if right.verb == "SELECT":
        return [f"SELECT {', '.join(COLUMNS[right.table])} FROM {table} WHERE 0"]
    return [f"UPDATE {table} SET {', '.join(f'{c} = NULL' for c in right.columns)} WHERE 0"]


def _object(connection: Connection, table: str | None) -> str:
    name = connection.settings.name
    if table is None:
        escaped = name.replace("_", r"\_")  # in a grant on a whole database, _ stands for any character
        return f"`{escaped}`.*"
    return f"`{name}`.{connection.settings.table(table)}"


def _quoted(name: str) -> str:
    return name.replace("'", "''")
