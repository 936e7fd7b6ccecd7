"""A feed: where it comes from, its mapping tried before it is saved, its rows, reading it now."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin import dispatch, feed_mapping, filters
from admin.database import begin_writing, db, services, slow
from admin.feed_upload import keep_upload
from admin.forms.supplier import FeedForm
from admin.i18n import _
from admin.identity import signed_in_user
from admin.queries import suppliers
from models import Feed, Product, Schedule, Supplier
from sync.errors import SyncError
from sync.schedules import entries
from sync.schedules.clock import ScheduleInvalid
from sync.suppliers import alarms, feeds
from sync.suppliers.acquire import acquired
from sync.suppliers.by_hand import link_row
from sync.suppliers.dry_run import dry_run
from sync.suppliers.feed_errors import FeedError, MappingInvalid
from sync.suppliers.feed_options import FeedOptions
from sync.suppliers.presets import PRESETS
from sync.suppliers.preview import preview
from sync.suppliers.rows import FIELDS

blueprint = Blueprint("feeds", __name__, url_prefix="/feeds")
AnyResponse = str | Response | tuple[str, int]
PAGE = 50
TRIED = 20_000
"""Rows that a dry run on the page looks at; `manage.py feed test` looks at all."""


@blueprint.url_value_preprocessor
def _allow_large_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """An upload may be larger than a form; this is asked before anybody reads the request."""
    if endpoint == "feeds.upload":
        request.max_content_length = services().feeds.max_bytes


@blueprint.route("/new/<int:supplier_id>", methods=["GET", "POST"])
def new(supplier_id: int) -> AnyResponse:
    """Add a feed to a supplier."""
    return _form(db.get_or_404(Supplier, supplier_id), None)


@blueprint.route("/<int:feed_id>/edit", methods=["GET", "POST"])
def edit(feed_id: int) -> AnyResponse:
    """Change where a feed comes from, and its safety stops."""
    feed = db.get_or_404(Feed, feed_id)
    return _form(feed.supplier, feed)


def _form(supplier: Supplier, feed: Feed | None) -> AnyResponse:
    schedule = _schedule(feed) if feed else None
    form = FeedForm(feed, cron=schedule.cron if schedule else "")
    if form.validate_on_submit() and _saved(form, supplier, feed):
        found = feed or db.session.scalars(
            select(Feed).where(Feed.supplier_id == supplier.id, Feed.name == form.name.data)
        ).one()  # fmt: skip
        return redirect(url_for("feeds.show" if feed else "feeds.mapping", feed_id=found.id))
    return render_template("feeds/form.html", form=form, feed=feed, supplier=supplier), 422 if form.errors else 200


def _saved(form: FeedForm, supplier: Supplier, feed: Feed | None) -> bool:
    row = feed or Feed(supplier_id=supplier.id, mapping={}, reading={}, filters=[], address="", safety={})
    other = select(Feed.id).where(
        Feed.supplier_id == supplier.id, Feed.name == form.name.data, Feed.id != (feed.id if feed else 0)
    )
    if db.session.scalar(other):
        form.name.errors = [_("The supplier has a feed of this name already.")]
        return False
    form.fill(row)
    if form.auth_secret.data:
        row.auth_secret_encrypted = services().vault.encrypt(form.auth_secret.data)
    db.session.add(row)
    db.session.flush()
    try:
        if form.cron.data:
            entries.add(db.session(), "feed", feed=row, cron=form.cron.data)
        elif schedule := _schedule(row):
            db.session.delete(schedule)
    except ScheduleInvalid as error:
        db.session.rollback()
        form.cron.errors = [str(error)]
        return False
    db.session.commit()
    flash(_("%(name)s is saved.", name=row.name), "done")
    return True


def _schedule(feed: Feed) -> Schedule | None:
    return db.session.scalars(
        select(Schedule).where(Schedule.feed_id == feed.id, Schedule.action == "feed")
    ).one_or_none()


@blueprint.get("/<int:feed_id>")
def show(feed_id: int) -> str:
    """A feed: how it stands, its runs, its rows by result."""
    session = db.session()
    feed = db.get_or_404(Feed, feed_id)
    counts = suppliers.row_counts(session, feed_id)
    result = filters.one_of(request.args.get("result"), ("unmatched", "ambiguous", "linked", "missing"))
    after = filters.number(request.args.get("after")) or 0
    rows = suppliers.rows_of(session, feed_id, result, after, PAGE + 1) if result else []
    return render_template(
        "feeds/show.html", feed=feed, counts=counts, result=result, rows=rows[:PAGE],
        after=rows[PAGE - 1][0].id if len(rows) > PAGE else None, runs=suppliers.runs_of(session, feed_id),
        alarm=alarms.by_feed(session).get(feed_id), schedule=_schedule(feed),
    )  # fmt: skip


@blueprint.post("/<int:feed_id>/upload")
def upload(feed_id: int) -> AnyResponse:
    """Take a file as the feed's own; it lies under the upload folder."""
    feed = db.get_or_404(Feed, feed_id)
    file = request.files.get("file")
    if file is None or not file.filename:
        flash(_("Choose a file."), "failed")
        return redirect(url_for("feeds.show", feed_id=feed_id))
    try:
        feed.address = keep_upload(services().feeds, feed_id, file)
    except FeedError as error:
        db.session.rollback()
        flash(str(error), "failed")
        return redirect(url_for("feeds.show", feed_id=feed_id))
    feed.source = "upload"
    db.session.commit()
    flash(_("The file is kept. Look at its mapping, then read it."), "done")
    return redirect(url_for("feeds.show" if feed.mapping else "feeds.mapping", feed_id=feed_id))


@blueprint.get("/<int:feed_id>/mapping")
@slow
def mapping(feed_id: int) -> AnyResponse:
    """The mapping with the first rows of the file, raw and mapped."""
    feed = db.get_or_404(Feed, feed_id)
    preset = request.args.get("preset", "")
    try:
        chosen, reading = feed_mapping.of_preset(preset) if preset else (dict(feed.mapping), dict(feed.reading))
    except MappingInvalid as error:
        return _mapping_page(feed, dict(feed.mapping), dict(feed.reading), feed.filters, str(error))
    return _mapping_page(feed, chosen, reading, feed.filters)


@blueprint.post("/<int:feed_id>/mapping")
@slow
def map_fields(feed_id: int) -> AnyResponse:
    """Try the mapping that was typed, or save it."""
    feed = db.get_or_404(Feed, feed_id)
    try:
        chosen, reading, sieve = feed_mapping.typed(request.form)
        draft = feed_mapping.draft_of(feed, chosen, reading, sieve)
        feeds.Reading.of(draft)
    except MappingInvalid as error:
        return _mapping_page(feed, dict(feed.mapping), dict(feed.reading), feed.filters, str(error))
    if "save" not in request.form:
        return _mapping_page(feed, chosen, reading, sieve, tried="test" in request.form)
    begin_writing()
    kept = db.get_or_404(Feed, feed_id)
    kept.mapping, kept.reading, kept.filters = chosen, reading, sieve
    db.session.commit()
    flash(_("The mapping is saved. The next run reads every row anew."), "done")
    return redirect(url_for("feeds.show", feed_id=feed_id))


def _mapping_page(
    feed: Feed, chosen: dict[str, Any], reading: dict[str, Any], sieve: list[Any], problem: str = "",
    *, tried: bool = False,
) -> AnyResponse:  # fmt: skip
    """The page; its file is fetched and looked at here, with no transaction open."""
    draft = feed_mapping.draft_of(feed, chosen, reading, sieve)
    supplier_name = feed.supplier.name
    db.session.rollback()
    seen = outcome = None
    try:
        with acquired(services(), draft, conditional=False) as file:
            assert file.path is not None  # noqa: S101 - without a condition there is a file
            options = FeedOptions.from_data(draft.format or None, reading)
            seen = preview(file.path, options, chosen or None, sieve, limits=services().feeds)
        if tried and not problem:
            outcome = dry_run(services(), draft, TRIED)
    except FeedError as error:
        problem = problem or str(error)
    fields = feed_mapping.shown(dict(seen.mapping) if seen and not chosen else chosen)
    return render_template(
        "feeds/mapping.html", feed=feed, supplier_name=supplier_name, fields=fields, reading=reading, filters=sieve,
        seen=seen, outcome=outcome, problem=problem, presets=PRESETS, field_names=FIELDS, tried=TRIED,
    ), 422 if problem else 200  # fmt: skip


@blueprint.post("/<int:feed_id>/run")
def run(feed_id: int) -> AnyResponse:
    """Open a run and wake a worker; `force` reads a file that has not changed, too."""
    try:
        job = feeds.open_run(db.session(), feed_id, user_id=signed_in_user().id, force="force" in request.form)
    except SyncError as error:
        db.session.rollback()
        flash(str(error), "failed")
        return redirect(url_for("feeds.show", feed_id=feed_id))
    db.session.commit()
    if not dispatch.start(job.id):
        flash(_("The job is kept, but the broker does not answer. It goes on once it does."), "warned")
    return redirect(url_for("jobs.show", progress_id=job.id))


@blueprint.post("/<int:feed_id>/rows/<int:row_id>/link")
def link(feed_id: int, row_id: int) -> AnyResponse:
    """Link a row with the product of a SKU by hand; an empty SKU unlinks it."""
    sku = request.form.get("sku", "").strip()
    product = db.session.scalar(select(Product.id).where(Product.sku == sku)) if sku else None
    if sku and product is None:
        flash(_("There is no product %(sku)s.", sku=sku), "failed")
    else:
        link_row(db.session(), feed_id, row_id, product)
        db.session.commit()
        flash(_("The row is linked.") if product else _("The row is not linked any more."), "done")
    return redirect(url_for("feeds.show", feed_id=feed_id, result=request.form.get("result") or None))


@blueprint.post("/<int:feed_id>/delete")
def delete(feed_id: int) -> AnyResponse:
    """Delete a feed; its offers stay."""
    feed = db.get_or_404(Feed, feed_id)
    name = feed.name
    db.session.delete(feed)
    db.session.commit()
    flash(_("%(name)s is deleted. The offers that it brought stay.", name=name), "done")
    return redirect(url_for("suppliers.index"))
