"""Who wins where a field changed here and in the shop, as tables."""

from typing import Any

import pytest

from sync.agreement import Decision, Remote, decide
from sync.transform.remote import mark

AGREED = {"price": "10", "name": {"1": "Mug"}, "id_category_default": "3", "associations.categories": [{"id": "3"}]}
OURS: dict[str, Any] = {"price": 12, "name": {1: "Cup"}}


def remote(newer: bool = False, **values: Any) -> Remote:
    return Remote({"price": "10", "name": {"1": "Mug"}, **values}, newer=newer)


@pytest.mark.parametrize(
    ("policy", "there", "send", "kept", "conflict"),
    [
        ("ours", remote(price="11"), OURS, {}, ()),
        ("shop", remote(), OURS, {}, ()),
        ("shop", remote(price="11"), {"name": {1: "Cup"}}, {"price": "11"}, ()),
        ("shop", remote(price="11", name={"1": "Pot"}), {}, {"price": "11", "name": {"1": "Pot"}}, ()),
        ("shop", remote(price="12"), OURS, {}, ()),  # changed there to what we say, too
        ("newest", remote(price="11"), OURS, {}, ()),
        ("newest", remote(True, price="11"), {"name": {1: "Cup"}}, {"price": "11"}, ()),
        ("ask", remote(), OURS, {}, ()),
        ("ask", remote(price="11"), {}, {}, ("price",)),
        ("ask", remote(price="11", name={"1": "Pot"}), {}, {}, ("price", "name")),
        ("ask", Remote({}), OURS, {}, ()),
    ],
)
def test_decide(
    policy: str, there: Remote, send: dict[str, Any], kept: dict[str, Any], conflict: tuple[str, ...]
) -> None:
    found = decide(policy, OURS, AGREED, {}, there)
    assert (found.send, found.kept, tuple(found.conflict)) == (send, kept, conflict)


def test_a_conflict_shows_all_three_sides() -> None:
    found = decide("ask", OURS, AGREED, {}, remote(price="11"))
    assert found.conflict == {"price": {"agreed": "10", "ours": "12", "theirs": "11"}}


def test_what_was_never_agreed_on_is_no_conflict() -> None:
    assert decide("ask", OURS, {}, {}, remote(price="11")) == Decision(OURS)


def test_a_value_that_was_looked_at_and_decided_on_is_no_conflict() -> None:
    assert decide("ask", OURS, AGREED, {"price": mark("11")}, remote(price="11")) == Decision(OURS)
    assert decide("ask", OURS, AGREED, {"price": mark("11")}, remote(price="11.5")).conflict


def test_categories_and_the_default_one_stay_together() -> None:
    document = {"price": 12, "id_category_default": 4, "associations": {"categories": [{"id": 4}], "accessories": []}}
    there = Remote({"price": "10", "id_category_default": "5", "associations.categories": [{"id": "3"}]})
    found = decide("shop", document, AGREED, {}, there)
    assert found.send == {"price": 12, "associations": {"accessories": []}}
    assert set(found.kept) == {"id_category_default", "associations.categories"}
