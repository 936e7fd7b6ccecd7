"""The live pages' questions: what runs, what ran, one job, its errors."""

import hashlib

from flask import Blueprint, Response, jsonify, request, url_for
from werkzeug.exceptions import NotFound

from admin import error_list, filters, health
from admin.api import shapes
from admin.database import db
from admin.i18n import language
from models import JobType
from sync import progress
from sync.progress import JobView

blueprint = Blueprint("api_jobs", __name__, url_prefix="/api/jobs")

ERRORS_PAGE = 100


@blueprint.get("/active")
def active() -> Response:
    """At most 20 jobs that wait or run, and those that ended a moment ago. 304 when nothing has changed."""
    session = db.session()
    report = health.report()
    shop_id = filters.number(request.args.get("shop"))
    news = progress.news(session)
    token = f"{news.token} {language()} {shop_id} {report.ok} {report.summary}"
    tag = hashlib.sha256(token.encode()).hexdigest()[:32]
    if request.if_none_match.contains(tag):
        answer = Response(status=304)
    else:
        answer = jsonify(
            jobs=shapes.jobs(progress.active_jobs(session, shop_id)),
            active_count=news.active,
            health={"ok": report.ok, "summary": report.summary},
        )
    answer.set_etag(tag)
    return answer


@blueprint.get("/recent")
def recent() -> Response:
    """The last 24 hours, at most 20 jobs; `shop` (an id) and `type` narrow it."""
    found = progress.recent_jobs(
        db.session(), filters.number(request.args.get("shop")), filters.one_of(request.args.get("type"), set(JobType))
    )
    return jsonify(jobs=shapes.jobs(found))


@blueprint.get("/<int:progress_id>")
def details(progress_id: int) -> Response:
    """One job with the counts of its items by state."""
    return jsonify(shapes.job(_found(progress_id)))


@blueprint.get("/<int:progress_id>/errors")
def errors(progress_id: int) -> Response:
    """A hundred of the job's errors; `next` leads to the following ones."""
    job = _found(progress_id)
    after = filters.number(request.args.get("after")) or 0
    start = filters.number(request.args.get("start")) or 0
    rows = error_list.page(db.session(), job, after, ERRORS_PAGE + 1)
    more, rows = len(rows) > ERRORS_PAGE, rows[:ERRORS_PAGE]
    shown = [{**shapes.error(row), "number": row.number + start} for row in rows]
    following = None
    if more:
        after, start = rows[-1].item_id, start + len(rows)
        following = url_for("api_jobs.errors", progress_id=job.id, after=after, start=start)
    return jsonify(
        job=shapes.job(job),
        errors=shown,
        total=job.error_count,
        csv=url_for("jobs.errors_csv", progress_id=job.id),
        next=following,
    )


def _found(progress_id: int) -> JobView:
    job = progress.details(db.session(), progress_id)
    if job is None:
        raise NotFound
    return job
