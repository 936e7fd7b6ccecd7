"""What can go wrong with a shop's database, as data.

DatabaseError
├── DatabaseUnavailable     no connection, or it broke: nothing of the open transaction stands
├── DatabaseBusy            a lock was not to be had in time, or a deadlock: nothing of the transaction stands
├── AccessRefused           user or password are wrong, or the user may not use this database
├── GrantMissing            a right is missing; `remedy` is the GRANT statement
├── WrongPrefix             no tables with this prefix; `prefixes` are those that there are
├── UnknownLayout           tables, columns or keys are not those of a PrestaShop that we know
├── StatementRefused        the server refused a statement or a value
├── RowsDisagree            other rows than planned were about to change; all was rolled back
└── UncertainCommit         the connection broke during COMMIT, and it could not be found out what came of it
"""

from __future__ import annotations

from prestashop_client.errors import PrestaShopError


class DatabaseError(PrestaShopError):
    """Base of all. `codes` holds the server's error number, `remedy` what to do about it."""

    def __init__(self, message: str, *, code: int | None = None, remedy: str = "", maybe_written: bool = False) -> None:
        codes = () if code is None else (code,)
        super().__init__(message, resource="database", codes=codes, maybe_written=maybe_written)
        self.remedy = remedy

    def __str__(self) -> str:
        return super().__str__() + (f"; {self.remedy}" if self.remedy else "")


class DatabaseUnavailable(DatabaseError):
    """Raised when no connection can be made, or it breaks; an open transaction is rolled back by the server."""

    retryable = True


class DatabaseBusy(DatabaseError):
    """Raised on a lock wait time-out (1205) or a deadlock (1213), after everything was rolled back."""

    retryable = True


class AccessRefused(DatabaseError):
    """Raised when user, password or the right to use the database are refused, or there is no such database."""

    verb = "refused"


class GrantMissing(DatabaseError):
    """Raised when the user lacks a right that the work needs."""

    verb = "refused"


class WrongPrefix(DatabaseError):
    """Raised when no table has this prefix. `prefixes`: those under which PrestaShop's tables were found."""

    def __init__(self, prefix: str, prefixes: tuple[str, ...]) -> None:
        there = ", ".join(map(repr, prefixes))
        found = f"there are: {there}" if there else "no PrestaShop tables can be seen at all"
        super().__init__(f"no PrestaShop tables with the prefix {prefix!r}; {found}")
        self.prefixes = prefixes


class UnknownLayout(DatabaseError):
    """Raised when the tables are not as we know them. `missing`: what is not there or is otherwise, each in words."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(f"these are not the tables of a PrestaShop that we know: {'; '.join(missing)}")
        self.missing = missing


class StatementRefused(DatabaseError):
    """Raised when the server refuses a statement or a value; nothing of the transaction stands."""

    verb = "refused"


class RowsDisagree(DatabaseError):
    """Raised when a batch was rolled back because it would have changed other rows than planned, or otherwise."""

    retryable = True


class UncertainCommit(DatabaseError):
    """Raised when a commit's fate could not be found out. Writing again is safe: only differences are written."""

    verb = "uncertain"
    retryable = True
