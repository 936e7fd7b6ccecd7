"""What a plan's job keeps of it as a whole: requests, seconds, fields, and what else it makes in the shop."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from models import JobProgress
from sync.clients.witness import OWNER
from sync.fingerprint import fingerprint
from sync.rehearsal.estimate import Cost
from sync.rehearsal.images import INVENTED
from sync.transform.remote import canonical

LISTED = 1_000
"""So many categories, manufacturers ... are listed by name, of each kind."""
Also = dict[str, dict[str, str]]
"""{resource: {mark: name}} of what is made besides products."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a rehearsal found: its cost, how often which field changes, and what is made besides products."""

    cost: Cost
    fields: Counter[str] = field(default_factory=Counter)
    also: Also = field(default_factory=dict)


def also(created: Iterable[tuple[str, Mapping[str, Any]]]) -> Also:
    """Categories, manufacturers, options ... that would be created, each with a mark by which it counts once."""
    found: Also = {}
    for resource, document in created:
        if resource not in OWNER:
            found.setdefault(resource, {})[mark_of(document)] = _name(document)
    return found


def mark_of(document: Mapping[str, Any]) -> str:
    """A mark of a document that is to be created, whatever ids were invented for what it refers to."""
    plain = canonical(document)
    return fingerprint({name: _known(name, value) for name, value in plain.items()})[:12]


def _known(name: str, value: Any) -> Any:
    invented = name.startswith("id") and isinstance(value, str) and value.isdecimal() and int(value) >= INVENTED
    return "new" if invented else value


def _name(document: Mapping[str, Any]) -> str:
    found = document.get("name", document.get("value", ""))
    return str(next(iter(found.values()), "") if isinstance(found, Mapping) else found)[:100]


def add(session: Session, progress_id: int, found: Rehearsed) -> None:
    """Add a chunk's part to the job's summary, in the transaction that settles the chunk."""
    job = session.get(JobProgress, progress_id, with_for_update=True, populate_existing=True)
    if job is None:
        return
    plan = dict(job.summary.get("plan") or {})
    plan["reads"] = plan.get("reads", 0) + found.cost.reads
    plan["writes"] = plan.get("writes", 0) + found.cost.writes
    plan["seconds"] = round(plan.get("seconds", 0.0) + found.cost.seconds, 3)
    plan["fields"] = dict(Counter(plan.get("fields") or {}) + found.fields)
    plan["also"] = _merged(plan.get("also") or {}, found.also)
    job.summary = {**job.summary, "plan": plan}
    session.flush()


def _merged(one: Also, other: Also) -> Also:
    return {
        resource: dict(list({**one.get(resource, {}), **other.get(resource, {})}.items())[:LISTED])
        for resource in (*one, *(name for name in other if name not in one))
    }


def note(session: Session, progress_id: int, **values: Any) -> None:
    """Keep something more of the plan in the job's summary."""
    job = session.get(JobProgress, progress_id, with_for_update=True, populate_existing=True)
    if job is not None:
        job.summary = {**job.summary, "plan": {**(job.summary.get("plan") or {}), **values}}
