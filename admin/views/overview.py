"""The first page: is everything moving, what is wrong, what to press. And the search of the frame."""

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin import health
from admin.database import db
from admin.queries import attention, days, shops
from models import JobProgress, Product, Shop
from sync import dead_messages, progress

blueprint = Blueprint("overview", __name__)


@blueprint.get("/")
def show() -> str:
    """Active operations, what needs somebody, shops, the last jobs; three steps for a new installation."""
    session = db.session()
    listed = shops.all_shops(session)
    numbers = shops.numbers(session)
    report = health.report()
    return render_template(
        "overview.html",
        active=progress.active_jobs(session),
        recent=[job for job in progress.recent_jobs(session) if job.completed_at],
        needs=[
            *attention.needs(session, listed, numbers),
            *attention.of_system(
                {queue: report.waiting[queue] for queue in report.long},
                sum(dead_messages.counts(session).values()),
            ),
        ],
        shops=listed,
        numbers=numbers,
        days=days.last_days(session),
        has_products=session.scalar(select(Product.id).limit(1)) is not None,
        has_jobs=session.scalar(select(JobProgress.id).limit(1)) is not None,
    )


@blueprint.get("/search")
def search() -> Response:
    """To the product, shop or job that was named exactly; otherwise to the products that match."""
    text = request.args.get("q", "").strip()
    session = db.session()
    if product := session.scalar(select(Product.id).where(Product.sku == text)):
        return redirect(url_for("products.show", product_id=product))
    if shop := session.scalar(select(Shop.id).where(Shop.name == text)):
        return redirect(url_for("shops.show", shop_id=shop))
    job = JobProgress.id == int(text[1:]) if text[:1] == "#" and text[1:19].isdigit() else JobProgress.job_id == text
    if found := session.scalar(select(JobProgress.id).where(job)):
        return redirect(url_for("jobs.show", progress_id=found))
    return redirect(url_for("products.index", q=text or None))
