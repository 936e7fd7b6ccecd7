"""A client that passes everything on to another one: the base of those that look on or stand in.

It has no transport of its own. A method of PrestaShopClient that is not named here fails before anything is sent, so
that nothing goes to a shop past the one that looks on.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from prestashop_client import Capabilities, Document, PrestaShopClient, Verdict
from prestashop_client.errors import LocalRefusal
from prestashop_client.images import ImagesEndpoint
from prestashop_client.reading import Display
from prestashop_client.schema import Schema
from prestashop_client.wire import RequestCounter

Documents = list[Document]  # the method `list` hides the builtin
Refusals = list[LocalRefusal]
Verdicts = list[Verdict]
Filters = Mapping[str, object] | None


class PassingClient(PrestaShopClient):
    """Passes on to `inner`."""

    def __init__(self, inner: PrestaShopClient) -> None:
        self.inner = inner
        self.images: ImagesEndpoint = inner.images

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The one who opened the inner client closes it."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.inner!r})"

    @property
    def capabilities(self) -> Capabilities:
        return self.inner.capabilities

    @property
    def address(self) -> str:
        return self.inner.address

    @property
    def requests(self) -> RequestCounter:
        return self.inner.requests

    def close(self) -> None:
        """The one who opened the inner client closes it."""

    def get(self, resource: str, id: int, *, display: Display = None) -> Document:  # noqa: A002
        return self.inner.get(resource, id, display=display)

    def list(
        self,
        resource: str,
        *,
        filters: Filters = None,
        display: Display = None,
        sort: tuple[str, str] | None = ("id", "ASC"),
        limit: int | None = None,
        offset: int = 0,
        date: bool = False,
    ) -> Documents:
        return self.inner.list(
            resource, filters=filters, display=display, sort=sort, limit=limit, offset=offset, date=date
        )

    def iterate(
        self,
        resource: str,
        *,
        filters: Filters = None,
        display: Display = None,
        after: int = 0,
        page: int = 100,
        since: datetime | None = None,
    ) -> Iterator[Document]:
        return self.inner.iterate(resource, filters=filters, display=display, after=after, page=page, since=since)

    def get_if_changed(
        self,
        resource: str,
        id: int,  # noqa: A002
        sha1: str,
        *,
        display: Display = None,
    ) -> tuple[Document | None, str]:
        return self.inner.get_if_changed(resource, id, sha1, display=display)

    def schema(self, resource: str) -> Schema:
        return self.inner.schema(resource)

    def problems(self, resource: str, document: Document, *, method: str = "POST") -> Refusals:
        return self.inner.problems(resource, document, method=method)

    def count(self, resource: str, *, filters: Filters = None) -> int:
        return self.inner.count(resource, filters=filters)

    def exists(self, resource: str, id: int) -> bool:  # noqa: A002
        return self.inner.exists(resource, id)

    def get_many(
        self, resource: str, ids: Sequence[int] = (), *, references: Sequence[str] = (), display: Display = None
    ) -> dict[int, Document]:
        return self.inner.get_many(resource, ids, references=references, display=display)

    def find_by_reference(
        self,
        references: Sequence[str],
        *,
        resource: str = "products",
        display: str | Sequence[str] = ("id", "reference"),
    ) -> dict[str, Documents]:
        return self.inner.find_by_reference(references, resource=resource, display=display)

    def create(self, resource: str, document: Document) -> Document:
        return self.create_many(resource, [document])[0].unwrap()

    def patch(self, resource: str, id: int, fields: Mapping[str, Any]) -> Document:  # noqa: A002
        return self.patch_many(resource, [{**fields, "id": id}])[0].unwrap()

    def delete(self, resource: str, id: int) -> None:  # noqa: A002
        self.delete_many(resource, [id])[0].unwrap()

    def create_many(self, resource: str, documents: Sequence[Document], *, batch: int | None = None) -> Verdicts:
        return self.inner.create_many(resource, documents, batch=batch)

    def patch_many(self, resource: str, documents: Sequence[Document], *, batch: int | None = None) -> Verdicts:
        return self.inner.patch_many(resource, documents, batch=batch)

    def delete_many(self, resource: str, ids: Sequence[int], *, batch: int | None = None) -> Verdicts:
        return self.inner.delete_many(resource, ids, batch=batch)
