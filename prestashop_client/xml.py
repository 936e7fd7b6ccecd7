"""The web service's XML: read leniently and safely, written so that no text can break it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from lxml import etree

from prestashop_client.errors import LocalRefusal
from prestashop_client.resources import association_node

Document = dict[str, Any]

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")
# What XML 1.0 cannot hold: C0 controls but tab and newline, surrogates, the two non-characters.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<prestashop xmlns:xlink="http://www.w3.org/1999/xlink">'
TAIL = "</prestashop>"


class Unreadable(Exception):
    """Raised when a body holds no web service XML."""


def parse(content: bytes) -> etree._Element:
    """The `<prestashop>` element of a body, whatever a PHP notice or a module wrote before and after it.

    No DTD, no entities, no network; libxml2 stops at a depth of 256 and at texts of 10 MB. Raises Unreadable.
    """
    document = _cut_out(content)
    if b"<!" in document[: document.find(b"<prestashop")]:
        raise Unreadable("a document type is not read")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(document, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(str(error)) from None
    if root.tag != "prestashop":
        raise Unreadable(f"the root is <{root.tag}>, not <prestashop>")
    return root


def documents(root: etree._Element, node: str) -> list[Document]:
    """The entities of an answer, in order: `<product>` below the root, or below one list element."""
    found = [child for child in root if child.tag == node]
    if not found:
        found = [entity for child in root if child.tag != "errors" for entity in child if entity.tag == node]
    return [document(entity) for entity in found]


def document(entity: etree._Element) -> Document:
    """One entity as a Document: `id` an int, scalars str, multilingual fields dict[int, str], associations lists."""
    result: Document = {}
    if (identifier := entity.get("id")) is not None:
        result["id"] = _int(identifier)
    for child in entity.iterchildren("*"):  # elements only, no comments
        if child.tag == "associations":
            result["associations"] = {group.tag: [_entry(item) for item in group] for group in child.iterchildren("*")}
        elif len(child) and child[0].tag == "language":
            result[child.tag] = {_int(text.get("id", "")): text.text or "" for text in child}
        elif child.tag == "id":
            result["id"] = _int(child.text or "")
        else:
            result[child.tag] = child.text or ""
    return result


def serialise(node: str, entities: Iterable[Mapping[str, Any]]) -> bytes:
    """One request body with all `entities`, UTF-8. Raises LocalRefusal for a value that cannot be written."""
    return envelope(entity_xml(node, entity) for entity in entities)


def envelope(fragments: Iterable[str]) -> bytes:
    """One request body of entities that are XML already."""
    return f"{HEAD}{''.join(fragments)}{TAIL}".encode()


def entity_xml(node: str, entity: Mapping[str, Any]) -> str:
    """One entity as XML. Raises LocalRefusal for a value that cannot be written."""
    parts = [f"<{node}>"]
    for name, value in entity.items():
        _write_field(parts, name, value)
    parts.append(f"</{node}>")
    return "".join(parts)


def clean_text(text: str) -> str:
    """`text` as PrestaShop will store it: NFC, `\\n` line ends, without what XML cannot hold."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", UNWRITABLE.sub("", text))


def scalar_text(name: str, value: object) -> str:
    """A scalar as the web service takes it: True -> 1, Decimal without exponent, None -> empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    raise LocalRefusal(
        f"{value!r} cannot be written", field=name, remedy="use str, int, bool, None or a finite Decimal"
    )


def cdata(text: str) -> str:
    """`text` in CDATA; an end mark inside it is split over two sections."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _write_field(parts: list[str], name: str, value: object) -> None:
    _check_name(name)
    if name == "associations":
        _write_associations(parts, value)
    elif not isinstance(value, str) and isinstance(value, Mapping):
        parts.append(f"<{name}>")
        for language, text in value.items():
            parts.append(f'<language id="{int(language)}">{cdata(scalar_text(name, text))}</language>')
        parts.append(f"</{name}>")
    else:
        text = scalar_text(name, value)
        parts.append(f"<{name}>{cdata(text)}</{name}>" if text else f"<{name}></{name}>")


def _write_associations(parts: list[str], associations: object) -> None:
    if not isinstance(associations, Mapping):
        raise LocalRefusal("associations is not a mapping", field="associations", remedy="give name -> list of dicts")
    parts.append("<associations>")
    for name, entries in associations.items():
        _check_name(name)
        node = association_node(name)
        parts.append(f"<{name}>")
        for entry in entries:
            parts.append(f"<{node}>")
            for field, value in entry.items():
                _check_name(field)
                parts.append(f"<{field}>{cdata(scalar_text(field, value))}</{field}>")
            parts.append(f"</{node}>")
        parts.append(f"</{name}>")
    parts.append("</associations>")


def _check_name(name: object) -> None:
    if not isinstance(name, str) or not NAME.match(name):
        raise LocalRefusal(f"{name!r} is not a field's name", remedy="use the names of the resource's schema")


def _cut_out(content: bytes) -> bytes:
    start = content.find(b"<?xml")
    if start < 0:
        start = content.find(b"<prestashop")
    end = content.rfind(b"</prestashop>")
    if start < 0 or end < start:
        raise Unreadable("no whole <prestashop> element")
    return content[start : end + len(b"</prestashop>")]


def _entry(item: etree._Element) -> dict[str, str]:
    entry = {child.tag: child.text or "" for child in item.iterchildren("*")}
    if not entry and (identifier := item.get("id")) is not None:
        entry["id"] = identifier
    return entry


def _int(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Unreadable(f"{text!r} is not an id") from None
