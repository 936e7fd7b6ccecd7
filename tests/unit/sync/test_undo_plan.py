"""What undo does about each thing that a job wrote, as tables."""

from typing import Any

import pytest

from models import ItemChange
from sync.undo.plan import GONE, NOT_BROUGHT_BACK, Entity, Step, entities, step


def row(number: int, operation: str = "update", resource: str = "products", **values: Any) -> ItemChange:
    given = {"id": number, "external_id": 9, "before": {}, "after": {}, **values}
    return ItemChange(operation=operation, resource=resource, **given)


def test_several_writes_of_one_thing_are_undone_as_one() -> None:
    first = row(1, before={"price": "1", "name": {"1": "a"}}, after={"price": "2", "name": {"1": "b"}})
    found = entities([first, row(2, before={"price": "2"}, after={"price": "3"}), row(3, resource="stock_availables")])
    assert [(one.resource, one.changes) for one in found] == [("products", [1, 2]), ("stock_availables", [3])]
    assert (found[0].before, found[0].after) == (
        {"price": "1", "name": {"1": "a"}}, {"price": "3", "name": {"1": "b"}},
    )  # fmt: skip


def test_what_was_made_and_then_changed_was_made() -> None:
    found = entities([row(1, "create", after={"price": "2"}), row(2, before={"price": "2"}, after={"price": "3"})])
    assert [(one.operation, one.after) for one in found] == [("create", {"price": "3"})]


UPDATE = {"before": {"price": "1", "active": "1"}, "after": {"price": "2", "active": "0"}}


@pytest.mark.parametrize(
    ("operation", "document", "now", "found"),
    [
        ("update", UPDATE, {"price": "2", "active": "0"}, Step(restore={"price": "1", "active": "1"})),
        ("update", UPDATE, {"price": "3", "active": "0"},
         Step(restore={"active": "1"}, kept=("price",), reason="edited since: price")),
        ("update", UPDATE, {"price": "3", "active": "1"},
         Step(kept=("price", "active"), reason="edited since: active, price")),
        ("update", UPDATE, None, Step(kept=("price", "active"), reason=GONE)),
        ("update", {"after": {"price": "2"}}, {"price": "2"},
         Step(kept=("price",), reason="not known what it was before: price")),
        ("update", {"before": {"description": {"1": "old"}}, "after": {"description": {"1": "<p>a<br>b"}}},
         {"description": {"1": "<p>a<br />b</p>"}}, Step(restore={"description": {"1": "old"}})),
        ("create", {"after": {"price": "2"}}, {"price": "2"}, Step(remove=True)),
        ("create", {"after": {"price": "2"}}, {"price": "3"}, Step(kept=("price",), reason="edited since: price")),
        ("create", {"after": {"price": "2"}}, None, Step(done=True)),
        ("delete", {"before": {"price": "2"}}, None, Step(kept=("price",), reason=NOT_BROUGHT_BACK)),
    ],
)  # fmt: skip
def test_step(operation: str, document: dict[str, Any], now: dict[str, Any] | None, found: Step) -> None:
    assert step(Entity("products", 9, operation, [1], **document), now) == found
