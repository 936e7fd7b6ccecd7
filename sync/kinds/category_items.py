"""The items of a push of categories only: one for each, parents first, so that what fails shows by name."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from models import Category, JobItem, JobProgress, product_categories
from prestashop_client import PrestaShopError
from sync.chunks import Claimed
from sync.kinds import Done
from sync.modes import is_forced
from sync.outcome import Outcome, pushed, refused, skipped, snooze, unchanged
from sync.selection import Selection, descendants
from sync.strategies.category import CategoryIds, ensure_categories
from sync.strategies.run import BUSY_DELAY, Busy, Run, outcome_of

PREFIX = "category:"
NAME_LENGTH = 64


def fill(session: Session, job: JobProgress, shop_id: int) -> None:
    """Insert an item for each category that the job's selection speaks of."""
    selection = Selection.from_params(job.params["selection"])
    tree = {number: (parent, name) for number, parent, name in session.execute(_TREE)}
    wanted = _wanted(session, selection, shop_id, tree)
    rows = [
        {"progress_id": job.id, "key": f"{PREFIX}{number}", "sku": tree[number][1][:NAME_LENGTH]}
        for number in sorted(wanted, key=lambda number: (_depth(number, tree), number))
    ]
    if rows:
        session.execute(insert(JobItem), rows)


_TREE: Select[int, int | None, str] = select(Category.id, Category.parent_id, Category.name)
Tree = dict[int, tuple[int | None, str]]


def _wanted(session: Session, selection: Selection, shop_id: int, tree: Tree) -> Iterable[int]:
    """All of them, a category and all below it, or those of the selected products."""
    if selection.kind == "all":
        return tree
    if selection.kind == "category":
        return descendants(session, selection.category_id)
    columns = product_categories.c
    query = select(columns.category_id).where(columns.product_id.in_(selection.products(session, shop_id)))
    return session.scalars(query.distinct()).all()


def _depth(number: int, tree: Tree) -> int:
    seen: set[int] = set()
    here: int | None = number
    while here is not None and here in tree and here not in seen:
        seen.add(here)
        here = tree[here][0]
    return len(seen)


def work(run: Run, items: Sequence[Claimed]) -> Done:
    """Bring the categories of a chunk in step, a level in a request or two."""
    numbers = {item.id: int(item.key.removeprefix(PREFIX)) for item in items}
    existing = _existing(run, numbers.values())
    try:
        found = ensure_categories(run, existing, update=True, force=is_forced(run.params))
    except Busy:
        return Done({item.id: snooze(BUSY_DELAY) for item in items})
    except PrestaShopError as error:
        return Done({item.id: outcome_of(error) for item in items})
    return Done({item.id: _outcome(numbers[item.id], found, existing) for item in items})


def _existing(run: Run, numbers: Iterable[int]) -> set[int]:
    with run.services.db.read() as session:
        return set(session.scalars(select(Category.id).where(Category.id.in_(list(numbers)))))


def _outcome(number: int, found: CategoryIds, existing: set[int]) -> Outcome:
    if number not in existing:
        return skipped("the category was deleted")
    if number in found.wrong:
        return refused(found.wrong[number], found.ids.get(number))
    external = found.ids.get(number)
    if number in found.created:
        return pushed("create", external)
    return pushed("update", external) if number in found.updated else unchanged(external)
