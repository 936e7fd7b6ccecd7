"""Clients whose waiting is recorded instead of slept, and which leave no connection open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from prestashop_client import PrestaShopClient

from .scripted import KEY


class Sleeps(list[float]):
    """Stands in for time.sleep: remembers the seconds."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def sleeps() -> Sleeps:
    return Sleeps()


@pytest.fixture
def connect(sleeps: Sleeps) -> Iterator[Callable[..., PrestaShopClient]]:
    """Makes clients of an address; closes them at the end."""
    opened: list[PrestaShopClient] = []

    def make(address: str, key: str = KEY, **options: Any) -> PrestaShopClient:
        options.setdefault("sleep", sleeps)
        options.setdefault("timeout", (2.0, 10.0))
        client = PrestaShopClient(address, key, **options)
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.close()
