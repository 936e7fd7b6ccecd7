"""Which of a shop's combinations is which of ours, and what cannot be told apart; as tables."""

import pytest

from sync.transform.combination import Present, default_of, match
from sync.transform.snapshot import Variant

A, B, AB = frozenset({1}), frozenset({2}), frozenset({1, 2})


@pytest.mark.parametrize(
    ("wanted", "present", "found"),
    [
        ({}, [], {}),
        ({7: (A, "X")}, [], {}),
        ({7: (A, "")}, [Present(50, "", A)], {7: 50}),
        ({7: (A, "")}, [Present(51, "", A), Present(50, "", A)], {7: 50}),
        ({7: (A, ""), 8: (A, "")}, [Present(50, "", A)], {7: 50}),
        ({7: (A, "X")}, [Present(50, "X", B)], {7: 50}),
        ({7: (A, "X")}, [Present(50, "x", B)], {}),
        ({7: (A, "")}, [Present(50, "", B)], {}),
        ({7: (A, "")}, [Present(50, "", frozenset())], {}),
        ({7: (A, "X"), 8: (B, "Y")}, [Present(50, "Y", A), Present(51, "X", B)], {7: 50, 8: 51}),
        ({7: (AB, "X"), 8: (A, "Y")}, [Present(50, "X", A)], {8: 50}),
    ],
)
def test_values_count_first_then_the_reference(
    wanted: dict[int, tuple[frozenset[int], str]], present: list[Present], found: dict[int, int]
) -> None:
    assert match(wanted, present) == found


def variant(number: int, *, default: bool = False) -> Variant:
    return Variant(number, None, None, None, (), is_default=default)


@pytest.mark.parametrize(
    ("variants", "number"),
    [
        ((), None),
        ((variant(1), variant(2)), 1),
        ((variant(1), variant(2, default=True)), 2),
        ((variant(1, default=True), variant(2, default=True)), 1),
    ],
)
def test_one_is_shown_first(variants: tuple[Variant, ...], number: int | None) -> None:
    found = default_of(variants)
    assert (found.id if found else None) == number
