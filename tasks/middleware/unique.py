"""One waiting message for one thing: a second one that says the same is not sent.

The lock goes when the message is taken up, not when it is done: a change made while the push is running has to lead
to another push. It saves work only; that nothing is doubled is the database's affair.
"""

from typing import Any

import redis
from dramatiq import Broker, Message, Middleware
from dramatiq.broker import MessageProxy

from tasks.middleware.arguments import named


class Unique(Middleware):
    """Handles the actor option `unique_for`, in milliseconds."""

    def __init__(self, client: redis.Redis) -> None:
        self.client = client

    @property
    def actor_options(self) -> set[str]:
        return {"unique_for"}

    def claim(self, broker: Broker, message: Message[Any]) -> bool:
        """Whether no message that says the same is waiting; this one is the one that waits, then."""
        lifetime = broker.get_actor(message.actor_name).options.get("unique_for")
        return not lifetime or bool(self.client.set(_key(broker, message), message.message_id, nx=True, px=lifetime))

    def before_process_message(self, broker: Broker, message: MessageProxy) -> None:
        if broker.get_actor(message.actor_name).options.get("unique_for"):
            self.client.delete(_key(broker, message))


def _key(broker: Broker, message: Message[Any] | MessageProxy) -> str:
    arguments = ":".join(f"{name}={value}" for name, value in sorted(named(broker, message).items()))
    return f"shopferry:unique:{message.actor_name}:{arguments}"
