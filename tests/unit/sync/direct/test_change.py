"""Values that a shop's database would not take are refused one by one, before any batch."""

from decimal import Decimal
from typing import Any

import pytest

from sync.availability.decision import Availability
from sync.direct import Change, Written, change_of
from sync.direct.change import total
from sync.direct.sample import SIZE, sample
from sync.errors import Refusal


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"quantity": 1, "combinations": {2: 1}}, "quantity"),
        ({"quantity": 2**31}, "quantity"),
        ({"combinations": {2: -(2**31) - 1}}, "quantity"),
        ({"out_of_stock": 3}, "out_of_stock"),
        ({"out_of_stock": -1}, "out_of_stock"),
        ({"price": Decimal(-1)}, "price"),
        ({"price": Decimal("NaN")}, "price"),
        ({"price": Decimal(10) ** 10}, "price"),
        ({"available_now": {1: "x" * 256}}, "available_now"),
        ({"available_later": {1: "in <3 days"}}, "available_later"),
    ],
)
def test_refused(values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        Change(1, **values)
    assert refused.value.field == field


def test_taken() -> None:
    Change(1, 2, {1: "x" * 255}, {2: ""}, -5, Decimal("9999999999.99"), False)
    Change(1, combinations={2: 2**31 - 1})


def test_a_decisions_texts_by_the_shops_languages() -> None:
    decided = Availability(True, 1, {"en": "Yes", "pl": "Tak"}, {"en": "Soon"}, 4)
    change = change_of(7, decided, {1: "en", 2: "pl", 5: "de"})
    assert change == Change(7, 1, {1: "Yes", 2: "Tak"}, {1: "Soon"}, 4)


def test_batches_add_up() -> None:
    parts = [Written((1,), (2,), (3,), {4: "why"}, (1,), (2,), {"product": 1}), Written((5,), rows={"product": 1})]
    assert total(parts) == Written((1, 5), (2,), (3,), {4: "why"}, (1,), (2,), {"product": 2})
    assert total(parts).settled == (1, 5, 2)
    assert total([]) == Written()


def test_a_sample_is_spread_from_the_first_to_the_last() -> None:
    assert sample([3, 4]) == [3, 4]
    chosen = sample(range(5000))
    assert (chosen[0], chosen[-1], len(set(chosen))) == (0, 4999, SIZE)
    assert sample([]) == []
