"""What can go wrong in the domain, in one tree.

SyncError
├── ShopInactive        the operator switched the shop off
├── Missing             a thing that was asked for is not there (product, shop, job)
├── NothingToRetry      what was to be tried again is not there, goes on still, or was taken up already
├── Refusal             a product or category cannot be sent as it is
│   ├── CategoryCycle
│   └── AmbiguousReference
└── SecretUnreadable    a stored secret was encrypted with a key that is gone
"""


class SyncError(Exception):
    """Base of the domain's errors. The message names the thing and what to do."""


class ShopInactive(SyncError):
    """Raised when work is asked for a shop that is switched off."""

    def __init__(self, name: str) -> None:
        super().__init__(f"shop {name!r} is not active; activate it under Shops to push to it")


class Missing(SyncError):
    """Raised when a product, category, shop or job does not exist (any more)."""

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(f"{kind} {key} does not exist; it may have been deleted")


class NothingToRetry(SyncError):
    """Raised when there is nothing to try again."""


class Refusal(SyncError):
    """Raised when something of ours cannot be sent as it is; `field` says which part of it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field


class CategoryCycle(Refusal):
    """Raised when a category is its own ancestor."""

    def __init__(self, names: list[str]) -> None:
        super().__init__("category", f"its parents go round in a circle: {' > '.join(names)}; mend one's parent")


class AmbiguousReference(Refusal):
    """Raised when a shop holds several products with one reference: none of them is safe to take."""

    def __init__(self, reference: str, ids: list[int]) -> None:
        listed = ", ".join(str(number) for number in ids)
        super().__init__(
            "reference",
            f"the shop has {len(ids)} products with reference {reference!r} (ids {listed}); remove all but one",
        )


class SecretUnreadable(SyncError):
    """Raised when a stored secret cannot be decrypted with any of the keys at hand."""
