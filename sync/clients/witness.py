"""A client that looks before each write and notes what the write replaced."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prestashop_client import Document, PrestaShopClient, Verdict
from sync.clients.passing import PassingClient, Verdicts
from sync.transform.remote import canonical, display_of, picked

OWNER = {
    "products": "id",
    "stock_availables": "id_product",
    "combinations": "id_product",
    "specific_prices": "id_product",
}
"""The resources that are noted, and the field that names the product they belong to. Categories, manufacturers,
features and options belong to many products, and images have no values: they are not noted."""


@dataclass(frozen=True, slots=True)
class Change:
    """One write: {field: canonical value} before and after it. `product` is the product's id in the shop."""

    resource: str
    external_id: int
    operation: str
    before: Document
    after: Document
    product: int


class Witness(PassingClient):
    """Notes `changes`. A batch of patches costs one read more, of just the fields that it changes."""

    def __init__(self, inner: PrestaShopClient) -> None:
        super().__init__(inner)
        self.changes: list[Change] = []
        self._seen: dict[tuple[str, int], Document] = {}

    @classmethod
    def of(cls, client: PrestaShopClient) -> "Witness":
        """The client itself, if it is a witness already."""
        return client if isinstance(client, cls) else cls(client)

    def look(self, resource: str, ids: Collection[int], fields: Iterable[str]) -> dict[int, Document]:
        """What the shop shows now of these entities, in one request for fifty; those that it does not have are
        missing. A patch of these fields does not look again. Raises PrestaShopError."""
        names = tuple(dict.fromkeys(("id", *fields, *([] if resource == "products" else [OWNER[resource]]))))
        found = self.inner.get_many(resource, sorted(ids), display=names)
        for number, document in found.items():
            self._seen[resource, number] = {**self._seen.get((resource, number), {}), **document}
        return found

    def create_many(self, resource: str, documents: Sequence[Document], *, batch: int | None = None) -> Verdicts:
        verdicts = self.inner.create_many(resource, documents, batch=batch)
        if resource in OWNER:
            for document, verdict in zip(documents, verdicts, strict=True):
                self._created(resource, document, verdict)
        return verdicts

    def patch_many(self, resource: str, documents: Sequence[Document], *, batch: int | None = None) -> Verdicts:
        if resource not in OWNER or not documents:
            return self.inner.patch_many(resource, documents, batch=batch)
        self._look_at_the_rest(resource, documents)
        verdicts = self.inner.patch_many(resource, documents, batch=batch)
        for document, verdict in zip(documents, verdicts, strict=True):
            if verdict.ok:
                before = self._seen.get((resource, document["id"]), {})
                self._note(resource, document["id"], "update", before, document)
                self._seen[resource, document["id"]] = {**before, **document}
        return verdicts

    def delete_many(self, resource: str, ids: Sequence[int], *, batch: int | None = None) -> Verdicts:
        before = self.inner.get_many(resource, ids, display="full") if resource in OWNER and ids else {}
        verdicts = self.inner.delete_many(resource, ids, batch=batch)
        for number, verdict in zip(ids, verdicts, strict=True):
            if verdict.ok and number in before:
                gone = {name: value for name, value in before[number].items() if name not in ("id", "associations")}
                owner = _owner(resource, number, before[number])
                self.changes.append(Change(resource, number, "delete", canonical(gone), {}, owner))
        return verdicts

    def changes_by_product(self) -> dict[int, list[Change]]:
        """What was written, by the product's id in the shop."""
        found: dict[int, list[Change]] = defaultdict(list)
        for change in self.changes:
            found[change.product].append(change)
        return found

    def _created(self, resource: str, document: Document, verdict: Verdict) -> None:
        if not verdict.ok or verdict.id is None:
            return
        self._note(resource, verdict.id, "create", {}, document)
        if resource == "products":
            rows: Iterable[Mapping[str, Any]] = ((verdict.document or {}).get("associations") or {}).get(
                "stock_availables", ()
            )
            for row in rows:  # PrestaShop made them just now, empty
                self._seen["stock_availables", int(row["id"])] = {"id_product": str(verdict.id), "quantity": "0"}

    def _look_at_the_rest(self, resource: str, documents: Sequence[Document]) -> None:
        unknown = [
            document
            for document in documents
            if not document.keys() - {"id"} <= self._seen.get((resource, document["id"]), {}).keys()
        ]
        if unknown:
            fields = dict.fromkeys(name for document in unknown for name in display_of(document))
            self.look(resource, [document["id"] for document in unknown], fields)

    def _note(self, resource: str, number: int, operation: str, before: Document, sent: Document) -> None:
        fields = {name: value for name, value in sent.items() if name not in ("id", OWNER[resource])}
        owner = _owner(resource, number, {**before, **sent})
        after = canonical(fields if operation == "update" else {**sent})
        was = picked(before, fields) if operation == "update" else {}
        self.changes.append(Change(resource, number, operation, was, after, owner))


def _owner(resource: str, number: int, document: Mapping[str, Any]) -> int:
    return number if resource == "products" else int(document.get(OWNER[resource]) or 0)
