"""Filters that the shop reads as they are meant, or that are not sent."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from urllib.parse import parse_qsl, quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prestashop_client.errors import LocalRefusal
from prestashop_client.query import (
    begins,
    between,
    by_length,
    contains,
    display_text,
    encode,
    ends,
    filter_text,
    greater,
    less,
    list_params,
    not_in,
)

VALUES = st.text(st.characters(codec="utf-8"), max_size=30)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("FA", "FA"),
        ("A|B", "A|B"),
        ("CF%E,2", "CF%E,2"),
        ("", "[]"),
        (7, "7"),
        (True, "1"),
        (Decimal("1.50"), "1.50"),
        (["A", "B"], "[A|B]"),
        (["1,2"], "1,2"),
        ([""], "[]"),
        ((1, 2, 3), "[1|2|3]"),
        (greater(50), ">[50]"),
        (less(3), "<[3]"),
        (between(1, 5), "[1,5]"),
        (not_in("FA", "FB"), "![FA|FB]"),
        (begins("F"), "[F]%"),
        (ends("B"), "%[B]"),
        (contains("B"), "%[B]%"),
        (datetime(2026, 11, 21, 8, 5), "2026-11-21 08:05:00"),
    ],
)
def test_a_filter_is_written_in_the_web_services_notation(value, text):
    assert filter_text("reference", value) == text


@pytest.mark.parametrize("value", ["A[1]", "]", ["ok", "A["], ["A|B", "C"], [], 1.5, None])
def test_what_the_shop_would_misread_is_refused(value):
    with pytest.raises(LocalRefusal) as refusal:
        filter_text("reference", value)
    assert refusal.value.remedy


@given(VALUES | st.lists(VALUES, min_size=1, max_size=4))
def test_no_filter_ever_holds_a_bracket_of_its_value(value):
    """A bracket in a value drops the filter, and everything comes back."""
    try:
        text = filter_text("reference", value)
    except LocalRefusal:
        return
    inner = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    assert "[" not in inner
    assert "]" not in inner


def test_lists_are_sorted_by_id_unless_told():
    assert list_params() == [("sort", "[id_ASC]")]
    assert list_params(sort=None) == []


def test_dates_bring_their_switch():
    assert ("date", "1") in list_params({"date_upd": greater(datetime(2026, 1, 1))})
    assert ("date", "1") not in list_params({"reference": "A"})
    assert ("date", "1") in list_params(with_dates=True)


@pytest.mark.parametrize(("limit", "offset", "text"), [(3, 0, "3"), (3, 6, "6,3")])
def test_limits(limit, offset, text):
    assert ("limit", text) in list_params(limit=limit, offset=offset)


@pytest.mark.parametrize(("limit", "offset"), [(0, 0), (-1, 0), (5, -1)])
def test_a_limit_that_would_list_nothing_is_refused(limit, offset):
    with pytest.raises(LocalRefusal):
        list_params(limit=limit, offset=offset)


def test_display_always_has_its_brackets():
    assert display_text("full") == "full"
    assert display_text("id") == "[id]"
    assert display_text(("id", "reference")) == "[id,reference]"


@given(st.dictionaries(VALUES.filter(bool), VALUES, max_size=5))
def test_the_query_string_carries_every_value_unchanged(params):
    assert dict(parse_qsl(encode(params.items()), keep_blank_values=True)) == params


@given(st.lists(VALUES, max_size=60), st.integers(100, 400))
def test_lists_cut_by_length_keep_all_values_and_stay_below_it(values, room):
    chunks = list(by_length(values, room))
    assert [value for chunk in chunks for value in chunk] == values
    for chunk in chunks:
        assert len(quote("|".join(chunk), safe="[],:")) <= room or len(chunk) == 1


def test_three_hundred_references_of_twenty_characters_fit_one_address():
    references = [f"REFERENCE-{number:010d}" for number in range(1000)]
    assert len(list(by_length(references, 7_400))) == 4
