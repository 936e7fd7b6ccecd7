"""Finds out from a sample of XML which element is a record, and which namespaces there are."""

import io
import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import islice
from typing import Any

from lxml import etree

from sync.suppliers.feed_errors import FeedUnreadable
from sync.suppliers.readers.xml_path import XML_NAMESPACE, Element
from sync.suppliers.readers.xml_reader import parser, refuse_entities
from sync.suppliers.readers.xml_record import Names
from sync.suppliers.readers.xml_repair import Repair, repaired

KNOWN = {
    "http://base.google.com/ns/1.0": "g",
    "http://base.google.com/cns/1.0": "c",
    "http://www.iai-shop.com/developers/iof/extensions.phtml": "iaiext",
}


def tree(head: bytes, encoding: str) -> Element:
    """The root of as much as the sample holds. Raises FeedUnreadable where not even that can be read."""
    pull = parser(("start",))
    root: Element | None = None
    for piece in repaired(io.BytesIO(head), encoding, Repair()):
        try:
            pull.feed(piece)
        except etree.XMLSyntaxError as error:
            root = _first(pull) if root is None else root
            if root is None:
                raise FeedUnreadable(f"it is no XML: {error.msg}") from None
            break
        if root is None:
            root = _first(pull)
    if root is None:
        raise FeedUnreadable("the XML has no element in its first part", "check that it is a whole file")
    refuse_entities(root)
    return root


def _first(pull: Any) -> Element | None:
    return next((element for _, element in pull.read_events()), None)


def namespaces(root: Element, given: Mapping[str, str]) -> dict[str, str]:
    """Prefixes and addresses of a document; "" is the default one. Those given come first."""
    found = dict(given)
    for element in islice(root.iter(etree.Element), 5000):
        for prefix, uri in element.nsmap.items():
            if uri in found.values() or uri == XML_NAMESPACE:
                continue
            name = KNOWN.get(uri) or prefix or ""
            while name in found:
                name += "x"
            found[name] = uri
    return found


def record_path(root: Element, prefixes: Mapping[str, str], known: Collection[str] = ()) -> str:
    """The first of the `known` paths that is there, else the one whose repeated elements say the most.

    Of a document with one record alone it is the first element with several children.
    """
    times: dict[str, int] = defaultdict(int)
    said: dict[str, int] = defaultdict(int)
    names = Names(prefixes)
    _weigh(root, names.of(str(root.tag)), names, times, said)
    if there := next((path for path in known if path in times), None):
        return there
    repeated = [path for path in times if times[path] > 1 and said[path] > times[path]]
    if not repeated:
        return _only_record(root, names)
    best = max(repeated, key=lambda path: (said[path] * math.log2(1 + said[path] / times[path]), -path.count("/")))
    while inner := next((path for path in repeated if _is_within(path, best, times, said)), None):
        best = inner
    return best


def _is_within(path: str, group: str, times: Mapping[str, int], said: Mapping[str, int]) -> bool:
    """Whether `group` only groups the records at `path`: several in each, and most of what it says in them."""
    several = path.startswith(group + "/") and times[path] >= 2 * times[group]
    return several and said[path] >= 3 * times[path] and said[path] >= 0.6 * said[group]


def _weigh(
    element: Element, path: str, names: Names, times: dict[str, int], said: dict[str, int], depth: int = 0
) -> int:
    """Counts the elements of each path, and the texts and attributes in them."""
    count = len(element.attrib) + (1 if len(element) == 0 else 0)
    if depth < 12:
        for child in element:
            count += _weigh(child, f"{path}/{names.of(str(child.tag))}", names, times, said, depth + 1)
    times[path] += 1
    said[path] += count
    return count


def _only_record(root: Element, names: Names) -> str:
    element, path = root, names.of(str(root.tag))
    while len(element):
        element = max(element, key=len)
        if len(element) == 0 and not element.attrib:
            break
        path = f"{path}/{names.of(str(element.tag))}"
        if sum(1 for child in element if len(child) == 0) > 1:
            break
    return path
