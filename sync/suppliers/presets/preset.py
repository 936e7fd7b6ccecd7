"""What a preset is: data that says how a known format of feeds is read and mapped, and by what it is recognised."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sync.suppliers.mapping import plain_name


@dataclass(frozen=True, slots=True)
class Preset:
    """`needed` are columns that a file of this kind always has (of several names in one entry any will do);
    `usual` those that make it surer. `reading` and `mapping` are what a feed stores.
    """

    name: str
    title: str
    formats: tuple[str, ...]
    needed: tuple[tuple[str, ...], ...]
    usual: tuple[str, ...]
    mapping: Mapping[str, Any]
    reading: Mapping[str, Any] = field(default_factory=dict)
    record_paths: tuple[str, ...] = ()
    certainty: float = 1.0

    def confidence(self, format_: str, record_path: str | None, headers: Collection[str]) -> float:
        """From 0, certainly not, to 1: whether a file with these columns is of this kind.

        0.6 for the record path and the needed columns, the rest in proportion to the usual ones.
        """
        if format_ not in self.formats or not self._at(record_path):
            return 0.0
        there = {plain_name(header).rstrip("*") for header in headers}
        if not all(any(plain_name(each).rstrip("*") in there for each in names) for names in self.needed):
            return 0.0
        known = sum(plain_name(each).rstrip("*") in there for each in self.usual)
        share = known / len(self.usual) if self.usual else 1.0
        return round(self.certainty * (0.6 + 0.4 * share), 2)

    def _at(self, record_path: str | None) -> bool:
        return not self.record_paths or (record_path or "").strip("/") in self.record_paths
