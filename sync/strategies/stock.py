"""Stock: the quantity of a product's own row in stock_availables, by PATCH only (a PUT without id_shop orphans it)."""

from collections.abc import Sequence

from prestashop_client.errors import NotFound
from sync.outcome import retry
from sync.strategies.run import Run, outcome_of_verdict
from sync.strategies.work import Work


def push_stock(run: Run, works: Sequence[Work]) -> None:
    """Write the planned quantities, many rows in one request."""
    _find_rows(run, [work for work in works if work.link.stock_available_id is None])
    rows = [work for work in works if work.open and work.link.stock_available_id is not None]
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
    """Ask for the rows that are not known yet. A product with combinations in the shop that are not ours keeps its
    stock: its own row is their sum, which is PrestaShop's affair."""
    if not works:
        return
    filters = {"id_product": [work.link.external_id for work in works]}
    display = ["id", "id_product", "id_product_attribute"]
    rows: dict[int, dict[int, int]] = {}
    for row in run.client.iterate("stock_availables", filters=filters, display=display, page=500):
        rows.setdefault(int(row["id_product"]), {})[int(row["id_product_attribute"])] = int(row["id"])
    for work in works:
        found = rows.get(work.link.external_id or 0, {})
        if len(found) > 1:
            work.warnings.append(
                "its stock was left alone: it has combinations in the shop and none here; import them, or remove them"
            )
        elif 0 in found:
            work.link.stock_available_id = found[0]
        else:
            work.outcome = retry("the product has no stock row in the shop (yet)", work.link.external_id)
