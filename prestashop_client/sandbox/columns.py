"""MySQL's columns: what is left of a value once it is stored with sql_mode='', and how it reads back."""

import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

Stored = int | float | str | None

_SPANS = {"int": (-(2**31), 2**31 - 1), "uint": (0, 2**32 - 1), "tiny": (-128, 127), "utiny": (0, 255)}
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{2}):(\d{2}):(\d{2}))?$")


@dataclass(frozen=True)
class Column:
    """A column's type, read from a text such as `uint`, `decimal(6)`, `varchar(64)`, `enum(a,b)`."""

    base: str
    argument: str

    @classmethod
    def of(cls, spec: str) -> "Column":
        """Parse a type."""
        base, _, argument = spec.partition("(")
        return cls(base, argument.rstrip(")"))

    @property
    def sql(self) -> str:
        """The type for SQLite; texts compare as MariaDB does."""
        if self.base in _SPANS:
            return "INTEGER"
        if self.base == "decimal":
            return "REAL"
        return "TEXT" if self.base in ("date", "datetime") else "TEXT COLLATE general_ci"

    @property
    def numeric(self) -> bool:
        """Whether it compares by number."""
        return self.base in _SPANS or self.base == "decimal"

    def keep(self, value: Stored) -> Stored:
        """The value as the column keeps it: clipped, rounded or cut, never refused."""
        if value is None:
            return None
        if self.base in _SPANS:
            low, high = _SPANS[self.base]
            return max(low, min(high, int(value)))
        if self.base == "decimal":
            return self._rounded(float(value))
        return self._text(str(value))

    def _rounded(self, value: float) -> float:
        if not math.isfinite(value):
            return 0.0
        return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-int(self.argument)), ROUND_HALF_UP))

    def _text(self, value: str) -> str:
        if self.base == "varchar":
            return value[: int(self.argument)]
        if self.base == "enum":
            return next((one for one in self.argument.split(",") if one == value.lower()), "")
        if self.base in ("date", "datetime"):
            return self._moment(value)
        return value

    def _moment(self, value: str) -> str:
        found = _DATE.match(value)
        year, month, day = (int(part) for part in found.groups()[:3]) if found else (0, 0, 0)
        if month > 12 or day > 31:
            year = month = day = 0
        day_text = f"{year:04}-{month:02}-{day:02}"
        if self.base == "date":
            return day_text
        clock = ":".join(part or "00" for part in found.groups()[3:]) if found else "00:00:00"
        return f"{day_text} {clock}"

    def show(self, value: Stored) -> str | None:
        """The value as PHP reads it back: a text, or null."""
        if value is None:
            return None
        if self.base == "decimal":
            return f"{value:.{int(self.argument)}f}"
        return str(value)
