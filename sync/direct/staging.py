"""Changes laid down in temporary tables of the session, in few statements.

Texts are laid down once for each different set of them, since thousands of products share a handful.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from prestashop_client.database import Connection
from sync.direct.change import Change

CHANGES, TEXTS, COMBINATIONS = "shopferry_changes", "shopferry_texts", "shopferry_combinations"
SUMS, FOUND = "shopferry_sums", "shopferry_found"

TABLES = {
    CHANGES: (
        "id_product INT UNSIGNED NOT NULL PRIMARY KEY, out_of_stock TINYINT UNSIGNED, quantity INT,"
        " price DECIMAL(20,6), active TINYINT UNSIGNED, text_set INT UNSIGNED, combined TINYINT NOT NULL DEFAULT 0"
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
    twice = [one.id_product for one in changes if first.setdefault(one.id_product, one) is not one]
    sets: dict[TextSet, int] = {}
    columns = _columns(first.values(), sets)
    _check_languages(sets, languages)
    connection.insert(CHANGES, list(columns), list(zip(*columns.values(), strict=True)))
    if sets:
        texts = [(number, *one) for text_set, number in sets.items() for one in text_set]
        connection.insert(TEXTS, ("text_set", "id_lang", "available_now", "available_later"), texts)
    combinations = [
        (one.id_product, combination, pieces)
        for one in first.values()
        for combination, pieces in (one.combinations or {}).items()
    ]
    if combinations:
        connection.insert(COMBINATIONS, ("id_product", "id_product_attribute", "quantity"), combinations)
    fields: set[str] = {name for name in ("out_of_stock", "quantity", "price", "active") if name in columns}
    fields |= {
        name for name in ("available_now", "available_later") if any(getattr(one, name) for one in first.values())
    }
    fields |= {"quantity"} if combinations else set()
    return Staged(first, fields, tuple(twice), bool(combinations))


def _columns(changes: Collection[Change], sets: dict[TextSet, int]) -> dict[str, list[object]]:
    """The values by column, of the columns that any change sets; fills `sets` with each different set of texts."""
    columns: dict[str, list[object]] = {
        "id_product": [one.id_product for one in changes],
        "out_of_stock": [one.out_of_stock for one in changes],
        "quantity": [one.quantity for one in changes],
        "price": [one.price for one in changes],
        "active": [None if one.active is None else int(one.active) for one in changes],
        "text_set": [_text_set(one, sets) for one in changes],
    }
    used = {name: values for name, values in columns.items() if any(value is not None for value in values)}
    if any(one.combinations for one in changes):
        used["combined"] = [int(bool(one.combinations)) for one in changes]
    return used


def _text_set(change: Change, sets: dict[TextSet, int]) -> int | None:
    texts = _texts(change)
    return sets.setdefault(texts, len(sets) + 1) if texts else None


def _texts(change: Change) -> TextSet:
    now, later = change.available_now or {}, change.available_later or {}
    return tuple((number, now.get(number), later.get(number)) for number in sorted(now.keys() | later.keys()))


def _check_languages(sets: Mapping[TextSet, int], languages: Mapping[int, str]) -> None:
    """Raises ValueError for a text in a language that is none of the shop's."""
    strangers = {number for text_set in sets for number, _, _ in text_set} - set(languages)
    if strangers:
        there = ", ".join(f"{number} ({iso})" for number, iso in languages.items())
        raise ValueError(f"the shop has no language {min(strangers)}; it has {there}")
