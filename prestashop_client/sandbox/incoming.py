"""The body of a POST, PUT or PATCH: `new SimpleXMLElement($body)` and its complaints."""

from collections.abc import Iterator

from lxml import etree

from prestashop_client.sandbox.errors import Errors, Refused
from prestashop_client.sandbox.php import to_int

_LINE = 1510
_PARSER_OPTIONS = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": True,
    "remove_comments": True,
    "remove_pis": True,
}


class Sent:
    """An entity of the request: its fields, each as PHP's `(string) $attributes->name` reads it."""

    def __init__(self, element: etree._Element) -> None:
        self._element = element
        self._first: dict[str, etree._Element] = {}
        for child in element:
            if isinstance(child.tag, str):
                self._first.setdefault(child.tag, child)

    @property
    def markup(self) -> str:
        """The entity as it was sent."""
        return str(etree.tostring(self._element, encoding="unicode"))

    def __contains__(self, name: str) -> bool:
        return name in self._first

    def text(self, name: str) -> str:
        """The text of the first element of that name, '' where there is none."""
        found = self._first.get(name)
        return "" if found is None else text_of(found)

    def texts(self, name: str) -> dict[int, str] | None:
        """The texts by language, the last of a language wins; None without any <language>."""
        found = self._first.get(name)
        languages = [] if found is None else found.findall("language")
        if not languages:
            return None
        return {to_int(language.get("id")): text_of(language) for language in languages}

    def associations(self) -> Iterator[tuple[str, list[dict[str, str]]]]:
        """Each association with its entries."""
        found = self._first.get("associations")
        for association in () if found is None else found:
            if isinstance(association.tag, str):
                entries = [
                    {str(part.tag): text_of(part) for part in entry if isinstance(part.tag, str)}
                    for entry in association
                    if isinstance(entry.tag, str)
                ]
                yield association.tag, entries


def text_of(element: etree._Element) -> str:
    """The element's own text without its children's."""
    return (element.text or "") + "".join(child.tail or "" for child in element)


def read(body: bytes, errors: Errors) -> list[Sent]:
    """The entities of a request; Refused (500, code 127) where it is no XML."""
    try:
        root = etree.fromstring(body, etree.XMLParser(**_PARSER_OPTIONS))  # type: ignore[arg-type]
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise _refusal(body, fault, errors) from fault
    return [Sent(child) for child in root if isinstance(child.tag, str)]


def _refusal(body: bytes, fault: Exception, errors: Errors) -> Refused:
    text = body.decode("utf-8", "replace")
    if body:
        _warn(text, fault, errors)
    return errors.refuse(
        500, f"XML error : String could not be parsed as XML\nXML length : {len(body)}\nOriginal XML : {text}", 127
    )


def _warn(text: str, fault: Exception, errors: Errors) -> None:
    """libxml's three lines: what is wrong, the line of the document, and the place in it."""
    line, column = getattr(fault, "position", None) or (1, 1)
    reason = str(getattr(fault, "msg", fault) or "Document is empty").split(", line ")[0]
    lines = text.splitlines() or [""]
    context = lines[min(line, len(lines)) - 1][:80]
    start = "SimpleXMLElement::__construct(): "
    errors.warn(f"{start}Entity: line {line}: parser error : {reason}", _LINE)
    errors.warn(f"{start}{context}", _LINE)
    errors.warn(f"{start}{' ' * max(0, column - 1)}^", _LINE)
