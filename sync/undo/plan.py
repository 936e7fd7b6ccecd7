"""What to do about each thing that a job wrote. Pure: the history and what the shop shows now in, steps out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models import ItemChange
from sync.transform.remote import changed_there

Document = dict[str, Any]
REVERSED, KEPT, FAILED = "reversed", "kept", "failed"
NOT_BROUGHT_BACK = "what was deleted is not brought back"
GONE = "it is not in the shop any more"


@dataclass(slots=True)
class Entity:
    """One product, stock row, combination or specific price, and all that a job did to it.

    `changes` are the ids of its rows in the history; `before` and `after` hold each field as it was before the first
    and after the last of them (canonical, see sync.transform.remote).
    """

    resource: str
    external_id: int
    operation: str
    changes: list[int] = field(default_factory=list)
    before: Document = field(default_factory=dict)
    after: Document = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """`restore`: fields and the values to put back; `remove`: delete it; `done`: there is nothing left to do.
    `kept` names the fields that stay, and `reason` says why."""

    restore: Document = field(default_factory=dict)
    remove: bool = False
    done: bool = False
    kept: tuple[str, ...] = ()
    reason: str = ""


def entities(rows: Iterable[ItemChange]) -> list[Entity]:
    """The history's rows (in order), one entity for all that happened to the same thing."""
    found: dict[tuple[str, int], Entity] = {}
    for row in rows:
        key = (row.resource, row.external_id)
        entity = found.setdefault(key, Entity(row.resource, row.external_id, row.operation))
        entity.changes.append(row.id)
        entity.before = {**row.before, **entity.before}
        entity.after = {**entity.after, **row.after}
        if row.operation == "delete":
            entity.operation = "delete"
    return list(found.values())


def step(entity: Entity, now: Mapping[str, Any] | None) -> Step:
    """What to do about it. `now` is what the shop shows of the fields in `after` (canonical), None where it is gone."""
    if entity.operation == "delete":
        return Step(kept=tuple(entity.before), reason=NOT_BROUGHT_BACK)
    if now is None:
        return Step(done=True) if entity.operation == "create" else Step(kept=tuple(entity.after), reason=GONE)
    edited = tuple(name for name, value in entity.after.items() if name not in now or _edited(name, value, now))
    if entity.operation == "create":
        return Step(kept=edited, reason=_edited_text(edited)) if edited else Step(remove=True)
    unknown = tuple(name for name in entity.after if name not in entity.before and name not in edited)
    restore = {name: entity.before[name] for name in entity.after if name not in (*edited, *unknown)}
    reasons = [_edited_text(edited)] if edited else []
    reasons += [f"not known what it was before: {', '.join(unknown)}"] if unknown else []
    return Step(restore=restore, kept=(*edited, *unknown), reason="; ".join(reasons))


def _edited(name: str, written: Any, now: Mapping[str, Any]) -> bool:
    return changed_there(name, written, now[name])


def _edited_text(names: Iterable[str]) -> str:
    return f"edited since: {', '.join(sorted(names))}"
