"""A resource's fields as the shop itself describes them (`?schema=synopsis`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from prestashop_client.exchange import Exchange
from prestashop_client.resources import resource_of
from prestashop_client.wire import Request

ALL_LANGUAGES = "language"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. format: PrestaShop's validator, e.g. isPrice. max_size: characters, not bytes."""

    name: str
    format: str = ""
    max_size: int | None = None
    required: bool = False
    read_only: bool = False
    multilingual: bool = False
    filterable: bool = True


@dataclass(frozen=True, slots=True)
class Schema:
    """One resource: its fields in the shop's order, and its associations with the fields of their entries."""

    resource: str
    fields: Mapping[str, Field]
    associations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def read_only(self) -> tuple[str, ...]:
        return tuple(name for name, known in self.fields.items() if known.read_only)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(name for name, known in self.fields.items() if known.required)


def read_schema(exchange: Exchange, resource: str) -> Schema:
    """Ask the shop. Raises the error tree."""
    request = Request("GET", resource, resource, params=[("schema", "synopsis")])
    node = exchange.xml(request).find(resource_of(resource).node)
    if node is None:
        return Schema(resource, {})
    fields = [_field(child) for child in node.iterchildren("*") if child.tag != "associations"]
    associations = {group.tag: _entry_fields(group) for group in node.iterfind("associations/*")}
    return Schema(resource, {known.name: known for known in fields}, associations)


def _field(node: etree._Element) -> Field:
    size = node.get("maxSize", "")
    return Field(
        name=node.tag,
        format=node.get("format", ""),
        max_size=int(size) if size.isdecimal() else None,
        required=node.get("required") == "true",
        read_only=node.get("readOnly") == "true" or node.get("read_only") == "true",
        multilingual=node.find(ALL_LANGUAGES) is not None,
        filterable=node.get("notFilterable") != "true",
    )


def _entry_fields(group: etree._Element) -> tuple[str, ...]:
    return tuple(child.tag for entry in group.iterchildren("*") for child in entry.iterchildren("*"))
