"""When a message has failed for good, its actor's `give_up` function hears of it and can say so in the database."""

import logging
from typing import Any

from dramatiq import Broker, Middleware
from dramatiq.broker import MessageProxy

from tasks.middleware.arguments import named

logger = logging.getLogger(__name__)


class GiveUp(Middleware):
    """Calls `give_up(reason, **arguments)` of the actor. Stands before the retries, which decide what is for good."""

    @property
    def actor_options(self) -> set[str]:
        return {"give_up"}

    def after_process_message(
        self, broker: Broker, message: MessageProxy, *, result: Any = None, exception: BaseException | None = None
    ) -> None:
        if exception is not None and message.failed:
            _tell(broker, message, _reason(message, exception))

    def after_skip_message(self, broker: Broker, message: MessageProxy) -> None:
        if message.failed:
            _tell(broker, message, "given up: the message waited longer than work is retried")


def _tell(broker: Broker, message: MessageProxy, reason: str) -> None:
    give_up = broker.get_actor(message.actor_name).options.get("give_up")
    if give_up is None:
        return
    try:
        give_up(reason, **named(broker, message))
    except Exception:
        logger.exception("could not record that a message failed")


def _reason(message: MessageProxy, exception: BaseException) -> str:
    retries = message.options.get("retries", 0)
    text = str(exception) or type(exception).__name__
    return f"given up after {retries} attempts: {text}" if retries > 1 else text
