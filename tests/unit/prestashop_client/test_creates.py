"""POST of many: a verdict for each, in order; the bad one alone; nothing lost, nothing doubled."""

from __future__ import annotations

import pytest

from prestashop_client.errors import (
    BadAnswer,
    EntityRefused,
    LocalRefusal,
    PermissionRefused,
    ShopUnavailable,
    UncertainWrite,
    Unreachable,
)

from .goods import category, product, references


def statuses(verdicts):
    return [verdict.status for verdict in verdicts]


def test_fifty_products_are_one_request_and_one_question(client, sandbox):
    verdicts = client.create_many("products", [product(f"R{n}") for n in range(50)])
    assert statuses(verdicts) == ["created"] * 50
    assert references(sandbox) == [f"R{n}" for n in range(50)]
    assert len(sandbox.requests.of("POST", "products")) == 1
    assert client.requests.total == 2


def test_the_answer_names_the_new_stock_row(client):
    document = client.create("products", product("R"))
    (row,) = document["associations"]["stock_availables"]
    assert client.get("stock_availables", int(row["id"]))["id_product"] == str(document["id"])


@pytest.mark.parametrize("bad", [[0], [24], [49], [7, 8, 30], list(range(50))])
def test_bad_products_fail_alone(client, sandbox, bad):
    documents = [product(f"R{n}", price="abc" if n in bad else "10") for n in range(50)]
    verdicts = client.create_many("products", documents)
    assert statuses(verdicts) == ["refused" if n in bad else "created" for n in range(50)]
    assert references(sandbox) == [f"R{n}" for n in range(50) if n not in bad]
    assert all(verdicts[n].error.field == "price" for n in bad)
    assert all(not verdicts[n].error.maybe_written for n in bad)


def test_one_bad_product_of_fifty_costs_four_requests_more(client):
    client.create_many("products", [product(f"R{n}", price="abc" if n == 24 else "10") for n in range(50)])
    # highest id; POST of 50; what stands; POST of the suspect; POST of the rest, at most as many as went through
    assert client.requests.total <= 6


@pytest.mark.parametrize(
    "fault", ["500-saved", "lost", "truncated", "notice-before", "notice-after", "html-saved", "deadlock-saved"]
)
@pytest.mark.parametrize("count", [1, 5])
def test_what_was_saved_in_spite_of_the_answer_is_found(client, sandbox, fault, count):
    sandbox.faults.add(fault, method="POST", times=1)
    verdicts = client.create_many("products", [product(f"R{n}") for n in range(count)])
    assert statuses(verdicts) == ["created"] * count
    assert references(sandbox) == [f"R{n}" for n in range(count)]
    assert len(sandbox.requests.of("POST", "products")) == 1


@pytest.mark.parametrize("fault", ["reset", "502", "500", "html", "deadlock", "413"])
def test_what_was_not_saved_is_sent_again_only_after_looking(client, sandbox, fault):
    sandbox.faults.add(fault, method="POST", times=1)
    verdicts = client.create_many("products", [product(f"R{n}") for n in range(5)])
    assert statuses(verdicts) == ["created"] * 5
    assert references(sandbox) == [f"R{n}" for n in range(5)]


def test_an_older_product_of_the_same_reference_is_not_taken_for_the_new_one(client, sandbox):
    client.create("products", product("SAME"))
    sandbox.faults.add("500", method="POST")
    (verdict,) = client.create_many("products", [product("SAME")])
    assert (verdict.status, verdict.id) == ("failed", None)


def test_two_products_of_one_reference_are_both_found(client, sandbox):
    sandbox.faults.add("lost", method="POST", times=1)
    verdicts = client.create_many("products", [product("SAME"), product("SAME")])
    assert statuses(verdicts) == ["created"] * 2
    assert verdicts[0].id < verdicts[1].id


def test_somebody_elses_product_of_that_reference_is_not_adopted(client, sandbox, connect):
    client.create("products", product("FIRST"))  # now the highest id is known
    connect(sandbox.address, sandbox.key).create("products", product("R", price="99", ean13="123"))
    sandbox.faults.add("reset", method="POST")
    (verdict,) = client.create_many("products", [product("R", ean13="456")])
    assert verdict.status == "unknown"


def test_a_time_out_leaves_what_is_not_there_unknown_and_is_not_repeated(client, sandbox):
    sandbox.faults.add("504", method="POST", times=1)
    verdicts = client.create_many("products", [product("R1"), product("R2")])
    assert statuses(verdicts) == ["unknown"] * 2
    assert all(isinstance(verdict.error, UncertainWrite) for verdict in verdicts)
    assert len(sandbox.requests.of("POST", "products")) == 1


def test_the_later_entities_that_a_notice_skips_are_created_too(client, sandbox):
    sandbox.faults.add("skip", entity=2, method="POST", times=1)
    verdicts = client.create_many("products", [product(f"R{n}") for n in range(6)])
    assert statuses(verdicts) == ["created"] * 6
    assert references(sandbox) == [f"R{n}" for n in range(6)]


def test_a_shop_that_nobody_answers_for_fails_all_at_once(connect, sleeps):
    client = connect("http://127.0.0.1:9")
    verdicts = client.create_many("products", [product(f"R{n}") for n in range(50)])
    assert statuses(verdicts) == ["failed"] * 50
    assert all(isinstance(verdict.error, Unreachable) for verdict in verdicts)
    assert client.requests.total == 1
    assert sleeps == []


def test_a_shop_that_stays_down_is_left_alone_soon(client, sandbox):
    client.create("products", product("FIRST"))
    sandbox.faults.add("502", method="POST")
    verdicts = client.create_many("products", [product(f"R{n}") for n in range(50)])
    assert statuses(verdicts) == ["failed"] * 50
    assert verdicts[49].error.retryable
    assert len(sandbox.requests.of("POST", "products")) <= 4


def test_a_look_up_that_fails_too_leaves_the_batch_unknown_and_the_rest_failed(client, sandbox):
    client.create("products", product("FIRST"))
    sandbox.faults.add("lost", method="POST")
    sandbox.faults.add("503", method="GET")
    verdicts = client.create_many("products", [product(f"R{n}") for n in range(6)], batch=3)
    assert statuses(verdicts) == ["unknown"] * 3 + ["failed"] * 3


def test_a_key_that_may_only_write_learns_what_it_can(client, sandbox, connect):
    sandbox.add_key("W" * 32, rights={"products": ["POST"]})
    writer = connect(sandbox.address, "W" * 32)
    assert writer.create_many("products", [product("R1")])[0].ok
    sandbox.faults.add("lost", method="POST", times=1)
    assert writer.create_many("products", [product("R2")])[0].status == "unknown"


def test_a_missing_right_is_everybodys_error(sandbox, connect):
    sandbox.add_key("R" * 32, rights={"products": ["GET"]})
    verdicts = connect(sandbox.address, "R" * 32).create_many("products", [product("R1"), product("R2")])
    assert statuses(verdicts) == ["failed"] * 2
    assert isinstance(verdicts[1].error, PermissionRefused)
    assert len(sandbox.requests.of("POST", "products")) == 1


def test_a_product_created_although_its_association_was_refused_is_created(client, sandbox):
    """Code 86 comes with the product created (measured)."""
    odd = product("R", associations={"no_such_things": [{"id": 1}]})
    verdict = client.create_many("products", [odd])[0]
    assert (verdict.status, references(sandbox)) == ("created", ["R"])
    assert isinstance(verdict.error, EntityRefused)


def test_phps_warning_alone_is_a_refusal_when_nothing_stands(client, sandbox):
    """A product without a name: 500 with code 3, nothing created (measured)."""
    (verdict,) = client.create_many("products", [{"reference": "R", "price": "1"}])
    assert (verdict.status, references(sandbox)) == ("refused", [])
    assert isinstance(verdict.error, BadAnswer)
    assert verdict.error.codes == (3,)


@pytest.mark.parametrize(
    ("more", "field"),
    [({"quantity": 5}, "quantity"), ({"manufacturer_name": "x"}, "manufacturer_name"), ({"id": 5}, "id"),
     ({"position_in_category": 1}, "position_in_category"), ({"price": 1.5}, "price")],
)  # fmt: skip
def test_what_must_not_be_sent_is_refused_without_a_request(client, sandbox, more, field):
    good, bad = client.create_many("products", [product("R1"), product("R2", **more)])
    assert (good.status, bad.status) == ("created", "refused")
    assert isinstance(bad.error, LocalRefusal)
    assert bad.error.field == field
    assert bad.error.remedy


def test_create_gives_the_document_or_raises(client):
    assert client.create("products", product("R"))["reference"] == "R"
    with pytest.raises(EntityRefused, match=r"products POST refused \(400, code 85\)"):
        client.create("products", product("R", price="abc"))


def test_categories_are_recognised_by_parent_and_name(client, sandbox):
    sandbox.faults.add("lost", method="POST", times=1)
    verdicts = client.create_many("categories", [category("Mugs"), category("Cups")])
    assert statuses(verdicts) == ["created"] * 2
    assert client.count("categories", filters={"name": ["Mugs", "Cups"]}) == 2


def test_a_category_below_nothing_fails_alone(client):
    """A parent that does not exist: 500 with an empty body (measured)."""
    verdicts = client.create_many("categories", [category("A"), category("B", parent=999_999), category("C")])
    assert [verdict.ok for verdict in verdicts] == [True, False, True]


@pytest.mark.parametrize("resource", ["manufacturers", "suppliers", "product_features", "tags"])
def test_other_resources_are_recognised_too(client, sandbox, resource):
    texts = resource == "product_features"
    document = {"name": {1: "Acme", 2: "Acme"} if texts else "Acme"}
    document |= {"id_lang": 1} if resource == "tags" else {}
    document |= {"active": 1} if resource in ("manufacturers", "suppliers") else {}
    sandbox.faults.add("lost", method="POST", times=1)
    (verdict,) = client.create_many(resource, [document])
    assert verdict.status == "created", verdict.error
    assert client.count(resource) == 1


def test_a_lost_connection_is_looked_after_twice(client, sandbox, sleeps):
    sandbox.faults.add("reset", method="POST", times=1)
    client.create_many("products", [product("R")])
    assert sleeps[:1] == [1.0]


def test_a_verdict_of_a_down_shop_says_that_waiting_helps(client, sandbox):
    client.create("products", product("FIRST"))
    sandbox.faults.add("429", method="POST", retry_after=60)
    (verdict,) = client.create_many("products", [product("R")])
    assert verdict.status == "failed"
    assert isinstance(verdict.error, ShopUnavailable)
    assert verdict.error.retry_after == 60


def test_a_category_batch_that_failed_has_its_tree_rebuilt(client, sandbox):
    """The tree is rebuilt at the end of a request, which a refused entity prevents (measured)."""
    verdicts = client.create_many("categories", [category("A"), category("B"), category("C<>")])
    assert statuses(verdicts) == ["created", "created", "refused"]
    with sandbox.store.lock:
        rows = sandbox.store.rows("SELECT nleft, nright FROM category")
    borders = sorted(row[name] for row in rows for name in ("nleft", "nright"))
    assert borders == list(range(borders[0], borders[0] + 2 * len(rows)))


def test_a_tree_that_cannot_be_rebuilt_is_a_warning(client, sandbox):
    sandbox.faults.add("502", method="PATCH")
    verdicts = client.create_many("categories", [category("A"), category("B<>")])
    assert statuses(verdicts) == ["created", "refused"]
    assert "tree was not rebuilt" in verdicts[0].error.message


def test_a_batch_that_is_too_large_gets_smaller_and_stays_so(client, sandbox):
    sandbox.faults.add("413", method="POST", times=1)
    assert statuses(client.create_many("products", [product(f"R{n}") for n in range(20)])) == ["created"] * 20
    assert [entry.entities for entry in sandbox.requests.of("POST", "products") if entry.status == 201] == [10, 10]
    client.create_many("products", [product(f"S{n}") for n in range(20)])
    assert max(entry.entities for entry in sandbox.requests.of("POST", "products")) < 20
