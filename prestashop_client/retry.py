"""When a request is worth repeating, and how long to wait first. Pure: the caller sleeps and sends."""

from __future__ import annotations

import random
from dataclasses import dataclass

from prestashop_client.errors import BadAnswer, PrestaShopError, RateLimited, ShopUnavailable, Unreachable


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """`times` repeats at most, after `first` seconds doubling up to `longest`; a longer Retry-After is not waited."""

    times: int = 2
    first: float = 0.5
    longest: float = 5.0


def should_retry(error: PrestaShopError, method: str, attempt: int, policy: RetryPolicy) -> bool:
    """Whether to send the same request again after its `attempt`-th failure (1 = the first).

    Only reads are repeated here, and what a proxy turned away with 429 before the shop saw it. A write is repeated
    by who can first find out what the shop did with it. A refused connection is left to the caller's patience.
    """
    if attempt > policy.times or (error.retry_after or 0) > policy.longest:
        return False
    if isinstance(error, RateLimited):
        return True
    if method not in ("GET", "HEAD") or isinstance(error, Unreachable):
        return False
    return isinstance(error, (ShopUnavailable, BadAnswer)) and error.status != 404


def delay(error: PrestaShopError, attempt: int, policy: RetryPolicy, jitter: float | None = None) -> float:
    """Seconds to wait before repeat number `attempt`: Retry-After, else doubling with a jitter of 50 to 100 %."""
    if error.retry_after is not None:
        return error.retry_after
    share = random.uniform(0.5, 1.0) if jitter is None else jitter
    return share * min(policy.longest, policy.first * 2.0 ** (attempt - 1))
