"""Errors are data, and read as one line."""

from __future__ import annotations

import copy
import inspect
import pickle

import pytest

from prestashop_client import errors
from prestashop_client.errors import EntityRefused, LocalRefusal, PrestaShopError, ShopUnavailable

TREE = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, PrestaShopError) and kind.__module__ == errors.__name__
]


def refused() -> EntityRefused:
    return EntityRefused(
        "Property Product->price is not valid",
        method="POST",
        resource="products",
        status=400,
        codes=(85,),
        messages=("Property Product->price is not valid",),
        field="price",
    )


def test_an_error_reads_as_one_line():
    assert str(refused()) == (
        "products POST refused (400, code 85): Property Product->price is not valid [field price]"
    )


def test_several_codes_are_all_named():
    error = EntityRefused("no", method="GET", resource="products", status=500, codes=(32, 3, 3))
    assert str(error) == "products GET refused (500, codes 32, 3, 3): no"


def test_a_local_refusal_says_what_to_do():
    error = LocalRefusal("is read-only", field="quantity", remedy="write the stock row", resource="products")
    assert str(error) == "products not sent: is read-only [field quantity]; write the stock row"
    assert error.remedy == "write the stock row"


def test_but_changes_a_copy_only():
    error = ShopUnavailable("down", maybe_written=True)
    assert error.but(maybe_written=False).maybe_written is False
    assert error.maybe_written is True


def test_an_error_survives_pickling_with_its_data():
    twin = pickle.loads(pickle.dumps(refused()))
    assert (type(twin), str(twin), twin.codes) == (EntityRefused, str(refused()), (85,))


def test_long_texts_are_cut():
    error = PrestaShopError("x" * 10_000, excerpt="y" * 10_000, messages=("z" * 10_000,))
    assert len(error.message) == 400
    assert len(error.excerpt) == 500
    assert len(error.messages[0]) == 400


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_every_error_is_drawn_in_the_tree_and_can_be_copied(kind):
    assert kind.__name__ in (errors.__doc__ or "")
    assert str(copy.copy(kind("what"))).endswith("what")
