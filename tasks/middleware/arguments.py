"""A message's arguments by the names that its actor gives them."""

import inspect
from typing import Any

from dramatiq import Broker, Message
from dramatiq.broker import MessageProxy


def named(broker: Broker, message: Message[Any] | MessageProxy) -> dict[str, Any]:
    """{"product_id": 17, "shop_id": 3}"""
    signature = inspect.signature(broker.get_actor(message.actor_name).fn)
    return dict(signature.bind_partial(*message.args, **message.kwargs).arguments)
