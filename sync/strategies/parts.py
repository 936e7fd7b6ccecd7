"""Outcomes of what belongs to a product: the product itself is in the shop then, whatever becomes of them."""

from prestashop_client import Verdict
from prestashop_client.errors import PermissionRefused
from sync.outcome import Outcome, refused
from sync.strategies.run import outcome_of_verdict


def in_the_shop_but(reason: str, external_id: int | None) -> Outcome:
    """The product stands, something of it does not."""
    return refused(f"the product is in the shop, but {reason}", external_id)


def outcome_of_part(verdict: Verdict, external_id: int | None, what: str) -> Outcome:
    """The outcome of a product with a part (`what`, in words) that was not saved.

    A key that may not write that kind of part is the matter of the products that have one, not of the whole shop.
    """
    if verdict.status == "refused" or isinstance(verdict.error, PermissionRefused):
        return in_the_shop_but(f"not {what}: {verdict.error}", external_id)
    return outcome_of_verdict(verdict, external_id)
