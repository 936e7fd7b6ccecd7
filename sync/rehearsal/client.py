"""A client for rehearsals: reads go to the shop, writes are checked, recorded and answered as saved."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count
from math import ceil
from typing import Any

from prestashop_client import Document, PrestaShopClient, Verdict
from prestashop_client.errors import LocalRefusal
from prestashop_client.reading import Display
from prestashop_client.resources import resource_of
from prestashop_client.writer import BATCH, BATCH_OF
from prestashop_client.writing import check_document
from prestashop_client.xml import entity_xml, scalar_text
from sync.clients.passing import Documents, Filters, PassingClient, Verdicts
from sync.rehearsal.images import INVENTED, RehearsedImages


class RehearsalClient(PassingClient):
    """Nothing reaches the shop but reads.

    What is created gets an invented id and is shown by later reads of this client. `entities` and `writes` count what
    would have been written, and in how many requests, by (method, resource); `created` and `changed` are the documents.
    """

    def __init__(self, inner: PrestaShopClient) -> None:
        super().__init__(inner)
        self.images: RehearsedImages = RehearsedImages(inner.images)
        self.entities: Counter[tuple[str, str]] = Counter()
        self.writes: Counter[tuple[str, str]] = Counter()
        self.created: list[tuple[str, Document]] = []
        self.changed: list[tuple[str, Document]] = []
        self._made: dict[str, dict[int, Document]] = defaultdict(dict)
        self._ids = count(INVENTED)

    def create_many(self, resource: str, documents: Sequence[Document], *, batch: int | None = None) -> Verdicts:
        return self._recorded("POST", resource, documents, batch, self._create)

    def patch_many(self, resource: str, documents: Sequence[Document], *, batch: int | None = None) -> Verdicts:
        method = "PATCH" if self.capabilities.patch else "PUT"
        return self._recorded(method, resource, documents, batch, self._change)

    def delete_many(self, resource: str, ids: Sequence[int], *, batch: int | None = None) -> Verdicts:
        self._count("DELETE", resource, len(ids), batch)
        return [Verdict("saved", number) for number in ids]

    def get(self, resource: str, id: int, *, display: Display = None) -> Document:  # noqa: A002
        made = self._made[resource].get(id)
        return made if made is not None else self.inner.get(resource, id, display=display)

    def exists(self, resource: str, id: int) -> bool:  # noqa: A002
        return id in self._made[resource] or self.inner.exists(resource, id)

    def get_many(
        self, resource: str, ids: Sequence[int] = (), *, references: Sequence[str] = (), display: Display = None
    ) -> dict[int, Document]:
        made = {number: self._made[resource][number] for number in ids if number in self._made[resource]}
        real = [number for number in ids if number < INVENTED]
        if not real and not references:
            return made
        return made | self.inner.get_many(resource, real, references=references, display=display)

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
        made, real = self._parted(resource, filters)
        if real is None:
            return made
        found = self.inner.list(
            resource, filters=real, display=display, sort=sort, limit=limit, offset=offset, date=date
        )
        return found + made

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
        made, real = self._parted(resource, filters)
        if real is not None:
            yield from self.inner.iterate(resource, filters=real, display=display, after=after, page=page, since=since)
        yield from made

    def _recorded(
        self, method: str, resource: str, documents: Sequence[Document], batch: int | None, answer: Any
    ) -> Verdicts:
        verdicts: list[Verdict] = []
        for document in documents:
            refusal = self._refusal(resource, document, method)
            verdicts.append(Verdict("refused", document.get("id"), refusal) if refusal else answer(resource, document))
        self._count(method, resource, sum(verdict.ok for verdict in verdicts), batch)
        return verdicts

    def _refusal(self, resource: str, document: Document, method: str) -> LocalRefusal | None:
        """What the client itself would have against it; the shop is not asked."""
        try:
            check_document(resource_of(resource), document, method)
            entity_xml(resource_of(resource).node, document)
        except LocalRefusal as refusal:
            return refusal
        return next(iter(self.inner.problems(resource, document, method=method)), None)

    def _count(self, method: str, resource: str, number: int, batch: int | None) -> None:
        if number:
            self.entities[method, resource] += number
            self.writes[method, resource] += ceil(number / (batch or BATCH_OF.get(resource, BATCH)))
            if method == "PUT":  # what is stored is read first
                self.writes["GET", resource] += ceil(number / BATCH)

    def _change(self, resource: str, document: Document) -> Verdict:
        self.changed.append((resource, document))
        return Verdict("saved", document["id"], None, dict(document))

    def _create(self, resource: str, document: Document) -> Verdict:
        number = next(self._ids)
        made = {**_shown(document), "id": number}
        self._made[resource][number] = made
        self.created.append((resource, document))
        if resource in ("products", "combinations"):
            self._add_stock_row(resource, made)
        return Verdict("created", number, None, made)

    def _add_stock_row(self, resource: str, made: Document) -> None:
        """PrestaShop makes one along with a product or a combination (prestashop.md 2.2, 7)."""
        product, combination = (made["id"], 0) if resource == "products" else (made.get("id_product", 0), made["id"])
        number = next(self._ids)
        self._made["stock_availables"][number] = {
            "id": number, "id_product": str(product), "id_product_attribute": str(combination), "quantity": "0",
            "out_of_stock": "2",
        }  # fmt: skip
        if resource == "products":
            row = {"id": str(number), "id_product_attribute": "0"}
            made["associations"] = {**(made.get("associations") or {}), "stock_availables": [row]}

    def _parted(self, resource: str, filters: Filters) -> tuple[Documents, Filters]:
        """What was made here and fits, and the filters for the shop (None where it need not be asked)."""
        invented = {name: value for name, value in (filters or {}).items() if _has_invented(value)}
        if not invented:
            return [], filters or {}
        fitting = [made for made in self._made[resource].values() if _fits(made, filters or {})]
        real = {name: _real(value) if name in invented else value for name, value in (filters or {}).items()}
        return fitting, real if all(real[name] for name in invented) else None


def _shown(document: Document) -> Document:
    """A document as the shop would show it."""
    return {
        name: value if isinstance(value, Mapping) else scalar_text(name, value)
        for name, value in document.items()
        if name != "id"
    }


def _values(value: object) -> list[object]:
    return list(value) if isinstance(value, Collection) and not isinstance(value, str) else [value]


def _has_invented(value: object) -> bool:
    return any(isinstance(one, int) and one >= INVENTED for one in _values(value))


def _real(value: object) -> list[object]:
    return [one for one in _values(value) if not (isinstance(one, int) and one >= INVENTED)]


def _fits(made: Mapping[str, Any], filters: Mapping[str, object]) -> bool:
    return all(str(made.get(name)) in {str(one) for one in _values(value)} for name, value in filters.items())
