"""WebserviceOutputBuilder: an object as a tree of fields and associations, for either format."""

from collections.abc import Iterator
from dataclasses import dataclass

from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.display import Display
from prestashop_client.sandbox.entity import Entity, Shown
from prestashop_client.sandbox.fields import Association, Field


@dataclass(frozen=True)
class Node:
    """A field ready to be rendered. `href` is None where there is no link; texts are by language where `lang`."""

    name: str
    value: Shown
    lang: bool = False
    href: str | None = None
    dynamic: bool = False


@dataclass(frozen=True)
class Link:
    """An entry of an association."""

    href: str | None
    nodes: tuple[Node, ...]


def field_nodes(context: Context, entity: Entity, display: Display, extra: dict[str, str]) -> Iterator[Node]:
    """The fields of an object that the display shows, in the order of the document."""
    if display.shows("id"):
        yield Node("id", entity.id)
    for field in entity.resource.fields:
        if field.name not in entity.resource.hidden and display.shows(field.name):
            yield _node(context, entity, field)
    for name, value in extra.items():
        if display.shows(name):
            yield Node(name, value)


def _node(context: Context, entity: Entity, field: Field) -> Node:
    value = entity.dynamic(field.name) if field.dynamic else entity.values.get(field.name)
    href = None
    if field.xlink and isinstance(value, str) and value not in ("", "0"):
        under = f"{field.xlink_under}/{entity.number}/" if field.xlink_under else ""
        href = f"{context.address}{field.xlink}/{under}{value}"
    if value is None and field.name.startswith("id_"):
        value = ""
    return Node(field.name, value, field.lang, href, field.dynamic)


def links(context: Context, entity: Entity, association: Association, parts: list[str] | None) -> list[Link]:
    """The entries of an association, each with the parts that the display shows."""
    shown = [p for p in association.parts if parts is None or p.name in parts]
    found = []
    for entry in entity.associated(association.name):
        nodes = tuple(
            Node(
                part.name,
                entry.get(part.name, ""),
                href=f"{context.address}{part.xlink}/{entry.get(part.name, '')}" if part.xlink else None,
            )
            for part in shown
        )
        found.append(Link(_entry_address(context, entity, association, entry.get("id", "")), nodes))
    return found


def _entry_address(context: Context, entity: Entity, association: Association, key: str) -> str | None:
    if association.name not in context.profile.names:
        return None
    if association.name != "images":
        return f"{context.address}{association.name}/{key}"
    if entity.resource.name == "combinations":
        value = entity.values.get("id_product")
        return f"{context.address}images/products/{value}/{key}"
    return f"{context.address}images/{entity.resource.name}/{entity.number}/{key}"
