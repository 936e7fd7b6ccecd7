"""When a message has failed for good, its actor's `give_up` function hears of it and can say so in the database."""

import logging
from collections.abc import Callable
from typing import Any

from dramatiq import Broker, Middleware
from dramatiq.broker import MessageProxy

from tasks.middleware.arguments import named
from tasks.middleware.deliveries import KILLS, reason

logger = logging.getLogger(__name__)

TOO_OLD = "given up: the message waited longer than work is retried"


class GiveUp(Middleware):
    """Calls `give_up(reason, **arguments)` of the actor. Stands before the retries, which decide what is for good.

    Of a message that was stopped because it kills its workers, `killed(reason, **arguments)` hears, where the actor
    has it.
    """

    @property
    def actor_options(self) -> set[str]:
        return {"give_up", "killed"}

    def after_process_message(
        self, broker: Broker, message: MessageProxy, *, result: Any = None, exception: BaseException | None = None
    ) -> None:
        if exception is not None and message.failed:
            _tell(broker, message, _reason(message, exception))

    def after_skip_message(self, broker: Broker, message: MessageProxy) -> None:
        if message.failed:
            kills = message.options.get(KILLS)
            _tell(broker, message, reason(kills) if kills else TOO_OLD)


def _listener(broker: Broker, message: MessageProxy) -> Callable[..., None] | None:
    options = broker.get_actor(message.actor_name).options
    name = "killed" if KILLS in message.options and "killed" in options else "give_up"
    found: Callable[..., None] | None = options.get(name)
    return found


def _tell(broker: Broker, message: MessageProxy, why: str) -> None:
    listener = _listener(broker, message)
    if listener is None:
        return
    try:
        listener(why, **named(broker, message))
    except Exception:
        logger.exception("could not record that a message failed")


def _reason(message: MessageProxy, exception: BaseException) -> str:
    retries = message.options.get("retries", 0)
    text = str(exception) or type(exception).__name__
    return f"given up after {retries} attempts: {text}" if retries > 1 else text
