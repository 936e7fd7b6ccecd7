"""A queue that is paused while a worker is at work on it, over a real Redis."""

import time

from dramatiq.brokers.redis import RedisBroker

from prestashop_client.sandbox import Sandbox
from sync import queues
from sync.services import Services
from tasks.queue_lengths import lengths
from tests.processes import Processes, wait_until
from tests.services.test_crash import Scene


def test_it_stops_within_two_seconds_and_goes_on(
    services: Services, sandbox: Sandbox, processes: Processes, redis_url: str
) -> None:
    """Given a job under way / When its queue is paused / Then its lane lies in the queue until it is resumed."""
    scene = Scene(services, sandbox, processes, redis_url)
    assert isinstance(scene.broker, RedisBroker)
    scene.start(800)
    processes.worker()
    wait_until(lambda: scene.in_shop() >= 50, "the first 50 products")
    with services.db.write() as session:
        queues.pause(session, "prestashop_sync", "ann")
    paused = time.monotonic()
    wait_until(lambda: lengths(scene.broker)["prestashop_sync"].waiting == 1, "the lane to lie in its queue")
    # A turn takes a second, the look at what is paused another one, and the lane lies aside for a third.
    assert time.monotonic() - paused < 12
    there = scene.in_shop()
    assert there < 800
    with services.db.write() as session:
        queues.resume(session, "prestashop_sync")
    wait_until(scene.ended, "the job's end")
    scene.check(800)
