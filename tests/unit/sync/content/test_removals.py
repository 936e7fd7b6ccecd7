"""Removals from a shop: who is counted, what the policy does, and what is never touched."""

import pytest
from sqlalchemy import select

from models import DepartedProduct, JobItem, JobStatus, Product, ProductOverride, Shop
from sync import jobs, removals
from sync.errors import Refusal
from sync.kinds.registry import KINDS
from sync.lanes import work_turn
from sync.removals import Counts, delete_products, open_removal
from tests.factories import make_product
from tests.unit.sync.content.conftest import Pusher


@pytest.fixture
def shop(push: Pusher) -> Pusher:
    """A shop with A to E, of which B is not active any more, C is switched off by the shop's override, D is deleted."""
    with push.services.db.write() as session:
        for sku in "ABCDE":
            make_product(session, sku)
    push.well()
    push.change("B", lambda product: setattr(product, "active", False))
    off = ProductOverride(shop_id=push.shop_id, fields={"active": False})
    push.change("C", lambda product: setattr(product, "overrides", [off]))
    with push.services.db.write() as session:
        delete_products(session, list(session.scalars(select(Product.id).where(Product.sku == "D"))))
    return push


def counted(push: Pusher) -> Counts:
    with push.services.db.read() as session:
        return removals.counts(session, session.get_one(Shop, push.shop_id))


def remove(push: Pusher) -> tuple[str, dict[str, JobItem]]:
    with push.services.db.write() as session:
        job = open_removal(session, session.get_one(Shop, push.shop_id))
        jobs.fill(session, job, KINDS["remove"])
        number = job.id
    return work(push, number)


def work(push: Pusher, number: int) -> tuple[str, dict[str, JobItem]]:
    while work_turn(push.services, number, "test") == 0.0:
        pass
    with push.services.db.read() as session:
        items = session.scalars(select(JobItem).where(JobItem.progress_id == number)).all()
        return jobs.get(session, number).status, {item.sku: item for item in items}


def active(push: Pusher) -> dict[str, str]:
    return {one["reference"]: one["active"] for one in push.listed("products", reference=list("ABCDE"))}


def test_never_removes_nothing_and_says_where_to_change_that(shop: Pusher) -> None:
    assert counted(shop) == Counts(inactive=2, departed=1)
    with shop.services.db.write() as session, pytest.raises(Refusal, match="choose deactivate or delete"):
        open_removal(session, session.get_one(Shop, shop.shop_id))
    assert set(active(shop).values()) == {"1"}


def test_deactivate_switches_off_what_is_still_shown(shop: Pusher) -> None:
    shop.set(removal_policy="deactivate")
    shop.well("B")  # a push switches it off by itself
    assert counted(shop) == Counts(inactive=1, departed=1)
    status, items = remove(shop)
    assert status == JobStatus.COMPLETED
    assert {sku: (item.status, item.operation) for sku, item in items.items()} == {
        "C": ("pushed", "deactivate"), "D": ("pushed", "deactivate"),
    }  # fmt: skip
    assert active(shop) == {"A": "1", "B": "0", "C": "0", "D": "0", "E": "1"}
    assert counted(shop) == Counts(0, 0)
    shop.set(removal_policy="delete")
    assert counted(shop) == Counts(inactive=2, departed=1)


def test_delete_deletes_and_forgets(shop: Pusher) -> None:
    shop.set(removal_policy="delete")
    status, items = remove(shop)
    assert (status, {item.operation for item in items.values()}) == (JobStatus.COMPLETED, {"delete"})
    assert active(shop) == {"A": "1", "E": "1"}
    assert counted(shop) == Counts(0, 0)
    link = shop.link("B")
    assert (link.external_id, link.sent, link.claimed_by) == (None, {}, None)
    shop.change("B", lambda product: setattr(product, "active", True))
    shop.well("B")
    assert active(shop) == {"A": "1", "B": "1", "E": "1"}


def test_what_became_active_meanwhile_stays(shop: Pusher) -> None:
    shop.set(removal_policy="delete")
    with shop.services.db.write() as session:
        job = open_removal(session, session.get_one(Shop, shop.shop_id))
        jobs.fill(session, job, KINDS["remove"])
        number = job.id
    shop.change("B", lambda product: setattr(product, "active", True))
    _, items = work(shop, number)
    assert (items["B"].status, items["B"].error) == ("skipped", "the product is active again")
    assert set(active(shop)) == {"A", "B", "E"}


def test_a_changed_policy_stops_what_waits(shop: Pusher) -> None:
    shop.set(removal_policy="delete")
    with shop.services.db.write() as session:
        job = open_removal(session, session.get_one(Shop, shop.shop_id))
        jobs.fill(session, job, KINDS["remove"])
        number = job.id
    shop.set(removal_policy="never")
    _, items = work(shop, number)
    assert {item.status for item in items.values()} == {"skipped"}
    assert set(active(shop)) == set("ABCDE")


def test_a_product_that_took_the_id_is_not_ours_to_delete(shop: Pusher) -> None:
    shop.set(removal_policy="delete")
    shop.client.patch("products", shop.stored("D")["id"], {"reference": "SOMEBODY-ELSE"})
    status, items = remove(shop)
    assert status == JobStatus.COMPLETED_WITH_ERRORS
    assert "has the reference 'SOMEBODY-ELSE' now" in (items["D"].error or "")
    assert len(shop.listed("products", reference="SOMEBODY-ELSE")) == 1


def test_what_is_gone_there_already_is_forgotten(shop: Pusher) -> None:
    shop.set(removal_policy="delete")
    shop.client.delete("products", shop.stored("D")["id"])
    _, items = remove(shop)
    assert (items["D"].status, items["D"].operation) == ("unchanged", "gone")
    assert counted(shop).departed == 0


def test_a_departed_product_that_comes_back_is_taken_over(shop: Pusher) -> None:
    shop.set(removal_policy="delete")
    there = shop.stored("D")["id"]
    with shop.services.db.write() as session:
        make_product(session, "D")
    shop.well("D")
    assert shop.link("D").external_id == there
    assert counted(shop).departed == 0


def test_deleting_here_remembers_each_shop_once(shop: Pusher) -> None:
    with shop.services.db.write() as session:
        ids = list(session.scalars(select(Product.id).where(Product.sku.in_(["A", "E"]))))
        assert delete_products(session, ids) == 2
    with shop.services.db.read() as session:
        rows = session.scalars(select(DepartedProduct).order_by(DepartedProduct.sku)).all()
    assert [(row.sku, row.name) for row in rows] == [("A", "Product A"), ("D", "Product D"), ("E", "Product E")]
