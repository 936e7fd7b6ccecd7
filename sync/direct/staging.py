"""Changes laid down in temporary tables of the session, in few statements.

Texts are laid down once for each different set of them, since thousands of products share a handful.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from prestashop_client.database import Connection
from sync.direct.change import Change

CHANGES, TEXTS, COMBINATIONS = "shopferry_changes", "shopferry_texts", "shopferry_combinations"
SUMS, FOUND = "shopferry_sums", "shopferry_found"

TABLES = {
    CHANGES: (
        "id_product INT UNSIGNED NOT NULL PRIMARY KEY, out_of_stock TINYINT UNSIGNED, quantity INT,"
        " price DECIMAL(20,6), active TINYINT UNSIGNED, text_set INT UNSIGNED, combined TINYINT NOT NULL"
    ),
    TEXTS: (
        "text_set INT UNSIGNED NOT NULL, id_lang INT UNSIGNED NOT NULL, available_now VARCHAR(255),"
        " available_later VARCHAR(255), PRIMARY KEY (text_set, id_lang)"
    ),
    COMBINATIONS: (
        "id_product INT UNSIGNED NOT NULL, id_product_attribute INT UNSIGNED NOT NULL, quantity INT NOT NULL,"
        " PRIMARY KEY (id_product, id_product_attribute)"
    ),
    SUMS: "id_product INT UNSIGNED NOT NULL PRIMARY KEY, quantity INT NOT NULL",
    FOUND: (
        "place VARCHAR(10) NOT NULL, id_product INT UNSIGNED NOT NULL, differing INT NOT NULL, absent INT NOT NULL,"
        " PRIMARY KEY (place, id_product)"
    ),
}

TextSet = tuple[tuple[int, str | None, str | None], ...]


@dataclass(slots=True)
class Staged:
    """What was laid down: the changes by product, and the fields that any of them sets."""

    changes: Mapping[int, Change]
    fields: set[str]
    twice: tuple[int, ...] = ()
    combined: bool = field(default=False)


def lay_tables(connection: Connection) -> None:
    """Empty temporary tables. Before a transaction: some servers take no CREATE within one."""
    for table, columns in TABLES.items():
        connection.execute(f"DROP TEMPORARY TABLE IF EXISTS {table}")
        connection.execute(
            f"CREATE TEMPORARY TABLE {table} ({columns}) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
        )


def stage(connection: Connection, changes: Sequence[Change], languages: Mapping[int, str]) -> Staged:
    """Fill the tables. Of a product that comes twice the first change is taken; `twice` names it."""
    first: dict[int, Change] = {}
    twice = []
    for change in changes:
        if first.setdefault(change.id_product, change) is not change:
            twice.append(change.id_product)
    sets: dict[TextSet, int] = {}
    rows = [_row(change, sets) for change in first.values()]
    combinations = [
        (change.id_product, combination, quantity)
        for change in first.values()
        for combination, quantity in (change.combinations or {}).items()
    ]
    _check_languages(sets, languages)
    names = ("id_product", "out_of_stock", "quantity", "price", "active", "text_set", "combined")
    connection.insert(CHANGES, names, rows)
    if sets:
        texts = [(number, *one) for text_set, number in sets.items() for one in text_set]
        connection.insert(TEXTS, ("text_set", "id_lang", "available_now", "available_later"), texts)
    if combinations:
        connection.insert(COMBINATIONS, ("id_product", "id_product_attribute", "quantity"), combinations)
    fields = set().union(*(change.fields for change in first.values()))
    return Staged(first, fields, tuple(twice), bool(combinations))


def _row(change: Change, sets: dict[TextSet, int]) -> tuple[object, ...]:
    texts = _texts(change)
    number = sets.setdefault(texts, len(sets) + 1) if texts else None
    active = None if change.active is None else int(change.active)
    combined = 1 if change.combinations else 0
    return (change.id_product, change.out_of_stock, change.quantity, change.price, active, number, combined)


def _texts(change: Change) -> TextSet:
    now, later = change.available_now or {}, change.available_later or {}
    return tuple((number, now.get(number), later.get(number)) for number in sorted(now.keys() | later.keys()))


def _check_languages(sets: Mapping[TextSet, int], languages: Mapping[int, str]) -> None:
    """Raises ValueError for a text in a language that is none of the shop's."""
    strangers = {number for text_set in sets for number, _, _ in text_set} - set(languages)
    if strangers:
        there = ", ".join(f"{number} ({iso})" for number, iso in languages.items())
        raise ValueError(f"the shop has no language {min(strangers)}; it has {there}")
