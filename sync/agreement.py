"""Who wins where a field was changed both here and in the shop. Pure: values in, a decision out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models import ConflictPolicy
from sync.plan import TOGETHER
from sync.transform.locks import without
from sync.transform.remote import canonical, changed_there, same

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Remote:
    """What the shop showed before a write: the canonical `values` of the fields that are to be written, `untouched`
    where its date_upd has not moved since our last write, `newer` where it is later than our own last change."""

    values: Mapping[str, Any]
    untouched: bool = False
    newer: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """`send`: the document that goes. `kept`: what stays as the shop has it, with its value there. `conflict`: what
    somebody has to decide first ({field: {"agreed", "ours", "theirs"}}); then nothing is sent."""

    send: Document
    kept: Document = field(default_factory=dict)
    conflict: dict[str, dict[str, Any]] = field(default_factory=dict)


def decide(
    policy: str, document: Document, agreed: Mapping[str, Any], seen: Mapping[str, str], remote: Remote
) -> Decision:
    """What of the changed fields in `document` is to be sent.

    `agreed` is what shop and link last agreed on (canonical); a field that it does not hold was never agreed on, and
    cannot be in conflict. `seen` are the marks of the shop's values as last looked at.
    """
    ours = canonical(document)
    disputed = [name for name in ours if _disputed(name, ours, agreed, seen, remote)]
    if not disputed or policy == ConflictPolicy.OURS:
        return Decision(document)
    if policy == ConflictPolicy.NEWEST and not remote.newer:
        return Decision(document)
    if policy == ConflictPolicy.ASK:
        return Decision({}, conflict={name: _sides(name, ours, agreed, remote) for name in disputed})
    stays = {*disputed, *(set(TOGETHER) & ours.keys() if set(TOGETHER) & set(disputed) else ())}
    return Decision(
        without(document, stays),
        kept={name: remote.values[name] for name in ours if name in stays and name in remote.values},
    )


def _disputed(
    name: str, ours: Mapping[str, Any], agreed: Mapping[str, Any], seen: Mapping[str, str], remote: Remote
) -> bool:
    if name not in agreed or name not in remote.values:
        return False
    theirs = remote.values[name]
    moved = changed_there(name, agreed[name], theirs, seen=seen.get(name), untouched=remote.untouched)
    return moved and same(name, ours[name], theirs) is False and same(name, ours[name], agreed[name]) is not True


def _sides(name: str, ours: Mapping[str, Any], agreed: Mapping[str, Any], remote: Remote) -> dict[str, Any]:
    return {"agreed": agreed[name], "ours": ours[name], "theirs": remote.values[name]}
