"""Opening a plan, and what an operator decides about it: approve, discard, plan the changed ones again."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models import ItemStatus, JobItem, JobProgress, JobStatus, Shop, now
from sync import jobs
from sync.errors import Missing, Refusal
from sync.modes import FULL, TREE
from sync.rehearsal.chunk import AGAIN
from sync.selection import Selection


def open_plan(
    session: Session, shop: Shop, selection: Selection,
    *, mode: str = FULL.name, force: bool = False, user_id: int | None = None, parent_id: int | None = None,
) -> JobProgress:  # fmt: skip
    """Open a job that plans a push and then awaits approval. Raises ShopInactive, and Refusal for whole categories."""
    if mode == TREE:
        raise Refusal("mode", "a push of categories alone cannot be planned; plan a push of their products")
    job = jobs.open_push(session, shop, selection, mode=mode, force=force, user_id=user_id, parent_id=parent_id)
    job.params, job.title = {**job.params, "plan": True}, "Push products, planned first"
    return job


def is_plan(job: JobProgress) -> bool:
    """Whether the job plans, or holds a plan that nobody has approved yet."""
    return bool(job.params.get("plan"))


def approve(session: Session, progress_id: int) -> int:
    """Let the plan be pushed, to be started like any job; how many products. Raises Missing and Refusal."""
    job = _awaiting(session, progress_id)
    if job.expires_at is not None and job.expires_at < now():
        raise Refusal("plan", f"the plan of job {progress_id} has lapsed; plan it again")
    planned = (JobItem.progress_id == progress_id, JobItem.status == ItemStatus.PLANNED)
    number = session.scalar(select(func.count(JobItem.id)).where(*planned)) or 0
    session.execute(
        update(JobItem)
        .where(*planned)
        .values(status=ItemStatus.PENDING, operation=None, finished_at=None, milliseconds=None, attempts=0)
    )
    jobs.approve(session, progress_id)
    job.params = {**job.params, "plan": False, "approved": True}
    states = {status.value for status in ItemStatus}
    job.summary = {name: value for name, value in job.summary.items() if name not in states}
    job.started_at = now()
    jobs.recount(session, job)
    session.flush()
    return number


def discard(session: Session, progress_id: int) -> None:
    """Let the plan go; nothing was and nothing will be sent. Raises Missing and Refusal."""
    _awaiting(session, progress_id)
    jobs.cancel(session, progress_id, "the plan was discarded")


def plan_again(session: Session, progress_id: int, *, user_id: int | None = None) -> JobProgress:
    """Open a plan of those products of an applied one that changed meanwhile. Raises Missing, Refusal, ShopInactive."""
    job = jobs.get(session, progress_id)
    ids = session.scalars(
        select(JobItem.product_id).where(
            JobItem.progress_id == progress_id, JobItem.operation == AGAIN, JobItem.product_id.is_not(None)
        )
    ).all()
    if not ids or job.shop is None:
        raise Refusal("plan", f"nothing of job {progress_id} has to be planned again")
    return open_plan(
        session, job.shop, Selection("ids", tuple(number for number in ids if number is not None)),
        mode=job.params.get("mode") or FULL.name, force=bool(job.params.get("force")), user_id=user_id,
        parent_id=progress_id,
    )  # fmt: skip


def _awaiting(session: Session, progress_id: int) -> JobProgress:
    job = session.get(JobProgress, progress_id, with_for_update=True, populate_existing=True)
    if job is None:
        raise Missing("job", progress_id)
    if job.kind != "push" or job.status != JobStatus.AWAITING_APPROVAL:
        raise Refusal("plan", f"job {progress_id} holds no plan that waits for approval ({job.status})")
    return job
