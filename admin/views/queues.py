"""Queues: hold one, let it go on."""

from flask import Blueprint, flash, redirect, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from admin.database import db
from admin.i18n import _
from admin.identity import signed_in_user
from sync import queues

blueprint = Blueprint("queues", __name__, url_prefix="/queues")


@blueprint.post("/<queue>/pause")
def pause(queue: str) -> Response:
    """Hold a queue: workers leave its messages alone within two seconds. What they have begun, they finish."""
    _known(queue)
    queues.pause(db.session(), queue, signed_in_user().name)
    db.session.commit()
    flash(_("Queue %(queue)s is paused: its messages wait until you resume it.", queue=queue), "done")
    return redirect(url_for("system.show"))


@blueprint.post("/<queue>/resume")
def resume(queue: str) -> Response:
    """Let a queue's messages go on."""
    _known(queue)
    queues.resume(db.session(), queue)
    db.session.commit()
    flash(_("Queue %(queue)s goes on.", queue=queue), "done")
    return redirect(url_for("system.show"))


def _known(queue: str) -> None:
    from tasks.broker import QUEUES

    if queue not in QUEUES:
        raise NotFound
