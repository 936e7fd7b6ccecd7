"""Opening an undo: what it would mean, and its items."""

from dataclasses import dataclass

from sqlalchemy import String, cast, func, insert, literal, select
from sqlalchemy.orm import Session

from models import ItemChange, JobItem, JobProgress, JobType, Product
from models.jobs import ENDED
from sync import jobs
from sync.errors import Missing, Refusal

KEPT_DAYS = 30.0
"""So long the history is kept (sync.schedules.cleaning, unless its schedule says otherwise)."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What undoing a job means: `products` that it wrote to, `updates` of theirs to be put back where the shop still
    holds what was written, `creates` to be deleted where nobody has touched them since, `deletes` that stay deleted."""

    products: int = 0
    updates: int = 0
    creates: int = 0
    deletes: int = 0

    @property
    def possible(self) -> bool:
        return bool(self.updates or self.creates)


def preview(session: Session, progress_id: int) -> Preview:
    """Count what of the job's history is not undone yet. Two statements."""
    mine = (ItemChange.progress_id == progress_id, ItemChange.undone.is_(None), ItemChange.product_id.is_not(None))
    rows = session.execute(
        select(ItemChange.operation, ItemChange.resource, func.count())
        .where(*mine)
        .group_by(ItemChange.operation, ItemChange.resource)
    ).all()
    products = session.scalar(select(func.count(func.distinct(ItemChange.product_id))).where(*mine)) or 0
    creates = sum(number for operation, resource, number in rows if (operation, resource) == ("create", "products"))
    return Preview(
        products=products,
        updates=sum(number for operation, _, number in rows if operation == "update"),
        creates=creates or sum(number for operation, _, number in rows if operation == "create"),
        deletes=sum(number for operation, _, number in rows if operation == "delete"),
    )


def open_undo(session: Session, progress_id: int, *, user_id: int | None = None) -> JobProgress:
    """Open a job that undoes another one. Raises Missing, ShopInactive, and Refusal where there is nothing to undo."""
    job = session.get(JobProgress, progress_id)
    if job is None:
        raise Missing("job", progress_id)
    if job.status not in ENDED:
        raise Refusal("job", f"job {progress_id} has not ended yet; cancel it first, or wait")
    if job.shop is None:
        raise Refusal("job", f"the shop of job {progress_id} was deleted")
    if not preview(session, progress_id).possible:
        raise Refusal("job", f"job {progress_id} left nothing to undo; what it replaced is kept for {KEPT_DAYS:g} days")
    return jobs.open_job(
        session, "undo", JobType.SYNC, f"Undo job {progress_id}", job.shop, {"undo": progress_id},
        user_id=user_id, parent_id=progress_id,
    )  # fmt: skip


def fill(session: Session, job: JobProgress) -> None:
    """One item for each product that the undone job wrote to."""
    written = (
        select(ItemChange.product_id)
        .where(
            ItemChange.progress_id == job.params["undo"],
            ItemChange.undone.is_(None),
            ItemChange.product_id.is_not(None),
        )
        .distinct()
    )
    key = literal("product:").concat(cast(Product.id, String(20)))
    rows = select(literal(job.id), key, Product.id, Product.sku).where(Product.id.in_(written)).order_by(Product.sku)
    session.execute(insert(JobItem).from_select(["progress_id", "key", "product_id", "sku"], rows))
