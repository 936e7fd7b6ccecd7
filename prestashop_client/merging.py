"""PUT in place of PATCH: what is stored, with the changes laid over, without what a PUT must not carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prestashop_client.resources import Resource
from prestashop_client.xml import Document

NEVER_BACK = {"date_upd"}  # the shop sets it on every write


def merged_for_put(resource: Resource, stored: Document, changes: Mapping[str, Any]) -> Document:
    """The whole entity for a PUT.

    Read-only fields are refused (code 93) and so left out. Associations that are not sent stay untouched, and an
    empty product_bundle fails a virtual product (code 85): only those of `changes` go.
    """
    skip = {*resource.read_only, *NEVER_BACK, "associations"}
    merged = {name: value for name, value in stored.items() if name not in skip}
    for name, value in changes.items():
        before = merged.get(name)
        if isinstance(value, Mapping) and isinstance(before, dict):
            merged[name] = {**before, **value}
        else:
            merged[name] = value
    return merged
