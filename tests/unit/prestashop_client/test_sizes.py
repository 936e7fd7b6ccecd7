"""Batches no larger than the shop carries out in good time."""

from __future__ import annotations

import pytest

from prestashop_client.sizes import BatchSizes


@pytest.fixture
def sizes():
    return BatchSizes(target=10)


def test_nothing_is_known_at_first(sizes):
    assert sizes.limit("products", "POST", 50) == 50


def test_a_slow_shop_gets_small_batches(sizes):
    sizes.took("products", "POST", 50, seconds=50)
    assert sizes.limit("products", "POST", 50) == 10
    assert sizes.limit("products", "PATCH", 50) == 50


def test_a_shop_that_recovers_gets_larger_ones_again(sizes):
    sizes.took("products", "POST", 50, seconds=50)
    for _ in range(20):
        sizes.took("products", "POST", 10, seconds=0.1)
    assert sizes.limit("products", "POST", 50) == 50


def test_too_much_halves_and_rises_slowly(sizes):
    sizes.too_much("products", "POST", 40)
    assert sizes.limit("products", "POST", 50) == 20
    sizes.took("products", "POST", 20, seconds=0.2)
    assert sizes.limit("products", "POST", 50) == 23


def test_one_is_the_least(sizes):
    sizes.too_much("products", "POST", 1)
    sizes.took("products", "POST", 1, seconds=1000)
    assert sizes.limit("products", "POST", 50) == 1


def test_a_long_way_to_the_shop_is_worth_more_at_once(sizes):
    assert sizes.worth("products", "POST", 50, 0.08) == 50
    sizes.took("products", "POST", 50, seconds=0.5)
    assert sizes.worth("products", "POST", 50, None) == 50
    assert sizes.worth("products", "POST", 50, 0.001) == 50
    assert sizes.worth("products", "POST", 50, 0.08) == 80
    assert sizes.worth("products", "POST", 50, 5.0) == 100
