"""Products that are in the shop: what changed of them, in multi-entity requests."""

from collections.abc import Sequence

from prestashop_client.errors import NotFound
from sync.strategies.run import Run, outcome_of_verdict
from sync.strategies.work import Work


def patch(run: Run, works: Sequence[Work]) -> None:
    """Send what changed. A product that was deleted in the shop is planned anew, as one to create."""
    changed = [work for work in works if work.plan and work.plan.document]
    bodies = [{"id": work.link.external_id, **work.plan.document} for work in changed if work.plan]
    verdicts = run.client.patch_many("products", bodies) if bodies else []
    for work, verdict in zip(changed, verdicts, strict=True):
        if verdict.ok:
            work.sent("update")
        elif isinstance(verdict.error, NotFound):
            _forget(work)
        else:
            work.outcome = outcome_of_verdict(verdict, work.link.external_id)


def _forget(work: Work) -> None:
    """The product is gone from the shop: nothing that we knew of it there holds any more."""
    link = work.link
    link.external_id = link.stock_available_id = link.quantity_sent = link.fingerprint = None
    link.sent, link.images, link.image_intent = {}, {}, None
    work.make_plan()
