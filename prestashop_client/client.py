"""PrestaShopClient: the web service of one shop."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from prestashop_client import lookup
from prestashop_client.baselines import Baselines
from prestashop_client.checks_access import ACCESS
from prestashop_client.checks_data import DATA
from prestashop_client.checks_shop import SHOP
from prestashop_client.doctor import Diagnosis, Patient, examine
from prestashop_client.errors import LocalRefusal
from prestashop_client.exchange import Exchange
from prestashop_client.images import ImagesEndpoint
from prestashop_client.languages import Languages
from prestashop_client.pace import NoPace, Pacer
from prestashop_client.paging import shop_time
from prestashop_client.probe import Probe, Prober
from prestashop_client.reading import Display, Reader
from prestashop_client.retry import RetryPolicy
from prestashop_client.schema import Schema, read_schema
from prestashop_client.secret import Secret
from prestashop_client.sizes import BatchSizes
from prestashop_client.transport import Transport
from prestashop_client.validate import problems
from prestashop_client.verdict import Verdict
from prestashop_client.versions import Capabilities
from prestashop_client.wire import RequestCounter
from prestashop_client.writer import Writer
from prestashop_client.xml import Document

# The method `list` hides the builtin from annotations below it.
Documents = list[Document]
Verdicts = list[Verdict]
Refusals = list[LocalRefusal]

READ, WRITE = {"GET"}, {"GET", "POST", "PATCH"}
NEEDS: Mapping[str, set[str]] = {
    **dict.fromkeys(("products", "categories", "manufacturers"), WRITE),
    "images": {"GET", "POST", "DELETE"},
    "stock_availables": {"GET", "PATCH"},
    **dict.fromkeys(("languages", "currencies", "shops", "shop_groups", "configurations", "taxes", "tax_rules"), READ),
}
BATCH_SECONDS = 10.0  # a batch that takes longer gets smaller


class PrestaShopClient:
    """One shop's web service, for any number of threads (each gets its own session).

    address: with or without /api. key: 32 characters, never shown again. timeout: seconds to connect, seconds between
    bytes. id_shop: the shop of a multistore, or "all". capabilities: what an earlier probe found. pacer: decides when
    a request may go. validate: PrestaShop's own rules are checked before sending. at_once: so many requests may be
    under way at a time (None: any number). sleep, clock: for tests.
    """

    def __init__(
        self,
        address: str,
        key: str,
        *,
        timeout: tuple[float, float] = (5.0, 60.0),
        id_shop: int | str | None = None,
        capabilities: Capabilities | None = None,
        pacer: Pacer | None = None,
        retry: RetryPolicy | None = None,
        user_agent: str = "prestashop-client/1",
        verify: bool | str = True,
        validate: bool = True,
        at_once: int | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._transport = Transport(
            address,
            Secret(key),
            timeout=timeout,
            id_shop=id_shop,
            user_agent=user_agent,
            verify=verify,
            clock=clock,
        )
        known = capabilities or Capabilities()
        self._transport.tunnel = known.tunnel
        if known.key_in_query:
            self._transport.use_query_key()
        self._exchange = Exchange(self._transport, pacer or NoPace(), retry or RetryPolicy(), sleep, at_once)
        self._reader = Reader(self._exchange)
        self._validate = validate
        self._schemas: dict[str, Schema] = {}
        baselines = Baselines(self._reader, clock)
        sizes = BatchSizes(min(BATCH_SECONDS, timeout[1] / 2))
        self._writer = Writer(self._exchange, self._reader, baselines, sizes, known, self._problems)
        self.images = ImagesEndpoint(self._exchange, self.patch)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"PrestaShopClient({self._transport.base!r})"

    @property
    def capabilities(self) -> Capabilities:
        """What the shop can do, as told, probed or learnt on the way; keep it for the next client."""
        return self._writer.capabilities

    @property
    def address(self) -> str:
        """The address of the web service, e.g. https://shop.example/api."""
        return self._transport.base

    @property
    def requests(self) -> RequestCounter:
        """Requests sent so far: `.total`, `.by_method`, `.by_resource`, `.last_latency` in seconds."""
        return self._transport.counter

    def close(self) -> None:
        """Close the connections of all threads."""
        self._transport.close()

    def get(self, resource: str, id: int, *, display: Display = None) -> Document:  # noqa: A002
        """One entity. Raises NotFound."""
        return self._reader.get(resource, id, display)

    def list(
        self,
        resource: str,
        *,
        filters: Mapping[str, object] | None = None,
        display: Display = None,
        sort: tuple[str, str] | None = ("id", "ASC"),
        limit: int | None = None,
        offset: int = 0,
        date: bool = False,
    ) -> Documents:
        """Entities that fit; only their ids without `display`.

        filters: field -> value for equality, a list for any of them, or greater(), less(), between(), not_in(),
        begins(), ends(), contains() of prestashop_client.query. date: filter or sort on dates (set by itself for
        date_add and date_upd).
        """
        return self._reader.page(
            resource, filters=filters, display=display, sort=sort, limit=limit, offset=offset, with_dates=date
        )

    def iterate(
        self,
        resource: str,
        *,
        filters: Mapping[str, object] | None = None,
        display: Display = None,
        after: int = 0,
        page: int = 100,
        since: datetime | None = None,
    ) -> Iterator[Document]:
        """All entities that fit, by ascending id from `after` on; memory stays at one page.

        The first page holds `page`, the next ones follow the time that the shop takes. since: only what changed
        then or later by date_upd, on the shop's clock or with a zone once the shop's is known (probe).
        """
        if since is not None:
            moment = shop_time(since, self.capabilities.time_zone)
            return self._reader.changed_since(resource, moment, filters, display)
        return self._reader.iterate(resource, filters=filters, display=display, after=after, page=page)

    def get_if_changed(
        self,
        resource: str,
        id: int,  # noqa: A002
        sha1: str,
        *,
        display: Display = None,
    ) -> tuple[Document | None, str]:
        """The entity and its sha1, or None and the same sha1 where nothing changed since: 304, without a body.

        sha1: what an earlier call gave, "" at first. It saves transfer and parsing, not the shop's work.
        """
        return self._reader.if_changed(resource, id, sha1, display)

    def schema(self, resource: str) -> Schema:
        """The resource's fields by the shop itself, asked once; writes are checked by it from then on."""
        if resource not in self._schemas:
            self._schemas[resource] = read_schema(self._exchange, resource)
        return self._schemas[resource]

    def problems(self, resource: str, document: Document, *, method: str = "POST") -> Refusals:
        """All that PrestaShop would refuse in `document`, each with its field and remedy; [] for nothing."""
        schema = self._schemas.get(resource)
        return problems(resource, document, method, schema=schema, capabilities=self.capabilities)

    def count(self, resource: str, *, filters: Mapping[str, object] | None = None) -> int:
        """How many entities fit, from lists of ids only (the web service tells no total)."""
        return self._reader.count(resource, filters=filters)

    def exists(self, resource: str, id: int) -> bool:  # noqa: A002
        """Whether the shop has the entity, by a HEAD request."""
        return self._reader.exists(resource, id)

    def get_many(
        self, resource: str, ids: Sequence[int] = (), *, references: Sequence[str] = (), display: Display = None
    ) -> dict[int, Document]:
        """Those of `ids`, and those that have one of `references`, by id; whole entities without `display`."""
        shown: str | Sequence[str] = "full" if display is None else display
        found = self._reader.get_many(resource, ids, shown)
        if references:
            matches = self.find_by_reference(references, resource=resource, display=shown)
            found |= {int(one["id"]): one for same in matches.values() for one in same}
        return found

    def find_by_reference(
        self,
        references: Sequence[str],
        *,
        resource: str = "products",
        display: str | Sequence[str] = ("id", "reference"),
    ) -> dict[str, Documents]:
        """Each reference with the entities that have exactly it ([] for none, several for duplicates)."""
        return lookup.find(self._exchange, self._reader, resource, references, display)

    def create(self, resource: str, document: Document) -> Document:
        """Add one entity; the shop's answer with its id. Raises; after an uncertain answer it looks first."""
        return self.create_many(resource, [document])[0].unwrap()

    def patch(self, resource: str, id: int, fields: Mapping[str, Any]) -> Document:  # noqa: A002
        """Change only `fields`. Where the shop has no PATCH: read, merge, PUT."""
        return self.patch_many(resource, [{**fields, "id": id}])[0].unwrap()

    def update(self, resource: str, id: int, document: Mapping[str, Any]) -> Document:  # noqa: A002
        """PUT: every field that is not in `document` is wiped. Read-only fields in it are left out."""
        return self._writer.put(resource, id, document).unwrap()

    def delete(self, resource: str, id: int) -> None:  # noqa: A002
        """Remove one entity. Raises NotFound; LocalRefusal for a root category."""
        self.delete_many(resource, [id])[0].unwrap()

    def create_many(self, resource: str, documents: Sequence[Document], *, batch: int | None = None) -> Verdicts:
        """Add entities, `batch` a request (50); one verdict for each, in order. A bad one fails alone."""
        return self._writer.create_many(resource, documents, batch)

    def patch_many(self, resource: str, documents: Sequence[Document], *, batch: int | None = None) -> Verdicts:
        """Change entities (each with its "id"), `batch` a request (50, stock rows 500); one verdict for each, in order.

        Every language of a text field is sent: those that a document leaves out are filled in from the shop first,
        because it would wipe them.
        """
        return self._writer.patch_many(resource, documents, batch)

    def delete_many(self, resource: str, ids: Sequence[int], *, batch: int | None = None) -> Verdicts:
        """Remove entities; one verdict for each, in order. A missing one is refused with NotFound."""
        return self._writer.delete_many(resource, ids, batch)

    def probe(self) -> Probe:
        """Version, languages, shops, rights, limits, latency ... found out by asking; see Probe.

        The client uses what it finds from here on. Raises only what concerns the whole web service.
        """
        found = Prober(self._exchange, self._reader).run()
        self._writer.capabilities = found.capabilities().but(tunnel=self._transport.tunnel)
        self._writer.languages = Languages(self._reader, self.capabilities.languages)
        return found

    def doctor(self, *, languages: Sequence[str] = (), needs: Mapping[str, set[str]] = NEEDS) -> Diagnosis:
        """Over thirty checks of the shop, each with its evidence and a remedy in one sentence; nothing is written.

        languages: iso codes that the shop must have. needs: resource -> methods that the key must allow.
        """
        patient = Patient(self._exchange, self._reader, languages, dict(needs))
        return examine(patient, (*ACCESS, *SHOP, *DATA))

    def _problems(self, resource: str, document: Document, method: str) -> Refusals:
        return self.problems(resource, document, method=method) if self._validate else []
