"""How a feed's file is written. What is not given is detected; what is given is not doubted."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sync.suppliers.feed_errors import MappingInvalid

FORMATS = ("csv", "tsv", "xml", "jsonl", "xlsx")


@dataclass(frozen=True, slots=True)
class FeedOptions:
    """None or "" means: to be detected. `header`: whether the first row names the columns.

    `record_path` is the path of one record in XML ("offers/o"), `namespaces` are its prefixes ("" is the default one),
    `sheet` the name of an XLSX sheet, `member` the name of the file in a zip.
    """

    format: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    encoding: str | None = None
    header: bool | None = None
    record_path: str | None = None
    namespaces: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    member: str | None = None

    @classmethod
    def from_data(cls, format: str | None, reading: Mapping[str, Any]) -> "FeedOptions":  # noqa: A002 - the model's word
        """From a feed's format and its `reading` JSON. Raises MappingInvalid for a word that is unknown."""
        known = {each.name for each in fields(cls)} - {"format"}
        for name in reading:
            if name not in known:
                raise MappingInvalid(f"reading.{name}", "there is no such option", f"known: {', '.join(sorted(known))}")
        if format and format not in FORMATS:
            raise MappingInvalid("format", f"{format!r} is not known", f"known: {', '.join(FORMATS)}")
        given = {name: value for name, value in reading.items() if value not in (None, "")}
        if given.get("delimiter") in ("tab", "\\t"):
            given["delimiter"] = "\t"
        for name, value in given.items():
            _check(name, value)
        if "quote" in given and given["quote"] == given.get("delimiter"):
            raise MappingInvalid("reading.quote", "it is the delimiter too")
        return cls(format=format or None, **given)

    def reading(self) -> dict[str, Any]:
        """As the JSON that `from_data` takes, without what is not known."""
        values = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "format"}
        values["namespaces"] = dict(self.namespaces)
        return {name: value for name, value in values.items() if value or value is False}


def _check(name: str, value: Any) -> None:
    """Raises MappingInvalid for a value of the wrong kind."""
    if name == "header":
        right = isinstance(value, bool)
    elif name == "namespaces":
        right = isinstance(value, Mapping) and all(isinstance(each, str) for pair in value.items() for each in pair)
    else:
        right = isinstance(value, str)
    if right and name in ("delimiter", "quote"):
        right = len(value) == 1 and value not in "\r\n"
    if not right:
        raise MappingInvalid(f"reading.{name}", f"{value!r} makes no sense", "see docs/supplier-feeds.md")
