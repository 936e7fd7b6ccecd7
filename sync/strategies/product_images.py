"""The images of the products in hand, one by one. One that fails is shown with its product and does not fail it."""

import time
from collections.abc import Sequence
from dataclasses import replace

from prestashop_client import PrestaShopError
from sync.outcome import Outcome, retry, snooze
from sync.plan import plan_images
from sync.strategies.image import forget_missing, push_images
from sync.strategies.run import Run, outcome_of
from sync.strategies.work import Work


def push_all_images(run: Run, works: Sequence[Work]) -> None:
    """Carry out the image plans. What is refused becomes a warning, what may be tried again the outcome for later.

    Raises PrestaShopError where the reason lies with the shop as a whole.
    """
    for work in works:
        if not (work.open and work.plan is not None and work.link.external_id) or not _speaks_of_images(work):
            continue
        if time.monotonic() > run.deadline:
            work.later = snooze(0.0)  # what is done is recorded; the images have their turn in the next chunk
            continue
        try:
            _push(run, work)
        except PrestaShopError as error:
            found = _outcome(work, error)
            if found.shop_wide:
                raise
            work.later = found


def _speaks_of_images(work: Work) -> bool:
    if work.plan and work.plan.images:
        return True
    forced = work.wish.force and work.wish.mode.images and "images" not in work.product.locked
    return forced and bool(work.link.images)


def _push(run: Run, work: Work) -> None:
    assert work.plan is not None  # noqa: S101 - see push_all_images
    if work.wish.force:
        forget_missing(run, work.link)
        work.plan = replace(work.plan, images=plan_images(work.product.images, work.link.images))
    work.warnings += push_images(run, work.link, work.plan.images, work.product.images)


def _outcome(work: Work, error: PrestaShopError) -> Outcome:
    found = outcome_of(error, work.link.external_id)
    return found if found.shop_wide else retry(f"image: {error}", work.link.external_id)
