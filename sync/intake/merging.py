"""What of a shop's product becomes ours, where we have the product already. Pure: values in, a decision out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models import ConflictPolicy
from sync.plan import TOGETHER
from sync.transform.remote import changed_there, same

TREE = frozenset(TOGETHER)


@dataclass(frozen=True, slots=True)
class Sides:
    """A product as a canonical document three times (sync.transform.remote): as we say it, as the shop shows it, and as
    both last agreed on. `seen` and `untouched` as in sync.agreement; `newer`: the shop's last change is later."""

    ours: Mapping[str, Any]
    theirs: Mapping[str, Any]
    agreed: Mapping[str, Any] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)
    untouched: bool = False
    newer: bool = False


@dataclass(frozen=True, slots=True)
class Merge:
    """Fields by what becomes of them: `same` on both sides, `take` from the shop, `keep` ours (to be pushed), and
    those that somebody has to decide ({field: {"agreed", "ours", "theirs"}})."""

    same: frozenset[str]
    take: frozenset[str]
    keep: frozenset[str]
    conflict: dict[str, dict[str, Any]] = field(default_factory=dict)


def merge(policy: str, sides: Sides) -> Merge:
    """The decision, field by field: what only one side changed is that side's; for the rest the policy speaks. What was
    never agreed on is the shop's: an import was asked for."""
    found: dict[str, set[str]] = {"same": set(), "take": set(), "keep": set(), "ask": set()}
    for name in sides.ours:
        if name in sides.theirs:
            found[_verdict(name, policy, sides)].add(name)
    for verdict in ("ask", "keep", "take"):
        if found[verdict] & TREE:
            for others in found.values():
                others.difference_update(TREE)
            found[verdict] |= TREE & sides.ours.keys() & sides.theirs.keys()
            break
    conflict = {
        name: {"agreed": sides.agreed.get(name), "ours": sides.ours[name], "theirs": sides.theirs[name]}
        for name in sorted(found["ask"])
    }
    return Merge(frozenset(found["same"]), frozenset(found["take"]), frozenset(found["keep"]), conflict)


def _verdict(name: str, policy: str, sides: Sides) -> str:
    ours, theirs = sides.ours[name], sides.theirs[name]
    if same(name, ours, theirs) is not False:
        return "same"
    if name not in sides.agreed:
        return "take"
    agreed = sides.agreed[name]
    there = changed_there(name, agreed, theirs, seen=sides.seen.get(name), untouched=sides.untouched)
    here = same(name, ours, agreed) is not True
    if there and here:
        return _by_policy(policy, sides.newer)
    if there:
        return "take"
    return "keep" if here else "same"


def _by_policy(policy: str, newer: bool) -> str:
    match policy:
        case ConflictPolicy.SHOP:
            return "take"
        case ConflictPolicy.NEWEST:
            return "take" if newer else "keep"
        case ConflictPolicy.ASK:
            return "ask"
        case _:
            return "keep"
