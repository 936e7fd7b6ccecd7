"""Reads web service documents one entity after the other, without DTD, entities or network."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from sync.catalogue_files.records import CatalogueFileError

Element = etree._Element


def entities(path: Path, node: str, watch: Callable[[BinaryIO], object] = id) -> Iterator[Element]:
    """The `node` elements of a document, each to be used before the next: then it is dropped, so memory stays flat.

    `watch` is told the open file. Raises CatalogueFileError where the document is broken, or has a DOCTYPE.
    """
    with path.open("rb") as file:
        watch(file)
        found = etree.iterparse(
            file, events=("end",), tag=node, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        try:
            for _, element in found:
                if element.getroottree().docinfo.doctype:
                    raise CatalogueFileError(f"{path} has a DOCTYPE, which a web service never sends; it is not read")
                if _inside(element, node):
                    continue
                yield element
                _drop(element)
        except etree.XMLSyntaxError as error:
            raise CatalogueFileError(f"{path} is broken XML: {error.msg}; what stood before it was read") from None


def _inside(element: Element, node: str) -> bool:
    """A pack's bundle holds products in a product."""
    return any(above.tag == node for above in element.iterancestors())


def _drop(element: Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def text(element: Element, name: str) -> str:
    """The text of a child, or ""."""
    return element.findtext(name) or ""


def number(element: Element, name: str) -> int:
    """A child's id or count; 0 where it has none."""
    try:
        return int(text(element, name))
    except ValueError:
        return 0


def linked(element: Element, association: str) -> list[int]:
    """The ids in an association, in order."""
    found = element.findall(f"associations/{association}/*")
    return [number(each, "id") for each in found]
