"""What a file would give, before anything is saved: how it is written, its columns, its first rows raw and mapped."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from sync.suppliers import filters as sieve
from sync.suppliers import unpack
from sync.suppliers.detect import detected
from sync.suppliers.feed_errors import FeedError, MappingInvalid
from sync.suppliers.feed_options import FeedOptions
from sync.suppliers.filters import Filter
from sync.suppliers.guess import guess
from sync.suppliers.limits import FeedLimits
from sync.suppliers.mapping import FeedMapping, map_rows, plain_name
from sync.suppliers.presets import Preset, Recognised, recognise
from sync.suppliers.readers import headers, read_raw
from sync.suppliers.rows import RawRow, Row

ROWS = 20
SURE = 0.6
"""A preset of at least this confidence is taken when no mapping is given."""


@dataclass(frozen=True, slots=True)
class Preview:
    """`mapping` is the JSON that `rows` were mapped by: the one given, else a preset's, else a guess from the names.

    `presets` are those that the file looks like, the likeliest first, with their confidence.
    """

    options: FeedOptions
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    mapping: Mapping[str, Any] = field(default_factory=dict)
    presets: tuple[Recognised, ...] = ()
    warnings: tuple[str, ...] = ()


def preview(
    path: Path,
    given: FeedOptions | None = None,
    mapping: Mapping[str, Any] | None = None,
    filters: object = (),
    *,
    limits: FeedLimits | None = None,
    count: int = ROWS,
) -> Preview:
    """The first rows of a file. Raises FeedError where it cannot be read at all, or what is given makes no sense."""
    chosen = sieve.compiled(filters)
    rules = FeedMapping.from_data(mapping) if mapping else None
    seen = detected(path, given, limits)
    titles = headers(path, seen.options, limits)
    presets = recognise(seen.options, titles)
    used: Mapping[str, Any] = mapping or guess(titles)
    if not mapping and presets and presets[0].confidence >= SURE:
        seen = detected(path, _with_preset(given, presets[0].preset), limits)
        titles = headers(path, seen.options, limits)
        used = _there(presets[0].preset.mapping, titles, seen.options)
    warnings = [*seen.notes, *_members(path, seen.options)]
    if rules is None:
        rules = _rules(used, warnings)
    warnings += _missing(rules, chosen, titles, seen.options)
    rows = tuple(_rows(path, seen.options, rules, chosen, limits, count, warnings))
    return Preview(seen.options, titles, rows, used, presets, tuple(warnings))


def _with_preset(given: FeedOptions | None, preset: Preset) -> FeedOptions:
    """What is given, and for the rest what the preset says."""
    options = given or FeedOptions()
    reading = preset.reading
    return replace(
        options,
        record_path=options.record_path or reading.get("record_path"),
        namespaces={**reading.get("namespaces", {}), **options.namespaces},
    )


def _rules(guessed: Mapping[str, Any], warnings: list[str]) -> FeedMapping:
    try:
        return FeedMapping.from_data(guessed)
    except MappingInvalid as error:
        warnings.append(str(error))
        return FeedMapping(())


def _rows(
    path: Path,
    options: FeedOptions,
    rules: FeedMapping,
    chosen: tuple[Filter, ...],
    limits: FeedLimits | None,
    count: int,
    warnings: list[str],
) -> Iterator[Row]:
    """The first rows, with all their cells; where the file breaks off, a warning says so."""
    columns = dict.fromkeys((*rules.columns, *(each.column for each in chosen)))
    with closing(read_raw(path, options, tuple(columns), limits=limits)) as stream:  # type: ignore[type-var]
        raw = _until_broken(islice(stream, count), warnings)
        yield from map_rows(raw, rules, chosen) if rules.rules else (Row(row.number, "", row.cells) for row in raw)


def _until_broken(raw: Iterator[RawRow], warnings: list[str]) -> Iterator[RawRow]:
    try:
        yield from raw
    except MappingInvalid:
        raise
    except FeedError as error:
        warnings.append(str(error))


def _there(mapping: Mapping[str, Any], titles: tuple[str, ...], options: FeedOptions) -> dict[str, Any]:
    """A preset's mapping without the fields that this table has no column for."""
    gone = {} if options.format in ("xml", "jsonl") else FeedMapping.from_data(mapping).missing(titles)
    return {name: rule for name, rule in mapping.items() if name not in gone}


def _members(path: Path, options: FeedOptions) -> list[str]:
    with path.open("rb") as file:
        if options.format == "xlsx" or file.read(4) != b"PK\x03\x04":
            return []
    names = unpack.members(path)
    chosen = options.member or names[0]
    return [f"{chosen} of the {len(names)} files in the zip is read"] if len(names) > 1 else []


def _missing(
    rules: FeedMapping, chosen: tuple[Filter, ...], titles: tuple[str, ...], options: FeedOptions
) -> list[str]:
    """XML and JSON lines may leave out what a record has not; a table's columns are there or not."""
    if options.format in ("xml", "jsonl"):
        return []
    there = {plain_name(title) for title in titles}
    return [
        *(f"{field}: the file has no column {' or '.join(gone)}" for field, gone in rules.missing(titles).items()),
        *(f"{each.label}: the file has no such column" for each in chosen if plain_name(each.column) not in there),
    ]
