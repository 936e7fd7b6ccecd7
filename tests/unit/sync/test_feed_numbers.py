"""Numbers, prices and EANs as suppliers write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.suppliers.ean import check_digit, ean
from sync.suppliers.numbers import BadValue, number, price

amounts = st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("1 234,50 zł", "1234.50", "PLN"),
        ("1\u00a0234,50\u00a0zł", "1234.50", "PLN"),
        ("1\u202f234\u202f567,8 PLN", "1234567.8", "PLN"),
        ("1.234,50", "1234.50", None),
        ("1,234.50", "1234.50", None),
        ("1'234.50 CHF", "1234.50", "CHF"),
        ("€ 12", "12", "EUR"),
        ("$1,299.00", "1299.00", "USD"),
        ("12.90 PLN", "12.90", "PLN"),
        ("12,- Kč", "12", "CZK"),
        ("0,250", "0.250", None),
        ("1234,567", "1234.567", None),
        ("1.234.567", "1234567", None),
        (",5", "0.5", None),
        ("007", "7", None),
        ("−5", "-5", None),
    ],
)
def test_prices_are_read(text: str, amount: str, currency: str | None) -> None:
    assert price(text) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        ("abc", "is not a number"),
        ("12 34", "is not a number"),
        (",", "is not a number"),
        ("1.2.3", "points or commas in places"),
        ("1,23,456", "points or commas in places"),
        ("1,5E+3", "scientific notation"),
        ("5 szt", "no currency that is known"),
        ("PLN 5 EUR", "no currency that is known"),
        ("1,234", "may be 1234 or 1.234"),
        ("12.500 PLN", "may be 12500 or 12.500"),
        ("nan", "is not a number"),
        ("٣", "is not a number"),
    ],
)
def test_what_is_no_price_or_two_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadValue, match=why):
        price(text)


def test_a_known_decimal_sign_settles_it() -> None:
    assert number("1,234", ",") == Decimal("1.234")
    assert number("1,234", ".") == 1234
    with pytest.raises(BadValue):
        number("1.23", ",")


@given(amounts, st.sampled_from([" ", "\u00a0", "\u202f", "."]), st.sampled_from(["", " zł", " PLN", "\u00a0€"]))
def test_grouped_prices_come_back_whole(amount: Decimal, group: str, currency: str) -> None:
    whole, _, fraction = f"{amount:,.2f}".partition(".")
    assert price(f"{whole.replace(',', group)},{fraction}{currency}")[0] == amount


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_a_bad_value(text: str) -> None:
    try:
        amount, _ = price(text)
    except BadValue:
        return
    assert amount.is_finite()
    assert any(letter.isdigit() for letter in text)


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_every_ean_with_its_check_digit_is_right_and_with_another_wrong(body: int) -> None:
    digits = f"{body:012d}"
    right = check_digit(digits)
    if body:
        assert ean(f"{digits}{right}") == (f"{digits}{right}", "")
    with pytest.raises(BadValue, match=f"{right} would be right"):
        ean(f"{digits}{(right + 1) % 10}")


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("5901234123457", "5901234123457"),
        ("590-1234-12345-7", "5901234123457"),
        ('="5901234123457"', "5901234123457"),
        ("'5901234123457", "5901234123457"),
        ("96385074", "96385074"),
        ("036000291452", "0036000291452"),
        ("15901234123454", "15901234123454"),
    ],
)
def test_eans_are_read(text: str, digits: str) -> None:
    assert ean(text) == (digits, "")


@pytest.mark.parametrize(
    ("text", "digits", "mended"),
    [
        ("5.901234123457E+12", "5901234123457", "all its digits were there"),
        ("5,901234123457e12", "5901234123457", "all its digits were there"),
        ("5901234123457.0", "5901234123457", "decimal number"),
        ("36000291452", "0036000291452", "leading zeros"),
        ("0000000000000", "", "zeros only"),
    ],
)
def test_what_a_spreadsheet_did_to_an_ean_is_mended_where_nothing_is_lost(text: str, digits: str, mended: str) -> None:
    found, how = ean(text)
    assert found == digits
    assert mended in how


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("5,90123E+12", "last digits are lost"),
        ("5.90123412345E+12", "last digits are lost"),
        ("5901234123450", "7 would be right"),
        ("123", "has 3 digits"),
        ("ABC", "other signs than digits"),
        ("٥٩٠١٢٣٤١٢٣٤٥٧", "other signs than digits"),
    ],
)
def test_what_is_no_ean_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadValue, match=why):
        ean(text)
