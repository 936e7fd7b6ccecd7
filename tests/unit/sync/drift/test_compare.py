"""What differs, what does not, and what a check says of itself."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sync.drift.compare import baseline, combination_differences, differences, fits
from sync.drift.findings import Finding
from sync.drift.state import State
from sync.drift.words import duration, message
from sync.fingerprint import field_marks
from sync.transform.remote import canonical, mark

AGREED = canonical(
    {
        "price": Decimal("12.90"), "active": True, "reference": "A", "id_manufacturer": 0,
        "description": {1: "<p>a<br>b &nbsp;c</p>"}, "meta_title": {1: "M" * 200},
        "associations": {"categories": [{"id": 5}, {"id": 3}]},
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ({"price": "12.900000", "active": "1", "reference": "A", "id_manufacturer": "0"}, []),
        ({"price": "12.910000"}, ["price"]),
        ({"active": "0"}, ["active"]),
        ({"reference": "a"}, ["reference"]),
        ({"wholesale_price": "9"}, []),
        ({"description": {1: "<p>a<br />b \u00a0c</p>"}}, []),
        ({"description": {1: "<p>a<br />b \u00a0d</p>"}}, ["description"]),
        ({"meta_title": {1: "M" * 128}}, []),
        ({"associations": {"categories": [{"id": "3"}, {"id": "5"}]}}, []),
        ({"associations": {"categories": [{"id": "3"}]}}, ["associations.categories"]),
    ],
)
def test_differences(shown: dict[str, Any], found: list[str]) -> None:
    assert list(differences(AGREED, canonical(shown), {}, (), untouched=False)) == found


def test_what_is_locked_or_was_seen_does_not_differ() -> None:
    shown = canonical({"price": "1", "reference": ""})
    assert list(differences(AGREED, shown, {"reference": mark("")}, {"price"}, untouched=False)) == []
    assert differences(AGREED, shown, {}, {"price"}, untouched=False) == {"reference": {"sent": "A", "shop": ""}}


def test_a_baseline_holds_what_the_shop_made_of_our_texts() -> None:
    shown = canonical({"price": "12.9", "description": {1: "<p>a<br />b \u00a0c</p>"}})
    assert set(baseline(AGREED, shown)) == {"description"}


def test_a_combination_by_its_marks() -> None:
    sent = field_marks(
        {"reference": "A-L", "price": Decimal("2.500000"), "weight": Decimal(0), "minimal_quantity": 1, "default_on": 0}
    )
    shown = {
        "reference": "A-L", "price": "2.500000", "weight": "0.000000", "minimal_quantity": "1", "default_on": "",
        "ean13": "123",
    }  # fmt: skip
    assert combination_differences(sent, shown) == {}
    assert combination_differences(sent, {**shown, "price": "3"}) == {"price": "3"}
    assert combination_differences(sent, {**shown, "default_on": "1"}) == {"default_on": "1"}


def test_a_change_that_is_our_own_write() -> None:
    written = datetime(2026, 7, 1, tzinfo=UTC)
    assert fits(written + timedelta(seconds=20), written)
    assert not fits(written + timedelta(hours=1), written)
    assert not fits(None, written)


def test_a_cycle_goes_on_from_check_to_check() -> None:
    first = State.of({}, None, "2026-07-01T00:00:00+00:00")
    first.count("products", 2000)
    first.spend(4, 10.0)
    first.move(2000)
    text = "20 % of the products; a full cycle will take about 5 checks and 50 s"
    assert message(first, 10_000).endswith(text)
    second = State.of({}, first.as_dict(), "later")
    assert (second.stage, second.last, second.requests, second.cycle["nights"]) == ("products", 2000, 0, 2)
    assert State.of({"state": first.as_dict()}, None, "later") == first
    for _ in range(3):
        assert not second.complete
        second.move(None)
    assert second.complete
    second.spend(3, 5.0)
    assert "a full cycle took 2 checks, 7 requests and 15 s" in message(second, 10_000)


def test_a_finding_in_one_line() -> None:
    fields: dict[str, Any] = {
        "name": {"sent": {"1": "Mug", "2": "Kubek"}, "shop": {"1": "X" * 200}},
        "ean13": {"sent": "1", "shop": None},
    }
    text = Finding("differs", 1, fields=fields).text()
    assert text.startswith("name: sent Mug, Kubek, shop XXX")
    assert text.endswith("…; ean13: sent 1, shop nothing")


@pytest.mark.parametrize(("seconds", "text"), [(3, "3 s"), (600, "10 min"), (9000, "2.5 h")])
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text
