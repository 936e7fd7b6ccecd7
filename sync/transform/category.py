"""A category of the catalogue as a PrestaShop document; and the order in which a tree is to be made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models import Category
from sync.errors import CategoryCycle, Refusal
from sync.transform.texts import link_rewrites, multilingual

TEXTS = ("name", "description", "meta_title", "meta_description")


@dataclass(frozen=True, slots=True)
class CategorySnapshot:
    """A category's own values."""

    id: int
    parent_id: int | None
    name: str
    texts: dict[str, dict[str, str]]
    active: bool

    @classmethod
    def of(cls, category: Category) -> "CategorySnapshot":
        return cls(category.id, category.parent_id, category.name, category.texts, category.active)


def category_document(
    category: CategorySnapshot, parent_external_id: int, languages: Mapping[str, int], fallback: Sequence[str] = ()
) -> dict[str, Any]:
    """All that we say of a category. Raises Refusal when it has no name."""
    if not all(multilingual(category.texts, "name", languages, fallback).values()) or not languages:
        raise Refusal("name", f"category {category.id} has no name, or the shop's languages are not known yet")
    return {
        "id_parent": parent_external_id,
        "active": category.active,
        **{field: multilingual(category.texts, field, languages, fallback) for field in TEXTS},
        "link_rewrite": link_rewrites(category.texts, languages, fallback),
    }


def levels(wanted: Sequence[int], tree: Mapping[int, CategorySnapshot]) -> list[list[CategorySnapshot]]:
    """The wanted categories and all above them, the top level first. Raises CategoryCycle or Refusal (lost parent)."""
    depth: dict[int, int] = {}
    for number in wanted:
        _measure(number, tree, depth)
    found: list[list[CategorySnapshot]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for number, level in sorted(depth.items()):
        found[level].append(tree[number])
    return found


def _measure(number: int, tree: Mapping[int, CategorySnapshot], depth: dict[int, int]) -> None:
    chain: list[int] = []
    here: int | None = number
    while here is not None and here not in depth:
        if here in chain:
            raise CategoryCycle([tree[one].name for one in (*chain[chain.index(here) :], here)])
        if here not in tree:
            raise Refusal("category", _orphan(here, [tree[one].name for one in chain]))
        chain.append(here)
        here = tree[here].parent_id
    base = depth[here] + 1 if here is not None else 0
    for offset, one in enumerate(reversed(chain)):
        depth[one] = base + offset


def _orphan(number: int, below: Sequence[str]) -> str:
    """Which category has no parent any more, on the way up from the wanted one."""
    if not below:
        return f"category {number} does not exist any more"
    way = f" (above {' < '.join(below[:-1])})" if len(below) > 1 else ""
    return f"the parent of {below[-1]!r}{way}, category {number}, does not exist any more; give it another"
