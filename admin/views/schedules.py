"""Schedules: what runs by the clock, when next, what came of it; on, off, at once, at other times."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin import filters, messages
from admin.cron_words import cron_text
from admin.database import db
from admin.forms.schedule import ScheduleForm, form_of
from admin.i18n import _
from admin.schedule_words import action_text, action_texts
from models import Feed, Schedule, Shop, Supplier
from sync.errors import Missing
from sync.schedules import due, entries
from sync.schedules.clock import ScheduleInvalid

blueprint = Blueprint("schedules", __name__, url_prefix="/schedules")

FEEDS = select(Feed.id, Feed.name, Supplier.name.label("supplier")).join(Supplier, Supplier.id == Feed.supplier_id)
PAGE = 60
AnyResponse = Response | str | tuple[str, int]


@blueprint.get("")
def index() -> str:
    """Every schedule, the house's first, then by shop and feed."""
    session = db.session()
    shop_id = filters.number(request.args.get("shop"))
    action = filters.one_of(request.args.get("action"), action_texts())
    found = [one for one in entries.listed(session) if _fits(one, shop_id, action)]
    start = filters.number(request.args.get("after")) or 0
    return render_template(
        "schedules/index.html",
        schedules=found[start : start + PAGE],
        total=len(found),
        active=sum(one.active for one in found),
        after=start + PAGE if len(found) > start + PAGE else None,
        before=max(0, start - PAGE) if start else None,
        shops={row.id: row.name for row in session.execute(select(Shop.id, Shop.name))},
        feeds={row.id: f"{row.supplier}: {row.name}" for row in session.execute(FEEDS)},
        asked={"shop": shop_id, "action": action},
        actions=action_texts(),
        action_text=action_text,
        when=_when,
    )


def _fits(schedule: Schedule, shop_id: int | None, action: str | None) -> bool:
    return shop_id in (None, schedule.shop_id) and action in (None, schedule.action)


def _when(schedule: Schedule) -> str:
    """ "At 02:00 every day, Europe/Warsaw"; the expression itself where nobody can read it."""
    try:
        return f"{cron_text(schedule.cron)}, {schedule.time_zone}"
    except ScheduleInvalid:
        return f"{schedule.cron}, {schedule.time_zone}"


@blueprint.post("/<int:schedule_id>/on")
def switch_on(schedule_id: int) -> AnyResponse:
    """Let it run at its times again; what it missed meanwhile is not made up."""
    return _switch(schedule_id, True)


@blueprint.post("/<int:schedule_id>/off")
def switch_off(schedule_id: int) -> AnyResponse:
    """Let it rest."""
    return _switch(schedule_id, False)


def _switch(schedule_id: int, active: bool) -> AnyResponse:
    db.get_or_404(Schedule, schedule_id)
    schedule = entries.switch(db.session(), schedule_id, active)
    db.session.commit()
    what = action_text(schedule.action)
    flash(_("%(what)s is on.", what=what) if active else _("%(what)s is off.", what=what), "done")
    return _back()


@blueprint.post("/<int:schedule_id>/run")
def run_now(schedule_id: int) -> AnyResponse:
    """Run it at once, on or off."""
    session = db.session()
    schedule = db.get_or_404(Schedule, schedule_id)
    try:
        taken = due.run_now(session, schedule_id)
    except due.StillRunning:
        session.rollback()
        flash(_("It is running already."), "pending")
        return _back()
    session.commit()
    what = action_text(schedule.action)
    if messages.run_schedule(taken):
        flash(_("%(what)s is on its way.", what=what), "done")
    else:
        flash(_("%(what)s runs once the broker answers.", what=what), "warned")
    return _back()


@blueprint.route("/<int:schedule_id>/edit", methods=["GET", "POST"])
def edit(schedule_id: int) -> AnyResponse:
    """Other times, and other numbers to go by."""
    schedule = db.get_or_404(Schedule, schedule_id)
    form = form_of(schedule)
    if form.validate_on_submit() and _save(schedule, form):
        flash(_("%(what)s is saved.", what=action_text(schedule.action)), "done")
        return redirect(url_for("schedules.index"))
    values: dict[str, Any] = {"schedule": schedule, "form": form, "action_text": action_text}
    shop = db.session.get(Shop, schedule.shop_id) if schedule.shop_id else None
    return render_template("schedules/form.html", shop=shop, when=_when, **values), 422 if form.errors else 200


def _save(schedule: Schedule, form: ScheduleForm) -> bool:
    try:
        entries.change(db.session(), schedule.id, cron=form.cron.data, time_zone=form.zone(), params=form.numbers())
    except (ScheduleInvalid, Missing) as error:
        db.session.rollback()
        form.cron.errors = [str(error)]
        return False
    db.session.commit()
    return True


def _back() -> Response:
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name in ("shop", "action", "after")}
    return redirect(url_for("schedules.index", **kept))
