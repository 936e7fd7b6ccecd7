"""SQLUtils::getSQLRetrieveFilter: one filter's value as SQL."""

import re
from dataclasses import dataclass, field

from prestashop_client.sandbox.columns import Column, Stored
from prestashop_client.sandbox.php import sorted_pair, to_float

_SHAPE = re.compile(r"(.*)\[(.*)\](.*)")
_RANGE = re.compile(r"([\d.:\-\s]+),([\d.:\-\s]+)")
_TAGS = re.compile(r"<[^>]*>?|\r|\n")


@dataclass
class Where:
    """Conditions joined by AND, with their parameters."""

    conditions: list[str] = field(default_factory=list)
    parameters: list[Stored] = field(default_factory=list)

    def add(self, condition: str, *parameters: Stored) -> None:
        """One more condition."""
        self.conditions.append(condition)
        self.parameters += parameters

    @property
    def sql(self) -> str:
        """`1` where nothing is asked."""
        return " AND ".join(self.conditions) or "1"


def add_filter(where: Where, name: str, column: Column, value: str) -> None:
    """Add the condition of `filter[..]=value`; a value of a shape that PrestaShop does not know adds none."""
    shape = _SHAPE.fullmatch(value)
    if shape is None:
        where.add(f"{name} = ?", _bound(column, value))
        return
    before, inside, after = shape.groups()
    if "%" in (before, after):
        where.add(f"ps_like(?, {name})", before + inside + after)
    elif before == "" and after == "":
        _bracketed(where, name, column, inside)
    elif before in (">", "<"):
        where.add(f"{name} {before} ?", _bound(column, inside))
    elif before == "!":
        for one in inside.split("|"):
            where.add(f"{name} != ?", _bound(column, one))


def _bracketed(where: Where, name: str, column: Column, inside: str) -> None:
    pair = _RANGE.fullmatch(inside)
    if inside.find("|") > 0:
        values = [_bound(column, one) for one in inside.split("|")]
        where.add(f"{name} IN ({','.join('?' * len(values))})", *values)
    elif pair:
        low, high = sorted_pair(*pair.groups())
        where.add(f"{name} BETWEEN ? AND ?", _bound(column, low), _bound(column, high))
    else:
        where.add(f"{name} = ?", _bound(column, inside))


def _bound(column: Column, value: str) -> Stored:
    """The value as MariaDB compares it with the column: by number where the column is one."""
    text = _TAGS.sub("", value)
    if column.numeric:
        return to_float(text)
    if column.base == "datetime" and len(text.strip()) == 10:
        return f"{text.strip()} 00:00:00"
    return text
