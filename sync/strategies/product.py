"""Products into a shop, many at a time, each with an outcome of its own.

take -> categories and manufacturers -> plan -> patch -> look up and create -> stock -> images -> record
"""

import time
from collections.abc import Sequence
from dataclasses import replace

from prestashop_client import PrestaShopError
from sync.clients.witness import Witness
from sync.errors import Refusal
from sync.outcome import Outcome, pushed, refused, retry, skipped, snooze, unchanged
from sync.strategies.category import CategoryIds, ensure_categories
from sync.strategies.create import create
from sync.strategies.image import push_images
from sync.strategies.manufacturer import ensure_manufacturers
from sync.strategies.patch import patch
from sync.strategies.run import BUSY_DELAY, Busy, Run, outcome_of
from sync.strategies.stock import push_stock
from sync.strategies.work import Work, take
from sync.transform.product import ShopFacts, product_document


def push_products(run: Run, product_ids: Sequence[int]) -> list[Work]:
    """Bring these products in step, in as few requests as they fit into. Every work has its outcome then.

    What is done in the shop is committed as it is done; `record()` writes the rest. A product that is not among
    the works is held by somebody else, or was deleted.
    """
    works = take(run, product_ids)
    witness = Witness(run.client)
    run = replace(run, client=witness)
    try:
        _plan(works, *_prepare(run, works))
        patch(run, [work for work in works if work.open and work.plan and not work.plan.create])
        create(run, [work for work in works if work.open and work.plan and work.plan.create])
        push_stock(run, [work for work in works if _stock_differs(work)])
        _push_images(run, works)
    except Busy:
        _settle(works, snooze(BUSY_DELAY))
    except PrestaShopError as error:
        _settle(works, outcome_of(error))
    changes = witness.changes_by_product()
    for work in works:
        work.outcome = work.outcome or _success(work)
        work.changes = changes.get(work.link.external_id or 0, [])
    return works


def _stock_differs(work: Work) -> bool:
    return bool(work.open and work.plan and work.plan.quantity is not None and work.link.external_id)


def _settle(works: Sequence[Work], outcome: Outcome) -> None:
    for work in works:
        work.outcome = work.outcome or outcome


def _success(work: Work) -> Outcome:
    if work.link.external_id is None:
        return retry("the product disappeared from the shop while it was being pushed")
    if not work.plan and work.note:
        return skipped(work.note)
    if not work.plan:
        return unchanged(work.link.external_id)
    found = pushed(work.operation or "update", work.link.external_id)
    return replace(found, error=work.note) if work.note else found


def _prepare(run: Run, works: Sequence[Work]) -> tuple[ShopFacts, CategoryIds, dict[str, str]]:
    """Everything in the shop that the products refer to, made where it is missing."""
    categories = ensure_categories(run, {number for work in works for number in _categories_of(work)})
    manufacturers, refusals = ensure_manufacturers(
        run, {work.product.manufacturer for work in works if work.product.manufacturer}
    )
    return ShopFacts.of(run.shop).knowing(categories.ids, manufacturers), categories, refusals


def _categories_of(work: Work) -> set[int]:
    default = work.product.default_category_id
    return {*work.product.category_ids, *([default] if default else [])}


def _plan(works: Sequence[Work], shop: ShopFacts, categories: CategoryIds, manufacturers: dict[str, str]) -> None:
    for work in works:
        try:
            for number in _categories_of(work) & categories.refused.keys():
                raise Refusal("category", categories.refused[number])
            if work.product.manufacturer in manufacturers:
                raise Refusal("manufacturer", manufacturers[work.product.manufacturer])
            work.document = product_document(work.product, shop)
            work.make_plan()
        except Refusal as refusal:
            work.outcome = refused(str(refusal), work.link.external_id)


def _push_images(run: Run, works: Sequence[Work]) -> None:
    """Images one by one; a product whose image is refused says so, the others go on."""
    for work in works:
        if not (work.open and work.plan and work.plan.images):
            continue
        if time.monotonic() > run.deadline:
            work.outcome = snooze(0.0)  # what is done is recorded; the images have their turn in the next chunk
            continue
        try:
            failures = push_images(run, work.link, work.plan.images, work.product.images)
        except PrestaShopError as error:
            work.outcome = _image_outcome(work, error)
            if work.outcome.shop_wide:
                raise
            continue
        if failures:
            work.outcome = refused(f"the product is in the shop, but {'; '.join(failures)}", work.link.external_id)


def _image_outcome(work: Work, error: PrestaShopError) -> Outcome:
    found = outcome_of(error, work.link.external_id)
    return found if found.shop_wide else retry(f"image: {error}", work.link.external_id)
