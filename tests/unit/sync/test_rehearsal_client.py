"""The client of a rehearsal: reads reach the shop, writes do not, and what was made is shown to later reads."""

from collections.abc import Iterator

import pytest

from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from sync.clients.passing import PassingClient
from sync.clients.witness import Change, Witness
from sync.rehearsal.client import RehearsalClient
from sync.rehearsal.estimate import Cost, cost
from sync.rehearsal.images import INVENTED

MUG = {"reference": "MUG", "price": 5, "name": {1: "Mug", 2: "Kubek"}, "link_rewrite": {1: "mug", 2: "kubek"}}
NOT_PASSED_ON = {"update", "probe", "doctor"}
"""They write whole entities, or change what the client knows: nothing in sync pushes with them."""


@pytest.fixture
def inner(sandbox: Sandbox) -> Iterator[PrestaShopClient]:
    with PrestaShopClient(sandbox.address, sandbox.key) as client:
        yield client


def test_every_method_goes_through_the_one_that_looks_on() -> None:
    public = {name for name in vars(PrestaShopClient) if not name.startswith("_")}
    assert public - vars(PassingClient).keys() == NOT_PASSED_ON


def test_a_method_that_is_not_passed_on_sends_nothing(inner: PrestaShopClient, sandbox: Sandbox) -> None:
    with pytest.raises(AttributeError):
        RehearsalClient(inner).update("products", 1, MUG)
    assert len(sandbox.requests) == 0


def test_nothing_is_written_and_what_was_made_is_shown(inner: PrestaShopClient, sandbox: Sandbox) -> None:
    there = inner.create("products", {**MUG, "reference": "THERE"})
    before = len([one for one in sandbox.requests if one.method != "GET"])
    client = RehearsalClient(inner)
    made = client.create("products", MUG)
    assert made["id"] >= INVENTED
    assert client.get("products", made["id"])["reference"] == "MUG"
    row = int(made["associations"]["stock_availables"][0]["id"])
    assert client.patch("stock_availables", row, {"quantity": 3})["quantity"] == 3
    client.patch("products", there["id"], {"price": 7})
    combination = client.create("combinations", {"id_product": made["id"], "minimal_quantity": 1})
    rows = list(client.iterate("stock_availables", filters={"id_product": [made["id"], there["id"]]}, display="full"))
    assert {int(one["id_product_attribute"]) for one in rows} == {0, combination["id"]}
    assert {int(one["id_product"]) for one in rows} == {made["id"], there["id"]}
    assert client.get_many("products", [made["id"], there["id"]]).keys() == {made["id"], there["id"]}
    client.images.upload("products", made["id"], b"", "a.png")
    client.delete("products", there["id"])
    assert client.entities == {
        ("POST", "products"): 1, ("PATCH", "stock_availables"): 1, ("PATCH", "products"): 1,
        ("POST", "combinations"): 1, ("DELETE", "products"): 1,
    }  # fmt: skip
    assert client.images.done[made["id"]] == {"upload": 1}
    assert len([one for one in sandbox.requests if one.method != "GET"]) == before


def test_what_the_rules_refuse_is_refused_alone(inner: PrestaShopClient) -> None:
    client = RehearsalClient(inner)
    bad = {**MUG, "name": {1: "<b>", 2: "x"}}
    verdicts = client.create_many("products", [MUG, bad, {**MUG, "quantity": 3}])
    assert [one.status for one in verdicts] == ["created", "refused", "refused"]
    assert client.entities == {("POST", "products"): 1}


def test_a_batch_counts_as_its_requests(inner: PrestaShopClient) -> None:
    client = RehearsalClient(inner)
    client.patch_many("products", [{"id": number, "price": 1} for number in range(1, 102)])
    client.patch_many("stock_availables", [{"id": number, "quantity": 1} for number in range(1, 102)])
    assert client.writes == {("PATCH", "products"): 3, ("PATCH", "stock_availables"): 1}


def test_a_witness_notes_what_each_write_replaced(inner: PrestaShopClient, sandbox: Sandbox) -> None:
    witness = Witness(inner)
    number = witness.create("products", MUG)["id"]
    witness.look("products", [number], ["price"])
    reads = len(sandbox.requests)
    witness.patch("products", number, {"price": 7})
    assert len(sandbox.requests) == reads + 1
    witness.delete("products", number)
    created, changed, deleted = witness.changes_by_product()[number]
    assert (created.operation, created.before, created.after["price"]) == ("create", {}, "5")
    assert changed == Change("products", number, "update", {"price": "5"}, {"price": "7"}, number)
    assert (deleted.operation, deleted.before["reference"]) == ("delete", "MUG")


@pytest.mark.parametrize(
    ("pace", "seconds"),
    [(None, 0.5 + 50 * 0.0095 + 500 * 0.0004 + 2 * 0.01), (1.0, 4.0)],
)
def test_a_plans_cost(pace: float | None, seconds: float) -> None:
    entities = {("PATCH", "products"): 50, ("PATCH", "stock_availables"): 500}
    writes = {("PATCH", "products"): 1, ("PATCH", "stock_availables"): 1}
    found = cost(2, 0.5, entities, writes, 0.01, pace)
    assert (found.reads, found.writes) == (2, 2)
    assert found.seconds == pytest.approx(seconds)
    assert found.plus(Cost(1, 1, 1.0)) == Cost(3, 3, found.seconds + 1)
