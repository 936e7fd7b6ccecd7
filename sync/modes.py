"""Modes: which part of a product a push speaks of.

A field of a document is called by its key; the associations are fields of their own, "associations.categories".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TEXT_FIELDS = frozenset(
    ("name", "description", "description_short", "meta_title", "meta_description", "link_rewrite",
     "available_now", "available_later")
)  # fmt: skip
TREE = "categories"
"""The mode that speaks of categories instead of products."""


@dataclass(frozen=True, slots=True)
class Mode:
    """`fields` and `combination_fields` are those that are sent (None: all); the others say what goes with them."""

    name: str
    fields: frozenset[str] | None = frozenset()
    combination_fields: frozenset[str] | None = frozenset()
    quantity: bool = False
    images: bool = False
    group_prices: bool = False

    @property
    def whole(self) -> bool:
        """Whether it speaks of everything, and so may create and delete."""
        return self.fields is None

    def covers(self, field: str) -> bool:
        """Whether that field of a product's document is sent."""
        return self.fields is None or field in self.fields

    def covers_combination(self, field: str) -> bool:
        """Whether that field of a combination's document is sent."""
        return self.combination_fields is None or field in self.combination_fields

    @property
    def needs(self) -> frozenset[str]:
        """What a product refers to that has to be in the shop first: only a whole push makes it."""
        return frozenset(("categories", "manufacturers", "features")) if self.whole else frozenset()


FULL = Mode("full", None, None, quantity=True, images=True, group_prices=True)
MODES: Mapping[str, Mode] = {
    mode.name: mode
    for mode in (
        FULL,
        Mode("texts", TEXT_FIELDS),
        Mode("prices", frozenset(("price", "id_tax_rules_group")), frozenset(("price",)), group_prices=True),
        Mode("stock", quantity=True),
        Mode("availability", frozenset(("available_now", "available_later"))),
        Mode("images", combination_fields=frozenset(("associations.images",)), images=True),
        Mode(TREE),
    )
}


def mode_of(params: Mapping[str, Any]) -> Mode:
    """The mode of a job's parameters ("full" where they name none). Raises ValueError."""
    name = params.get("mode") or FULL.name
    try:
        return MODES[name]
    except KeyError:
        raise ValueError(f"unknown mode {name!r}; one of: {', '.join(MODES)}") from None


def is_forced(params: Mapping[str, Any]) -> bool:
    """Whether everything is to be sent, also what the shop should have already."""
    return bool(params.get("force"))
