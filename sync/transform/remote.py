"""What a shop shows of an entity, in the same form as what we say of it; and whether the two say the same. Pure.

A shop rounds, cuts and cleans what it stores (prestashop.md 2.2, 2.5): a text that differs from what we sent is not by
itself a change.
"""

import html
import re
import zlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from json import dumps, loads
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from prestashop_client.compare import VERBATIM, stands
from prestashop_client.xml import scalar_text
from sync.fingerprint import field_marks

Document = dict[str, Any]

ASSOCIATION = "associations."
NUMBER = re.compile(r"-?\d{1,15}(\.\d+)?\Z")
MARKUP = re.compile(r"<!--.*?-->|<(style|script)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)
TARGETS = re.compile(r"""\b(?:src|href)\s*=\s*["']?(?!data:)([^"'\s>]+)""", re.IGNORECASE)
TITLE_LENGTH = 128
"""PrestaShop cuts a meta title of up to 255 characters to this, without a word."""
PARTS = {"categories": ("id",), "product_features": ("id", "id_feature_value"), "accessories": ("id",)}
"""What an entry of an association is made of, for one that has no entry to tell by."""


def canonical(document: Mapping[str, Any]) -> Document:
    """A document of ours or of the shop's, as JSON can keep it: texts, numbers without trailing zeros, languages as
    text keys ({"1": "Mug"}). Each association is a field of its own, in order ("associations.categories").
    """
    plain = {name: _value(name, value) for name, value in document.items() if name != "associations"}
    groups = document.get("associations") or {}
    return plain | {ASSOCIATION + kind: _entries(entries) for kind, entries in groups.items()}


def _value(name: str, value: Any) -> Any:
    if name.startswith(ASSOCIATION):
        return value
    if isinstance(value, Mapping):
        return {str(language): scalar_text(name, text) for language, text in value.items()}
    text = scalar_text(name, value)
    return _plain(text) if name not in VERBATIM and NUMBER.match(text) else text


def _plain(text: str) -> str:
    number = Decimal(text)
    return format(number.normalize(), "f") if number else "0"


def _entries(entries: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    plain = [{name: scalar_text(name, value) for name, value in entry.items()} for entry in entries]
    return sorted(plain, key=lambda entry: sorted(entry.items()))


def sendable(fields: Mapping[str, Any]) -> Document:
    """The reverse, as the client sends and compares it: languages as numbers, associations together."""
    document: Document = {}
    for name, value in fields.items():
        if name.startswith(ASSOCIATION):
            document.setdefault("associations", {})[name.removeprefix(ASSOCIATION)] = value
        elif isinstance(value, Mapping):
            document[name] = {int(language): text for language, text in value.items()}
        else:
            document[name] = value
    return document


def display_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The `display` that shows just the fields of a document: ("price", "categories[id]")."""
    plain = [name for name in document if name not in ("associations", "id")]
    groups = document.get("associations") or {}
    return (*plain, *(f"{kind}[{','.join(_parts(kind, entries))}]" for kind, entries in groups.items()))


def _parts(kind: str, entries: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    return PARTS.get(kind) or next((tuple(entry) for entry in entries), ("id",))


def picked(stored: Mapping[str, Any], document: Mapping[str, Any]) -> Document:
    """What the shop shows of the fields of `document`, canonical; what it does not show is left out."""
    found = {name: stored[name] for name in document if name in stored and name != "associations"}
    if "associations" in document and "associations" in stored:
        kinds = document["associations"]
        groups = {kind: _shown(kind, stored["associations"].get(kind, ())) for kind in kinds}
        found["associations"] = groups
    return canonical(found)


def _shown(kind: str, entries: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    parts = PARTS.get(kind)
    return [{name: value for name, value in entry.items() if parts is None or name in parts} for entry in entries]


def same(name: str, ours: Any, theirs: Any) -> bool | None:
    """Whether two canonical values say the same. None: they differ, but only as far as the shop's own cleaning
    of a text may have gone (the words, links and images are the same)."""
    verdict = _stands(name, ours, theirs)
    return verdict if verdict is not None else None if _alike(name, ours, theirs) else False


def _alike(name: str, ours: Any, theirs: Any) -> bool:
    if not isinstance(ours, Mapping) or not isinstance(theirs, Mapping):
        return essence(name, str(ours)) == essence(name, str(theirs))
    return all(essence(name, text) == essence(name, theirs[key]) for key, text in ours.items() if key in theirs)


def essence(name: str, text: str) -> tuple[str, ...]:
    """What is left of a text whatever a shop's cleaning does: its words, and what it links to and shows."""
    if name == "meta_title":
        return (text[:TITLE_LENGTH].strip(),)
    words = html.unescape(MARKUP.sub(" ", text))
    return ("".join(words.split()), *(html.unescape(target) for target in TARGETS.findall(text)))


def changed_there(name: str, agreed: Any, theirs: Any, *, seen: str | None = None, untouched: bool = False) -> bool:
    """Whether the shop's value was changed there since it and we agreed on `agreed`.

    `seen` is the mark of the value that the shop showed when it was last looked at. `untouched`: its date_upd has not
    moved since our last write, so that a cleaned text is the shop's own doing.
    """
    if seen is not None and mark(theirs) == seen:
        return False
    verdict = same(name, agreed, theirs)
    if verdict is None or verdict is True:
        return False
    return _stands(name, agreed, theirs) is False or not untouched


def _stands(name: str, ours: Any, theirs: Any) -> bool | None:
    return stands(sendable({name: ours}), sendable({name: theirs}))


def mark(value: Any) -> str:
    """The mark of one canonical value, as ProductSyncStatus.seen keeps it."""
    return field_marks({"value": value})["value"]


def marks(document: Mapping[str, Any]) -> dict[str, str]:
    """The marks of what a shop shows (canonical)."""
    return {name: mark(value) for name, value in document.items()}


def moment(text: str | None, time_zone: str) -> datetime | None:
    """A time of the shop's ("2026-11-21 23:51:12", on its clock) in UTC; None for none and for 0000-00-00."""
    try:
        naive = datetime.strptime(text or "", "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - its zone is the shop's
    except ValueError:
        return None
    return naive.replace(tzinfo=zone(time_zone)).astimezone(UTC)


def zone(name: str) -> ZoneInfo:
    """The time zone of that name, UTC for an unknown one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def pack(document: Mapping[str, Any]) -> bytes:
    """A canonical document as SentDocument keeps it."""
    return zlib.compress(dumps(document, ensure_ascii=False, separators=(",", ":")).encode())


def unpack(content: bytes) -> Document:
    """The reverse."""
    found: Document = loads(zlib.decompress(content))
    return found
