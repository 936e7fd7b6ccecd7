"""Every language of a text field, always: a PATCH with one language wipes the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from prestashop_client.errors import PermissionRefused
from prestashop_client.reading import Reader
from prestashop_client.xml import Document


class Languages:
    """Knows the shop's languages (asked once, when first needed) and fills documents up."""

    def __init__(self, reader: Reader, known: tuple[int, ...]) -> None:
        self._reader = reader
        self._known = known

    def ids(self) -> tuple[int, ...]:
        """Ids of the shop's languages; () where the key may not read them. Raises the error tree."""
        if not self._known:
            try:
                self._known = tuple(language["id"] for language in self._reader.page("languages"))
            except PermissionRefused:
                return ()
        return self._known

    def completed(self, resource: str, documents: Sequence[Document]) -> list[Document]:
        """The documents, each text field with the stored text of the languages it leaves out.

        The texts are read in one request for all documents that need it. Raises the error tree.
        """
        lacking = {index: fields for index, entity in enumerate(documents) if (fields := self._lacking(entity))}
        if not lacking:
            return list(documents)
        names = sorted({name for fields in lacking.values() for name in fields})
        stored = self._reader.get_many(resource, [documents[index]["id"] for index in lacking], names)
        return [
            _filled(entity, lacking.get(index, ()), stored.get(entity.get("id", 0), {}))
            for index, entity in enumerate(documents)
        ]

    def _lacking(self, entity: Mapping[str, Any]) -> tuple[str, ...]:
        texts = {name: value for name, value in entity.items() if name != "associations" and isinstance(value, Mapping)}
        if not texts or not isinstance(entity.get("id"), int):
            return ()
        ids = set(self.ids())
        # Languages that cannot be known may all be lacking: then what is stored says which there are.
        return tuple(name for name, value in texts.items() if not ids or not ids <= set(value))


def _filled(entity: Document, fields: Sequence[str], stored: Document) -> Document:
    filled = dict(entity)
    for name in fields:
        before = stored.get(name)
        if isinstance(before, dict):
            filled[name] = {**before, **entity[name]}
    return filled
