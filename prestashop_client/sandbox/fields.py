"""How a resource is described: its fields as PrestaShop's ObjectModel defines them, and what the web service adds."""

from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["int", "bool", "float", "string", "html", "date", "nothing"]
"""ObjectModel's types: how a value is written into its column."""

LONG_TEXT = 4_194_303  # FormattedTextareaType::LIMIT_MEDIUMTEXT_UTF8_MB4
INT32 = (-(2**31), 2**31 - 1)


@dataclass(frozen=True)
class Field:
    """One field. `column` is its MySQL type ("" where no column holds it); the rest are ObjectModel's own words."""

    name: str
    kind: Kind = "string"
    column: str = ""
    validate: str = ""
    size: int = 0
    size_in_force: int = 0
    span: tuple[int, int] | None = None
    required: bool = False
    lang: bool = False
    shop: bool = False
    values: tuple[str, ...] = ()
    default: str = ""
    nullable: bool = False
    initial: str | None = None
    """The value of the property in a new object."""
    is_property: bool = True
    """Whether the class has a property of that name; one without cannot be set to null."""
    xlink: str = ""
    xlink_under: str = ""
    dynamic: bool = False
    """Computed by a getter: not filterable, and marked so in the answer."""
    read_only: bool = False
    slug: bool = False
    """Made from the name on POST (modifierWsLinkRewrite)."""

    @property
    def stored(self) -> bool:
        """Whether a column holds it."""
        return bool(self.column)


@dataclass(frozen=True)
class Part:
    """A field of an associated entry."""

    name: str
    required: bool = False
    xlink: str = ""


@dataclass(frozen=True)
class Association:
    """A list of other objects inside an object's document."""

    name: str
    node: str
    parts: tuple[Part, ...] = (Part("id"),)
    api: str = ""

    @property
    def resource(self) -> str:
        """The value of the `api` attribute."""
        return self.api or self.name


@dataclass(frozen=True)
class Resource:
    """A resource of the web service: one class of PrestaShop, its tables and its document."""

    name: str
    node: str
    class_name: str
    table: str
    primary: str
    definition: tuple[Field, ...]
    """In the order of the class's definition: the order in which fields are checked."""
    listed: tuple[Field | str, ...] = ()
    """The fields that the web service puts first, in its order; a text names one of the definition."""
    associations: tuple[Association, ...] = ()
    has_associations: bool | None = None
    shop: Literal["", "shop", "fk_shop"] = ""
    lang_shop: bool = False
    hidden: tuple[str, ...] = ()
    fields: tuple[Field, ...] = field(init=False)
    """Every field in the order of the document, without the id."""

    def __post_init__(self) -> None:
        known = {f.name: f for f in self.definition}
        first = [known[f] if isinstance(f, str) else f for f in self.listed]
        names = {f.name for f in first}
        object.__setattr__(self, "fields", (*first, *(f for f in self.definition if f.name not in names)))

    @property
    def multilang(self) -> bool:
        """Whether a table of translations belongs to it."""
        return any(f.lang for f in self.definition)

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((f for f in self.fields if f.name == name), None)

    def association(self, name: str) -> Association | None:
        """The association of that name."""
        return next((a for a in self.associations if a.name == name), None)

    def with_fields(self, *changed: Field) -> "Resource":
        """The same resource with fields replaced by name."""
        by_name = {f.name: f for f in changed}
        return replace(self, definition=tuple(by_name.get(f.name, f) for f in self.definition))

    def with_field_after(self, name: str, added: Field) -> "Resource":
        """The same resource with one field more, behind another one."""
        at = next(index for index, f in enumerate(self.definition) if f.name == name) + 1
        return replace(self, definition=(*self.definition[:at], added, *self.definition[at:]))


def integer(name: str, validate: str = "isUnsignedId", column: str = "uint", **more: object) -> Field:
    """An id or a count."""
    return Field(name, "int", column, validate, **more)  # type: ignore[arg-type]


def flag(name: str, validate: str = "isBool", column: str = "utiny", **more: object) -> Field:
    """A yes or no."""
    return Field(name, "bool", column, validate, **more)  # type: ignore[arg-type]


def decimal(name: str, validate: str, column: str = "decimal(6)", **more: object) -> Field:
    """A price, a weight, a rate."""
    return Field(name, "float", column, validate, **more)  # type: ignore[arg-type]


def text(name: str, validate: str, size: int = 0, column: str = "", **more: object) -> Field:
    """A text in one line."""
    return Field(name, "string", column or f"varchar({size or 255})", validate, size, **more)  # type: ignore[arg-type]


def html(name: str, size: int = LONG_TEXT, **more: object) -> Field:
    """A translated text with markup."""
    return Field(name, "html", "text", "isCleanHtml", size, lang=True, **more)  # type: ignore[arg-type]


def date(name: str, validate: str = "isDate", column: str = "datetime", **more: object) -> Field:
    """A day or a moment."""
    return Field(name, "date", column, validate, **more)  # type: ignore[arg-type]
