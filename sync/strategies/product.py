"""Products into a shop, many at a time, each with an outcome of its own.

take -> what they refer to -> plan -> patch -> look up and create -> stock -> images -> combinations with their stock
-> specific prices -> record
"""

from collections.abc import Sequence
from dataclasses import replace

from prestashop_client import PrestaShopError
from sync.clients.witness import Witness
from sync.outcome import Outcome, pushed, retry, skipped, snooze, unchanged
from sync.strategies.combination import push_combinations
from sync.strategies.create import create
from sync.strategies.patch import patch
from sync.strategies.product_images import push_all_images
from sync.strategies.reference import make_plans, not_there, prepare
from sync.strategies.run import BUSY_DELAY, Busy, Run, outcome_of
from sync.strategies.specific_price import push_specific_prices
from sync.strategies.stock import push_stock
from sync.strategies.supersede import supersede
from sync.strategies.work import Work, take


def push_products(run: Run, product_ids: Sequence[int]) -> list[Work]:
    """Bring these products in step, in as few requests as they fit into. Every work has its outcome then.

    What is done in the shop is committed as it is done; `record()` writes the rest. A product that is not among
    the works is held by somebody else, or was deleted.
    """
    taken = take(run, product_ids)
    works = supersede(run, taken)
    witness = Witness(run.client)
    run = replace(run, client=witness)
    try:
        known = prepare(run, works)
        make_plans(run, works, known)
        patch(run, [work for work in works if work.open and not (work.plan and work.plan.create)])
        _pass_over(run, works)
        create(run, [work for work in works if work.open and work.plan and work.plan.create])
        push_stock(run, [work for work in works if _stock_differs(work) and not work.has_links])
        push_all_images(run, works)
        push_combinations(run, works, known.shop)
        # Where the last combination has just gone, the row was their sum until now.
        push_stock(run, [work for work in works if _stock_differs(work) and work.has_links])
        push_specific_prices(run, works, known.shop)
    except Busy:
        _settle(works, snooze(BUSY_DELAY))
    except PrestaShopError as error:
        _settle(works, outcome_of(error))
    changes = witness.changes_by_product()
    for work in works:
        work.outcome = work.outcome or _success(work)
        work.changes = changes.get(work.link.external_id or 0, [])
    return taken


def _pass_over(run: Run, works: Sequence[Work]) -> None:
    """A partial push does not create, not even what was deleted in the shop meanwhile."""
    for work in works:
        if work.open and work.plan and work.plan.create and not work.wish.mode.whole:
            work.outcome = skipped(not_there(run))


def _stock_differs(work: Work) -> bool:
    return bool(work.open and work.plan and work.plan.quantity is not None and work.link.external_id)


def _settle(works: Sequence[Work], outcome: Outcome) -> None:
    for work in works:
        work.outcome = work.outcome or outcome


def _success(work: Work) -> Outcome:
    if work.link.external_id is None:
        return retry("the product disappeared from the shop while it was being pushed")
    if work.later:
        return work.later
    written = bool(work.plan) or work.touched
    if not written and work.note:
        return skipped(work.note)
    if not written:
        return unchanged(work.link.external_id)
    found = pushed(work.operation or "update", work.link.external_id)
    if work.warnings:
        return replace(found, error=f"the product is in the shop, but {'; '.join(work.warnings)}")
    return replace(found, error=work.note) if work.note else found
