"""Which rows of a feed to skip: {"column": "status", "op": "equals", "value": "old"}."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sync.suppliers.feed_errors import MappingInvalid
from sync.suppliers.numbers import BadValue, number
from sync.suppliers.transforms import LONGEST_SEARCHED, BadTransform, pattern

Test = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Filter:
    """A row is skipped when `skips` is true of its cell in `column`; `label` says so in words."""

    column: str
    label: str
    skips: Test


def compiled(filters: object) -> tuple[Filter, ...]:
    """The filters of their JSON. Raises MappingInvalid, which names the filter by its number."""
    if not isinstance(filters, Sequence) or isinstance(filters, str):
        raise MappingInvalid("filters", "they are a list")
    return tuple(_filter(f"filter {number_}", each) for number_, each in enumerate(filters, 1))


def _filter(place: str, given: object) -> Filter:
    if not isinstance(given, Mapping):
        raise MappingInvalid(place, "it is no object with column, op and value")
    column, operation, value = given.get("column"), given.get("op"), given.get("value", "")
    if not isinstance(column, str) or not column:
        raise MappingInvalid(place, "it names no column")
    if operation not in OPERATIONS:
        raise MappingInvalid(place, f"there is no operation {operation!r}", f"known: {', '.join(OPERATIONS)}")
    try:
        skips = OPERATIONS[operation](value)
    except (BadTransform, BadValue, TypeError) as error:
        raise MappingInvalid(place, f"{operation} cannot use {value!r}: {error}") from None
    label = f"{column} {operation.replace('_', ' ')}" + ("" if operation in ("empty", "not_empty") else f" {value!r}")
    return Filter(column, label, skips)


def _equals(value: Any) -> Test:
    wanted = str(value).strip().casefold()
    return lambda text: text.strip().casefold() == wanted


def _one_of(value: Any) -> Test:
    if not isinstance(value, list | tuple) or not value:
        raise BadTransform("it takes a list of words")
    wanted = {str(each).strip().casefold() for each in value}
    return lambda text: text.strip().casefold() in wanted


def _contains(value: Any) -> Test:
    wanted = str(value).casefold()
    if not wanted:
        raise BadTransform("it needs a text")
    return lambda text: wanted in text.casefold()


def _matches(value: Any) -> Test:
    found = pattern(value)
    return lambda text: found.search(text[:LONGEST_SEARCHED]) is not None


def _less(value: Any) -> Test:
    limit = number(str(value).strip())
    return lambda text: (amount := _amount(text)) is not None and amount < limit


def _greater(value: Any) -> Test:
    limit = number(str(value).strip())
    return lambda text: (amount := _amount(text)) is not None and amount > limit


def _amount(text: str) -> Any:
    """None where it is no number: such a row is not skipped, so that its fault is seen."""
    try:
        return number(text.strip())
    except BadValue:
        return None


def _not(test: Callable[[Any], Test]) -> Callable[[Any], Test]:
    def made(value: Any) -> Test:
        skips = test(value)
        return lambda text: not skips(text)

    return made


OPERATIONS: dict[str, Callable[[Any], Test]] = {
    "equals": _equals,
    "not_equals": _not(_equals),
    "in": _one_of,
    "not_in": _not(_one_of),
    "contains": _contains,
    "not_contains": _not(_contains),
    "matches": _matches,
    "not_matches": _not(_matches),
    "empty": lambda _: lambda text: not text.strip(),
    "not_empty": lambda _: lambda text: bool(text.strip()),
    "less": _less,
    "greater": _greater,
}
