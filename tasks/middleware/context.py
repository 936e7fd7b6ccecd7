"""Every line that is logged while a message is processed says which actor and which product, shop, job it is about."""

from typing import Any

import structlog
from dramatiq import Broker, Middleware
from dramatiq.broker import MessageProxy

from tasks.middleware.arguments import named

NAMES = {"progress_id": "job", "shop_id": "shop", "product_id": "product", "category_id": "category"}


class LogContext(Middleware):
    """Binds the message's ids to the logging context of its thread."""

    def before_process_message(self, broker: Broker, message: MessageProxy) -> None:
        about = {NAMES[name]: value for name, value in named(broker, message).items() if name in NAMES}
        structlog.contextvars.bind_contextvars(actor=message.actor_name, **about)

    def after_process_message(
        self, broker: Broker, message: MessageProxy, *, result: Any = None, exception: BaseException | None = None
    ) -> None:
        structlog.contextvars.clear_contextvars()

    def after_skip_message(self, broker: Broker, message: MessageProxy) -> None:
        structlog.contextvars.clear_contextvars()
