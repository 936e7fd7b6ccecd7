"""What a feed is read into: raw rows, mapped rows, and what is wrong with them."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

Value = str | int | bool | Decimal | None

FIELDS = (
    "sku",
    "ean",
    "supplier_sku",
    "name",
    "stock_quantity",
    "is_available",
    "delivery_days",
    "purchase_price",
    "currency",
)
KEYS = (("s", "sku"), ("e", "ean"), ("x", "supplier_sku"))
"""What a row is known by, best first; the letter says which it is."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row: the column, its text, and why. A row with a fatal one is not to be used."""

    column: str
    value: str
    reason: str
    fatal: bool = True

    def data(self) -> dict[str, str | bool]:
        """As JSON."""
        return {"column": self.column, "value": self.value, "reason": self.reason, "fatal": self.fatal}


@dataclass(slots=True)
class RawRow:
    """A row as it stands. `number` is the one a spreadsheet shows (the header is 1), or the how-manieth record."""

    number: int
    cells: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Row:
    """A row as mapped. `values` has the mapped fields only; None: the cell was empty or no use.

    `key` is "s:SKU", "e:EAN" or "x:supplier's SKU", or "" when the row has none. `skipped` is the filter that took it.
    """

    number: int
    key: str
    raw: Mapping[str, str]
    values: dict[str, Value] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    skipped: str = ""

    @property
    def valid(self) -> bool:
        """Whether it may be used."""
        return not self.skipped and not any(problem.fatal for problem in self.problems)

    def data(self) -> dict[str, str | int | bool | None]:
        """The values as JSON; a price is a text such as "12.50"."""
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in self.values.items()}


def values_from(data: Mapping[str, str | int | bool | None]) -> dict[str, Value]:
    """The values again, from `Row.data()`."""
    return {
        name: Decimal(value) if name == "purchase_price" and isinstance(value, str) else value
        for name, value in data.items()
    }


def row_hash(row: Row, salt: str = "") -> str:
    """32 hexadecimal digits of what the row says and what is wrong with it; `salt` is for the mapping's own hash."""
    parts: Iterable[object] = (salt, row.data(), [problem.data() for problem in row.problems])
    text = json.dumps(list(parts), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
