"""The mapping of a feed: which column, through which transforms, is which field. Made once, then used on every row."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sync.catalogue_files.seen import Seen
from sync.suppliers import transforms, values
from sync.suppliers.feed_errors import MappingInvalid
from sync.suppliers.filters import Filter
from sync.suppliers.numbers import BadValue
from sync.suppliers.rows import FIELDS, KEYS, Problem, RawRow, Row, Value
from sync.suppliers.transforms import BadTransform, Change

LONGEST_SHOWN = 200
MOST_KNOWN = 10_000
"""Texts of a column whose value is remembered: stocks, days and prices come again and again."""
_REPEATED = frozenset({"stock_quantity", "is_available", "delivery_days", "purchase_price", "currency"})


@dataclass(frozen=True, slots=True)
class FieldRule:
    """Where a field comes from. Of several columns the first that is not empty is taken.

    `optional`: it has a constant or a default, and does without a column.
    """

    field: str
    columns: tuple[str, ...]
    changes: tuple[Change, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class FeedMapping:
    """The rules of all mapped fields."""

    rules: tuple[FieldRule, ...]

    @classmethod
    def from_data(cls, data: object) -> "FeedMapping":
        """From {field: {"column": "Kod" or ["Kod", "EAN"], "transforms": [...]}}; {field: "Kod"} is enough.

        Raises MappingInvalid, which names the field.
        """
        if not isinstance(data, Mapping):
            raise MappingInvalid("mapping", "it is no object of fields and columns")
        unknown = [str(name) for name in data if name not in FIELDS]
        if unknown:
            raise MappingInvalid(unknown[0], "there is no such field", f"known: {', '.join(FIELDS)}")
        rules = tuple(_rule(name, data[name]) for name in FIELDS if data.get(name))
        if not any(rule.field in ("sku", "ean", "supplier_sku") for rule in rules):
            raise MappingInvalid(
                "mapping", "no field tells rows apart", "map at least one of sku, ean and supplier_sku"
            )
        return cls(rules)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are needed, once each."""
        return tuple(dict.fromkeys(column for rule in self.rules for column in rule.columns))

    def missing(self, headers: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The fields none of whose columns is among `headers`, with those columns."""
        there = {plain_name(header) for header in headers}
        return {
            rule.field: rule.columns
            for rule in self.rules
            if rule.columns and not rule.optional and not any(plain_name(column) in there for column in rule.columns)
        }


def plain_name(column: str) -> str:
    """A column's name without regard to case and spaces."""
    return "".join(column.casefold().split())


def _rule(field: str, given: object) -> FieldRule:
    rule = {"column": given} if isinstance(given, str | list) else given
    if not isinstance(rule, Mapping):
        raise MappingInvalid(field, "it takes a column, or an object with column and transforms")
    if odd := [str(name) for name in rule if name not in ("column", "transforms")]:
        raise MappingInvalid(field, f"{odd[0]!r} is not known", "it takes column and transforms")
    try:
        changes = transforms.compiled(rule.get("transforms") or [])
    except BadTransform as error:
        raise MappingInvalid(field, str(error)) from None
    columns = _columns(field, rule.get("column"))
    optional = any(_name(each) in ("constant", "default") for each in rule.get("transforms") or [])
    if not columns and not optional:
        raise MappingInvalid(field, "it has no column", "give one, or a constant")
    return FieldRule(field, columns, tuple(changes), optional)


def _columns(field: str, given: object) -> tuple[str, ...]:
    listed = [given] if isinstance(given, str) else given or []
    if not isinstance(listed, list | tuple) or not all(isinstance(each, str) and each for each in listed):
        raise MappingInvalid(field, f"{given!r} is no column", "a column is a name, or a list of names")
    return tuple(listed)


def _name(transform: Any) -> object:
    return transform if isinstance(transform, str) else transform[0]


def map_rows(raw_rows: Iterable[RawRow], mapping: FeedMapping, filters: Iterable[Filter] = ()) -> Iterator[Row]:
    """Every row of the file, mapped: also the skipped ones (`skipped`) and the wrong ones (`problems`).

    Of rows with the same key the first counts; the later ones have a problem that names it.
    """
    sieve = tuple(filters)
    map_one = partial(_mapped, [_reader(rule) for rule in mapping.rules])
    with Seen() as seen:
        for raw in raw_rows:
            label = _skipped(raw, sieve)
            if label:
                yield Row(raw.number, "", raw.cells, skipped=label)
                continue
            row = map_one(raw)
            first = seen.before(row.key, str(row.number)) if row.key and row.valid else None
            yield row if first is None else _again(row, first)


def _skipped(raw: RawRow, sieve: tuple[Filter, ...]) -> str:
    for each in sieve:
        if each.skips(raw.cells.get(each.column, "")):
            return each.label
    return ""


def _again(row: Row, first: str) -> Row:
    field = next(field for letter, field in KEYS if letter == row.key[0])
    problem = Problem(field, row.key[2:], f"stands in row {first} already, which counts")
    return Row(row.number, row.key, row.raw, row.values, (*row.problems, problem))


class Trouble:
    """What is found wrong in one row: the problems, and which of them were fatal to which field."""

    __slots__ = ("fatal_to", "problems")

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = list(problems)
        self.fatal_to: dict[int, str] = {}

    def add(self, column: str, value: str, reason: str, fatal_to: str = "") -> None:
        if fatal_to:
            self.fatal_to[len(self.problems)] = fatal_to
        self.problems.append(Problem(column, value[:LONGEST_SHOWN], reason, bool(fatal_to)))


Read = Callable[[Mapping[str, str], Trouble], Any]


def _reader(rule: FieldRule) -> tuple[str, Read]:
    """The field and a function that takes it out of a row's cells, and tells `Trouble` what is wrong."""
    field, changes = rule.field, rule.changes
    parse: Callable[[str, values.Note], Any]
    parse = values.purchase_price if field == "purchase_price" else values.PARSERS[field]
    first, others = (rule.columns or ("",))[0], rule.columns[1:]
    notes: list[str] = []
    note = notes.append
    known: dict[str, Any] = {}
    most_known = MOST_KNOWN if field in _REPEATED else 0

    def read(cells: Mapping[str, str], trouble: Trouble) -> Any:
        column, text = first or field, cells.get(first, "")
        for other in others:
            if text:
                break
            column, text = other, cells.get(other, "")
        if (value := known.get(text)) is not None:
            return value
        given = text
        if "\x00" in text:
            text = text.replace("\x00", "").strip()
            trouble.add(column, given, "holds a NUL character, which was left out")
        try:
            for change in changes:
                text = change(text)
            value = parse(text, note) if text else None
        except BadValue as error:
            trouble.add(column, given, str(error), fatal_to=field)
            value = None
        if notes:
            for reason in notes:
                trouble.add(column, given, reason)
            notes.clear()
        elif value is not None and len(known) < most_known and "\x00" not in given:
            known[given] = value
        return value

    return field, read


def _mapped(readers: list[tuple[str, Read]], raw: RawRow) -> Row:
    trouble = Trouble(raw.problems)
    found: dict[str, Value] = {}
    beside: str | None = None
    for field, read in readers:
        value = read(raw.cells, trouble)
        if field == "purchase_price" and value is not None:
            value, beside = value
        found[field] = value
    if beside:
        _set_currency(found, beside, trouble)
    key = next((f"{letter}:{found[field]}" for letter, field in KEYS if found.get(field)), "")
    if trouble.problems or not key:
        _weigh(trouble, found, key)
    return Row(raw.number, key, raw.cells, found, tuple(trouble.problems))


def _set_currency(found: dict[str, Value], beside: str, trouble: Trouble) -> None:
    told = found.get("currency")
    if told and told != beside:
        trouble.add("purchase_price", beside, f"is in {beside}, but the currency says {told}", fatal_to="currency")
    elif not told:
        found["currency"] = beside


def _weigh(trouble: Trouble, found: dict[str, Value], key: str) -> None:
    """A wrong EAN spoils no row that has a SKU; a row without any key is spoiled in any case."""
    problems = trouble.problems
    if found.get("sku"):
        for index, field in trouble.fatal_to.items():
            if field == "ean":
                old = problems[index]
                problems[index] = Problem(old.column, old.value, old.reason, fatal=False)
    if not key and not any(problem.fatal for problem in problems):
        problems.append(Problem("", "", "has no SKU, no EAN and no supplier's SKU"))
