"""Shops of a test's own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from prestashop_client.sandbox import Sandbox

from .shop import Shop


@pytest.fixture
def open_shop() -> Iterator[Callable[..., Shop]]:
    """Makes shops with options of the Sandbox, without a server."""
    opened: list[Sandbox] = []

    def make(**options: Any) -> Shop:
        opened.append(Sandbox(**options))
        return Shop(opened[-1])

    yield make
    for sandbox in opened:
        sandbox.stop()


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    """A fresh PrestaShop 9.1."""
    return open_shop()
