"""Things that are known by their names: options, features, and the values of both. Found in the shop, else created.

A thing has a name in several languages, and any of them finds it, exactly. Each of its names is a key of its own in the
mappings, so that whoever creates it under one name is waited for by those who know it under another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models import MappingType, ShopMapping
from models.types import nfc
from prestashop_client import Verdict
from sync.mappings import Held, bind, give_back, hold, ids_of
from sync.strategies.run import Busy, Run
from sync.transform.snapshot import Names, first_name
from sync.transform.texts import named


@dataclass(frozen=True, slots=True)
class Family:
    """One kind of thing. `parent` is the field that names what a value belongs to; `constant` is said on creation."""

    mapping: MappingType
    resource: str
    name: str = "name"
    parent: str | None = None
    constant: Mapping[str, Any] = field(default_factory=dict)


OPTIONS = Family(MappingType.OPTION, "product_options", constant={"group_type": "select"})
OPTION_VALUES = Family(MappingType.OPTION_VALUE, "product_option_values", parent="id_attribute_group")
FEATURES = Family(MappingType.FEATURE, "product_features")
FEATURE_VALUES = Family(MappingType.FEATURE_VALUE, "product_feature_values", "value", parent="id_feature")
UNASKABLE = set("[]|,%")
"""Characters that a list of names in a filter does not survive (prestashop.md 3)."""
PUBLIC_NAME = 64
"""The length of an option's public name in PrestaShop; the name itself has 128."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing by its names; `parent` is the id in the shop of what it belongs to (None: nothing)."""

    names: Names
    parent: int | None = None

    @property
    def keys(self) -> list[str]:
        """What it is kept under in the mappings: each of its names, behind what it belongs to."""
        prefix = "" if self.parent is None else f"{self.parent}:"
        return list(dict.fromkeys(f"{prefix}{nfc(name)}" for _, name in self.names))


@dataclass(slots=True)
class Found:
    """Ids in the shop, and the reasons of what is not there."""

    ids: dict[Thing, int] = field(default_factory=dict)
    refused: dict[Thing, str] = field(default_factory=dict)


def ensure(run: Run, family: Family, things: Iterable[Thing], *, create: bool = True) -> Found:
    """The ids of these things; those that are not known are looked for in the shop and, with `create`, made there.

    No request where all are known. Raises Busy while another lane creates one of them, and PrestaShopError when the
    shop cannot be asked.
    """
    wanted = list(dict.fromkeys(things))
    found = Found()
    if not wanted:
        return found
    with run.services.db.read() as session:
        known = ids_of(session, run.shop.id, family.mapping, [key for thing in wanted for key in thing.keys])
    left = _settle(wanted, known, found)
    if not left:
        return found
    if not create:
        found.refused.update({thing: f"{first_name(thing.names)!r} is not in the shop yet" for thing in left})
        return found
    held = _hold(run, family, left)
    left = _settle(left, {key: row.external_id for key, row in held.known.items() if row.external_id}, found)
    if any(key in held.busy for thing in left for key in thing.keys):
        _let_go(run, held)
        raise Busy
    try:
        _find_or_create(run, family, left, held, found)
    except Exception:
        _let_go(run, held)
        raise
    return found


def _settle(wanted: Sequence[Thing], known: Mapping[str, int], found: Found) -> list[Thing]:
    """Take what is known by any of its names; the rest."""
    left = []
    for thing in wanted:
        number = next((known[key] for key in thing.keys if key in known), None)
        if number is None:
            left.append(thing)
        else:
            found.ids[thing] = number
    return left


def _hold(run: Run, family: Family, things: Sequence[Thing]) -> Held:
    keys = dict.fromkeys(key for thing in things for key in thing.keys)
    with run.services.db.write() as session:
        return hold(session, run.shop.id, family.mapping, keys, run.claimant)


def _let_go(run: Run, held: Held, reason: str | None = None) -> None:
    if held.mine:
        with run.services.db.write() as session:
            for row in held.mine.values():
                give_back(session, row, reason)


def _find_or_create(run: Run, family: Family, things: Sequence[Thing], held: Held, found: Found) -> None:
    present = _present(run, family, things)
    missing = _settle(things, present, found)
    groups = _same(missing)
    verdicts = run.client.create_many(family.resource, [_document(run, family, group) for group in groups])
    for group, verdict in zip(groups, verdicts, strict=True):
        _note(group, verdict, found)
    _record(run, held.mine, found)


def _note(group: Sequence[Thing], verdict: Verdict, found: Found) -> None:
    for thing in group:
        if verdict.ok and verdict.id is not None:
            found.ids[thing] = verdict.id
        else:
            found.refused[thing] = f"{first_name(thing.names)!r}: {verdict.error}"


def _present(run: Run, family: Family, things: Sequence[Thing]) -> dict[str, int]:
    """What the shop has of these names: key -> id, the oldest of several. Compared exactly here: the shop itself goes
    by neither case nor accents."""
    found: dict[str, int] = {}
    if not things:
        return found
    display = ["id", family.name, *([family.parent] if family.parent else [])]
    if family is FEATURE_VALUES:
        display.append("custom")
    for one in _listed(run, family, things, display):
        if one.get("custom") == "1":
            continue  # a value of one product alone, typed in there
        prefix = f"{int(one[family.parent])}:" if family.parent else ""
        for name in one[family.name].values():
            key = f"{prefix}{nfc(name)}"
            found[key] = min(found.get(key, int(one["id"])), int(one["id"]))
    return found


def _listed(run: Run, family: Family, things: Sequence[Thing], display: Sequence[str]) -> Iterable[dict[str, Any]]:
    """Options and features are few: all of them. Values by name, unless a name cannot be asked for."""
    if family.parent is None:
        return run.client.iterate(family.resource, display=display, page=500)
    names = list(dict.fromkeys(name for thing in things for _, name in thing.names))
    parents = sorted({thing.parent for thing in things if thing.parent is not None})
    if any(UNASKABLE & set(name) for name in names):
        return run.client.iterate(family.resource, filters={family.parent: parents}, display=display, page=500)
    return run.client.list(family.resource, filters={family.name: names, family.parent: parents}, display=display)


def _same(things: Sequence[Thing]) -> list[list[Thing]]:
    """Groups of things that share a name, and so are one."""
    groups: list[list[Thing]] = []
    for thing in things:
        keys = set(thing.keys)
        alike = [group for group in groups if any(keys & set(each.keys) for each in group)]
        merged = [each for group in alike for each in group] + [thing]
        groups = [group for group in groups if group not in alike] + [merged]
    return groups


def _document(run: Run, family: Family, group: Sequence[Thing]) -> dict[str, Any]:
    names = {iso: name for thing in reversed(group) for iso, name in thing.names}
    texts = named(names, run.shop.languages, run.shop.fallback_languages)
    document: dict[str, Any] = {**family.constant, family.name: texts}
    if family is OPTIONS:
        document["public_name"] = {language: text[:PUBLIC_NAME] for language, text in texts.items()}
    if family.parent:
        document[family.parent] = group[0].parent
    return document


def _record(run: Run, mine: Mapping[str, ShopMapping], found: Found) -> None:
    """Bind every name that is ours to bind, and give the others back with the reason."""
    ids = {key: number for thing, number in found.ids.items() for key in thing.keys}
    reasons = {key: reason for thing, reason in found.refused.items() for key in thing.keys}
    with run.services.db.write() as session:
        for key, row in mine.items():
            if key in ids:
                bind(session, row, ids[key])
            else:
                give_back(session, row, reasons.get(key))
