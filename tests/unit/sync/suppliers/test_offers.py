"""Which supplier's offer counts."""

from decimal import Decimal
from typing import Any

import pytest

from sync.suppliers.offers import SupplierOffer, choose


def offer(supplier: int, **values: Any) -> SupplierOffer:
    return SupplierOffer(supplier, **{"position": supplier, "stock_quantity": 50, **values})


A = offer(1, stock_quantity=30, delivery_days=5, purchase_price=Decimal(9), currency="PLN")
B = offer(2, stock_quantity=90, delivery_days=2, purchase_price=Decimal(8), currency="PLN")
C = offer(3, stock_quantity=40, delivery_days=1, purchase_price=Decimal(1), currency="EUR")
OUT = offer(4, stock_quantity=0, delivery_days=0, purchase_price=Decimal(1), currency="PLN")
SILENT = offer(5, stock_quantity=None, is_available=True)


@pytest.mark.parametrize(
    ("offers", "rule", "supplier_ids", "expected"),
    [
        ((C, B, A), "first", (), 1),
        ((C, B, A), "first", (3, 1), 3),
        ((C, B, A), "cheapest", (), 2),
        ((C, B, A), "cheapest", (3, 2, 1), 3),
        ((C, B, A), "fastest", (), 3),
        ((C, B, A), "fastest", (1, 2), 2),
        ((C, B, A), "stock", (), 2),
        ((OUT, A), "cheapest", (), 1),
        ((OUT, A), "first", (4, 1), 1),
        ((OUT,), "cheapest", (), 4),
        ((SILENT, A), "cheapest", (5, 1), 1),
        ((SILENT, A), "first", (5, 1), 5),
        ((A, B), "first", (9,), None),
        ((), "first", (), None),
    ],
)
def test_the_rule_chooses_among_those_that_can_be_ordered(
    offers: tuple[SupplierOffer, ...], rule: str, supplier_ids: tuple[int, ...], expected: int | None
) -> None:
    chosen = choose(offers, rule, 20, supplier_ids)
    assert (chosen.supplier_id if chosen else None) == expected


def test_equals_are_decided_by_rank() -> None:
    twin = offer(7, position=0, stock_quantity=90)
    chosen = choose((B, twin), "stock")
    assert chosen is not None
    assert chosen.supplier_id == 7


def test_a_rule_that_is_none() -> None:
    with pytest.raises(ValueError, match="cheapest"):
        choose((A,), "dearest")
