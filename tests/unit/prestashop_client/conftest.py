"""Clients whose waiting is recorded instead of slept, and which leave no connection open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox

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
        options.setdefault("validate", False)  # most tests look at what the shop itself refuses
        client = PrestaShopClient(address, key, **options)
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """An empty PrestaShop 9.1 with languages 1 and 2."""
    with Sandbox.running() as shop:
        yield shop


@pytest.fixture
def client(sandbox: Sandbox, connect: Callable[..., PrestaShopClient]) -> PrestaShopClient:
    return connect(sandbox.address, sandbox.key)
