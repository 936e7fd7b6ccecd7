"""A database that is away is no failure of the message in hand: it comes again when the database may be back."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.exc import SQLAlchemyError

from sync import outages
from tasks.middleware.retries import Snooze

logger = structlog.get_logger(__name__)


@contextmanager
def waiting_out() -> Iterator[None]:
    """Snooze where the database does not answer; no attempt is counted. Raises Snooze."""
    try:
        yield
    except SQLAlchemyError as error:
        if not outages.is_outage(error):
            raise
        logger.warning("the database does not answer; trying again", error=type(error).__name__)
        raise Snooze(outages.DELAY) from error
