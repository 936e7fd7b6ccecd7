"""What every strategy works with, and how a shop's errors become outcomes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from models import ItemStatus, Shop
from prestashop_client import PrestaShopClient, PrestaShopError, Verdict
from prestashop_client.errors import (
    AuthenticationRefused,
    InsecureConnection,
    PermissionRefused,
    RateLimited,
    RedirectRefused,
    ShopUnavailable,
)
from sync.outcome import Outcome
from sync.services import Services

if TYPE_CHECKING:
    from sync.strategies.work import Work

SHOP_REFUSALS = (AuthenticationRefused, PermissionRefused, RedirectRefused, InsecureConnection)
"""Errors that every further request would meet too, until somebody mends the shop or its entry."""
BUSY_DELAY = 2.0


class Busy(Exception):
    """Raised when somebody else is creating what is needed; wait a little and look again."""


@dataclass(frozen=True, slots=True)
class Run:
    """One go at a shop. `claimant` names it in claims and leases (a message's id); `deadline` is a monotonic time
    after which nothing new is begun that can wait; `gate` sees products, planned, before anything of it is
    written; `progress_id`, `params` and `opened_at` are those of its job."""

    services: Services
    shop: Shop
    client: PrestaShopClient
    claimant: str
    deadline: float = float("inf")
    progress_id: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    opened_at: datetime | None = None
    gate: Callable[[Sequence["Work"]], None] | None = None


def outcome_of(error: PrestaShopError, external_id: int | None = None) -> Outcome:
    """The outcome of an item that met this error."""
    reason = str(error)
    if isinstance(error, SHOP_REFUSALS):
        return Outcome(ItemStatus.FAILED, external_id=external_id, error=reason, shop_wide=True)
    if isinstance(error, RateLimited) and error.status is None:  # our own pace: nothing was asked of the shop
        return Outcome(ItemStatus.PENDING, external_id=external_id, delay=error.retry_after, shop_wide=True)
    if isinstance(error, ShopUnavailable):
        return Outcome(ItemStatus.RETRY, external_id=external_id, error=reason, delay=error.retry_after, shop_wide=True)
    if error.retryable or error.maybe_written:
        return Outcome(ItemStatus.RETRY, external_id=external_id, error=reason, delay=error.retry_after)
    return Outcome(ItemStatus.REFUSED, external_id=external_id, error=reason)


def outcome_of_verdict(verdict: Verdict, external_id: int | None = None) -> Outcome:
    """The outcome of an entity that was not saved."""
    error = verdict.error or PrestaShopError("the shop's answer does not say what became of it")
    if verdict.status == "refused":
        return Outcome(ItemStatus.REFUSED, external_id=external_id, error=str(error))
    if verdict.status == "unknown":
        return Outcome(ItemStatus.RETRY, external_id=external_id, error=str(error))
    found = outcome_of(error, external_id)
    return found if found.status != ItemStatus.REFUSED else Outcome(ItemStatus.RETRY, error=str(error))
