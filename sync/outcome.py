"""How the work on one item ended, as a value."""

from dataclasses import dataclass

from models import ItemStatus


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one attempt.

    `operation` is "create" or "update" where something was written; `delay` in seconds is set for RETRY (a
    transient failure: counts as an attempt) and for PENDING (a snooze: the item waits its turn, nothing was tried).
    `shop_wide`: the reason lies with the shop, not with the item: a RETRY does not count as an attempt then, and a
    FAILED holds for everything else that is to go there.
    """

    status: ItemStatus
    operation: str | None = None
    external_id: int | None = None
    error: str | None = None
    delay: float | None = None
    shop_wide: bool = False

    @property
    def settled(self) -> bool:
        """Whether the item is done with."""
        return self.status not in (ItemStatus.PENDING, ItemStatus.RETRY)


def pushed(operation: str, external_id: int | None) -> Outcome:
    return Outcome(ItemStatus.PUSHED, operation, external_id)


def unchanged(external_id: int | None) -> Outcome:
    return Outcome(ItemStatus.UNCHANGED, external_id=external_id)


def skipped(reason: str) -> Outcome:
    return Outcome(ItemStatus.SKIPPED, error=reason)


def refused(reason: str, external_id: int | None = None) -> Outcome:
    return Outcome(ItemStatus.REFUSED, error=reason, external_id=external_id)


def failed(reason: str, external_id: int | None = None) -> Outcome:
    return Outcome(ItemStatus.FAILED, error=reason, external_id=external_id)


def retry(reason: str, external_id: int | None = None, delay: float | None = None) -> Outcome:
    return Outcome(ItemStatus.RETRY, error=reason, external_id=external_id, delay=delay)


def snooze(delay: float) -> Outcome:
    return Outcome(ItemStatus.PENDING, delay=delay)
