"""Jobs: the history, a job's page, cancelling, the errors as a file."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from admin import dispatch, error_list, filters, terms
from admin.csv_export import rows_as_csv
from admin.database import db, services
from admin.i18n import _
from admin.identity import safe_next, signed_in_user
from admin.queries import shops
from models import ItemStatus, JobProgress, JobStatus, JobType, Shop, User
from models.jobs import WRONG_ITEMS
from sync import jobs, progress, retries
from sync.errors import SyncError
from sync.rehearsal.read import has_plan
from sync.undo.open import preview

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")

PAGE = 50
ITEM_FILTERS = {
    "wrong": tuple(WRONG_ITEMS),
    "warned": (ItemStatus.PUSHED,),
    **{status.value: (status,) for status in ItemStatus},
}


@blueprint.get("")
def index() -> str | AnyResponse:
    """Active operations, and every job there was."""
    moved = _from_qualifiers(request.args.get("q", ""))
    if moved is not None:
        return moved
    session = db.session()
    asked: dict[str, Any] = {
        "shop_id": filters.number(request.args.get("shop")),
        "job_type": filters.one_of(request.args.get("type"), set(JobType)),
        "status": filters.one_of(request.args.get("status"), set(JobStatus)),
        "user_id": filters.number(request.args.get("user")),
    }
    text = request.args.get("q", "").strip()[:200]
    found = progress.history(
        session, **asked, text=text, after=filters.number(request.args.get("after")), limit=PAGE + 1
    )
    return render_template(
        "jobs/index.html",
        active=progress.active_jobs(session),
        jobs=found[:PAGE],
        after=found[PAGE - 1].id if len(found) > PAGE else None,
        asked=asked,
        text=text,
        shops=shops.all_shops(session),
        users=list(session.scalars(select(User).order_by(User.name))),
        types=list(JobType),
        statuses=list(JobStatus),
    )


def _from_qualifiers(text: str) -> AnyResponse | None:
    words, found = terms.parse(text, ("shop", "state", "type", "user"))
    if not found:
        return None
    session = db.session()
    changes: dict[str, Any] = {"q": words or None, "status": found.get("state"), "type": found.get("type")}
    if "shop" in found:
        changes["shop"] = session.scalar(select(Shop.id).where(Shop.name.icontains(found["shop"])))
    if "user" in found:
        changes["user"] = session.scalar(select(User.id).where(User.name == found["user"]))
    kept = {name: value for name, value in request.args.items() if name not in ("after", "q")}
    asked = {**kept, **{name: value for name, value in changes.items() if value is not None}}
    return redirect(url_for("jobs.index", **asked))


@blueprint.get("/<int:progress_id>")
def show(progress_id: int) -> str:
    """A job: its bar, its items by state, its errors."""
    session = db.session()
    job = progress.details(session, progress_id)
    if job is None:
        raise NotFound
    chosen = filters.one_of(request.args.get("state"), ITEM_FILTERS)
    items = progress.items(
        session, progress_id, statuses=ITEM_FILTERS.get(chosen or "", ()), warned=chosen == "warned",
        after=filters.number(request.args.get("after")) or 0, limit=PAGE + 1,
    )  # fmt: skip
    return render_template(
        "jobs/show.html",
        job=job,
        items=items[:PAGE],
        after=items[PAGE - 1].id if len(items) > PAGE else None,
        chosen=chosen,
        offered=retries.offered(session, progress_id),
        children=progress.children(session, progress_id),
        has_plan=has_plan(session, progress_id),
        undoable=job.completed_at is not None and preview(session, progress_id).possible,
        loose=error_list.without_items(session, job) if not job.outcomes else [],
    )


@blueprint.post("/<int:progress_id>/cancel")
def cancel(progress_id: int) -> AnyResponse:
    """Stop a job: what waits is cancelled, what is under way is finished."""
    session = db.session()
    if progress.details(session, progress_id) is None:
        raise NotFound
    stopped = jobs.cancel(session, progress_id)
    session.commit()
    if stopped:
        flash(_("The job is stopping. What is on its way to the shop is still finished."), "pending")
    else:
        flash(_("The job had ended already."), "pending")
    return redirect(safe_next(request.form.get("next")) or url_for("jobs.show", progress_id=progress_id))


@blueprint.post("/<int:progress_id>/retry")
def retry(progress_id: int) -> AnyResponse:
    """A new job of the items that failed; with `refused`, of those that were refused, too."""
    refused = request.form.get("refused") == "1"
    return _another(
        progress_id, lambda session, job, user: retries.retry_failed(session, job, refused=refused, user_id=user)
    )


@blueprint.post("/<int:progress_id>/again")
def again(progress_id: int) -> AnyResponse:
    """A new job of the same selection that sends everything, also what the shop should have."""
    return _another(progress_id, lambda session, job, user: retries.push_in_full(session, job, user_id=user))


def _another(progress_id: int, make: Callable[[Session, JobProgress, int], JobProgress]) -> AnyResponse:
    session = db.session()
    job = db.get_or_404(JobProgress, progress_id)
    try:
        made = make(session, job, signed_in_user().id)
    except SyncError as refused:
        session.rollback()
        flash(str(refused), "warned")
        return redirect(url_for("jobs.show", progress_id=progress_id))
    session.commit()
    if not dispatch.start(made.id):
        flash(_("The job is kept, but the broker does not answer. It goes on once it does."), "warned")
    return redirect(url_for("jobs.show", progress_id=made.id))


@blueprint.get("/<int:progress_id>/errors.csv")
def errors_csv(progress_id: int) -> Response:
    """All errors of a job, streamed."""
    if progress.details(db.session(), progress_id) is None:
        raise NotFound
    database = services().db

    titles: list[object] = ["#", _("SKU"), _("State"), _("Error")]

    def rows() -> Iterator[list[object]]:
        yield titles
        with database.read() as session:
            for error in error_list.every(session, progress_id):
                yield [error.number, error.sku, error.status, error.error]

    head = {"Content-Disposition": f'attachment; filename="job-{progress_id}-errors.csv"'}
    return Response(rows_as_csv(rows()), mimetype="text/csv", headers=head)
