"""WebserviceOutputJSON: the same objects as JSON, with the shapes and gaps that PrestaShop's have."""

import json
from collections.abc import Iterable
from typing import Any

from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.display import Display
from prestashop_client.sandbox.document import field_nodes, links
from prestashop_client.sandbox.entity import Entity
from prestashop_client.sandbox.fields import Resource
from prestashop_client.sandbox.php import is_empty

CONTENT_TYPE = "application/json"


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def errors(noted: Iterable[tuple[int, str]]) -> str:
    """The errors."""
    return _dump({"errors": [{"code": code, "message": message} for code, message in noted]})


def keys(resource: Resource, ids: list[int]) -> str:
    """A list of ids; PHP's empty array where there is none."""
    return _dump({resource.name: [{"id": key} for key in ids]} if ids else [])


def objects(
    context: Context,
    resource: Resource,
    entities: Iterable[Entity],
    display: Display,
    *,
    listed: bool,
    extra: dict[int, dict[str, str]] | None = None,
) -> str:
    """Some objects. Without a `display` parameter one object stands alone, the last one, without its empty fields."""
    found = [_entity(context, e, display, (extra or {}).get(e.number, {})) for e in entities]
    if not found:
        return "[]"
    if listed:
        return _dump({resource.name: found})
    return _dump({resource.node: {name: value for name, value in found[-1].items() if not _falsy(value)}})


def _falsy(value: Any) -> bool:
    return value == [] or is_empty(value)


def _entity(context: Context, entity: Entity, display: Display, extra: dict[str, str]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for node in field_nodes(context, entity, display, extra):
        if isinstance(node.value, dict):
            texts = [{"id": language, "value": node.value.get(language)} for language in context.languages]
            shown[node.name] = texts[0]["value"] if len(texts) == 1 else texts
        else:
            shown[node.name] = node.value
    associations: dict[str, list[dict[str, Any]]] = {}
    for association in entity.resource.associations if display.shows_associations else ():
        if display.everything or display.shows(association.name):
            entries = links(context, entity, association, display.parts(association.name))
            if entries:
                associations[association.name] = [{n.name: n.value for n in entry.nodes} for entry in entries]
    if associations:
        shown["associations"] = associations
    return shown
