"""PATCH and PUT of many: idempotent, read back where the answer proves nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from prestashop_client.errors import LocalRefusal, NotFound, UncertainWrite

from .goods import category, product


@pytest.fixture
def ids(client):
    return [verdict.id for verdict in client.create_many("products", [product(f"R{n}") for n in range(10)])]


def prices(client, ids):
    found = client.get_many("products", ids, display=("id", "price"))
    return [Decimal(found[id_]["price"]) if id_ in found else None for id_ in ids]


def changed(before, after):
    """Names of the fields that differ; NULL comes back as 0 once it was written back."""
    return {name for name in after if after[name] != before[name] and (before[name], after[name]) != ("", "0")}


def statuses(verdicts):
    return [verdict.status for verdict in verdicts]


def test_many_prices_are_one_request(client, sandbox, ids):
    sandbox.requests.clear()
    verdicts = client.patch_many("products", [{"id": id_, "price": Decimal("12.5")} for id_ in ids])
    assert statuses(verdicts) == ["saved"] * 10
    assert sandbox.requests.total == 1
    assert prices(client, ids) == [Decimal("12.5")] * 10


def test_only_what_is_sent_changes(client, ids):
    before = client.get("products", ids[0])
    client.patch("products", ids[0], {"weight": Decimal("1.5")})
    after = client.get("products", ids[0])
    assert {"weight"} <= changed(before, after) <= {"weight", "date_upd"}


def test_a_bad_one_fails_alone(client, ids):
    documents = [{"id": id_, "price": "abc" if id_ == ids[4] else "12"} for id_ in ids]
    verdicts = client.patch_many("products", documents)
    assert statuses(verdicts) == ["saved"] * 4 + ["refused"] + ["saved"] * 5
    assert prices(client, ids) == [Decimal(10) if id_ == ids[4] else Decimal(12) for id_ in ids]


def test_a_missing_one_fails_alone(client, ids):
    verdicts = client.patch_many("products", [{"id": id_, "price": "12"} for id_ in (ids[0], 9999, ids[1])])
    assert statuses(verdicts) == ["saved", "refused", "saved"]
    assert isinstance(verdicts[1].error, NotFound)


def test_one_id_twice_is_written_in_order(client, sandbox, ids):
    sandbox.requests.clear()
    verdicts = client.patch_many("products", [{"id": ids[0], "price": price} for price in ("1", "2", "3")])
    assert statuses(verdicts) == ["saved"] * 3
    assert [entry.status for entry in sandbox.requests] == [200] * 3  # none was refused with code 89
    assert prices(client, ids[:1]) == [Decimal(3)]


@pytest.mark.parametrize(
    "fault", ["500-saved", "lost", "truncated", "html-saved", "504-saved", "reset", "502", "500", "deadlock", "504"]
)
def test_an_answer_that_proves_nothing_is_found_out(client, sandbox, ids, fault):
    sandbox.faults.add(fault, method="PATCH", times=1)
    verdicts = client.patch_many("products", [{"id": id_, "price": "12"} for id_ in ids])
    assert statuses(verdicts) == ["saved"] * 10
    assert prices(client, ids) == [Decimal(12)] * 10


def test_what_stands_is_not_sent_again(client, sandbox, ids):
    sandbox.faults.add("lost", method="PATCH", times=1)
    client.patch_many("products", [{"id": id_, "price": "12"} for id_ in ids])
    assert len(sandbox.requests.of("PATCH", "products")) == 1


def test_a_shop_that_is_down_fails_them_all_soon(client, sandbox, ids):
    sandbox.faults.add("502", method="PATCH")
    verdicts = client.patch_many("products", [{"id": id_, "price": "12"} for id_ in ids])
    assert statuses(verdicts) == ["failed"] * 10
    assert prices(client, ids) == [Decimal(10)] * 10
    assert len(sandbox.requests.of("PATCH", "products")) <= 4


def test_no_answer_and_no_look_is_unknown(client, sandbox, ids):
    sandbox.faults.add("lost", method="PATCH")
    sandbox.faults.add("502", method="GET")
    verdicts = client.patch_many("products", [{"id": id_, "price": "12"} for id_ in ids[:2]])
    assert statuses(verdicts) == ["unknown"] * 2
    assert isinstance(verdicts[0].error, UncertainWrite)


def test_stock_rows_are_patched_in_one_request(client, sandbox, ids):
    rows = [row["id"] for row in client.list("stock_availables", filters={"id_product": ids})]
    sandbox.requests.clear()
    verdicts = client.patch_many("stock_availables", [{"id": id_, "quantity": 7, "out_of_stock": 1} for id_ in rows])
    assert statuses(verdicts) == ["saved"] * 10
    assert sandbox.requests.total == 1
    stored = client.get("stock_availables", rows[0])
    assert (stored["quantity"], stored["out_of_stock"], stored["id_shop"]) == ("7", "1", "1")


def test_a_language_that_is_left_out_is_not_wiped(client, sandbox, ids):
    sandbox.requests.clear()
    client.patch_many("products", [{"id": id_, "name": {2: "Nowy"}} for id_ in ids])
    assert client.get("products", ids[3])["name"] == {1: "Mug R3", 2: "Nowy"}
    assert sandbox.requests.total == 4  # the languages, the texts, the PATCH; and our own GET


def test_all_languages_given_cost_no_extra_read(client, sandbox, ids):
    client.patch("products", ids[0], {"name": {2: "x"}})
    sandbox.requests.clear()
    client.patch("products", ids[0], {"name": {1: "One", 2: "Dwa"}})
    assert sandbox.requests.total == 1


@pytest.mark.parametrize("missing", [{}, {"id": 0}, {"id": "7"}, {"id": True}])
def test_a_change_without_an_id_is_refused_locally(client, missing):
    (verdict,) = client.patch_many("products", [{"price": "1", **missing}])
    assert verdict.status == "refused"
    assert isinstance(verdict.error, LocalRefusal)
    assert verdict.error.field == "id"


def test_associations_are_replaced_and_the_rest_left_alone(client, ids):
    client.patch("products", ids[0], {"associations": {"categories": [{"id": 2}]}})
    client.patch("products", ids[0], {"price": "3"})
    assert client.get("products", ids[0])["associations"]["categories"] == [{"id": "2"}]
    client.patch("products", ids[0], {"associations": {"categories": []}})
    assert client.get("products", ids[0])["associations"]["categories"] == []


def test_put_wipes_what_is_left_out(client, ids):
    """Why nothing here uses PUT where there is PATCH."""
    client.update("products", ids[0], {"price": "1", "name": {1: "a", 2: "b"}})
    stored = client.get("products", ids[0])
    assert (stored["reference"], stored["active"], stored["state"]) == ("", "0", "0")


def test_a_document_that_was_read_can_be_put_back(client, ids):
    before = client.get("products", ids[0])
    client.update("products", ids[0], {k: v for k, v in before.items() if k != "associations"})
    after = client.get("products", ids[0])
    assert changed(before, after) <= {"date_upd"}


class TestWithoutPatch:
    """PrestaShop 1.7: read, merge, PUT."""

    @pytest.fixture
    def sandbox(self):
        from prestashop_client.sandbox import Sandbox

        with Sandbox.running(version="1.7") as shop:
            yield shop

    def test_only_what_is_sent_changes(self, client, ids):
        before = client.get("products", ids[0])
        client.patch("products", ids[0], {"price": "12.5", "name": {2: "Nowy"}})
        after = client.get("products", ids[0])
        assert changed(before, after) <= {"price", "name", "date_upd"}
        assert after["name"] == {1: "Mug R0", 2: "Nowy"}

    def test_the_refusal_is_met_once_and_remembered(self, client, sandbox, ids):
        client.patch("products", ids[0], {"price": "12"})
        assert not client.capabilities.patch
        sandbox.requests.clear()
        assert statuses(client.patch_many("products", [{"id": id_, "price": "13"} for id_ in ids])) == ["saved"] * 10
        assert [entry.method for entry in sandbox.requests] == ["GET", "PUT"]

    def test_a_stock_row_keeps_its_shop(self, client, ids):
        (row,) = client.list("stock_availables", filters={"id_product": ids[0]}, display="full")
        client.patch("stock_availables", row["id"], {"quantity": 7})
        assert client.get("stock_availables", row["id"]) == {**row, "quantity": "7"}

    def test_a_virtual_product_can_be_changed(self, client):
        """Its empty product_bundle, put back, is an error (measured): associations that do not change stay out."""
        id_ = client.create("products", product("V", product_type="virtual", is_virtual=1))["id"]
        client.patch("products", id_, {"price": "12"})
        assert client.get("products", id_)["price"] == "12.000000"

    def test_a_missing_one_fails_alone(self, client, ids):
        verdicts = client.patch_many("products", [{"id": id_, "price": "12"} for id_ in (ids[0], 9999, ids[1])])
        assert statuses(verdicts) == ["saved", "refused", "saved"]

    def test_a_category_stays_in_the_tree(self, client):
        id_ = client.create("categories", category("Mugs"))["id"]
        client.patch("categories", id_, {"name": {1: "Cups", 2: "Kubki"}})
        stored = client.get("categories", id_)
        assert (stored["id_parent"], stored["active"], stored["level_depth"]) == ("2", "1", "2")


def test_a_shop_that_is_down_gives_verdicts_even_before_the_first_write(client, sandbox, ids):
    """The languages that are left out cannot be read: nothing is sent, and nothing is raised."""
    sandbox.faults.add("502", method="GET")
    verdicts = client.patch_many("products", [{"id": ids[0], "name": {2: "Nowy"}}, {"id": ids[1], "price": "1"}])
    assert statuses(verdicts) == ["failed", "failed"]
    assert not sandbox.requests.of("PATCH", "products")


def test_a_key_that_may_not_read_languages_wipes_none_either(sandbox, connect, client, ids):
    sandbox.add_key("L" * 32, rights={"products": ["GET", "PATCH"]})
    connect(sandbox.address, "L" * 32).patch("products", ids[0], {"name": {2: "Nowy"}})
    assert client.get("products", ids[0])["name"] == {1: "Mug R0", 2: "Nowy"}
