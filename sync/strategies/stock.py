"""Stock: the quantity of a product's own row in stock_availables, by PATCH only (a PUT without id_shop orphans it)."""

from collections.abc import Sequence

from prestashop_client.errors import NotFound
from sync.outcome import retry
from sync.strategies.run import Run, outcome_of_verdict
from sync.strategies.work import Work


def push_stock(run: Run, works: Sequence[Work]) -> None:
    """Write the planned quantities, many rows in one request."""
    _find_rows(run, [work for work in works if work.link.stock_available_id is None])
    rows = [work for work in works if work.open]
    bodies = [{"id": work.link.stock_available_id, "quantity": work.product.quantity} for work in rows]
    verdicts = run.client.patch_many("stock_availables", bodies) if bodies else []
    for work, verdict in zip(rows, verdicts, strict=True):
        if verdict.ok:
            work.link.quantity_sent = work.product.quantity
            continue
        if isinstance(verdict.error, NotFound):
            work.link.stock_available_id = None
        work.outcome = outcome_of_verdict(verdict, work.link.external_id)


def _find_rows(run: Run, works: Sequence[Work]) -> None:
    """Ask for the rows that are not known yet: of the product itself, not of its combinations."""
    if not works:
        return
    filters = {"id_product": [work.link.external_id for work in works], "id_product_attribute": 0}
    rows = run.client.iterate("stock_availables", filters=filters, display=["id", "id_product"])
    found = {int(row["id_product"]): int(row["id"]) for row in rows}
    for work in works:
        work.link.stock_available_id = found.get(work.link.external_id or 0)
        if work.link.stock_available_id is None:
            work.outcome = retry("the product has no stock row in the shop (yet)", work.link.external_id)
