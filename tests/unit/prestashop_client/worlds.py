"""Random operations on a shop that fails at random, and what must be true of the shop in the end."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from prestashop_client import PrestaShopClient, Verdict
from prestashop_client.errors import NotFound
from prestashop_client.sandbox import Sandbox

ANYTHING = object()
GONE = None
NEVER_THERE = 987_654


@dataclass
class World:
    """A shop, a client, and for everything we ever tried to write the states that the verdicts allow.

    `allowed`: token of a create -> how many entities may carry it. `values`: (resource, id) -> the values its field
    may have, GONE among them if it may be deleted; ANYTHING after an answer that never came.
    """

    sandbox: Sandbox
    client: PrestaShopClient
    random: random.Random
    allowed: dict[str, set[int]] = field(default_factory=dict)
    values: dict[tuple[str, int], set[Any]] = field(default_factory=dict)
    token_of: dict[int, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    calls: int = 0
    tokens: Any = field(default_factory=lambda: itertools.count(1))

    def step(self) -> None:
        self.calls += 1
        doing = self.random.choice(
            [self.create_products] * 4
            + [self.patch_prices] * 4
            + [
                self.patch_stock,
                self.patch_names,
                self.delete_products,
                self.create_categories,
                self.create_one,
                self.patch_one,
            ]
        )
        doing()

    def create_products(self) -> None:
        documents = [self._product() for _ in range(self.random.randint(1, 12))]
        self._judge_creates(documents, self.client.create_many("products", documents, batch=5))

    def create_one(self) -> None:
        self._judge_creates([document := self._product()], self.client.create_many("products", [document]))

    def create_categories(self) -> None:
        parents = [2, 2, 2, 999_999]
        documents = [
            {
                "id_parent": self.random.choice(parents),
                "active": 1,
                "name": {1: (token := f"T{next(self.tokens)}x"), 2: token},
                "link_rewrite": {1: "c", 2: "c"},
            }
            for _ in range(self.random.randint(1, 4))
        ]
        verdicts = self.client.create_many("categories", documents)
        for document, verdict in zip(documents, verdicts, strict=True):
            self._count(verdict)
            self.allowed[document["name"][1]] = _how_many(verdict)

    def patch_prices(self) -> None:
        ids = self._known("products", self.random.randint(1, 12))
        documents = [{"id": id_, "price": self._price()} for id_ in ids]
        verdicts = self.client.patch_many("products", documents, batch=5)
        for document, verdict in zip(documents, verdicts, strict=True):
            self._judge_change("products", document["id"], document["price"], verdict)

    def patch_one(self) -> None:
        for id_ in self._known("products", 1):
            price = self._price()
            self._judge_change(
                "products", id_, price, self.client.patch_many("products", [{"id": id_, "price": price}])[0]
            )

    def patch_stock(self) -> None:
        ids = self._known("stock_availables", self.random.randint(1, 8))
        documents = [{"id": id_, "quantity": self.random.randint(0, 500)} for id_ in ids]
        verdicts = self.client.patch_many("stock_availables", documents, batch=4)
        for document, verdict in zip(documents, verdicts, strict=True):
            self._judge_change("stock_availables", document["id"], Decimal(document["quantity"]), verdict)

    def patch_names(self) -> None:
        """Only one language is sent: the other must never be wiped."""
        ids = self._known("products", self.random.randint(1, 4))
        for verdict in self.client.patch_many("products", [{"id": id_, "name": {2: "Nowy"}} for id_ in ids]):
            self._count(verdict)

    def delete_products(self) -> None:
        ids = [*self._known("products", self.random.randint(1, 3)), *self.random.choice([[], [], [NEVER_THERE]])]
        for id_, verdict in zip(ids, self.client.delete_many("products", ids), strict=True):
            self._count(verdict)
            if id_ != NEVER_THERE:
                self._judge_delete(id_, verdict)

    def contradictions(self) -> list[str]:
        """What the shop holds against the verdicts."""
        store = self.sandbox.store
        with store.lock:
            tokens = [str(row["supplier_reference"]) for row in store.rows("SELECT supplier_reference FROM product")]
            names = [
                str(row["name"])
                for row in store.rows("SELECT name FROM category_lang WHERE id_lang = 1 AND id_shop = 1")
            ]
            prices = {
                ("products", row["id_product"]): Decimal(str(row["price"]))
                for row in store.rows("SELECT id_product, price FROM product_shop")
            }
            stock = {
                ("stock_availables", row["id_stock_available"]): Decimal(str(row["quantity"]))
                for row in store.rows("SELECT id_stock_available, quantity FROM stock_available")
            }
            first = {
                row["id_product"]: row["name"]
                for row in store.rows("SELECT id_product, name FROM product_lang WHERE id_lang = 1")
            }
        found = [
            f"{id_}: the first language is {first[id_]!r}"
            for id_, token in self.token_of.items()
            if first.get(id_, f"Name {token}") != f"Name {token}"
        ]
        for token, allowed in self.allowed.items():
            count = tokens.count(token) + names.count(token)
            if count not in allowed and ANYTHING not in allowed:
                found.append(f"{token}: {count} in the shop, {allowed} by the verdicts")
        present = {**prices, **stock}
        for key, allowed in self.values.items():
            if ANYTHING not in allowed and present.get(key) not in allowed and key[0] == "products":
                found.append(f"{key}: {present.get(key)} in the shop, {allowed} by the verdicts")
            if key[0] == "stock_availables" and key in present and not allowed & {present[key], ANYTHING}:
                found.append(f"{key}: {present[key]} in the shop, {allowed} by the verdicts")
        return found

    def _product(self) -> dict[str, Any]:
        token = f"T{next(self.tokens)}x"
        price = self.random.choice([self._price()] * 9 + ["abc"])
        return {
            "reference": self.random.choice([f"R-{token}", f"R-{token}", "SAME", f"A[{token}]|b"]),
            "supplier_reference": token,
            "price": price,
            "state": 1,
            "name": {1: f"Name {token}", 2: f"Nazwa {token}"},
            "link_rewrite": {1: "n", 2: "n"},
        }

    def _price(self) -> Decimal:
        return Decimal(self.random.randint(1, 9_999)) / 100

    def _known(self, resource: str, count: int) -> list[int]:
        ids = [id_ for name, id_ in self.values if name == resource]
        return self.random.sample(ids, min(count, len(ids)))

    def _judge_creates(self, documents: Sequence[dict[str, Any]], verdicts: Sequence[Verdict]) -> None:
        for document, verdict in zip(documents, verdicts, strict=True):
            self._count(verdict)
            self.allowed[document["supplier_reference"]] = _how_many(verdict)
            if verdict.status != "created" or verdict.id is None:
                continue
            assert ("products", verdict.id) not in self.values, "one id for two products"
            self.values["products", verdict.id] = {document["price"]}
            self.token_of[verdict.id] = document["supplier_reference"]
            rows = (verdict.document or {}).get("associations", {}).get("stock_availables", [])
            for row in rows:
                self.values["stock_availables", int(row["id"])] = {Decimal(0)}

    def _judge_change(self, resource: str, id_: int, value: Decimal, verdict: Verdict) -> None:
        self._count(verdict)
        before = self.values[resource, id_]
        if verdict.status == "saved":
            after = {value}
        elif verdict.status == "unknown":
            after = {*before, value}
        else:
            after = before
        if isinstance(verdict.error, NotFound):
            after = {GONE}
        self.values[resource, id_] = {*after, ANYTHING} if ANYTHING in before or _late(verdict) else after

    def _judge_delete(self, id_: int, verdict: Verdict) -> None:
        before = self.values["products", id_]
        if verdict.status == "saved" or isinstance(verdict.error, NotFound):
            after = {GONE}
        else:
            after = {*before, GONE} if verdict.status == "unknown" else before
        self.values["products", id_] = after
        if GONE in after:
            self.allowed[self.token_of[id_]] = {0} if after == {GONE} else {0, 1}

    def _count(self, verdict: Verdict) -> None:
        self.statuses[verdict.status] = self.statuses.get(verdict.status, 0) + 1


def _how_many(verdict: Verdict) -> set[int]:
    return {"created": {1}, "unknown": {0, 1}}.get(verdict.status, {0})


def _late(verdict: Verdict) -> bool:
    """A write that timed out may be carried out after later ones."""
    return verdict.status == "unknown" and "time" in str(verdict.error)
