"""Paths in a record: `name`, `@id`, `g:price`, `attrs/a[@name='EAN']`, `../../@id`, `sum(stock/@quantity)`.

They are lxml's ElementPath with an attribute at the end; what that does not know is tried as XPath 1.0.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from lxml import etree

from sync.suppliers.feed_errors import MappingInvalid
from sync.suppliers.numbers import BadValue, number

Element = etree._Element
Take = Callable[[Element], str]
XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
_FUNCTION = re.compile(r"(sum|join|count)\((.+)\)")
_ATTRIBUTE = re.compile(r"^(?:(.*)/)?@([\w.:-]+)$")
_NAMES = re.compile(r"[\w.:-]+(?:/[\w.:-]+)*")
MOST_FOUND = 1000


def taker(path: str, namespaces: Mapping[str, str]) -> Take:
    """A function that takes the text of a path out of a record; "" where there is none. Raises MappingInvalid."""
    function = _FUNCTION.fullmatch(path.strip())
    if function:
        every = _all(function[2].strip(), namespaces)
        return {"sum": _sum, "join": _join, "count": _count}[function[1]](every)
    attribute = _ATTRIBUTE.match(path)
    if attribute and not attribute[1]:
        name = qualified(attribute[2], namespaces, attribute=True)
        return lambda record: (record.get(name) or "").strip()
    if not attribute and _NAMES.fullmatch(path):
        return _child("/".join(qualified(step, namespaces) for step in path.split("/")))
    every = _all(path, namespaces)
    return lambda record: next((text for text in every(record) if text), "")


def _child(path: str) -> Take:
    def take(record: Element) -> str:
        found = record.find(path)
        return "" if found is None else text_of(found)

    return take


def qualified(name: str, namespaces: Mapping[str, str], attribute: bool = False) -> str:
    """lxml's name of `prefix:name`. Raises MappingInvalid for a prefix that is not declared."""
    if name in (".", "..", "*"):
        return name
    prefix, colon, local = name.rpartition(":")
    if prefix == "xml":
        return f"{{{XML_NAMESPACE}}}{local}"
    if colon and prefix not in namespaces:
        raise MappingInvalid(name, f"the prefix {prefix!r} is not declared", "give its address under namespaces")
    uri = namespaces.get(prefix, "") if colon or not attribute else ""
    return f"{{{uri}}}{local}" if uri else local


def text_of(element: Element) -> str:
    """All text in an element, CDATA too."""
    return (element.text or "" if len(element) == 0 else "".join(map(str, element.itertext()))).strip()


def _all(path: str, namespaces: Mapping[str, str]) -> Callable[[Element], list[str]]:
    attribute = _ATTRIBUTE.match(path)
    way = (attribute[1] or ".") if attribute else path.removesuffix("/text()")
    prefixes: Any = {prefix or None: uri for prefix, uri in namespaces.items()}  # None is lxml's default namespace
    if not _is_element_path(way, prefixes):
        return _xpath(path, namespaces)
    if not attribute:
        return lambda record: [text_of(each) for each in record.iterfind(way, prefixes)][:MOST_FOUND]
    name = qualified(attribute[2], namespaces, attribute=True)
    return lambda record: [(each.get(name) or "").strip() for each in record.iterfind(way, prefixes)][:MOST_FOUND]


def _is_element_path(way: str, prefixes: Any) -> bool:
    probe = etree.SubElement(etree.SubElement(etree.Element("a"), "b"), "c")
    try:
        list(probe.iterfind(way, prefixes))
    except (SyntaxError, KeyError, ValueError, TypeError):
        return False
    return True


def _xpath(path: str, namespaces: Mapping[str, str]) -> Callable[[Element], list[str]]:
    prefixes = {prefix: uri for prefix, uri in namespaces.items() if prefix}
    try:
        compiled = etree.XPath(path, namespaces=prefixes, regexp=False)
        compiled(etree.Element("probe"))
    except etree.XPathError as error:
        raise MappingInvalid(
            path, f"it is no path: {error}", "paths look like name, @id, attrs/a[@name='EAN']"
        ) from None

    def every(record: Element) -> list[str]:
        found = compiled(record)
        listed = found if isinstance(found, list) else [found]
        return [_text(each) for each in listed[:MOST_FOUND]]

    return every


def _text(found: object) -> str:
    """Of what XPath gives: elements, texts, numbers, yes and no."""
    if isinstance(found, Element):
        return text_of(found)
    if isinstance(found, bool):
        return "true" if found else "false"
    return f"{found:.15g}" if isinstance(found, float) else str(found).strip()


def _sum(every: Callable[[Element], list[str]]) -> Take:
    """The sum of the numbers; the first text that is none stands for all, so that its fault is seen."""

    def take(record: Element) -> str:
        total, some = Decimal(0), False
        for text in filter(None, every(record)):
            try:
                total, some = total + number(text, "."), True
            except BadValue:
                return text
        return f"{total:f}" if some else ""

    return take


def _join(every: Callable[[Element], list[str]]) -> Take:
    return lambda record: ", ".join(filter(None, every(record)))


def _count(every: Callable[[Element], list[str]]) -> Take:
    return lambda record: str(len(every(record)))


def climbs(path: str) -> int:
    """How many levels above the record a path reaches."""
    return len(re.findall(r"(?:^|[/(])\.\.(?=/|$|\))", path))
