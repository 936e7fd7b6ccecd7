"""WebserviceOutputXML: objects, lists, schemas and errors as the XML that PrestaShop writes."""

from collections.abc import Iterable

from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.display import Display
from prestashop_client.sandbox.document import Node, field_nodes, links
from prestashop_client.sandbox.entity import Entity
from prestashop_client.sandbox.fields import Association, Field, Resource

CONTENT_TYPE = "text/xml;charset=utf-8"


def envelope(content: str) -> str:
    """The document around the content."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<prestashop xmlns:xlink="http://www.w3.org/1999/xlink">\n'
        f"{content}</prestashop>\n"
    )


def errors(noted: Iterable[tuple[int, str]]) -> str:
    """The document of errors."""
    body = "".join(
        f"<error>\n<code><![CDATA[{code}]]></code>\n<message><![CDATA[{message}]]></message>\n</error>\n"
        for code, message in noted
    )
    return envelope(f"<errors>\n{body}</errors>\n")


def objects(
    context: Context,
    resource: Resource,
    entities: Iterable[Entity],
    display: Display,
    *,
    as_list: bool,
    extra: dict[int, dict[str, str]] | None = None,
) -> str:
    """Some objects, wrapped in the resource's element where they are a list."""
    if display.minimum:
        body = "".join(
            f'<{resource.node} id="{e.id}" xlink:href="{context.address}{resource.name}/{e.id}"/>\n' for e in entities
        )
    else:
        body = "".join(_entity(context, e, display, (extra or {}).get(e.number, {})) for e in entities)
    return envelope(f"<{resource.name}>\n{body}</{resource.name}>\n" if as_list else body)


def keys(context: Context, resource: Resource, ids: Iterable[int]) -> str:
    """A list of ids and addresses."""
    name, node, address = resource.name, resource.node, context.address
    body = "".join(f'<{node} id="{key}" xlink:href="{address}{name}/{key}"/>\n' for key in ids)
    return envelope(f"<{name}>\n{body}</{name}>\n")


def _entity(context: Context, entity: Entity, display: Display, extra: dict[str, str]) -> str:
    parts = [f"<{entity.resource.node}>\n"]
    parts += ["\t" + _field(context, node) for node in field_nodes(context, entity, display, extra)]
    if entity.resource.associations and display.shows_associations:
        parts.append("<associations>\n")
        parts += [
            _association(context, entity, a, display)
            for a in entity.resource.associations
            if display.everything or display.shows(a.name)
        ]
        parts.append("</associations>\n")
    parts.append(f"</{entity.resource.node}>\n")
    return "".join(parts)


def _field(context: Context, node: Node) -> str:
    attributes = f' xlink:href="{node.href}"' if node.href is not None else ""
    if node.dynamic:
        attributes += ' notFilterable="true"'
    value = node.value
    if node.lang:
        content = "".join(_text(context, language, value) for language in context.languages)
    else:
        content = f"<![CDATA[{'' if value is None or value is False else value}]]>"
    return f"<{node.name}{attributes}>{content}</{node.name}>\n"


def _text(context: Context, language: int, value: object) -> str:
    if not isinstance(value, dict):
        return f'<language id="{language}"><![CDATA[]]></language>'
    return (
        f'<language id="{language}" xlink:href="{context.address}languages/{language}">'
        f"<![CDATA[{value.get(language, '')}]]></language>"
    )


def _association(context: Context, entity: Entity, association: Association, display: Display) -> str:
    name = association.name
    head = f'{name} nodeType="{association.node}" api="{association.resource}"'
    entries = links(context, entity, association, display.parts(name))
    if not entries:
        return f"<{head}/>\n"
    body = []
    for entry in entries:
        address = f' xlink:href="{entry.href}"' if entry.href else ""
        fields = "".join("\t" + _field(context, node) for node in entry.nodes)
        body.append(f"\t<{association.node}{address}>\n{fields}\t</{association.node}>\n")
    return f"<{head}>\n{''.join(body)}</{name}>\n"


def schema(context: Context, resource: Resource, kind: str) -> str:
    """The `blank` or the `synopsis` schema of a resource."""
    synopsis = kind == "synopsis"
    parts = [f"<{resource.node}>\n"]
    if not synopsis:
        parts.append("\t<id><![CDATA[]]></id>\n")
    parts += [
        "\t" + _schema_field(context, f, synopsis)
        for f in resource.fields
        if f.name not in resource.hidden and (synopsis or not f.read_only)
    ]
    if resource.associations:
        inside = "".join(_schema_association(context, a, synopsis) for a in resource.associations)
        parts.append(f"<associations>\n{inside}</associations>\n")
    parts.append(f"</{resource.node}>\n")
    return envelope("".join(parts))


def _schema_field(context: Context, field: Field, synopsis: bool) -> str:
    attributes = ""
    if synopsis:
        attributes += ' notFilterable="true"' if field.dynamic else ""
        attributes += ' read_only="true"' if field.read_only else ""
        attributes += ' required="true"' if field.required else ""
        attributes += f' maxSize="{field.size}"' if field.size else ""
        attributes += f' format="{field.validate}"' if field.validate else ""
        attributes += ' readOnly="true"' if field.read_only else ""
    if not field.lang:
        return f"<{field.name}{attributes}><![CDATA[]]></{field.name}>\n"
    texts = "".join(
        f'<language id="{language}" xlink:href="{context.address}languages/{language}" format="isUnsignedId" >'
        "<![CDATA[]]></language>"
        if synopsis
        else f'<language id="{language}"><![CDATA[]]></language>'
        for language in context.languages
    )
    return f"<{field.name}{attributes}>{texts}</{field.name}>\n"


def _schema_association(context: Context, association: Association, synopsis: bool) -> str:
    head = f' nodeType="{association.node}" api="{association.resource}"' if synopsis else ""
    body = []
    for part in association.parts:
        link = f' xlink:href="{context.address}{part.xlink}/"' if synopsis and part.xlink else ""
        required = ' required="true"' if synopsis and part.required else ""
        body.append(f"\t<{part.name}{link}{required}><![CDATA[]]></{part.name}>\n")
    node = association.node
    return f"<{association.name}{head}>\n\t<{node}>\n{''.join(body)}\t</{node}>\n</{association.name}>\n"
