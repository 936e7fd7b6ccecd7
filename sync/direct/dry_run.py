"""What a write would do, counted and shown by the same comparison, in a transaction that may write nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from prestashop_client.database import Connection, Layout
from sync.direct.change import Change
from sync.direct.findings import Findings, find
from sync.direct.places import Column, Place
from sync.direct.staging import lay_tables, stage

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Example:
    """One value that would change. `key`: the language id of a text, the combination of a stock row, else None."""

    id_product: int
    key: int | None
    before: str
    after: str


@dataclass(slots=True)
class FieldPlan:
    """One column: how many rows would change, and some of them."""

    table: str
    name: str
    rows: int = 0
    examples: list[Example] = field(default_factory=list)


@dataclass(slots=True)
class DryRun:
    """Numbers of products and, by `table.column`, of rows; ids of what cannot be written, with the reason."""

    changed: int = 0
    unchanged: int = 0
    missing: list[int] = field(default_factory=list)
    incomplete: dict[int, str] = field(default_factory=dict)
    quantity_left: list[int] = field(default_factory=list)
    twice: list[int] = field(default_factory=list)
    fields: dict[str, FieldPlan] = field(default_factory=dict)

    def plan_of(self, table: str, name: str) -> FieldPlan:
        return self.fields.setdefault(f"{table}.{name}", FieldPlan(table, name))


def look(connection: Connection, layout: Layout, changes: Sequence[Change], into: DryRun) -> None:
    """Add one batch to a dry run."""
    lay_tables(connection)
    staged = stage(connection, changes, layout.languages)
    with connection.transaction(read_only=True):
        findings = find(connection, layout, staged)
        for place in findings.places:
            for column in place.columns:
                _count(connection, place, column, into)
    _sum_up(into, len(staged.changes), findings)
    into.twice += staged.twice


def _count(connection: Connection, place: Place, column: Column, into: DryRun) -> None:
    plan = into.plan_of("product" if column.alias == "p" else place.table, column.name)
    differing = f"FROM {place.present_rows} WHERE {column.differs}"
    plan.rows += int(connection.one(f"SELECT COUNT(*) {differing}")[0])
    wanting = EXAMPLES - len(plan.examples)
    if wanting > 0 and plan.rows:
        plan.examples += [
            Example(int(product), None if key is None else int(key), _shown(before), _shown(after))
            for product, key, before, after in connection.rows(
                f"SELECT c.id_product, {column.key}, {column.current}, {column.wanted} {differing}"
                f" ORDER BY c.id_product LIMIT {wanting:d}"
            )
        ]


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _sum_up(into: DryRun, asked: int, findings: Findings) -> None:
    into.changed += len(findings.changed)
    into.unchanged += asked - len(findings.changed) - len(findings.missing) - len(findings.incomplete)
    into.missing += findings.missing
    into.incomplete |= findings.incomplete
    into.quantity_left += findings.quantity_left
