"""Products and combinations by reference or EAN, read from the tables of one shop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prestashop_client.database.connection import Connection
from prestashop_client.xml import clean_text

Document = dict[str, Any]
FIELDS = ("reference", "ean13")


class Codes:
    """The shop's products, and combinations of its products, as documents of the web service would have them.

    A product is {id, reference, ean13, name}, the name in the first of the shop's languages that has one; a combination
    {id, id_product, reference, ean13}. Reads only; raises DatabaseError.
    """

    def __init__(self, connection: Connection, id_shop: int) -> None:
        self.connection, self.id_shop = connection, id_shop

    def by_reference(self, resource: str, references: Sequence[str]) -> dict[str, list[Document]]:
        """Each reference with what has exactly it, by id; the database compares without case and accents, we do not."""
        found: dict[str, list[Document]] = {reference: [] for reference in references}
        spelled: dict[str, list[str]] = {}
        for reference in found:
            spelled.setdefault(clean_text(reference), []).append(reference)
        for one in self._having(resource, "reference", [text for text in spelled if text]):
            for reference in spelled.get(clean_text(one["reference"]), ()):
                found[reference].append(one)
        return found

    def by_ean(self, resource: str, eans: Sequence[str]) -> list[Document]:
        """What has one of these EANs, as they are written here, by id."""
        return self._having(resource, "ean13", eans)

    def _having(self, resource: str, field: str, codes: Sequence[str]) -> list[Document]:
        if field not in FIELDS:
            raise ValueError(f"no code: {field!r}")
        if not codes:
            return []
        with self.connection.transaction(read_only=True):
            return self._products(field, codes) if resource == "products" else self._combinations(field, codes)

    def _products(self, field: str, codes: Sequence[str]) -> list[Document]:
        rows = self.connection.rows(
            f"SELECT p.id_product, p.reference, p.ean13 FROM {self._table('product')} p"
            f" JOIN {self._table('product_shop')} s ON s.id_product = p.id_product AND s.id_shop = %s"
            f" WHERE p.{field} IN %s ORDER BY p.id_product",
            (self.id_shop, list(codes)),
        )
        names = self._names([int(row[0]) for row in rows])
        return [
            {"id": int(number), "reference": reference or "", "ean13": ean13 or "", "name": names.get(int(number), "")}
            for number, reference, ean13 in rows
        ]

    def _names(self, ids: Sequence[int]) -> dict[int, str]:
        if not ids:
            return {}
        rows = self.connection.rows(
            f"SELECT id_product, name FROM {self._table('product_lang')}"
            " WHERE id_shop = %s AND id_product IN %s AND name <> '' ORDER BY id_product, id_lang DESC",
            (self.id_shop, list(ids)),
        )
        return {int(number): str(name) for number, name in rows}

    def _combinations(self, field: str, codes: Sequence[str]) -> list[Document]:
        rows = self.connection.rows(
            f"SELECT a.id_product_attribute, a.id_product, a.reference, a.ean13"
            f" FROM {self._table('product_attribute')} a"
            f" JOIN {self._table('product_shop')} s ON s.id_product = a.id_product AND s.id_shop = %s"
            f" WHERE a.{field} IN %s ORDER BY a.id_product_attribute",
            (self.id_shop, list(codes)),
        )
        return [
            {"id": int(number), "id_product": int(product), "reference": reference or "", "ean13": ean13 or ""}
            for number, product, reference, ean13 in rows
        ]

    def _table(self, name: str) -> str:
        return self.connection.settings.table(name)
