"""Reads: one entity, lists, iteration by id, counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from prestashop_client.errors import BadAnswer, LocalRefusal, NotFound, RedirectRefused
from prestashop_client.exchange import Exchange
from prestashop_client.paging import next_size
from prestashop_client.query import Params, by_length, display_text, greater, list_params, plain_text
from prestashop_client.resources import resource_of
from prestashop_client.wire import Answer, Request
from prestashop_client.xml import Document, documents

Display = str | Sequence[str] | None
Filters = Mapping[str, object] | None
IDS_A_PAGE = 10_000  # ids only: 12,000 took 81 ms (measured)
FULL_A_PAGE = 100
NOT_MODIFIED = 304


class Reader:
    """The read half of the client."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def get(self, resource: str, id_: int, display: Display = None) -> Document:
        request = _single(resource, id_, display)
        found = documents(self._exchange.xml(request), resource_of(resource).node)
        if not found:
            raise NotFound("no such entity in this shop", method="GET", resource=resource, ids=(id_,))
        return found[0]

    def if_changed(self, resource: str, id_: int, sha1: str, display: Display = None) -> tuple[Document | None, str]:
        """The entity and its answer's Content-Sha1; None with the old one where nothing changed (304, no body)."""
        request = _single(resource, id_, display, {"Local-Content-Sha1": sha1} if sha1 else {})
        try:
            root, answer = self._exchange.answered(request)
        except RedirectRefused as error:
            if error.status == NOT_MODIFIED:
                return None, sha1
            raise
        return documents(root, resource_of(resource).node)[0], answer.headers.get("Content-Sha1", "")

    def page(
        self,
        resource: str,
        *,
        filters: Filters = None,
        display: Display = None,
        sort: tuple[str, str] | None = ("id", "ASC"),
        limit: int | None = None,
        offset: int = 0,
        with_dates: bool = False,
    ) -> list[Document]:
        found: list[Document] = []
        for part in self._parts(resource, filters, whole=limit is None and sort == ("id", "ASC")):
            params = list_params(part, display=display, sort=sort, limit=limit, offset=offset, with_dates=with_dates)
            found += self._listed(resource, params)[0]
        return found

    def iterate(
        self,
        resource: str,
        *,
        filters: Filters = None,
        display: Display = None,
        after: int = 0,
        page: int = FULL_A_PAGE,
    ) -> Iterator[Document]:
        """All entities by ascending id, page by page: what is written meanwhile neither repeats nor skips any.

        The first page holds `page`; where fields are shown, the next ones follow the time that the shop takes.
        """
        if filters and "id" in filters:
            raise LocalRefusal("iterate pages by id itself", field="id", remedy="use after=, or list()")
        last, size = after, page
        fields = display if display is None or isinstance(display, str) else _with_fields(display, "id")
        while True:
            params = list_params({**(filters or {}), "id": greater(last)}, display=fields, limit=size)
            found, answer = self._listed(resource, params)
            yield from found
            if len(found) < size:
                return
            if found[-1]["id"] <= last:
                raise BadAnswer("the list does not go on by id: the filter was ignored", resource=resource)
            last = found[-1]["id"]
            size = size if fields is None else next_size(size, answer)

    def changed_since(
        self, resource: str, since: datetime, filters: Filters = None, display: Display = None
    ) -> Iterator[Document]:
        """Entities whose date_upd is `since` (shop time) or later; stock and combinations do not move it.

        Raises BadAnswer when an older one comes: then the shop ignored the filter.
        """
        moment = since.replace(microsecond=0)
        wanted = {**(filters or {}), "date_upd": greater(moment - timedelta(seconds=1))}
        fields = display if display == "full" else _with_fields(display, "date_upd")
        for entity in self.iterate(resource, filters=wanted, display=fields):
            if entity["date_upd"] < f"{moment:%Y-%m-%d %H:%M:%S}":
                raise BadAnswer("older entities came: the filter on date_upd was ignored", resource=resource)
            yield entity

    def count(self, resource: str, *, filters: Filters = None) -> int:
        if filters and "id" in filters:
            return len(self.page(resource, filters=filters))
        return sum(1 for _ in self.iterate(resource, filters=filters, page=IDS_A_PAGE))

    def get_many(self, resource: str, ids: Iterable[int], display: Display = None) -> dict[int, Document]:
        """The entities that exist, by id, in as few requests as address length and page size allow."""
        wanted = sorted({int(id_) for id_ in ids})
        room = self._exchange.transport.room_for_query(resource)
        fields = display if display is None or isinstance(display, str) else _with_fields(display, "id")
        result: dict[int, Document] = {}
        for chunk in by_length(map(str, wanted), room, FULL_A_PAGE if display == "full" else None):
            for found in self.page(resource, filters={"id": chunk}, display=fields):
                result[found["id"]] = found
        if not result.keys() <= set(wanted):
            raise BadAnswer("other ids came than were asked: the filter was ignored", resource=resource)
        return result

    def exists(self, resource: str, id_: int) -> bool:
        try:
            self._exchange.plain(Request("HEAD", f"{resource}/{int(id_)}", resource, ids=(id_,)))
        except NotFound:
            return False
        return True

    def highest_id(self, resource: str) -> int:
        """The highest id in the shop, 0 for none."""
        newest = self.page(resource, sort=("id", "DESC"), limit=1)
        highest: int = newest[0]["id"] if newest else 0
        return highest

    def created_after(self, resource: str, id_: int) -> list[Document]:
        """What was created since `id_` was the highest, whole, in order of creation."""
        return list(self.iterate(resource, display="full", after=id_))

    def _parts(self, resource: str, filters: Filters, whole: bool) -> Iterator[Filters]:
        """The filters as they are, or several of them where a list of values is too long for one address."""
        room = self._exchange.transport.room_for_query(resource)
        for field, values in (filters or {}).items():
            if not whole or isinstance(values, str) or not isinstance(values, Collection):
                continue
            chunks = list(by_length(map(plain_text, values), room))
            if len(chunks) > 1:
                yield from ({**(filters or {}), field: chunk} for chunk in chunks)
                return
        yield filters

    def _listed(self, resource: str, params: Params) -> tuple[list[Document], Answer]:
        root, answer = self._exchange.answered(Request("GET", resource, resource, params=params))
        return documents(root, resource_of(resource).node), answer


def _single(resource: str, id_: int, display: Display, headers: Mapping[str, str] | None = None) -> Request:
    params: Params = [] if display is None else [("display", display_text(display))]
    return Request("GET", f"{resource}/{int(id_)}", resource, ids=(id_,), params=params, headers=headers or {})


def _with_fields(display: Display, *names: str) -> Sequence[str]:
    given = (display,) if isinstance(display, str) else display or ()
    return tuple(dict.fromkeys(("id", *names, *given)))
