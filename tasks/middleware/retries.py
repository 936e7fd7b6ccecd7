"""Retries after fixed waits, and snoozes that do not count as attempts."""

from collections.abc import Sequence
from typing import Any

from dramatiq import Broker, Message
from dramatiq.broker import MessageProxy
from dramatiq.errors import Retry
from dramatiq.middleware import Retries, Shutdown


class Snooze(Retry):
    """Raised by an actor that has to wait for its turn: the same message comes again, and no attempt is counted."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:g} s", delay=round(seconds * 1000))


class PatientRetries(Retries):
    """Retries after the given waits in seconds (30, 60, 300), then no more.

    A message that keeps its id and options is enqueued again, so that a lane stays a member of its group.
    """

    def __init__(self, delays: Sequence[float]) -> None:
        super().__init__(max_retries=len(delays))
        self.delays = tuple(delays)

    def after_process_message(
        self, broker: Broker, message: MessageProxy, *, result: Any = None, exception: BaseException | None = None
    ) -> None:
        if isinstance(exception, Snooze | Shutdown):
            delay = exception.delay if isinstance(exception, Snooze) else None
            broker.enqueue(message, delay=delay or None)  # type: ignore[arg-type] # a proxy does for Dramatiq
            return
        throws = broker.get_actor(message.actor_name).options.get("throws", ())
        if exception is not None and not isinstance(exception, throws):
            exception = Retry(str(exception), delay=self._delay(message, exception))
        super().after_process_message(broker, message, result=result, exception=exception)  # type: ignore[no-untyped-call]

    def _delay(self, message: MessageProxy, exception: BaseException) -> int:
        attempt = min(message.options.get("retries", 0), len(self.delays) - 1)
        asked = exception.delay if isinstance(exception, Retry) else None
        return max(round(self.delays[attempt] * 1000) if self.delays else 0, asked or 0)


def is_last_attempt(message: Message[Any] | None, delays: Sequence[float]) -> bool:
    """Whether nothing will be tried after this attempt."""
    return message is None or message.options.get("retries", 0) >= len(delays)
