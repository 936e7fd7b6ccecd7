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


@dataclass(frozen=True, slots=True)
class FieldRule:
    """Where a field comes from. Of several columns the first that is not empty is taken."""

    field: str
    columns: tuple[str, ...]
    changes: tuple[Change, ...]


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
            if rule.columns and not any(plain_name(column) in there for column in rule.columns)
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
    if not columns and not any(_name(each) in ("constant", "default") for each in rule.get("transforms") or []):
        raise MappingInvalid(field, "it has no column", "give one, or a constant")
    return FieldRule(field, columns, tuple(changes))


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


Report = Callable[[str, str, str, bool], None]
Read = Callable[[Mapping[str, str], Report], Any]


def _reader(rule: FieldRule) -> tuple[str, Read]:
    """The field and a function that takes it out of a row's cells and tells `Report` what is wrong."""
    parse: Callable[[str, values.Note], Any]
    parse = values.purchase_price if rule.field == "purchase_price" else values.PARSERS[rule.field]
    first, others, changes = (rule.columns or ("",))[0], rule.columns[1:], rule.changes
    shown = first or rule.field

    def read(cells: Mapping[str, str], report: Report) -> Any:
        column, text = shown, cells.get(first, "")
        for other in others:
            if text:
                break
            column, text = other, cells.get(other, "")
        given = text
        if "\x00" in text:
            text = text.replace("\x00", "").strip()
            report(column, given, "holds a NUL character, which was left out", False)
        try:
            for change in changes:
                text = change(text)
            if not text:
                return None
            return parse(text, lambda reason: report(column, given, reason, False))
        except BadValue as error:
            report(column, given, str(error), True)
            return None

    return rule.field, read


def _mapped(readers: list[tuple[str, Read]], raw: RawRow) -> Row:
    problems = list(raw.problems)
    field_of: dict[int, str] = {}
    found: dict[str, Value] = {}
    beside: str | None = None
    current = ""

    def report(column: str, value: str, reason: str, fatal: bool) -> None:
        if fatal:
            field_of[len(problems)] = current
        problems.append(Problem(column, value[:LONGEST_SHOWN], reason, fatal))

    for field, read in readers:
        current = field
        value = read(raw.cells, report)
        if field == "purchase_price" and value is not None:
            value, beside = value
        found[field] = value
    if beside:
        _set_currency(found, beside, problems)
    key = next((f"{letter}:{found[field]}" for letter, field in KEYS if found.get(field)), "")
    if problems or not key:
        _weigh(problems, field_of, found, key)
    return Row(raw.number, key, raw.cells, found, tuple(problems))


def _set_currency(found: dict[str, Value], beside: str, problems: list[Problem]) -> None:
    told = found.get("currency")
    if told and told != beside:
        problems.append(Problem("purchase_price", beside, f"is in {beside}, but the currency says {told}"))
    elif not told:
        found["currency"] = beside


def _weigh(problems: list[Problem], field_of: dict[int, str], found: dict[str, Value], key: str) -> None:
    """A wrong EAN spoils no row that has a SKU; a row without any key is spoiled in any case."""
    if found.get("sku"):
        for index, field in field_of.items():
            if field == "ean":
                old = problems[index]
                problems[index] = Problem(old.column, old.value, old.reason, fatal=False)
    if not key and not any(problem.fatal for problem in problems):
        problems.append(Problem("", "", "has no SKU, no EAN and no supplier's SKU"))
