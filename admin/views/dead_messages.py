"""Dead messages: what nobody tries any more, why, and what to do with it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from admin import filters, messages
from admin.database import begin_writing, db, slow
from admin.i18n import _, ngettext
from models import DeadMessage, DeadStatus
from sync import dead_messages
from sync.errors import SecretUnreadable

blueprint = Blueprint("dead_messages", __name__, url_prefix="/system/dead-messages")

PAGE = 50
STATES = (DeadStatus.DEAD.value, DeadStatus.RETRIED.value, DeadStatus.DISCARDED.value)


def state_texts() -> dict[str, str]:
    """What became of a message, in words."""
    words = (_("To be decided"), _("Sent again"), _("Discarded"))
    return dict(zip(STATES, words, strict=True))


@blueprint.get("")
def index() -> str:
    """The dead messages, the newest first, by actor and by what became of them."""
    session = db.session()
    actor = (request.args.get("actor") or "")[:100] or None
    status = filters.one_of(request.args.get("state"), STATES) or DeadStatus.DEAD.value
    before = filters.number(request.args.get("before"))
    found = dead_messages.listed(session, actor=actor, status=status, before=before, limit=PAGE + 1)
    return render_template(
        "system/dead_messages.html",
        messages=found[:PAGE],
        older=found[PAGE - 1].id if len(found) > PAGE else None,
        counts=dead_messages.counts(session),
        asked={"actor": actor, "state": status},
        states=state_texts(),
    )


@blueprint.get("/<int:dead_id>")
def show(dead_id: int) -> str:
    """One of them: its arguments, its error, its traceback."""
    found = db.get_or_404(DeadMessage, dead_id)
    return render_template("system/dead_message.html", message=found, states=state_texts())


@blueprint.post("/<int:dead_id>/retry")
@slow  # the message is settled in a transaction of its own, which is committed before it is sent
def retry(dead_id: int) -> Response:
    """Send it once more, as new."""
    db.get_or_404(DeadMessage, dead_id)
    db.session.rollback()
    return _retry([dead_id])


@blueprint.post("/retry-all")
@slow
def retry_all() -> Response:
    """Send all again that wait for a decision, or all of one actor."""
    actor = (request.form.get("actor") or "")[:100] or None
    found = list(dead_messages.ids(db.session(), actor=actor))
    db.session.rollback()
    return _retry(found)


def _retry(dead_ids: list[int]) -> Response:
    try:
        sent, taken = messages.retry_dead(dead_ids)
    except SecretUnreadable as error:
        flash(str(error), "failed")
        return redirect(url_for("dead_messages.index"))
    if not taken:
        flash(_("The broker does not answer; the messages are kept."), "failed")
    elif sent:
        flash(ngettext("%(num)s message is sent again.", "%(num)s messages are sent again.", sent), "done")
    else:
        flash(_("Somebody else was first: nothing was left to send."), "pending")
    return redirect(url_for("dead_messages.index"))


@blueprint.post("/<int:dead_id>/discard")
@slow
def discard(dead_id: int) -> Response:
    """Let it go; it stays in the list of the discarded until it is pruned."""
    begin_writing()
    db.get_or_404(DeadMessage, dead_id)
    gone = dead_messages.discard(db.session(), dead_id)
    db.session.commit()
    flash(_("The message is discarded.") if gone else _("Somebody else has decided already."), "done")
    return redirect(url_for("dead_messages.index"))
