"""Rows of cells and a header become rows of named cells: what CSV, TSV and XLSX have in common."""

from collections.abc import Collection, Iterable, Iterator

from sync.suppliers.mapping import plain_name
from sync.suppliers.readers.csv_reader import Cells
from sync.suppliers.rows import Problem, RawRow


def names(cells: list[str], header: bool) -> tuple[str, ...]:
    """The columns' names: those of the header, "name (2)" for one that comes again, "column 3" where there is none."""
    if not header:
        return tuple(f"column {number}" for number in range(1, len(cells) + 1))
    made: list[str] = []
    taken: set[str] = set()
    for number, cell in enumerate(cells, 1):
        name = base = " ".join(cell.replace("\x00", "").split()) or f"column {number}"
        count = 1
        while name in taken:
            count += 1
            name = f"{base} ({count})"
        taken.add(name)
        made.append(name)
    return tuple(made)


def rows(found: Iterable[Cells], header: bool, columns: Collection[str] = (), only: bool = False) -> Iterator[RawRow]:
    """Named rows; `columns` are given also under the names asked for, and nothing else when `only`."""
    stream = iter(found)
    first = next(stream, None)
    if first is None:
        return
    titles = names(first[1], header)
    width = len(titles)
    wanted = _wanted(titles, columns, only)
    needed = {index for _, index in _wanted(titles, columns, True)} if columns else set(range(width))
    if not header:
        yield _row(first, wanted, width, needed)
    for each in stream:
        number, cells, problems = each
        if len(cells) == width and not problems:
            yield RawRow(number, {name: cells[index].strip() for name, index in wanted})
        else:
            yield _row(each, wanted, width, needed)


def _wanted(titles: tuple[str, ...], columns: Collection[str], only: bool) -> list[tuple[str, int]]:
    plain = {plain_name(title): index for index, title in reversed(list(enumerate(titles)))}
    asked = [(each, titles.index(each) if each in titles else plain.get(plain_name(each))) for each in columns]
    there = [(name, index) for name, index in asked if index is not None]
    if only:
        return there
    own = [(title, index) for index, title in enumerate(titles)]
    return own + [pair for pair in there if pair not in own]


def _row(each: Cells, wanted: list[tuple[str, int]], width: int, needed: set[int]) -> RawRow:
    """A row that has too few or too many cells, or is no row at all."""
    number, cells, problems = each
    if not problems and len(cells) != width:
        problems = _ragged(cells, width, needed)
    padded = cells + [""] * (width - len(cells))
    return RawRow(number, {name: padded[index].strip() for name, index in wanted}, problems)


def _ragged(cells: list[str], width: int, needed: set[int]) -> tuple[Problem, ...]:
    """Cells too many are harmless when empty, cells too few when nothing of them is mapped."""
    beyond = [cell for cell in cells[width:] if cell.strip()]
    reason = f"it has {len(cells)} cells, the header {width}; look for a stray quote or delimiter"
    if beyond:
        return (Problem("", beyond[0][:200], reason),)
    if len(cells) < width:
        return (Problem("", "", reason, fatal=any(index >= len(cells) for index in needed)),)
    return ()
