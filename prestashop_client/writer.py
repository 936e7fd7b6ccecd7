"""The write half of the client: which engine carries out what, and what goes before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from prestashop_client.baselines import Baselines
from prestashop_client.creates import Creates
from prestashop_client.deletes import Deletes
from prestashop_client.errors import LocalRefusal, MethodRefused, PrestaShopError
from prestashop_client.exchange import Exchange
from prestashop_client.languages import Languages
from prestashop_client.merging import merged_for_put
from prestashop_client.patches import Patches
from prestashop_client.reading import Reader
from prestashop_client.resources import resource_of
from prestashop_client.sizes import BatchSizes
from prestashop_client.tree import rebuild
from prestashop_client.verdict import Verdict
from prestashop_client.versions import Capabilities
from prestashop_client.writing import Write
from prestashop_client.xml import Document

# 50 products in one PATCH take 477 ms, one takes 19; 500 stock rows take 198, one takes 8 (measured). More at once
# holds the shop up for others.
BATCH = 50
BATCH_OF = {"stock_availables": 500}
UNKNOWN_METHOD = 23

Problems = Callable[[str, Document, str], Sequence[LocalRefusal]]


class Writer:
    """Carries writes out. `capabilities` is corrected when the shop says otherwise.

    problems: what PrestaShop's rules have against a document of a resource that is sent with a method.
    """

    def __init__(
        self,
        exchange: Exchange,
        reader: Reader,
        baselines: Baselines,
        sizes: BatchSizes,
        capabilities: Capabilities,
        problems: Problems,
    ) -> None:
        self.capabilities = capabilities
        self.languages = Languages(reader, capabilities.languages)
        self._exchange = exchange
        self._reader = reader
        self._baselines = baselines
        self._sizes = sizes
        self._problems = problems

    def create_many(self, resource: str, documents: Sequence[Document], batch: int | None) -> list[Verdict]:
        write = self._write("POST", resource, documents, batch)
        return self._finished(write, Creates(write, self._baselines).run())

    def patch_many(self, resource: str, documents: Sequence[Document], batch: int | None) -> list[Verdict]:
        return self._finished(*self._changed(resource, documents, batch))

    def put(self, resource: str, id_: int, document: Mapping[str, Any]) -> Verdict:
        """One entity as a whole, without the read-only fields."""
        read_only = resource_of(resource).read_only
        entity = {name: value for name, value in document.items() if name not in read_only}
        write = self._write("PUT", resource, [{**entity, "id": id_}], 1)
        return self._finished(write, Patches(write).run())[0]

    def delete_many(self, resource: str, ids: Sequence[int], batch: int | None) -> list[Verdict]:
        return Deletes(self._exchange, self._reader, resource_of(resource).name).run(ids, batch or BATCH)

    def _changed(self, resource: str, documents: Sequence[Document], batch: int | None) -> tuple[Write, list[Verdict]]:
        if not self.capabilities.patch:
            return self._put_merged(resource, documents, batch)
        write = self._write("PATCH", resource, documents, batch)
        write.refuse_locally()
        try:
            write.documents = self.languages.completed(resource, documents)
        except PrestaShopError as error:
            write.halt(error)
            return write, write.result()
        verdicts = Patches(write).run()
        if any(_has_no_patch(verdict.error) for verdict in verdicts):
            self.capabilities = self.capabilities.but(patch=False)
            return self._put_merged(resource, documents, batch)
        return write, verdicts

    def _put_merged(
        self, resource: str, documents: Sequence[Document], batch: int | None
    ) -> tuple[Write, list[Verdict]]:
        write = self._write("PUT", resource, documents, batch)
        write.refuse_locally()
        try:
            stored = self._reader.get_many(resource, [documents[index]["id"] for index in write.open()], "full")
        except PrestaShopError as error:
            write.halt(error)
            return write, write.result()
        write.documents = [
            merged_for_put(write.resource, stored[entity["id"]], entity) if entity.get("id") in stored else entity
            for entity in documents
        ]
        return write, Patches(write).run()

    def _finished(self, write: Write, verdicts: list[Verdict]) -> list[Verdict]:
        if not (write.tree_stale and write.resource.name == "categories"):
            return verdicts
        return rebuild(verdicts, lambda id_: self._changed("categories", [{"id": id_}], 1)[1][0])

    def _write(self, method: str, resource: str, documents: Sequence[Document], batch: int | None) -> Write:
        usual = BATCH_OF.get(resource, BATCH)
        return Write(
            exchange=self._exchange,
            reader=self._reader,
            resource=resource_of(resource),
            method=method,
            documents=documents,
            most=max(1, batch or usual),
            usual=0 if batch else usual,
            sizes=self._sizes,
            problems=lambda entity: self._problems(resource, entity, method),
        )


def _has_no_patch(error: PrestaShopError | None) -> bool:
    return isinstance(error, MethodRefused) and UNKNOWN_METHOD in error.codes
