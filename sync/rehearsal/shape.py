"""What an item keeps of its plan, as JSON: the fields before and after, short enough for ten thousand items. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from sync.clients.witness import Change
from sync.rehearsal.images import INVENTED
from sync.strategies.work import Work
from sync.transform.remote import canonical

TEXT_LENGTH = 300
LIST_LENGTH = 20


def shape(work: Work, marks: Mapping[str, str], images: Mapping[str, int] | None = None) -> dict[str, Any]:
    """{"mark", "local", "changes": [{"resource", "external_id", "operation", "before", "after"}], "images",
    "conflict"}; texts are cut to 300 characters."""
    found: dict[str, Any] = {**marks, "changes": [_change(change) for change in changes_of(work)]}
    if images:
        found["images"] = dict(images)
    if work.link.conflict:
        found["conflict"] = {name: _short(sides) for name, sides in work.link.conflict.items()}
    return found


def changes_of(work: Work) -> Sequence[Change]:
    """What was noted of the work; for one that went no further than its plan, what the plan says."""
    if work.changes or work.plan is None or not work.plan.document:
        return work.changes
    operation = "create" if work.plan.create else "update"
    after = canonical(work.plan.document)
    number = work.link.external_id or INVENTED
    return [Change("products", number, operation, work.shown, after, number)]


def _change(change: Change) -> dict[str, Any]:
    after = change.after
    if change.operation == "create":
        after = {name: value for name, value in after.items() if _says_something(value)}
    return {
        "resource": change.resource,
        "external_id": change.external_id if change.external_id < INVENTED else None,
        "operation": change.operation,
        "before": _short(change.before),
        "after": _short(after),
    }


def _says_something(value: Any) -> bool:
    return any(value.values()) if isinstance(value, Mapping) else bool(value)


def _short(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= TEXT_LENGTH else f"{value[: TEXT_LENGTH - 1]}…"
    if isinstance(value, Mapping):
        return {name: "new" if _is_invented(name, one) else _short(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_short(one) for one in value[:LIST_LENGTH]]
    return value


def _is_invented(name: str, value: Any) -> bool:
    """Whether it is the id of what is yet to be made in the shop."""
    return name.startswith("id") and isinstance(value, str) and value.isdecimal() and int(value) >= INVENTED
