"""An actor that the scheduler sends every minute: a broker that is away costs that minute, not the scheduler."""

from datetime import timedelta
from typing import Any

import structlog
from dramatiq import Actor, Message
from dramatiq.errors import DramatiqError
from redis import RedisError

logger = structlog.get_logger(__name__)


class PeriodicActor(Actor[[], None]):
    """periodiq ends when a message cannot be sent; this one is given up with a line in the log."""

    def send_with_options(
        self,
        *,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
        delay: timedelta | int | None = None,
        **options: Any,
    ) -> Message[None]:
        """Send, or say that the broker did not take it; the message is returned either way."""
        try:
            return super().send_with_options(args=args, kwargs=kwargs, delay=delay, **options)
        except (DramatiqError, RedisError, OSError) as error:
            logger.error("the broker did not take a message", actor=self.actor_name, error=type(error).__name__)
            return self.message_with_options(args=args, kwargs=kwargs, **options)
