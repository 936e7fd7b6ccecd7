"""Products that are in the shop: what changed of them, in multi-entity requests."""

from collections.abc import Sequence

from prestashop_client.errors import NotFound
from sync.strategies.look import look, note_write
from sync.strategies.run import Run, outcome_of_verdict
from sync.strategies.work import Work


def patch(run: Run, works: Sequence[Work]) -> None:
    """Look, then send what changed. A product that was deleted in the shop is planned anew, as one to create.

    Raises PrestaShopError where the shop cannot be asked.
    """
    look(run, works)
    pass_gate(run, [work for work in works if work.plan is not None and not work.plan.create])
    send(run, works)


def pass_gate(run: Run, works: Sequence[Work]) -> None:
    """Nothing is written of a work before it has passed the run's gate, which may give it an outcome instead."""
    waiting = [work for work in works if work.open]
    if run.gate and waiting:
        run.gate(waiting)


def send(run: Run, works: Sequence[Work]) -> None:
    """Send what changed."""
    changed = [work for work in works if work.open and work.plan and work.plan.document and not work.plan.create]
    bodies = [{"id": work.link.external_id, **work.plan.document} for work in changed if work.plan]
    verdicts = run.client.patch_many("products", bodies) if bodies else []
    for work, verdict in zip(changed, verdicts, strict=True):
        if verdict.ok:
            work.sent("update")
            note_write(run, work, verdict)
        elif isinstance(verdict.error, NotFound):
            work.forget()
        else:
            work.outcome = outcome_of_verdict(verdict, work.link.external_id)
