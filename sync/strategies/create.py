"""Products that are not known to be in the shop: looked up by reference first, created only where there is none.

A POST has no key that would keep a second one from making a second product (prestashop.md 9), so nothing is ever
created without a look before it, and the new id is committed before anything else is done.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from models import ProductSyncStatus
from prestashop_client import Verdict
from sync.errors import AmbiguousReference
from sync.outcome import refused
from sync.strategies.image import leave_alone
from sync.strategies.look import look, note_write
from sync.strategies.patch import pass_gate, send
from sync.strategies.run import Run, outcome_of_verdict
from sync.strategies.work import Work, bind


def create(run: Run, works: Sequence[Work]) -> None:
    """Take over the one product that has the SKU as its reference, refuse where there are several, else create."""
    if not works:
        return
    found = run.client.find_by_reference([work.product.sku for work in works])
    ids = {work.product.sku: [int(one["id"]) for one in found[work.product.sku]] for work in works}
    for work in works:
        if len(ids[work.product.sku]) > 1:
            work.outcome = refused(str(AmbiguousReference(work.product.sku, ids[work.product.sku])))
    _take_over(run, [work for work in works if len(ids[work.product.sku]) == 1], ids)
    missing = [work for work in works if not ids[work.product.sku]]
    pass_gate(run, missing)
    _create(run, [work for work in missing if work.open])


def _take_over(run: Run, works: Sequence[Work], ids: Mapping[str, list[int]]) -> None:
    """Bind products that are in the shop already, and bring all of their fields in step."""
    taken = _bound_elsewhere(run, [ids[work.product.sku][0] for work in works])
    ours = []
    for work in works:
        number = ids[work.product.sku][0]
        if taken.get(number, work.link.id) != work.link.id:
            work.outcome = refused(f"reference: product {number} of the shop is linked to another product of ours")
            continue
        work.link.external_id, work.operation = number, "update"
        work.make_plan()
        ours.append(work)
    look(run, ours)
    pass_gate(run, ours)
    for work in ours:
        if not work.open:
            work.link.external_id = None
    ours = [work for work in ours if work.open]
    bind(run, ours)
    for work in ours:
        leave_alone(run, work.link)
        work.make_plan()
    send(run, ours)


def _bound_elsewhere(run: Run, external_ids: Sequence[int]) -> dict[int, int]:
    """Which link holds which of these ids."""
    query = select(ProductSyncStatus.external_id, ProductSyncStatus.id).where(
        ProductSyncStatus.shop_id == run.shop.id, ProductSyncStatus.external_id.in_(external_ids)
    )
    with run.services.db.read() as session:
        return {external: number for external, number in session.execute(query) if external is not None}


def _create(run: Run, works: Sequence[Work]) -> None:
    verdicts = run.client.create_many("products", [work.plan.document for work in works if work.plan])
    made = []
    for work, verdict in zip(works, verdicts, strict=True):
        if verdict.ok and verdict.id is not None:
            work.link.external_id = verdict.id
            work.link.stock_available_id = _stock_row(verdict)
            work.sent("create")
            note_write(run, work, verdict)
            made.append(work)
        else:
            work.outcome = outcome_of_verdict(verdict)
    bind(run, made)


def _stock_row(verdict: Verdict) -> int | None:
    """The stock row that PrestaShop made along with the product: its answer names it."""
    associations: dict[str, Any] = (verdict.document or {}).get("associations") or {}
    rows = [row for row in associations.get("stock_availables", ()) if row.get("id_product_attribute") == "0"]
    return int(rows[0]["id"]) if len(rows) == 1 else None
