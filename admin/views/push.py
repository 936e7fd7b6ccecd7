"""Pushing products: a page that says count and effect first, then one job per shop."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from admin import dispatch, push_modes, pushing
from admin.database import db
from admin.i18n import _, ngettext
from admin.identity import safe_next, signed_in_user
from admin.queries import categories, shops
from models import JobProgress, Shop
from sync import jobs
from sync.errors import Refusal, ShopInactive
from sync.rehearsal.approval import open_plan

blueprint = Blueprint("push", __name__, url_prefix="/products/push")


@blueprint.get("")
def confirm() -> str:
    """What would be pushed where, and what that takes."""
    return _page(None)


@blueprint.post("")
def start() -> Response | tuple[str, int]:
    """Open one job per chosen shop and wake the workers."""
    session = db.session()
    wanted = pushing.wanted(session, request.form)
    chosen = {int(number) for number in request.form.getlist("to") if number.isdigit()}
    targets = [shop for shop in shops.all_shops(session) if shop.id in chosen]
    if wanted.selection is None or not targets:
        return _page(wanted.problem or _("Choose at least one shop.")), 422
    try:
        open_one = open_plan if request.form.get("plan") else jobs.open_push
        how = {**push_modes.asked(request.form), "user_id": signed_in_user().id}
        opened = [(shop, open_one(session, shop, wanted.selection, **how)) for shop in targets]
    except (ShopInactive, Refusal) as refused:
        session.rollback()
        return _page(str(refused)), 409
    session.commit()
    _tell(opened, [dispatch.start(job.id) for _shop, job in opened])
    if request.form.get("plan") and len(opened) == 1:
        return redirect(url_for("plans.show", progress_id=opened[0][1].id))
    return redirect(safe_next(request.form.get("next")) or url_for("products.index"))


def _page(problem: str | None) -> str:
    session = db.session()
    values = request.form if request.method == "POST" else request.args
    wanted = pushing.wanted(session, values)
    listed = shops.all_shops(session)
    offers = pushing.offers(session, wanted, listed)
    chosen = {int(number) for number in values.getlist("to") if number.isdigit()}
    active = [shop.id for shop in listed if shop.active]
    return render_template(
        "products/push.html",
        wanted=wanted,
        offers=offers,
        chosen=chosen or (set(active) if len(active) == 1 else set()),
        problem=problem or wanted.problem,
        categories=categories.choices(session),
        modes=push_modes.choices(),
        mode=push_modes.asked(values)["mode"],
        next=safe_next(values.get("next")) or "",
    )


def _tell(opened: list[tuple[Shop, JobProgress]], sent: list[bool]) -> None:
    for shop, job in opened:
        link = Markup("<a href='{}'>{}</a>").format(url_for("jobs.show", progress_id=job.id), _("Show"))
        text = (
            _("The plan for %(shop)s is being made.")
            if "plan" in job.params
            else _("The push to %(shop)s has started.")
        )
        flash(Markup("{} {}").format(text % {"shop": shop.name}, link), "running")
    if not all(sent):
        waiting = sent.count(False)
        flash(
            ngettext(
                "%(num)s job is kept, but the broker does not answer. It goes on once it does.",
                "%(num)s jobs are kept, but the broker does not answer. They go on once it does.",
                waiting,
            ),
            "warned",
        )
