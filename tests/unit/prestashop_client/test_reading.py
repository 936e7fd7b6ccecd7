"""One entity, lists, iteration by id, counts, many by id."""

from __future__ import annotations

import pytest

from prestashop_client.errors import BadAnswer, LocalRefusal, NotFound, RequestRefused
from prestashop_client.query import contains, greater

from .goods import product
from .scripted import scripted, xml


@pytest.fixture
def ids(client):
    return [verdict.id for verdict in client.create_many("products", [product(f"R{n}") for n in range(7)])]


def test_get_gives_the_whole_entity_or_the_fields_asked_for(client, ids):
    assert client.get("products", ids[0])["associations"]["categories"] == []
    assert client.get("products", ids[0], display=("id", "reference")) == {"id": ids[0], "reference": "R0"}


def test_get_of_a_missing_one(client):
    with pytest.raises(NotFound) as caught:
        client.get("products", 4711)
    assert (caught.value.resource, caught.value.ids, caught.value.status) == ("products", (4711,), 404)
    with pytest.raises(NotFound):
        client.get("products", 4711, display=("id",))


def test_a_list_is_ids_only_unless_fields_are_asked_for(client, ids):
    assert client.list("products", limit=2) == [{"id": ids[0]}, {"id": ids[1]}]
    assert client.list("products", limit=2, offset=2) == [{"id": ids[2]}, {"id": ids[3]}]
    assert client.list("products", filters={"reference": "none"}) == []
    assert client.list("products", filters={"id": greater(ids[5])}, display=("reference",)) == [{"reference": "R6"}]


def test_an_unknown_filter_is_an_error(client):
    with pytest.raises(RequestRefused, match="This filter does not exist") as caught:
        client.list("products", filters={"colour": "red"})
    assert 32 in caught.value.codes


def test_iterate_goes_page_by_page_by_id(client, sandbox, ids):
    sandbox.requests.clear()
    assert [entity["id"] for entity in client.iterate("products", page=3)] == ids
    assert sandbox.requests.total == 3


def test_iterate_takes_filters_and_a_start(client, ids):
    found = client.iterate("products", filters={"reference": contains("R")}, display=("reference",), after=ids[4])
    assert [entity["reference"] for entity in found] == ["R5", "R6"]


def test_what_is_deleted_or_added_meanwhile_neither_repeats_nor_skips(client, ids):
    seen = []
    for entity in client.iterate("products", page=2):
        seen.append(entity["id"])
        if len(seen) == 2:
            client.delete("products", ids[0])
    assert seen == ids


def test_iterate_pages_by_id_itself(client):
    with pytest.raises(LocalRefusal):
        next(client.iterate("products", filters={"id": 3}))


def test_a_list_that_does_not_go_on_is_not_followed_for_ever(connect):
    page = xml("<products><product id='1'/><product id='2'/></products>")
    with scripted(lambda asked: page) as shop, pytest.raises(BadAnswer, match="filter was ignored"):
        list(connect(shop.address).iterate("products", page=2))


def test_count(client, ids):
    assert client.count("products") == 7
    assert client.count("products", filters={"reference": ["R1", "R2", "none"]}) == 2
    assert client.count("products", filters={"id": ids[:3]}) == 3


def test_get_many_gives_those_that_exist(client, sandbox, ids):
    sandbox.requests.clear()
    found = client.get_many("products", [ids[2], 4711, ids[0]])
    assert sorted(found) == [ids[0], ids[2]]
    assert found[ids[2]]["name"] == {1: "Mug R2", 2: "Kubek R2"}
    assert sandbox.requests.total == 1
    assert client.get_many("products", []) == {}


def test_get_many_notices_a_list_of_strangers(connect):
    strangers = xml("<products><product id='8'/></products>")
    with scripted(lambda asked: strangers) as shop, pytest.raises(BadAnswer, match="filter was ignored"):
        connect(shop.address).get_many("products", [1, 2])


def test_a_read_is_repeated_a_little(client, sandbox, ids, sleeps):
    sandbox.faults.add("502", method="GET", times=2)
    assert client.get("products", ids[0])["id"] == ids[0]
    assert len(sleeps) == 2


@pytest.mark.parametrize("name", ["Products", "products/1", "", "products?x"])
def test_a_resource_has_a_plain_name(client, name):
    with pytest.raises(LocalRefusal):
        client.create(name, {})
