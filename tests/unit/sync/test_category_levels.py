"""The order in which a category tree is made."""

import pytest

from sync.errors import CategoryCycle, Refusal
from sync.transform.category import CategorySnapshot, category_document, levels


def tree(**parents: str | None) -> dict[int, CategorySnapshot]:
    """Categories by letter: tree(a=None, b="a")."""
    numbers = {name: number for number, name in enumerate(parents, 1)}
    return {
        numbers[name]: CategorySnapshot(numbers[name], numbers.get(parent or ""), name, {"en": {"name": name}}, True)
        for name, parent in parents.items()
    }


def names(found: list[list[CategorySnapshot]]) -> list[list[str]]:
    return [[one.name for one in level] for level in found]


def test_parents_come_first_and_only_what_is_needed() -> None:
    categories = tree(a=None, b="a", c="b", d="a", e=None)
    assert names(levels([3, 4], categories)) == [["a"], ["b", "d"], ["c"]]


def test_nothing_wanted_makes_no_level() -> None:
    assert levels([], tree(a=None)) == []


@pytest.mark.parametrize("wanted", [1, 2, 3])
def test_a_circle_is_named(wanted: int) -> None:
    with pytest.raises(CategoryCycle, match=" > "):
        levels([wanted], tree(a="b", b="c", c="a"))


def test_a_category_below_itself_is_a_circle() -> None:
    with pytest.raises(CategoryCycle, match="a > a"):
        levels([1], tree(a="a"))


def test_a_lost_parent_is_refused() -> None:
    categories = tree(a=None, b="a")
    del categories[1]
    with pytest.raises(Refusal, match="the parent of 'b', category 1, does not exist"):
        levels([2], categories)


def test_a_document_has_all_languages() -> None:
    category = CategorySnapshot(1, None, "Mugs", {"en": {"name": "Mugs"}}, True)
    document = category_document(category, 2, {"en": 1, "pl": 2})
    assert document["name"] == {1: "Mugs", 2: "Mugs"}
    assert document["link_rewrite"] == {1: "mugs", 2: "mugs"}
    assert document["id_parent"] == 2


def test_a_category_without_a_name_is_refused() -> None:
    with pytest.raises(Refusal, match="name"):
        category_document(CategorySnapshot(1, None, "", {}, True), 2, {"en": 1})
