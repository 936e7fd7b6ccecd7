"""The mapping of a feed as a page edits it: a column and a list of transforms for each field."""

import json
from typing import Any

from werkzeug.datastructures import MultiDict

from admin.i18n import _
from models import Feed
from sync.suppliers.feed_errors import MappingInvalid
from sync.suppliers.presets import PRESETS
from sync.suppliers.rows import FIELDS

READING = ("delimiter", "quote", "encoding", "record_path", "sheet", "member")


def typed(values: MultiDict[str, str]) -> tuple[dict[str, Any], dict[str, Any], list[Any]]:
    """(mapping, reading, filters) as they were typed. Raises MappingInvalid for what is no JSON."""
    mapping: dict[str, Any] = {}
    for field in FIELDS:
        column, transforms = values.get(f"column-{field}", "").strip(), values.get(f"transforms-{field}", "").strip()
        columns = [part.strip() for part in column.split(" | ") if part.strip()]
        rule: dict[str, Any] = {"column": columns[0] if len(columns) == 1 else columns} if columns else {}
        if transforms:
            rule["transforms"] = _listed(field, transforms)
        if rule:
            mapping[field] = rule
    reading: dict[str, Any] = {name: values[name].strip() for name in READING if values.get(name, "").strip()}
    if reading.get("delimiter") in ("\\t", "tab"):
        reading["delimiter"] = "\t"
    if values.get("header") in ("yes", "no"):
        reading["header"] = values["header"] == "yes"
    if namespaces := values.get("namespaces", "").strip():
        reading["namespaces"] = _parsed("namespaces", namespaces, dict)
    filters = _listed("filters", values.get("filters", "").strip() or "[]")
    return mapping, reading, filters


def _listed(name: str, text: str) -> list[Any]:
    found: list[Any] = _parsed(name, text, list)
    return found


def _parsed(name: str, text: str, kind: type) -> Any:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise MappingInvalid(name, f"it is no JSON: {error}") from None
    if not isinstance(found, kind):
        raise MappingInvalid(name, "it is a list in JSON" if kind is list else "it is an object in JSON")
    return found


def of_preset(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """(mapping, reading) of a known format. Raises MappingInvalid."""
    preset = PRESETS.get(name)
    if preset is None:
        raise MappingInvalid("preset", _("there is no such format"))
    return dict(preset.mapping), dict(preset.reading)


def shown(mapping: dict[str, Any]) -> dict[str, dict[str, str]]:
    """{field: {"column", "transforms"}} as texts to edit."""
    found = {}
    for field in FIELDS:
        rule = mapping.get(field) or {}
        rule = rule if isinstance(rule, dict) else {"column": rule}
        column = rule.get("column") or ""
        found[field] = {
            "column": column if isinstance(column, str) else " | ".join(column),
            "transforms": json.dumps(rule["transforms"], ensure_ascii=False) if rule.get("transforms") else "",
        }
    return found


def draft_of(feed: Feed, mapping: dict[str, Any], reading: dict[str, Any], filters: list[Any]) -> Feed:
    """The feed as it would be, to be looked at; it is not saved."""
    names = ("supplier_id", "name", "format", "source", "address", "auth", "auth_secret_encrypted", "missing_behavior",
             "safety", "row_limit")  # fmt: skip
    made = Feed(**{name: getattr(feed, name) for name in names}, mapping=mapping, reading=reading, filters=filters)
    made.id = feed.id
    return made
