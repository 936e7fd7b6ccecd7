"""The web service's route: stock rows and products, many to a request; the same end state as by SQL.

`out_of_stock` goes into the stock row of the product and those of its combinations; a quantity only into that of a
product without combinations, since with them it is their sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from models import ItemStatus
from prestashop_client import PrestaShopError
from prestashop_client.errors import NotFound
from sync.availability.choice import Wanted
from sync.outcome import Outcome, pushed, retry, skipped
from sync.strategies.run import Run, outcome_of, outcome_of_verdict

GONE = "the product is not in the shop any more; push it again, or unlink it"


@dataclass(slots=True)
class Told:
    """A product on its way: what is to stand there, its stock rows, and how it ended."""

    wanted: Wanted
    rows: dict[int, int] = field(default_factory=dict)
    """{id of the combination, 0 for the product itself: id of the stock row}"""
    outcome: Outcome | None = None


def tell(run: Run, wanted: Sequence[Wanted]) -> list[Told]:
    """Write what the products are to show and allow. An item's own mistakes are its outcome."""
    told = [Told(one) for one in wanted]
    try:
        _find_rows(run, told)
        _write_texts(run, [one for one in told if one.outcome is None])
        _write_stock(run, [one for one in told if one.outcome is None])
    except PrestaShopError as error:
        for one in told:
            one.outcome = one.outcome or outcome_of(error, one.wanted.external_id)
    for one in told:
        one.outcome = one.outcome or pushed("update", one.wanted.external_id)
    return told


def _find_rows(run: Run, told: Sequence[Told]) -> None:
    """All stock rows of the products, those of combinations too."""
    by_id = {one.wanted.external_id: one for one in told}
    filters = {"id_product": list(by_id)}
    display = ["id", "id_product", "id_product_attribute"]
    for row in run.client.iterate("stock_availables", filters=filters, display=display, page=1000):
        by_id[int(row["id_product"])].rows[int(row["id_product_attribute"])] = int(row["id"])
    for one in told:
        if not one.rows:
            one.outcome = skipped(GONE)


def _write_texts(run: Run, told: Sequence[Told]) -> None:
    """Texts in all languages of the shop; products without any text to set are left alone."""
    documents = [(one, _texts(run.shop.languages, one.wanted)) for one in told]
    documents = [(one, document) for one, document in documents if len(document) > 1]
    verdicts = run.client.patch_many("products", [document for _, document in documents]) if documents else []
    for (one, _), verdict in zip(documents, verdicts, strict=True):
        if not verdict.ok:
            gone = isinstance(verdict.error, NotFound)
            one.outcome = skipped(GONE) if gone else outcome_of_verdict(verdict, one.wanted.external_id)


def _texts(languages: dict[str, int], one: Wanted) -> dict[str, Any]:
    document: dict[str, Any] = {"id": one.external_id}
    for field_name in ("available_now", "available_later"):
        texts = getattr(one.availability, field_name)
        by_id = {languages[iso]: text for iso, text in texts.items() if iso in languages}
        if by_id:
            document[field_name] = by_id
    return document


def _write_stock(run: Run, told: Sequence[Told]) -> None:
    """One document for each stock row; a product is told when all of its rows are."""
    owners: list[Told] = []
    documents: list[dict[str, Any]] = []
    for one in told:
        for combination, row in one.rows.items():
            documents.append({"id": row, **_stock(one, combination)})
            owners.append(one)
    verdicts = run.client.patch_many("stock_availables", documents) if documents else []
    for one, verdict in zip(owners, verdicts, strict=True):
        if not verdict.ok and one.outcome is None:
            failed = outcome_of_verdict(verdict, one.wanted.external_id)
            one.outcome = retry(str(verdict.error)) if isinstance(verdict.error, NotFound) else failed


def _stock(one: Told, combination: int) -> dict[str, int]:
    values = {"out_of_stock": one.wanted.availability.out_of_stock}
    quantity = one.wanted.availability.quantity
    if quantity is not None and combination == 0 and len(one.rows) == 1:
        values["quantity"] = quantity
    return values


def was_written(one: Told) -> bool:
    """Whether the shop holds now what was wanted."""
    return one.outcome is not None and one.outcome.status in (ItemStatus.PUSHED, ItemStatus.UNCHANGED)
