"""The brokers, with what Shopferry asks of each: consumers that leave paused queues alone and are prompt when idle."""

import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any

import pika.exceptions
from dramatiq import Consumer
from dramatiq.broker import MessageProxy
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import ConnectionClosed

POLL_MS = 100
"""How long an idle worker waits between two looks into a queue; with Dramatiq's own second, lanes would idle."""
LONGEST_DELAY_MS = 20 * 60_000
"""RabbitMQ takes a message back that a worker holds for 30 minutes, and delayed ones are held by a worker."""

LONGEST_WORK_MS = 7 * 3_600_000
"""Longer than any actor's time limit: a large feed may be read for hours."""

Poll = Callable[[str], bool]
"""Called with a queue's name at every look into it; says whether the queue is paused."""


class PausableConsumer(Consumer):
    """A consumer that hands out nothing new while its queue is paused; what it holds already may leave."""

    def __init__(self, inner: Any, queue: str, poll: Poll, seconds: float) -> None:
        self.inner, self.queue, self.poll, self.seconds = inner, queue, poll, seconds

    def __next__(self) -> MessageProxy | None:
        if self.poll(self.queue) and self.rest():
            return None
        found: MessageProxy | None = next(self.inner)
        return found

    def rest(self) -> bool:
        """Wait a moment without taking anything; False when something taken before is still to be handed out."""
        if self.inner.message_cache:
            return False
        time.sleep(self.seconds)
        return True

    def ack(self, message: MessageProxy) -> None:
        self.inner.ack(message)

    def nack(self, message: MessageProxy) -> None:
        self.inner.nack(message)

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        self.inner.requeue(messages)

    def close(self) -> None:
        self.inner.close()


class PausableRabbitmqConsumer(PausableConsumer):
    """RabbitMQ sends by itself: a paused queue is unsubscribed from, and what came already goes back."""

    subscribed = True

    def __next__(self) -> MessageProxy | None:
        if not self.subscribed and not self.poll(self.queue):
            inner = self.inner
            inner.iterator = inner.channel.consume(self.queue, inactivity_timeout=self.seconds)
            self.subscribed = True
        return super().__next__()

    def rest(self) -> bool:
        try:
            if self.subscribed:
                self.inner.channel.cancel()
                self.subscribed = False
            self.inner.connection.process_data_events(time_limit=self.seconds)  # acks and heartbeats go on
        except (AssertionError, pika.exceptions.AMQPConnectionError, pika.exceptions.AMQPChannelError) as error:
            raise ConnectionClosed(error) from None
        return True


class PromptRedisBroker(RedisBroker):
    """Dramatiq's Redis broker, with workers that look into their queues more often when they are idle."""

    def __init__(self, poll: Poll, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self.poll = poll

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
        timeout = min(timeout, POLL_MS)
        return PausableConsumer(
            super().consume(queue_name, prefetch, timeout), queue_name, self.poll, timeout / 1000
        )  # fmt: skip


class PatientRabbitmqBroker(RabbitmqBroker):
    """Dramatiq's RabbitMQ broker; it asks for the server's word that a message was taken."""

    def __init__(self, poll: Poll, **options: Any) -> None:
        super().__init__(confirm_delivery=True, **options)
        self.poll = poll
        self.broker_id = str(uuid.uuid4())

    def _build_queue_arguments(self, queue_name: str) -> dict[str, Any]:
        """RabbitMQ from 3.12 lets a worker hold a message as long as its queue says; older ones have one limit for all
        (consumer_timeout in rabbitmq.conf) and pass over this."""
        given: dict[str, Any] = super()._build_queue_arguments(queue_name)  # type: ignore[no-untyped-call]
        return {**given, "x-consumer-timeout": LONGEST_WORK_MS}

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
        inner = super().consume(queue_name, prefetch, timeout)
        return PausableRabbitmqConsumer(inner, queue_name, self.poll, timeout / 1000)

    def enqueue(self, message: Any, *, delay: int | None = None) -> Any:
        return super().enqueue(message, delay=delay if delay is None else min(delay, LONGEST_DELAY_MS))
