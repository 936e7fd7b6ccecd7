"""Asking a shop while somebody waits for the answer: what goes wrong there comes as an error of ours, in words."""

from collections.abc import Iterator
from contextlib import contextmanager

from models import Shop
from prestashop_client import PrestaShopClient, PrestaShopError
from sync.errors import SyncError
from sync.services import Services


class NoAnswer(SyncError):
    """Raised when the shop could not be asked; the message says why."""


@contextmanager
def asking(services: Services, shop: Shop) -> Iterator[PrestaShopClient]:
    """A client of the shop. Raises NoAnswer for whatever goes wrong with it in the block."""
    try:
        with services.connect(shop) as client:
            yield client
    except PrestaShopError as error:
        raise NoAnswer(f"shop {shop.name!r}: {error}") from error
