"""What is repeated without finding out first, and after how long."""

from __future__ import annotations

import pytest

from prestashop_client.errors import (
    BadAnswer,
    EntityRefused,
    NotFound,
    RateLimited,
    ShopUnavailable,
    TimedOut,
    Unreachable,
)
from prestashop_client.retry import RetryPolicy, delay, should_retry

POLICY = RetryPolicy(times=2, first=0.5, longest=5)


@pytest.mark.parametrize(
    ("error", "method", "attempt", "again"),
    [
        (ShopUnavailable("502", status=502), "GET", 1, True),
        (ShopUnavailable("502", status=502), "HEAD", 2, True),
        (ShopUnavailable("502", status=502), "GET", 3, False),
        (TimedOut("504"), "GET", 1, True),
        (BadAnswer("html", status=500), "GET", 1, True),
        (BadAnswer("html", status=404), "GET", 1, False),
        (Unreachable("refused"), "GET", 1, False),
        (NotFound("no", status=404), "GET", 1, False),
        (EntityRefused("no", status=400), "GET", 1, False),
        (ShopUnavailable("502"), "POST", 1, False),
        (TimedOut("504"), "POST", 1, False),
        (BadAnswer("html"), "PATCH", 1, False),
        (ShopUnavailable("502"), "DELETE", 1, False),
        (RateLimited("429"), "POST", 1, True),
        (RateLimited("429", retry_after=2), "POST", 1, True),
        (RateLimited("429", retry_after=60), "POST", 1, False),
        (ShopUnavailable("503", retry_after=60), "GET", 1, False),
    ],
)
def test_only_reads_and_what_never_reached_the_shop_are_repeated(error, method, attempt, again):
    assert should_retry(error, method, attempt, POLICY) is again


def test_the_wait_doubles_up_to_a_limit():
    error = ShopUnavailable("502")
    assert [delay(error, attempt, POLICY, jitter=1) for attempt in range(1, 7)] == [0.5, 1, 2, 4, 5, 5]
    assert 0.25 <= delay(error, 1, POLICY) <= 0.5


def test_retry_after_is_honoured():
    assert delay(ShopUnavailable("503", retry_after=3), 1, POLICY) == 3
