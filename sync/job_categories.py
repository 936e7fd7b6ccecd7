"""The first stage of a push: the categories that its products need, new or changed, parents first."""

import logging

from sqlalchemy import select

from models import JobItem, JobProgress, JobStatus, product_categories
from prestashop_client import PrestaShopError
from sync import jobs
from sync.modes import mode_of
from sync.outcome import Outcome, pushed, skipped, snooze
from sync.services import Services
from sync.strategies.category import ensure_categories
from sync.strategies.run import BUSY_DELAY, Busy, Run

logger = logging.getLogger(__name__)


def push_job_categories(services: Services, progress_id: int, claimant: str) -> Outcome:
    """Bring the job's categories in step. What fails here is met again, and shown, by the products that need it."""
    with services.db.write() as session:
        job = session.get(JobProgress, progress_id)
        if job is None or job.status != JobStatus.RUNNING or job.shop is None or not job.shop.active:
            return skipped("the job has ended, or its shop is gone")
        if not mode_of(job.params).whole:
            return skipped("a partial push makes no categories, or they are its items")
        jobs.expect(session, progress_id, 300.0)
        wanted = session.scalars(
            select(product_categories.c.category_id)
            .where(
                product_categories.c.product_id.in_(
                    select(JobItem.product_id).where(JobItem.progress_id == progress_id)
                )
            )
            .distinct()
        ).all()
        shop = job.shop
    try:
        with services.connect(shop) as client:
            ensure_categories(Run(services, shop, client, claimant), wanted, update=True)
    except Busy:
        return snooze(BUSY_DELAY)
    except PrestaShopError as error:
        logger.warning("categories of job %s: %s", progress_id, error)
    return pushed("update", None)
