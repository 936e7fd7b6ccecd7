"""Where a shop's codes are read: over its web service, or in its database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from prestashop_client import PrestaShopClient
from prestashop_client.database import Connection, read_layout
from prestashop_client.database.codes import Codes
from sync.availability.direct import route_of
from sync.strategies.run import Run

ROUTES = ("api", "sql")
PRODUCT = ["id", "reference", "ean13", "name"]
COMBINATION = ["id", "id_product", "reference", "ean13"]
Document = Mapping[str, Any]


class Source(Protocol):
    """A shop's products and combinations (`resource`) by what they are called there."""

    def by_reference(self, resource: str, references: Sequence[str]) -> Mapping[str, Sequence[Document]]:
        """Each reference with what has exactly it."""

    def by_ean(self, resource: str, eans: Sequence[str]) -> Iterable[Document]:
        """What has one of these, as written."""


class WebCodes:
    """Over the web service; raises PrestaShopError."""

    def __init__(self, client: PrestaShopClient) -> None:
        self.client = client

    def by_reference(self, resource: str, references: Sequence[str]) -> Mapping[str, Sequence[Document]]:
        return self.client.find_by_reference(references, resource=resource, display=_display(resource))

    def by_ean(self, resource: str, eans: Sequence[str]) -> Iterable[Document]:
        return self.client.iterate(resource, filters={"ean13": list(eans)}, display=_display(resource), page=500)


def _display(resource: str) -> list[str]:
    return PRODUCT if resource == "products" else COMBINATION


@contextmanager
def source_of(run: Run) -> Iterator[Source]:
    """The way that the job says. Raises NoDatabase, SecretUnreadable and DatabaseError for the database's."""
    if run.params.get("route") != "sql":
        yield WebCodes(run.client)
        return
    route = route_of(run.services, run.shop)
    with Connection(route.settings) as connection:
        read_layout(connection, route.id_shop)  # a wrong prefix or shop is named before anything is asked
        yield Codes(connection, route.id_shop)
