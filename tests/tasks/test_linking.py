"""Linking our products with those that a shop has already, over a real worker and a sandbox."""

import pytest
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import select

from models import JobItem, JobProgress, JobStatus, LinkCandidate, ProductSyncStatus
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from sync import jobs
from sync.kinds.link import open_link
from sync.linking import hands
from sync.services import Services
from tasks.linking_actors import link_products
from tests.factories import make_product, make_shop
from tests.tasks.conftest import Run


class Shop:
    def __init__(self, services: Services, sandbox: Sandbox, run: Run) -> None:
        self.services, self.run = services, run
        self.client = PrestaShopClient(sandbox.address, sandbox.key)
        with services.db.write() as session:
            self.id = make_shop(session, services, sandbox.address, sandbox.key).id

    def has(self, reference: str = "", ean13: str = "") -> int:
        names = {1: f"There {reference}", 2: f"Tam {reference}"}
        document = {"name": names, "link_rewrite": {1: "x", 2: "x"}, "price": "1.00", "reference": reference,
                    "ean13": ean13, "id_category_default": 2, "state": 1}  # fmt: skip
        return int(self.client.create("products", document)["id"])

    def ours(self, sku: str, ean: str | None = None) -> int:
        with self.services.db.write() as session:
            return make_product(session, sku, ean=ean).id

    def link(self) -> JobProgress:
        with self.services.db.write() as session:
            job = open_link(session, self.id).id
        link_products.send(job)
        self.run.until_idle("integrations", "prestashop_sync", "default")
        with self.services.db.read() as session:
            return jobs.get(session, job)

    def links(self) -> dict[int, tuple[int | None, str]]:
        with self.services.db.read() as session:
            rows = session.scalars(select(ProductSyncStatus)).all()
        return {row.product_id: (row.external_id, row.linked_by) for row in rows}

    def candidates(self) -> list[LinkCandidate]:
        with self.services.db.read() as session:
            return list(session.scalars(select(LinkCandidate).order_by(LinkCandidate.external_id)))

    def words(self) -> dict[str, str | None]:
        with self.services.db.read() as session:
            newest = session.scalars(select(JobProgress.id).order_by(JobProgress.id.desc())).first()
            items = session.scalars(select(JobItem).where(JobItem.progress_id == newest)).all()
        return {item.sku: item.operation for item in items}


@pytest.fixture
def shop(broker: StubBroker, run: Run, in_tasks: Services, sandbox: Sandbox) -> Shop:
    return Shop(in_tasks, sandbox, run)


def test_by_sku_then_by_ean_then_by_combinations(shop: Shop) -> None:
    by_sku, by_ean, with_combination = shop.has("MUG"), shop.has("X", "0036000291452"), shop.has("TEE")
    shop.client.create("combinations", {"id_product": with_combination, "minimal_quantity": 1, "reference": "TEE-S"})
    mug, cup, tee, none = shop.ours("MUG"), shop.ours("CUP", "036000291452"), shop.ours("TEE-S"), shop.ours("NONE")
    job = shop.link()
    assert (job.status, job.total_count) == (JobStatus.COMPLETED, 4)
    assert shop.links() == {mug: (by_sku, "auto"), cup: (by_ean, "auto"), tee: (with_combination, "auto")}
    assert shop.words() == {"MUG": "linked", "CUP": "linked", "TEE-S": "linked", "NONE": "unmatched"}
    assert none not in shop.links()
    assert shop.link().total_count == 1, "only what has no link is looked for"


def test_what_is_not_certain_is_left_to_the_operator(shop: Shop) -> None:
    first, second = shop.has("TWIN"), shop.has("TWIN")
    twin = shop.ours("TWIN")
    shop.link()
    assert shop.words() == {"TWIN": "ambiguous"}
    assert [(one.external_id, one.reason, one.name) for one in shop.candidates()] == [
        (first, "several", "There TWIN"), (second, "several", "There TWIN"),
    ]  # fmt: skip
    with shop.services.db.write() as session:
        linked, problems = hands.accept(session, [one.id for one in shop.candidates()])
    assert linked == 1
    assert "more than one candidate" in problems[0]
    assert shop.links() == {twin: (first, "manual")}
    assert shop.candidates() == []


def test_one_product_there_for_two_of_ours_is_nobody_s(shop: Shop) -> None:
    shop.has("X", "4006381333931")
    one, two = shop.ours("A", "4006381333931"), shop.ours("B", "4006381333931")
    shop.link()
    assert shop.links() == {}
    assert {(each.product_id, each.reason) for each in shop.candidates()} == {(one, "shared"), (two, "shared")}


def test_what_was_linked_or_unlinked_by_hand_stays_so(shop: Shop) -> None:
    there, other = shop.has("MUG"), shop.has("OTHER")
    mug = shop.ours("MUG")
    with shop.services.db.write() as session:
        hands.link(session, shop.id, mug, other)
    assert shop.link().total_count == 0
    assert shop.links() == {mug: (other, "manual")}
    with shop.services.db.write() as session:
        assert hands.unlink(session, shop.id, [mug]) == 1
    assert shop.link().total_count == 0
    assert shop.links() == {mug: (None, "manual")}
    with shop.services.db.write() as session:
        hands.leave_to_search(session, shop.id, [mug])
    shop.link()
    assert shop.links() == {mug: (there, "auto")}


def test_a_product_there_that_is_linked_already_is_not_taken_twice(shop: Shop) -> None:
    there = shop.has("MUG", "4006381333931")
    mug, pen = shop.ours("MUG"), shop.ours("PEN", "4006381333931")
    with shop.services.db.write() as session:
        hands.link(session, shop.id, mug, there)
    shop.link()
    assert [(one.product_id, one.reason) for one in shop.candidates()] == [(pen, "taken")]
    with pytest.raises(hands.LinkTaken), shop.services.db.write() as session:
        hands.link(session, shop.id, pen, there)
