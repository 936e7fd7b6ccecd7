"""Stock of combinations: each has a row of its own; the product's own row is their sum, which PrestaShop keeps."""

from collections.abc import Mapping, Sequence

from models import CombinationLink
from prestashop_client.errors import NotFound
from sync.outcome import retry
from sync.strategies.parts import outcome_of_part
from sync.strategies.run import Run
from sync.strategies.work import Work

Known = tuple[Work, Mapping[int, CombinationLink]]
"""A product and its combinations' links by our id."""


def push_combination_stock(run: Run, hands: Sequence[Known]) -> None:
    """Write the quantities that differ, many rows in one request. Raises PrestaShopError."""
    stale = [
        (work, found[variant.id], variant.quantity)
        for work, found in hands
        if work.wish.mode.quantity and "quantity" not in work.product.locked
        for variant in work.product.variants
        if variant.id in found and (work.wish.force or found[variant.id].quantity_sent != variant.quantity)
    ]
    _find_rows(run, [(work, link) for work, link, _ in stale if link.stock_available_id is None])
    ready = [each for each in stale if each[1].stock_available_id is not None]
    bodies = [{"id": link.stock_available_id, "quantity": quantity} for _, link, quantity in ready]
    verdicts = run.client.patch_many("stock_availables", bodies) if bodies else []
    for (work, link, quantity), verdict in zip(ready, verdicts, strict=True):
        if verdict.ok:
            link.quantity_sent = quantity
            work.touch()
            continue
        if isinstance(verdict.error, NotFound):
            link.stock_available_id = None
        work.outcome = outcome_of_part(verdict, work.link.external_id, "the stock of its combinations")


def _find_rows(run: Run, wanted: Sequence[tuple[Work, CombinationLink]]) -> None:
    if not wanted:
        return
    filters = {"id_product_attribute": sorted(link.external_id or 0 for _, link in wanted)}
    rows = run.client.list("stock_availables", filters=filters, display=["id", "id_product_attribute"])
    found = {int(row["id_product_attribute"]): int(row["id"]) for row in rows}
    for work, link in wanted:
        link.stock_available_id = found.get(link.external_id or 0)
        if link.stock_available_id is None:
            work.outcome = retry("a combination has no stock row in the shop (yet)", work.link.external_id)
