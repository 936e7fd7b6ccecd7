"""Retries after fixed waits, snoozes that cost no attempt, unique messages, and what is told when all is over."""

import dramatiq
import pytest
from dramatiq import group
from dramatiq.brokers.stub import StubBroker

from models import ProductSyncStatus, Shop
from sync.services import Services
from tasks.actors import sync_product
from tasks.middleware.retries import Snooze, is_last_attempt
from tests.factories import make_product
from tests.tasks.conftest import Run

seen: list[object] = []


class Unlucky(Exception):
    """Raised by the actors below."""


@dramatiq.actor(queue_name="default", give_up=lambda reason, product_id: seen.append(reason))
def unlucky(product_id: int) -> None:
    seen.append(is_last_attempt(dramatiq.middleware.CurrentMessage.get_current_message(), (0, 0, 0)))
    raise Unlucky(f"no luck with {product_id}")


@dramatiq.actor(queue_name="default", throws=(Unlucky,), give_up=lambda reason, product_id: seen.append(reason))
def refused(product_id: int) -> None:
    raise Unlucky("never")


@dramatiq.actor(queue_name="default")
def patient(product_id: int) -> None:
    message = dramatiq.middleware.CurrentMessage.get_current_message()
    assert message is not None
    seen.append((message.message_id, message.options.get("retries", 0)))
    if len(seen) < 5:
        raise Snooze(0)


@dramatiq.actor(queue_name="default")
def all_done() -> None:
    seen.append("all done")


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    seen.clear()


def test_a_message_is_tried_four_times_and_then_given_up_with_the_reason(broker: StubBroker, run: Run) -> None:
    unlucky.send(7)
    run.until_idle("default")
    assert seen == [False, False, False, True, "given up after 4 attempts: no luck with 7"]


def test_what_an_actor_says_is_final_is_not_tried_again(broker: StubBroker, run: Run) -> None:
    refused.send(7)
    run.until_idle("default")
    assert seen == ["never"]


def test_snoozing_keeps_the_message_and_counts_no_attempt(broker: StubBroker, run: Run) -> None:
    message = patient.send(7)
    run.until_idle("default")
    assert seen == [(message.message_id, 0)] * 5


def test_a_group_completes_only_after_its_snoozing_member(broker: StubBroker, run: Run) -> None:
    members = group([patient.message(1)])
    members.add_completion_callback(all_done.message())
    members.run()
    run.until_idle("default")
    assert seen[-1] == "all done"
    assert len(seen) == 6


@pytest.fixture
def product(in_tasks: Services) -> int:
    with in_tasks.db.write() as session:
        session.add(Shop(id=1, name="Cyan", address="http://127.0.0.1:9", key_encrypted=""))
        return make_product(session, "MUG").id


def waiting(broker: StubBroker, queue: str) -> int:
    return broker.queues[queue].qsize()


def test_a_product_waits_only_once_per_shop(broker: StubBroker, product: int) -> None:
    sync_product.send(product, 1)
    sync_product.send(product_id=product, shop_id=1)
    sync_product.send(product, 2)
    assert waiting(broker, "prestashop_sync") == 2


@pytest.mark.parametrize(
    ("priority", "queue"), [(1, "prestashop_high"), (3, "prestashop_high"), (5, "prestashop_sync")]
)
def test_the_links_priority_chooses_the_queue(
    broker: StubBroker, product: int, in_tasks: Services, priority: int, queue: str
) -> None:
    with in_tasks.db.write() as session:
        session.add(ProductSyncStatus(product_id=product, shop_id=1, priority=priority))
    sync_product.send(product, 1)
    assert waiting(broker, queue) == 1


def test_a_push_can_be_delayed(broker: StubBroker, product: int) -> None:
    sync_product.send_with_options(args=(product, 1), delay=60_000)
    assert waiting(broker, "prestashop_sync.DQ") == 1


def test_a_message_that_is_too_old_is_given_up_and_said_so(broker: StubBroker, run: Run) -> None:
    message = unlucky.message_with_options(args=(7,), max_age=1)
    broker.enqueue(message.copy(message_timestamp=1))
    run.until_idle("default")
    assert seen == ["given up: the message waited longer than work is retried"]
