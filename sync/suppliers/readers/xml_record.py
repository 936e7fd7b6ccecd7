"""Which elements of a document are its records, and all that one of them says."""

from collections.abc import Mapping

from sync.suppliers.feed_errors import MappingInvalid
from sync.suppliers.readers.xml_path import Element, qualified, text_of

_MOST_ALIKE = 5
"""Elements of one name in a record that are listed one by one."""


class RecordPath:
    """A path from the root, such as "offers/o" or "rss/channel/item"; "//item" is at any depth."""

    def __init__(self, path: str, namespaces: Mapping[str, str]) -> None:
        bare = path.strip()
        self.anywhere = bare.startswith("//")
        steps = [step for step in bare.strip("/").split("/") if step]
        if not steps or any("[" in step or "@" in step or step in (".", "..") for step in steps):
            raise MappingInvalid("reading.record_path", f"{path!r} is no path of names", "it looks like offers/o")
        self.tags = [qualified(step, namespaces) for step in steps]

    @property
    def tag(self) -> str:
        """The record's own name."""
        return self.tags[-1]

    @property
    def depth(self) -> int:
        """Of the record; the root's is 1."""
        return len(self.tags)

    def matches(self, element: Element) -> bool:
        """Whether the element is a record, and in none."""
        if self.anywhere and any(each.tag == self.tag for each in element.iterancestors()):
            return False
        at: Element | None = element
        for tag in reversed(self.tags):
            if at is None or tag not in ("*", at.tag):
                return False
            at = at.getparent()
        return self.anywhere or at is None


def flattened(record: Element, names: "Names") -> dict[str, str]:
    """All texts and attributes in a record by their paths."""
    found: dict[str, str] = {}
    _flatten(record, "", names, found)
    return found


def _flatten(element: Element, path: str, names: "Names", found: dict[str, str]) -> None:
    start = f"{path}/" if path else ""
    for attribute, value in element.attrib.items():
        if attribute == "name" and path.endswith("']"):
            continue  # the path says it already
        found.setdefault(f"{start}@{names.of(str(attribute), attribute=True)}", str(value).strip())
    if len(element) == 0:
        if text := text_of(element):
            found.setdefault(path or ".", text)
        elif path and not element.attrib:
            found.setdefault(path, "")
        return
    times: dict[str, int] = {}
    for child in element:
        step = names.of(str(child.tag))
        label = child.get("name")
        if label and len(child.attrib) == 1 and "'" not in label:  # <a name="EAN">: a field with its name beside it
            _flatten(child, f"{start}{step}[@name='{label}']", names, found)
            continue
        times[step] = count = times.get(step, 0) + 1
        if count <= _MOST_ALIKE:
            _flatten(child, f"{start}{step}" if count == 1 else f"{start}{step}[{count}]", names, found)


class Names:
    """lxml's names as people write them, with prefixes."""

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        self._prefixes = {uri: prefix for prefix, uri in reversed(list(namespaces.items()))}
        self._made: dict[tuple[str, bool], str] = {}

    def of(self, tag: str, attribute: bool = False) -> str:
        """`{uri}name` as prefix:name."""
        made = self._made.get((tag, attribute))
        if made is None:
            made = self._made[(tag, attribute)] = self._name(tag)
        return made

    def _name(self, tag: str) -> str:
        if not tag.startswith("{"):
            return tag
        uri, _, local = tag[1:].partition("}")
        if uri == "http://www.w3.org/XML/1998/namespace":
            return f"xml:{local}"
        prefix = self._prefixes.get(uri, "")
        return f"{prefix}:{local}" if prefix else local
