"""Finds categories by path and makes the missing ones. A name counts in any of its languages."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Category
from models.types import nfc
from sync.catalogue_files.records import CategoryPath, CategoryRecord, Outcome, TextsOf


class CategoryTree:
    """The categories of the database by path. Ids stay known from one transaction to the next once it is committed."""

    def __init__(self, session: Session) -> None:
        self._ids: dict[tuple[int | None, str], int] = {}
        for category in session.scalars(select(Category).order_by(Category.id)):
            self._know(category)

    def _know(self, category: Category) -> None:
        for name in [category.name, *(text.get("name", "") for text in category.texts.values())]:
            self._ids.setdefault((category.parent_id, name), category.id)

    def find(self, path: CategoryPath) -> int | None:
        """The id of the category at a path; None where there is none."""
        found: int | None = None
        for name in path:
            found = self._ids.get((found, nfc(name)))
            if found is None:
                return None
        return found

    def ensure(self, session: Session, path: CategoryPath, language: str) -> int:
        """The id of the category at a path; it and those above it are made where they are missing."""
        parent: int | None = None
        for name in path:
            found = self._ids.get((parent, nfc(name)))
            if found is None:
                found = self._make(session, parent, {language: {"name": name}}).id
            parent = found
        if parent is None:
            raise ValueError("a category's path has at least one name")
        return parent

    def put(self, session: Session, record: CategoryRecord, language: str) -> Outcome:
        """Make or change one category as the file has it."""
        *above, name = record.path
        parent = self.ensure(session, tuple(above), language) if above else None
        found = self._ids.get((parent, nfc(name)))
        if found is None:
            made = self._make(session, parent, record.texts)
            made.active = record.active
            if record.position is not None:
                made.position = record.position
            return Outcome.CREATED
        category = session.get_one(Category, found)
        changed = _differences(category, record)
        for field, value in changed:
            setattr(category, field, value)
        self._know(category)
        return Outcome.UPDATED if changed else Outcome.UNCHANGED

    def _make(self, session: Session, parent: int | None, texts: TextsOf) -> Category:
        beside = select(func.max(Category.position)).where(Category.parent_id.is_not_distinct_from(parent))
        last = session.scalar(beside)
        made = Category(parent_id=parent, texts=merged({}, texts), position=0 if last is None else last + 1)
        session.add(made)
        session.flush()
        self._know(made)
        return made


def merged(known: TextsOf, said: TextsOf) -> dict[str, dict[str, str]]:
    """What is known, with what a file says over it; cleared fields are left out. In NFC, as the catalogue keeps it."""
    texts = {iso: dict(fields) for iso, fields in known.items()}
    for iso, fields in said.items():
        texts.setdefault(iso, {}).update({name: nfc(text) for name, text in fields.items()})
    return {iso: {name: text for name, text in fields.items() if text} for iso, fields in texts.items()}


def _differences(category: Category, record: CategoryRecord) -> list[tuple[str, object]]:
    wanted: Iterable[tuple[str, object]] = [
        ("texts", merged(category.texts, record.texts)),
        ("active", record.active),
        ("position", category.position if record.position is None else record.position),
    ]
    return [(field, value) for field, value in wanted if getattr(category, field) != value]
