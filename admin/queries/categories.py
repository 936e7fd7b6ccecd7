"""The category tree, flat, for choosing from."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Category


def choices(session: Session) -> list[tuple[int, str]]:
    """(id, name set in by its depth), parents before children. A category in a circle of parents stands at the top."""
    rows = session.execute(
        select(Category.id, Category.parent_id, Category.name).order_by(Category.position, Category.id)
    )
    below: dict[int | None, list[tuple[int, str]]] = {}
    names: dict[int, str] = {}
    for number, parent, name in rows:
        below.setdefault(parent, []).append((number, name))
        names[number] = name
    listed = list(_walk(below, None, 0))
    seen = {number for number, _name in listed}
    return listed + [(number, name) for number, name in names.items() if number not in seen]


def _walk(below: dict[int | None, list[tuple[int, str]]], parent: int | None, depth: int) -> Iterator[tuple[int, str]]:
    for number, name in below.get(parent, ()):
        yield number, "\u2003" * depth + (name or f"#{number}")
        yield from _walk(below, number, depth + 1)
