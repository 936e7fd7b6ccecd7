"""Which of a shop's products an import speaks of, as a value that fits into a job's parameters."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

KINDS = ("all", "categories", "ids", "references")


@dataclass(frozen=True, slots=True)
class ImportSelection:
    """`all`: every product of the shop; `categories`: those in the shop's categories `ids` or below them; `ids`: the
    shop's products of these ids; `references`: those that have exactly one of `references`.

    `images`: their files too. `update`: products that we have already take over what was changed in the shop; else
    they are skipped. `limit`: at most so many, by ascending id.
    """

    kind: str
    ids: tuple[int, ...] = ()
    references: tuple[str, ...] = ()
    images: bool = False
    update: bool = True
    limit: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown selection {self.kind!r}; one of: {', '.join(KINDS)}")

    def as_params(self) -> dict[str, Any]:
        """A JSON form, to be kept with the job."""
        return {**asdict(self), "ids": list(self.ids), "references": list(self.references)}

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> "ImportSelection":
        """The selection of such a form."""
        return cls(
            kind=params["kind"],
            ids=tuple(params.get("ids") or ()),
            references=tuple(params.get("references") or ()),
            images=bool(params.get("images")),
            update=bool(params.get("update", True)),
            limit=params.get("limit"),
        )
