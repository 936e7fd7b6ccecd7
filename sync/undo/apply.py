"""Undo a chunk: read what the shop shows, put back or delete what nobody has touched since, write down the rest."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from models import ItemChange, ItemStatus
from prestashop_client import PrestaShopError, Verdict
from sync.clients.witness import Witness
from sync.outcome import Outcome, pushed, skipped
from sync.strategies.run import Run, outcome_of, outcome_of_verdict
from sync.strategies.work import Work
from sync.transform.remote import display_of, picked, sendable
from sync.undo.plan import FAILED, KEPT, REVERSED, Entity, Step, entities, step

ORDER = ("products", "combinations", "specific_prices", "stock_availables")


@dataclass(slots=True)
class Undone:
    """One product in hand: its entities with what is to be done and what came of it, `verdict` by entity."""

    work: Work
    entities: list[Entity]
    steps: dict[int, Step] = field(default_factory=dict)
    results: dict[int, str] = field(default_factory=dict)
    outcome: Outcome | None = None
    written_at: str | None = None

    @property
    def removed(self) -> bool:
        """Whether the product itself is not in the shop any more."""
        return any(
            entity.resource == "products" and entity.operation == "create" and self.results.get(index) == REVERSED
            for index, entity in enumerate(self.entities)
        )


def undo(run: Run, works: Sequence[Work]) -> list[Undone]:
    """Undo what the job in the run's params wrote to these products; each has its outcome then."""
    found = _load(run, works)
    witness = Witness(run.client)
    try:
        for resource in ORDER:
            _resource(witness, resource, found)
    except PrestaShopError as error:
        for one in found:
            one.outcome = one.outcome or outcome_of(error, one.work.link.external_id)
    changes = witness.changes_by_product()
    for one in found:
        one.work.changes = changes.get(one.work.link.external_id or 0, [])
        one.outcome = one.outcome or _outcome(one)
    return found


def _load(run: Run, works: Sequence[Work]) -> list[Undone]:
    query = (
        select(ItemChange)
        .where(
            ItemChange.progress_id == run.params["undo"],
            ItemChange.undone.is_(None),
            ItemChange.product_id.in_([work.product.id for work in works]),
        )
        .order_by(ItemChange.id)
    )
    by_product: dict[int | None, list[ItemChange]] = defaultdict(list)
    with run.services.db.read() as session:
        for row in session.scalars(query):
            by_product[row.product_id].append(row)
    return [Undone(work, entities(by_product[work.product.id])) for work in works]


def _resource(witness: Witness, resource: str, found: Sequence[Undone]) -> None:
    """Everything of one resource: one read, one batch to put back, one to delete."""
    here = [
        (one, index, entity)
        for one in found
        if one.outcome is None
        for index, entity in enumerate(one.entities)
        if entity.resource == resource
    ]
    todo = []
    for one, index, entity in here:
        if one.removed:
            one.steps[index], one.results[index] = Step(done=True), REVERSED
        else:
            todo.append((one, index, entity))
    shown = _shown(witness, resource, [entity for _, _, entity in todo])
    for one, index, entity in todo:
        now = shown.get(entity.external_id)
        one.steps[index] = step(entity, None if now is None else picked(now, sendable(entity.after)))
        if one.steps[index].done:
            one.results[index] = REVERSED
        elif not one.steps[index].restore and not one.steps[index].remove:
            one.results[index] = KEPT
    _put_back(witness, resource, [each for each in todo if each[0].steps[each[1]].restore])
    _remove(witness, resource, [each for each in todo if each[0].steps[each[1]].remove])


def _shown(witness: Witness, resource: str, wanted: Sequence[Entity]) -> Mapping[int, Mapping[str, Any]]:
    asked = [entity for entity in wanted if entity.operation != "delete"]
    if not asked:
        return {}
    fields = dict.fromkeys(name for entity in asked for name in display_of(sendable(entity.after)))
    return witness.look(resource, [entity.external_id for entity in asked], fields)


Todo = tuple[Undone, int, Entity]


def _put_back(witness: Witness, resource: str, todo: Sequence[Todo]) -> None:
    bodies = [{**sendable(one.steps[index].restore), "id": entity.external_id} for one, index, entity in todo]
    verdicts = witness.patch_many(resource, bodies) if bodies else []
    _conclude(todo, verdicts)
    for (one, _, _), verdict in zip(todo, verdicts, strict=True):
        if verdict.ok and resource == "products":
            one.written_at = str((verdict.document or {}).get("date_upd") or "") or None


def _remove(witness: Witness, resource: str, todo: Sequence[Todo]) -> None:
    ids = [entity.external_id for _, _, entity in todo]
    _conclude(todo, witness.delete_many(resource, ids) if ids else [])


def _conclude(todo: Iterable[Todo], verdicts: Sequence[Verdict]) -> None:
    for (one, index, entity), verdict in zip(todo, verdicts, strict=True):
        if verdict.ok:
            one.results[index] = REVERSED
            continue
        outcome = outcome_of_verdict(verdict, entity.external_id)
        if outcome.status == ItemStatus.REFUSED:
            one.results[index] = FAILED
        one.outcome = one.outcome or outcome


def _outcome(one: Undone) -> Outcome:
    reasons = "; ".join(dict.fromkeys(found.reason for found in one.steps.values() if found.reason))
    if not one.entities or all(result == KEPT for result in one.results.values()):
        found = skipped(f"kept: {reasons or 'nothing is left to undo'}")
        return Outcome(found.status, KEPT, one.work.link.external_id, found.error)
    done = pushed(REVERSED, one.work.link.external_id)
    return Outcome(done.status, done.operation, done.external_id, f"kept: {reasons}" if reasons else None)
