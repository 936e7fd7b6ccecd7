"""The pace of one shop's requests."""

from __future__ import annotations

from typing import Protocol

from prestashop_client.errors import PrestaShopError


class Pacer(Protocol):
    """What is asked before every request and told after it."""

    def wait(self) -> None:
        """Return when the next request may go. Raises RateLimited when that is longer than the caller waits."""

    def succeeded(self, seconds: float, execution_time: float | None) -> None:
        """A good answer after `seconds`, of which the shop itself worked `execution_time`."""

    def failed(self, error: PrestaShopError) -> None:
        """An error; 429, 503 and Retry-After ask for a slower pace."""


class NoPace:
    """As fast as it goes."""

    def wait(self) -> None:
        return

    def succeeded(self, seconds: float, execution_time: float | None) -> None:
        return

    def failed(self, error: PrestaShopError) -> None:
        return
