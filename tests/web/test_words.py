"""Numbers, times, durations, search terms."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from admin import i18n, terms
from admin.formats import ago, money, plain


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.42, "0.4 s"),
        (1, "1 s"),
        (35.4, "35 s"),
        (60, "1 min"),
        (72, "1 min 12 s"),
        (3600, "1 h 0 min"),
        (7510, "2 h 5 min"),
    ],
)
def test_durations(app: Flask, seconds: float, text: str) -> None:
    with app.test_request_context():
        assert i18n.duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1 s"), (12.4, "12 s"), (1015, "17 min"), (3580, "59 min 40 s"), (9000, "2 h 30 min")]
)
def test_rough_durations(app: Flask, seconds: float, text: str) -> None:
    with app.test_request_context():
        assert i18n.rough_duration(seconds) == text


def test_numbers_are_written_the_readers_way(app: Flask) -> None:
    with app.test_request_context():
        assert i18n.number(1234567) == "1,234,567"
        assert i18n.percent(99.84) == "99.8 %"
        assert i18n.ngettext("%(num)s product", "%(num)s products", 1) == "1 product"
        assert i18n.ngettext("%(num)s product", "%(num)s products", 1200) == "1,200 products"
        assert money(Decimal("1234.5")) == "1,234.50"
        assert money(Decimal("0.123456")) == "0.123456"
        assert plain(Decimal("1234.500000")) == "1234.5"
        assert plain(Decimal("10.000000")) == "10"
        assert plain(Decimal(100)) == "100"
        assert plain(Decimal("9.9"), 2) == "9.90"
        assert plain(Decimal("9.123"), 2) == "9.123"


def test_times_are_relative_with_the_exact_one_on_hover(app: Flask) -> None:
    with app.test_request_context():
        present = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
        assert i18n.relative_time(present - timedelta(seconds=35), present) == "35 seconds ago"
        assert i18n.relative_time(present + timedelta(minutes=2), present) == "in 2 minutes"
        assert i18n.relative_time(present, present) == "just now"
        html = str(ago(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)))
        assert "datetime='2026-01-02T03:04:05+00:00'" in html
        assert "Jan 2, 2026, 3:04:05" in html
        assert "UTC" in html


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("mug", "mug", {}),
        ("mug shop:cyan state:error", "mug", {"shop": "cyan", "state": "error"}),
        ('shop:"Cyan Store" blue mug', "blue mug", {"shop": "Cyan Store"}),
        ("http://x color:red", "http://x color:red", {}),
        ('"not valid"', "not valid", {}),
        ("", "", {}),
    ],
)
def test_search_terms(text: str, words: str, found: dict[str, str]) -> None:
    assert terms.parse(text, ("shop", "state")) == (words, found)
