"""A shop's prices of ours, as tables."""

from decimal import Decimal

import pytest

from sync.transform.prices import PriceRule, Rounding


@pytest.mark.parametrize(
    ("rounding", "price", "found"),
    [
        ("", "12.345678", "12.345678"),
        ("0.01", "12.345", "12.35"),
        ("0.05", "12.37", "12.35"),
        ("0.05", "12.375", "12.40"),
        ("1", "12.50", "13"),
        ("1", "0.20", "1"),
        ("10", "1204", "1200"),
        (".99", "12.10", "11.99"),
        (".99", "12.60", "12.99"),
        (".99", "12.49", "12.99"),
        (".99", "0.10", "0.99"),
        (".50", "7", "7.50"),
        (".00", "0.2", "1"),
        (".00", "6.7", "7"),
        (".99", "0", "0"),
        ("1", "0", "0"),
    ],
)
def test_rounding(rounding: str, price: str, found: str) -> None:
    assert PriceRule(Decimal(1), rounding).price(Decimal(price), Decimal(23)) == Decimal(found)


@pytest.mark.parametrize(
    ("rounding", "price", "gross"), [("gross .99", "10", "11.99"), ("gross 0.05", "10.01", "12.30")]
)
def test_rounding_with_tax_gives_that_price_in_the_shop(rounding: str, price: str, gross: str) -> None:
    net = PriceRule(Decimal(1), rounding).price(Decimal(price), Decimal(23))
    assert (net * Decimal("1.23")).quantize(Decimal("0.01")) == Decimal(gross)


@pytest.mark.parametrize(
    ("factor", "price", "found"), [("1.2", "10", "12"), ("0.333333", "1", "0.333333"), ("4.3", "0", "0")]
)
def test_a_factor(factor: str, price: str, found: str) -> None:
    assert PriceRule(Decimal(factor)).price(Decimal(price), Decimal(0)) == Decimal(found)


@pytest.mark.parametrize("text", ["nine", "-1", "0", "gross", "gross ", "NaN", "Infinity", "1,5", ".x"])
def test_what_is_no_rounding_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="is no rounding"):
        Rounding.of(text)


@pytest.mark.parametrize(
    ("rule", "price", "impact", "found"),
    [
        (PriceRule(), "20", "2.5", "2.5"),
        (PriceRule(Decimal(2)), "20", "-3", "-6"),
        (PriceRule(Decimal(1), ".99"), "20", "5", "5"),
        (PriceRule(Decimal(1), "1"), "20.4", "0.2", "1"),
        (PriceRule(Decimal(1), ".99"), "20", "0", "0"),
    ],
)
def test_what_a_combination_adds_makes_the_sum_round(rule: PriceRule, price: str, impact: str, found: str) -> None:
    assert rule.impact(Decimal(price), Decimal(impact), Decimal(23)) == Decimal(found)


def test_beside_a_price_of_the_shops_own_only_the_factor_counts() -> None:
    assert PriceRule(Decimal("1.1"), ".99").impact(Decimal(20), Decimal(5), Decimal(23), as_is=True) == Decimal("5.5")
