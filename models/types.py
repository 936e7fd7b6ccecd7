"""Column types: UTC times, exact money, NFC texts, the same on SQLite, PostgreSQL and MariaDB."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Numeric, String, Text
from sqlalchemy.dialects import mysql
from sqlalchemy.types import JSON, TypeDecorator, TypeEngine

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit key; SQLite counts up by itself only in a column declared INTEGER."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC with microseconds. A naive one is refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name in {"mysql", "mariadb"}:
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value!r}; use models.types.now()")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None else None


class Amount(TypeDecorator[Decimal]):
    """A decimal with 6 digits after the point (PrestaShop's own) and 12 before it, never a float.

    SQLite has no decimals: there it is kept as a whole number of millionths, so that it sorts and sums exactly.
    """

    impl = Numeric(20, 6)
    cache_ok = True
    scale = Decimal(1_000_000)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else Numeric(20, 6))

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | int | None:
        if value is None:
            return None
        exact = Decimal(value)
        return int((exact * self.scale).to_integral_value()) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value) / self.scale if dialect.name == "sqlite" else Decimal(value)


def nfc(text: str) -> str:
    """The composed form of a text, so that equal looking texts compare equal."""
    return unicodedata.normalize("NFC", text)


class _Normalised(TypeDecorator[str]):
    impl = String

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else nfc(value)


class Words(_Normalised):
    """A short text in NFC."""

    cache_ok = True


class LongWords(_Normalised):
    """A text of any length in NFC."""

    impl = Text
    cache_ok = True


class Code(_Normalised):
    """A code such as a SKU: compared exactly, by case, accent and trailing space, on every database."""

    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name in {"mysql", "mariadb"}:
            return dialect.type_descriptor(mysql.VARCHAR(self.length, collation="utf8mb4_nopad_bin"))
        return dialect.type_descriptor(String(self.length))


class Texts(TypeDecorator[dict[str, Any]]):
    """A JSON document whose texts are NFC, at any depth. Assign a new value to change it."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, Any] | None, dialect: Dialect) -> Any:
        return _normalised(value)


def _normalised(value: Any) -> Any:
    if isinstance(value, str):
        return nfc(value)
    if isinstance(value, Mapping):
        return {nfc(str(key)): _normalised(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_normalised(item) for item in value]
    return value


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
