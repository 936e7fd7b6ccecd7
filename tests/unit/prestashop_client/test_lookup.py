"""Products by reference, exactly, whatever the reference holds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prestashop_client.errors import BadAnswer
from prestashop_client.lookup import collated

from .goods import product
from .scripted import scripted, xml

ODD = ["A[1]", "[X]", "[[X]]", "A|B", "[A|B]", "1,2", "a%b", "a_b", "50%", "x y", " lead", "q\"q'q", "a\\b", "żółć",
       "#1", "A&B", "A+B", "!A", "a/b", "*", "[", "]", "[]", "a[b\\c]d"]  # fmt: skip


def test_odd_references_are_found_exactly(client):
    client.create_many("products", [product(reference) for reference in ODD])
    found = client.find_by_reference(ODD)
    assert {reference: [entity["reference"] for entity in entities] for reference, entities in found.items()} == {
        reference: [reference] for reference in ODD
    }


def test_the_shops_loose_comparison_is_made_exact(client):
    client.create_many("products", [product(reference) for reference in ("FA", "fa", "FA ", "Fa")])
    found = client.find_by_reference(["FA", "fa ", "zz"])
    assert [entity["reference"] for entity in found["FA"]] == ["FA"]
    assert found["fa "] == []
    assert found["zz"] == []


def test_duplicates_are_all_told(client):
    first, second = (client.create("products", product("SAME"))["id"] for _ in range(2))
    assert [entity["id"] for entity in client.find_by_reference(["SAME"])["SAME"]] == [first, second]


def test_a_thousand_references_take_few_requests(client, sandbox):
    asked = [f"REFERENCE-{number:010d}" for number in range(1000)]
    client.create("products", product(asked[500]))
    sandbox.requests.clear()
    found = client.find_by_reference(asked)
    assert [reference for reference, entities in found.items() if entities] == [asked[500]]
    assert list(found) == asked
    assert sandbox.requests.total <= 4


def test_more_fields_can_be_asked_for(client):
    client.create("products", product("R"))
    (entity,) = client.find_by_reference(["R"], display=("price", "stock_availables[id]"))["R"]
    assert (entity["reference"], entity["price"]) == ("R", "10.000000")
    assert entity["associations"]["stock_availables"]


def test_whole_products_can_be_asked_for(client):
    client.create("products", product("R"))
    (entity,) = client.find_by_reference(["R"], display="full")["R"]
    assert entity["name"] == {1: "Mug R", 2: "Kubek R"}


def test_combinations_have_references_too(client):
    id_ = client.create("products", product("P"))["id"]
    client.create("combinations", {"id_product": id_, "minimal_quantity": 1, "reference": "P-red"})
    assert client.find_by_reference(["P-red"], resource="combinations")["P-red"]


def test_nothing_asked_is_no_request(client):
    assert client.find_by_reference([]) == {}
    assert client.find_by_reference([""]) == {"": []}
    assert client.requests.total == 0


def test_a_filter_that_was_dropped_is_noticed(connect):
    rows = "".join(f"<product><id>{n}</id><reference>other{n}</reference></product>" for n in range(1, 500))
    everything = xml(f"<products>{rows}</products>")
    with scripted(lambda asked: everything) as shop, pytest.raises(BadAnswer, match="ignored"):
        connect(shop.address).find_by_reference(["R1", "R2"])


@pytest.mark.parametrize(("left", "right"), [("FA", "fa "), ("żółw", "ZÓłW"), ("é", "E")])
def test_the_shops_collation_is_known_well_enough(left, right):
    assert collated(left) == collated(right)


# What PrestaShop's isReference lets through, without what XML cannot hold.
REFERENCES = st.text(
    st.characters(codec="utf-8", exclude_characters="<>;={}", exclude_categories=("Cc", "Cs", "Cn")),
    min_size=1,
    max_size=20,
)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(REFERENCES, min_size=1, max_size=5, unique=True))
def test_whatever_was_created_is_found(client, references):
    verdicts = client.create_many("products", [product(reference) for reference in references])
    found = client.find_by_reference(references)
    for reference, verdict in zip(references, verdicts, strict=True):
        assert verdict.ok
        assert verdict.id in [entity["id"] for entity in found[reference]]
