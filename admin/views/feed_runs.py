"""A run of a feed: its rows by result, as a file too; a held run with its reasons; failed rows once more."""

from collections.abc import Iterator
from itertools import islice

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from admin import dispatch, filters
from admin.csv_export import rows_as_csv
from admin.database import db, services
from admin.i18n import _
from admin.identity import signed_in_user
from models import Feed, JobProgress
from sync.errors import SyncError
from sync.suppliers import feeds, holds
from sync.suppliers.chunk_rows import FAILED, RESULTS
from sync.suppliers.chunk_store import totals
from sync.suppliers.results import rows_of_run, why
from sync.suppliers.rows import FIELDS

blueprint = Blueprint("feed_runs", __name__, url_prefix="/feeds/runs")
PAGE = 50


@blueprint.get("/<int:progress_id>")
def show(progress_id: int) -> str:
    """Counts by result, and the rows of one of them."""
    session = db.session()
    job = _run(progress_id)
    counts = totals(session, progress_id)
    found = {name: counts[name] for name in RESULTS if counts.get(name)}
    result = filters.one_of(request.args.get("result"), found) or next(
        (name for name in FAILED if name in found), next(iter(found), None)
    )
    skip = max(0, filters.number(request.args.get("skip")) or 0)
    rows = list(islice(rows_of_run(session, progress_id, result, skip), PAGE)) if result else []
    return render_template(
        "feeds/run.html", job=job, feed=db.session.get(Feed, job.feed_id) if job.feed_id else None, counts=found,
        result=result, rows=rows, why=why, skip=skip, page=PAGE, held=job.status == "awaiting_approval",
        failed=sum(found.get(name, 0) for name in FAILED), ended=job.completed_at is not None,
    )  # fmt: skip


def _run(progress_id: int) -> JobProgress:
    job = db.session.get(JobProgress, progress_id)
    if job is None or job.kind != feeds.KIND:
        raise NotFound
    return job


@blueprint.get("/<int:progress_id>/<result>.csv")
def as_csv(progress_id: int, result: str) -> Response:
    """All rows of one result, streamed."""
    _run(progress_id)
    if result not in RESULTS:
        raise NotFound
    database = services().db
    titles: list[object] = ["row", "key", "result", "product_id", *FIELDS, "why"]

    def rows() -> Iterator[list[object]]:
        yield titles
        with database.read() as session:
            for row in rows_of_run(session, progress_id, result):
                values = [row.values.get(name) for name in FIELDS]
                yield [row.number, row.key[2:], row.result, row.product_id, *values, why(row)]

    head = {"Content-Disposition": f'attachment; filename="feed-run-{progress_id}-{result}.csv"'}
    return Response(rows_as_csv(rows()), mimetype="text/csv", headers=head)


@blueprint.post("/<int:progress_id>/approve")
def approve(progress_id: int) -> AnyResponse:
    """Apply a held run."""
    try:
        holds.approve(db.session(), progress_id, signed_in_user().name)
    except SyncError as error:
        return _refused(progress_id, error)
    db.session.commit()
    dispatch.start(progress_id)
    flash(_("The run is applied."), "running")
    return redirect(url_for("jobs.show", progress_id=progress_id))


@blueprint.post("/<int:progress_id>/reject")
def reject(progress_id: int) -> AnyResponse:
    """Drop a held run; nothing of it was applied."""
    try:
        holds.reject(db.session(), progress_id, signed_in_user().name)
    except SyncError as error:
        return _refused(progress_id, error)
    db.session.commit()
    flash(_("The run is rejected. Nothing of it was applied."), "done")
    return redirect(url_for("feed_runs.show", progress_id=progress_id))


@blueprint.post("/<int:progress_id>/again")
def again(progress_id: int) -> AnyResponse:
    """Process the failed rows once more, in a job of their own."""
    job = _run(progress_id)
    try:
        opened = feeds.open_run(db.session(), job.feed_id or 0, user_id=signed_in_user().id, again=progress_id)
    except SyncError as error:
        return _refused(progress_id, error)
    db.session.commit()
    dispatch.start(opened.id)
    return redirect(url_for("jobs.show", progress_id=opened.id))


def _refused(progress_id: int, error: SyncError) -> AnyResponse:
    db.session.rollback()
    flash(str(error), "failed")
    return redirect(url_for("feed_runs.show", progress_id=progress_id))
