"""A message that is given up for good is kept in the database, with its arguments, its error and its traceback."""

import traceback
from datetime import UTC, datetime
from typing import Any

from dramatiq import Broker, Middleware
from dramatiq.broker import MessageProxy
from dramatiq.errors import ActorNotFound, Retry
from dramatiq.middleware import SkipMessage

import telemetry
from sync import dead_messages
from sync.dead_messages import Death
from tasks.context import services
from tasks.middleware.arguments import named
from tasks.middleware.deliveries import KILLS, reason
from tasks.middleware.give_up import TOO_OLD


class DeadMessages(Middleware):
    """Writes it down when the broker is about to be told: whatever decided that the message has failed is over then."""

    def before_nack(self, broker: Broker, message: MessageProxy) -> None:
        with services().db.write() as session:
            dead_messages.record(session, services().vault, _death(broker, message))


def _death(broker: Broker, message: MessageProxy) -> Death:
    killed = int(message.options.get(KILLS, 0))
    told = {"error": reason(killed) if killed else _error(message), "traceback": _traceback(message)}
    telemetry.redact(None, "", told)
    return Death(
        message.message_id,
        message.queue_name,
        message.actor_name,
        _arguments(broker, message),
        message.encode(),
        attempts=killed or max(1, int(message.options.get("retries", 0))),
        enqueued_at=datetime.fromtimestamp(message.message_timestamp / 1000, UTC),
        **told,
    )


def _error(message: MessageProxy) -> str:
    error = message._exception
    if error is None:
        return "no reason is known"
    if isinstance(error, SkipMessage):
        return TOO_OLD
    return f"{type(error).__name__}: {error}" if not isinstance(error, Retry) else str(error)


def _traceback(message: MessageProxy) -> str:
    error = message._exception
    if error is None or error.__traceback__ is None:
        return str(message.options.get("traceback", ""))
    return "".join(traceback.format_exception(error, limit=30))


def _arguments(broker: Broker, message: MessageProxy) -> dict[str, Any]:
    try:
        return named(broker, message)
    except (ActorNotFound, TypeError):  # an actor of another version
        return {**{str(number): value for number, value in enumerate(message.args)}, **message.kwargs}
