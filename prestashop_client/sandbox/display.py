"""setFieldsToDisplay: the `display` parameter."""

from dataclasses import dataclass, field

from prestashop_client.sandbox.context import Context
from prestashop_client.sandbox.errors import Crash
from prestashop_client.sandbox.fields import Resource
from prestashop_client.sandbox.php import Query, text_of


@dataclass(frozen=True)
class Display:
    """What is shown of an object: its id and address (minimum), everything (full), or some fields."""

    everything: bool = False
    some: dict[str, list[str] | None] | None = field(default=None)
    """Fields by name; an association has the list of its own fields."""

    @property
    def minimum(self) -> bool:
        """Only id and address."""
        return not self.everything and self.some is None

    def shows(self, name: str) -> bool:
        """Whether a field is shown."""
        return self.everything or (self.some is not None and name in self.some)

    def parts(self, association: str) -> list[str] | None:
        """The fields shown of an association's entries; None for all."""
        return None if self.everything or self.some is None else self.some.get(association) or []

    @property
    def shows_associations(self) -> bool:
        """Whether the document has an <associations> element."""
        return self.everything or any(isinstance(parts, list) for parts in (self.some or {}).values())

    @property
    def names(self) -> set[str] | None:
        """The names that are needed, None for all."""
        return None if self.everything else set(self.some or ())


FULL = Display(everything=True)


def parse_display(context: Context, resource: Resource, query: Query) -> Display | None:
    """The display asked for; None after an error."""
    asked = text_of(query, "display")
    if asked is None or asked == "minimum":
        return Display()
    if asked == "full":
        return FULL
    if not (asked.startswith("[") and asked.endswith("]") and len(asked) > 1):
        context.errors.add(
            400,
            "The 'display' syntax is wrong. You can set 'full' or '[field_1,field_2,field_3,...]'. "
            f"These are available: {_available(resource)}",
            36,
        )
        return None
    some = _parse_fields(asked[1:-1])
    for name, parts in some.items():
        if not _known(resource, query, name, parts):
            details = f" (details : {_export(parts)})" if parts is not None else ""
            context.errors.add(
                400,
                f'Unable to display this field "{name}"{details}. However, these are available: {_available(resource)}',
                35,
            )
            return None
    return Display(some=some)


def _available(resource: Resource) -> str:
    return ", ".join(["id", *(f.name for f in resource.fields)])


def _known(resource: Resource, query: Query, name: str, parts: list[str] | None) -> bool:
    if parts is None:
        prices = query.get("price")
        return name == "id" or resource.field(name) is not None or (isinstance(prices, dict) and name in prices)
    association = resource.association(name)
    if not resource.associations:
        raise Crash("array_key_exists(): Argument #2 ($array) must be of type array, null given")
    if association is None:
        if any(part != "id" for part in parts):
            raise Crash("array_key_exists(): Argument #2 ($array) must be of type array, null given")
        return False
    return all(part == "id" or any(p.name == part for p in association.parts) for part in parts)


def _parse_fields(text: str) -> dict[str, list[str] | None]:
    """`id,categories[id,x],name` as {"id": None, "categories": ["id", "x"], "name": None}."""
    pieces, level, piece = [], 0, ""
    for char in text:
        if char == "," and level == 0:
            pieces.append(piece)
            piece = ""
        else:
            piece += char
        level += (char == "[") - (char == "]")
    if piece:
        pieces.append(piece)
    fields: dict[str, list[str] | None] = {}
    for one in pieces:
        name, bracket, rest = one.partition("[")
        known = fields.setdefault(name.strip(), None)
        if bracket:
            fields[name.strip()] = [*(known or []), *rest[:-1].split(",")]
    return fields


def _export(parts: list[str] | None) -> str:
    """PHP's var_export of a list."""
    lines = "".join(f"  {index} => '{part}',\n" for index, part in enumerate(parts or []))
    return f"array (\n{lines})"
