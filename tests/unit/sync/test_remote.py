"""What a shop shows against what we say, as tables."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from sync.transform import remote
from sync.transform.remote import canonical, changed_there, display_of, mark, moment, picked, same, sendable

OURS: dict[str, Any] = {
    "price": Decimal("10.500000"), "active": True, "reference": "007", "ean13": "", "id_manufacturer": 0,
    "name": {1: "Mug", 2: "Kubek"}, "associations": {"categories": [{"id": 11}, {"id": 3}]},
}  # fmt: skip
THEIRS: dict[str, Any] = {
    "id": 9, "price": "10.500000", "active": "1", "reference": "007", "ean13": "", "id_manufacturer": "0",
    "name": {1: "Mug", 2: "Kubek", 3: "Becher"}, "associations": {"categories": [{"id": "3"}, {"id": "11"}]},
    "date_upd": "2026-11-21 23:51:12",
}  # fmt: skip


def test_ours_and_theirs_take_the_same_form() -> None:
    theirs = picked(THEIRS, OURS)
    theirs["name"].pop("3")
    assert theirs == canonical(OURS) == {
        "price": "10.5", "active": "1", "reference": "007", "ean13": "", "id_manufacturer": "0",
        "name": {"1": "Mug", "2": "Kubek"}, "associations.categories": [{"id": "11"}, {"id": "3"}],
    }  # fmt: skip


def test_the_canonical_form_can_be_sent_again() -> None:
    assert canonical(sendable(canonical(OURS))) == canonical(OURS)
    assert sendable({"name": {"1": "Mug"}, "associations.categories": [{"id": "3"}]}) == {
        "name": {1: "Mug"},
        "associations": {"categories": [{"id": "3"}]},
    }


def test_just_the_fields_of_a_document_are_asked_for() -> None:
    assert display_of({"id": 9, **OURS})[-2:] == ("name", "categories[id]")
    assert display_of({"associations": {"product_features": []}}) == ("product_features[id,id_feature_value]",)


@pytest.mark.parametrize(
    ("name", "ours", "theirs", "verdict"),
    [
        ("price", "10.5", "10.5", True),
        ("price", "10.123456789", "10.123457", True),
        ("price", "10.5", "11", False),
        ("weight", "", "0", True),
        ("reference", "007", "7", False),
        ("name", {"1": "Mug"}, {"1": "Mug", "2": "Kubek"}, True),
        ("name", {"1": "Mug"}, {"1": "Cup"}, False),
        ("description", {"1": "<p>Red<br>mug"}, {"1": "<p>Red<br />mug</p>"}, None),
        ("description", {"1": "a & b < 5"}, {"1": "a &amp; b &lt; 5"}, None),
        ("description", {"1": "<p>Red</p>"}, {"1": "<p>Blue</p>"}, False),
        ("description", {"1": "x<style>p{}</style><!-- y -->"}, {"1": "x"}, None),
        ("description", {"1": '<img src="/a.png">'}, {"1": '<img src="/b.png" />'}, False),
        ("description", {"1": '<img src="data:image/png;base64,AA">x'}, {"1": "x"}, None),
        ("meta_title", {"1": "t" * 200}, {"1": "t" * 128}, None),
        ("associations.categories", [{"id": "3"}, {"id": "4"}], [{"id": "4"}, {"id": "3"}], True),
        ("associations.categories", [{"id": "3"}], [{"id": "4"}], False),
    ],
)
def test_same(name: str, ours: Any, theirs: Any, verdict: bool | None) -> None:
    assert same(name, ours, theirs) is verdict


CLEANED = ({"1": "<p style='position:fixed'>x</p>"}, {"1": "<p>x and more</p>"})


@pytest.mark.parametrize(
    ("name", "agreed", "theirs", "known", "changed"),
    [
        ("price", "10.5", "11", {}, True),
        ("price", "10.5", "11", {"untouched": True}, True),  # in the very second of our write
        ("price", "10.5", "11", {"seen": mark("11")}, False),
        ("description", *CLEANED, {}, True),
        ("description", *CLEANED, {"untouched": True}, False),
        ("description", *CLEANED, {"seen": mark(CLEANED[1])}, False),
        ("description", {"1": "<p>x"}, {"1": "<p>x</p>"}, {}, False),
    ],
)
def test_changed_there(name: str, agreed: Any, theirs: Any, known: dict[str, Any], changed: bool) -> None:
    assert changed_there(name, agreed, theirs, **known) is changed


@pytest.mark.parametrize(
    ("text", "zone", "found"),
    [
        ("2026-07-01 12:00:00", "Europe/Warsaw", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("2026-01-01 12:00:00", "Europe/Warsaw", datetime(2026, 1, 1, 11, tzinfo=UTC)),
        ("2026-01-01 12:00:00", "Nowhere/Town", datetime(2026, 1, 1, 12, tzinfo=UTC)),
        ("0000-00-00 00:00:00", "UTC", None),
        ("", "UTC", None),
    ],
)
def test_the_shops_clock(text: str, zone: str, found: datetime | None) -> None:
    assert moment(text, zone) == found


def test_a_packed_document_is_the_same_again() -> None:
    assert remote.unpack(remote.pack(canonical(OURS))) == canonical(OURS)
