"""An actor whose messages go to the queue that the link's priority asks for, and are not sent twice."""

from datetime import timedelta
from typing import Any

from dramatiq import Actor, Message
from sqlalchemy import select

from models import ProductSyncStatus
from models.links import PRIORITY_HIGH
from tasks.context import services
from tasks.middleware import Unique

HIGH_QUEUE = "prestashop_high"


class ProductActor(Actor[[int, int], None]):
    """Takes product_id and shop_id. A priority of 3 or less goes to prestashop_high."""

    def message_with_options(
        self, *, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None, **options: Any
    ) -> Message[None]:
        message = super().message_with_options(args=args, kwargs=kwargs, **options)
        values = {**dict(zip(("product_id", "shop_id"), args, strict=False)), **(kwargs or {})}
        return message.copy(queue_name=HIGH_QUEUE) if _is_urgent(**values) else message

    def send_with_options(
        self,
        *,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
        delay: timedelta | int | None = None,
        **options: Any,
    ) -> Message[None]:
        """Send, unless a message for the same product and shop is waiting; the message is returned either way."""
        message = self.message_with_options(args=args, kwargs=kwargs, **options)
        unique = next(one for one in self.broker.middleware if isinstance(one, Unique))
        if not unique.claim(self.broker, message):
            return message
        milliseconds = int(delay.total_seconds() * 1000) if isinstance(delay, timedelta) else delay
        return self.broker.enqueue(message, delay=milliseconds)


def _is_urgent(product_id: int, shop_id: int) -> bool:
    query = select(ProductSyncStatus.priority).where(
        ProductSyncStatus.product_id == product_id, ProductSyncStatus.shop_id == shop_id
    )
    with services().db.read() as session:
        priority = session.scalar(query)
    return priority is not None and priority <= PRIORITY_HIGH
