"""One entity, lists, iteration by id, counts, many by id."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from prestashop_client.errors import BadAnswer, LocalRefusal, NotFound, RequestRefused
from prestashop_client.paging import shop_time
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


def test_pages_follow_the_time_that_the_shop_takes(connect):
    """Each page shows when the next one was asked for, by its limit."""
    seconds = iter([0.1, 0.1, 3.0, 3.0, 0.5])
    limits = []

    def answer(asked):
        limits.append(int(asked.params["limit"]))
        after = int(asked.params["filter[id]"].strip(">[]"))
        rows = "".join(f"<product><id>{after + n}</id></product>" for n in range(1, limits[-1] + 1))
        says = xml(f"<products>{rows if len(limits) < 6 else ''}</products>")
        says.headers["Execution-Time"] = str(next(seconds, 0.5))
        return says

    with scripted(answer) as shop:
        found = [entity["id"] for entity in connect(shop.address).iterate("products", display="full", page=50)]
    assert limits == [50, 100, 200, 100, 50, 50]
    assert found == list(range(1, len(found) + 1))


def test_what_changed_since(client, sandbox, ids):
    with sandbox.store.lock:
        sandbox.store.rows("UPDATE product_shop SET date_upd = '2020-01-01 00:00:00' WHERE id_product <= ?", (ids[4],))
        sandbox.store.rows("UPDATE product SET date_upd = '2020-01-01 00:00:00' WHERE id_product <= ?", (ids[4],))
    found = client.iterate("products", since=datetime(2021, 1, 1), display=("reference",))
    assert [entity["reference"] for entity in found] == ["R5", "R6"]
    assert list(client.iterate("products", since=datetime(2100, 1, 1))) == []


def test_a_moment_with_a_zone_is_put_on_the_shops_clock(client):
    with pytest.raises(LocalRefusal, match="time zone"):
        client.iterate("products", since=datetime(2026, 7, 1, tzinfo=UTC))
    assert shop_time(datetime(2026, 7, 1, 10, tzinfo=UTC), "Europe/Warsaw") == datetime(2026, 7, 1, 12)


def test_a_date_filter_that_was_ignored_is_noticed(connect):
    old = xml("<products><product><id>1</id><date_upd>2001-01-01 00:00:00</date_upd></product></products>")
    with scripted(lambda asked: old) as shop, pytest.raises(BadAnswer, match="ignored"):
        list(connect(shop.address).iterate("products", since=datetime(2026, 1, 1)))


def test_what_did_not_change_is_not_sent_again(client, ids):
    document, sha1 = client.get_if_changed("products", ids[0], "")
    assert document["reference"] == "R0"
    assert client.get_if_changed("products", ids[0], sha1) == (None, sha1)
    client.patch("products", ids[0], {"price": "11"})
    document, newer = client.get_if_changed("products", ids[0], sha1)
    assert (document["price"], newer != sha1) == ("11.000000", True)


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


def test_get_many_takes_references_too(client, sandbox, ids):
    reference = client.get("products", ids[1])["reference"]
    found = client.get_many("products", [ids[0]], references=[reference, "none-such"], display=("id", "reference"))
    assert set(found) == {ids[0], ids[1]}
    assert found[ids[1]]["reference"] == reference


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


def test_a_list_too_long_for_one_address_is_asked_in_parts(client, sandbox, ids):
    sandbox.requests.clear()
    asked = [*range(100_000, 102_000), *ids]
    assert client.list("products", filters={"id": asked}) == [{"id": id_} for id_ in ids]
    assert 2 <= sandbox.requests.total <= 4
    assert all(entry.status == 200 for entry in sandbox.requests)


def test_exists(client, ids):
    assert client.exists("products", ids[0])
    assert not client.exists("products", 4711)
    assert client.requests.by_method["HEAD"] == 2
