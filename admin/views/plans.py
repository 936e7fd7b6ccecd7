"""Plans: what a push would change, field by field; approve it or let it go."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from admin import dispatch, filters
from admin.database import db, services
from admin.i18n import _, ngettext
from admin.identity import signed_in_user
from sync import progress
from sync.errors import Missing, SyncError
from sync.rehearsal import approval, read

blueprint = Blueprint("plans", __name__, url_prefix="/plans")

PAGE = 50


@blueprint.get("/<int:progress_id>")
def show(progress_id: int) -> str:
    """A plan: counts, what it takes, and its products with what changes of each."""
    session = db.session()
    try:
        plan = read.plan_of(session, progress_id)
    except Missing:
        raise NotFound from None
    group = filters.one_of(request.args.get("show"), {*read.GROUPS, read.OTHER})
    field = request.args.get("field") or None
    text = request.args.get("q", "").strip()[:64]
    found = read.items(
        session, progress_id, group=group, field=field, text=text,
        after=filters.number(request.args.get("after")) or 0, limit=PAGE + 1,
    )  # fmt: skip
    return render_template(
        "plans/show.html",
        plan=plan,
        job=progress.details(session, progress_id),
        items=found[:PAGE],
        after=found[PAGE - 1].id if len(found) > PAGE else None,
        group=group,
        field=field,
        text=text,
    )


@blueprint.get("/<int:progress_id>.json")
def as_json(progress_id: int) -> Response:
    """The whole plan as JSON, streamed."""
    database = services().db
    with database.read() as session:
        try:
            read.plan_of(session, progress_id)
        except Missing:
            raise NotFound from None

    def pieces() -> Any:
        with database.read() as session:
            yield from read.as_json(session, progress_id)

    head = {"Content-Disposition": f'attachment; filename="plan-{progress_id}.json"'}
    return Response(pieces(), mimetype="application/json", headers=head)


@blueprint.post("/<int:progress_id>/approve")
def approve(progress_id: int) -> AnyResponse:
    """Push what was planned."""

    def do(session: Session) -> int:
        number = approval.approve(session, progress_id)
        text = ngettext(
            "%(num)s planned product is being pushed.", "%(num)s planned products are being pushed.", number
        )
        flash(text, "running")
        return progress_id

    return _decided(progress_id, do, start=True)


@blueprint.post("/<int:progress_id>/discard")
def discard(progress_id: int) -> AnyResponse:
    """Let the plan go."""

    def do(session: Session) -> int:
        approval.discard(session, progress_id)
        flash(_("The plan is discarded. Nothing was sent."), "done")
        return progress_id

    return _decided(progress_id, do)


@blueprint.post("/<int:progress_id>/again")
def again(progress_id: int) -> AnyResponse:
    """Plan those products again that changed between the plan and its push."""
    return _decided(
        progress_id,
        lambda session: approval.plan_again(session, progress_id, user_id=signed_in_user().id).id,
        start=True,
    )


def _decided(progress_id: int, do: Callable[[Session], int], *, start: bool = False) -> AnyResponse:
    session = db.session()
    try:
        number = do(session)
    except Missing:
        raise NotFound from None
    except SyncError as refused:
        session.rollback()
        flash(str(refused), "warned")
        return redirect(url_for("plans.show", progress_id=progress_id))
    session.commit()
    if start and not dispatch.start(number):
        flash(_("The job is kept, but the broker does not answer. It goes on once it does."), "warned")
    return redirect(url_for("plans.show", progress_id=number))
