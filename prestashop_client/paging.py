"""How large the pages of an iteration are, and since when entities changed."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from prestashop_client.errors import LocalRefusal
from prestashop_client.wire import Answer

TARGET = 1.0  # seconds of the shop's work for a page
SMALLEST, LARGEST = 10, 500  # 500 full products are about 4 MB (measured: 8.2 for 1,000)


def next_size(size: int, answer: Answer) -> int:
    """The next page's size after a page of `size`: halved when the shop took long, doubled when it took little.

    Execution-Time is written before the answer is rendered and so understates full reads; half of the wait is the
    least that the shop may have worked.
    """
    worked = max(answer.execution_time or 0.0, answer.seconds / 2)
    if worked > TARGET:
        return max(min(size, SMALLEST), size // 2)
    if worked < TARGET / 4:
        return max(size, min(LARGEST, size * 2))
    return size


def shop_time(moment: datetime, zone: str) -> datetime:
    """`moment` on the shop's clock, without a zone. One that has no zone is taken to be on that clock already."""
    if moment.tzinfo is None:
        return moment
    if not zone:
        raise LocalRefusal(
            "the shop's time zone is not known", field="since", remedy="probe() first, or give the shop's own time"
        )
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
