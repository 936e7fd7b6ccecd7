"""DELETE of many."""

from __future__ import annotations

import pytest

from prestashop_client.errors import LocalRefusal, NotFound

from .goods import category, product, references


@pytest.fixture
def ids(client):
    return [verdict.id for verdict in client.create_many("products", [product(f"R{n}") for n in range(5)])]


def statuses(verdicts):
    return [verdict.status for verdict in verdicts]


def test_many_are_one_request(client, sandbox, ids):
    sandbox.requests.clear()
    assert statuses(client.delete_many("products", ids)) == ["saved"] * 5
    assert sandbox.requests.total == 1
    assert references(sandbox) == []


def test_a_missing_one_does_not_keep_the_others(client, sandbox, ids):
    """One id that does not exist, and the shop deletes nothing (measured)."""
    verdicts = client.delete_many("products", [ids[0], 9999, ids[1]])
    assert statuses(verdicts) == ["saved", "refused", "saved"]
    assert isinstance(verdicts[1].error, NotFound)
    assert references(sandbox) == ["R2", "R3", "R4"]


def test_delete_of_one_raises_when_it_is_not_there(client, ids):
    client.delete("products", ids[0])
    with pytest.raises(NotFound):
        client.delete("products", ids[0])


@pytest.mark.parametrize("fault", ["lost", "reset", "502", "500", "500-saved", "504-saved"])
def test_an_uncertain_answer_is_found_out(client, sandbox, ids, fault):
    sandbox.faults.add(fault, method="DELETE", times=1)
    assert set(statuses(client.delete_many("products", ids))) <= {"saved", "failed"}
    sandbox.faults.clear()
    assert statuses(client.delete_many("products", ids))[0] in ("saved", "refused")
    assert references(sandbox) == []


def test_the_home_category_is_never_deleted(client, sandbox):
    leaf = client.create("categories", category("Mugs"))["id"]
    verdicts = client.delete_many("categories", [2, leaf])
    assert statuses(verdicts) == ["refused", "saved"]
    assert isinstance(verdicts[0].error, LocalRefusal)
    assert client.get("categories", 2)["id"] == 2


def test_what_the_shop_refuses_to_delete_is_refused(client):
    (verdict,) = client.delete_many("stock_availables", [1])
    assert not verdict.ok


def test_nothing_to_delete_is_no_request(client):
    assert client.delete_many("products", []) == []
    assert client.requests.total == 0
