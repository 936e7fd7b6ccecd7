"""Whether what was sent stands, as far as that can be told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from prestashop_client.compare import is_entity, stands


@pytest.mark.parametrize(
    ("sent", "stored", "answer"),
    [
        ({"price": "10"}, {"price": "10.000000"}, True),
        ({"price": Decimal("12.123456789")}, {"price": "12.123457"}, True),
        ({"price": "10"}, {"price": "10.000001"}, False),
        ({"active": True}, {"active": "1"}, True),
        ({"active": False}, {"active": "1"}, False),
        ({"weight": None}, {"weight": "0.000000"}, True),
        ({"available_date": ""}, {"available_date": "0000-00-00"}, True),
        ({"reference": "007"}, {"reference": "7"}, False),
        ({"reference": "0"}, {"reference": ""}, False),
        ({"ean13": "0123"}, {"ean13": "123"}, False),
        ({"name": {1: "a", 2: "b"}}, {"name": {1: "a", 2: "b"}}, True),
        ({"name": {1: "a", 9: "no such language"}}, {"name": {1: "a", 2: "b"}}, True),
        ({"name": {1: "x"}}, {"name": {1: "a"}}, False),
        ({"description": {1: "<br>"}}, {"description": {1: "<br />"}}, None),
        ({"meta_title": {1: "x" * 200}}, {"meta_title": {1: "x" * 128}}, None),
        ({"link_rewrite": {1: "a b"}}, {"link_rewrite": {1: "a-b"}}, None),
        ({"no_such_field": "1"}, {}, None),
        ({"date_upd": "now", "id": 3}, {}, True),
        ({"name": "Mug"}, {"name": {1: "Mug"}}, None),
        ({"associations": {"categories": [{"id": 2}, {"id": 3}]}},
         {"associations": {"categories": [{"id": "3"}, {"id": "2"}]}}, True),
        ({"associations": {"categories": [{"id": 2}, {"id": 2}]}},
         {"associations": {"categories": [{"id": "2"}]}}, True),
        ({"associations": {"categories": []}}, {"associations": {"categories": [{"id": "2"}]}}, False),
        ({"associations": {"categories": []}}, {"associations": {}}, True),
        ({"associations": {"product_features": [{"id": 1, "id_feature_value": 4}]}},
         {"associations": {"product_features": [{"id": "1", "id_feature_value": "5"}]}}, False),
        ({"associations": {"images": [{"id": 1}]}}, {"associations": {"images": []}}, True),
        ({"associations": {"categories": []}}, {}, None),
    ],
)  # fmt: skip
def test_what_stands(sent, stored, answer):
    assert stands(sent, stored) is answer


def test_one_field_that_does_not_stand_is_enough():
    assert stands({"description": {1: "<b>"}, "price": 1}, {"description": {1: ""}, "price": "2"}) is False


def test_an_entity_is_known_by_its_key_and_nothing_against_it():
    sent = {"reference": "R", "price": "10", "description": {1: "<br>"}}
    assert is_entity(sent, {"reference": "R", "price": "10.0", "description": {1: "<br />"}}, ("reference",)) is True
    assert is_entity(sent, {"reference": "r", "price": "10.0"}, ("reference",)) is False
    assert is_entity(sent, {"reference": "R", "price": "99"}, ("reference",)) is None
