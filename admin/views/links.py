"""Links of a shop: what is not certain, to be accepted or rejected; searching, linking and unlinking."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import Select, func, select
from werkzeug.wrappers import Response

from admin import dispatch, filters
from admin.database import db
from admin.i18n import _, ngettext
from admin.identity import signed_in_user
from models import LinkCandidate, Product, ProductSyncStatus, Shop, ShopDatabase
from sync.errors import SyncError
from sync.kinds.link import open_link
from sync.linking import hands

blueprint = Blueprint("links", __name__, url_prefix="/shops/<int:shop_id>/links")
PAGE = 100
BY = ("push", "import", "auto", "manual")


@blueprint.get("")
def index(shop_id: int) -> str:
    """Candidates, and the links that there are."""
    session = db.session()
    shop = db.get_or_404(Shop, shop_id)
    after = filters.number(request.args.get("after")) or 0
    query = (
        select(LinkCandidate, Product.sku)
        .join(Product, Product.id == LinkCandidate.product_id)
        .where(LinkCandidate.shop_id == shop_id, LinkCandidate.id > after)
        .order_by(LinkCandidate.id)
        .limit(PAGE + 1)
    )
    rows = session.execute(query).all()
    linked = select(ProductSyncStatus.linked_by, func.count()).where(
        ProductSyncStatus.shop_id == shop_id, ProductSyncStatus.external_id.is_not(None)
    )
    by = filters.one_of(request.args.get("by"), BY)
    beyond = filters.number(request.args.get("from")) or 0
    links = session.execute(_links(shop_id, by, beyond)).all() if by is not None else []
    return render_template(
        "shops/links.html", shop=shop, candidates=rows[:PAGE], by=by, links=links[:PAGE],
        after=rows[PAGE - 1][0].id if len(rows) > PAGE else None,
        further=links[PAGE - 1].id if len(links) > PAGE else None,
        has_database=session.get(ShopDatabase, shop_id) is not None,
        linked={str(by): int(count) for by, count in session.execute(linked.group_by(ProductSyncStatus.linked_by))},
    )  # fmt: skip


def _links(shop_id: int, by: str, after: int) -> Select[int, int, str, int | None]:
    """A page of the links that came about in that way."""
    link = ProductSyncStatus
    return (
        select(link.id, link.product_id, Product.sku, link.external_id)
        .join(Product, Product.id == link.product_id)
        .where(link.shop_id == shop_id, link.external_id.is_not(None), link.linked_by == by, link.id > after)
        .order_by(link.id)
        .limit(PAGE + 1)
    )


@blueprint.post("/search")
def search(shop_id: int) -> Response:
    """Look for products without a link, in a job."""
    try:
        route = "sql" if request.form.get("route") == "sql" else "api"
        job = open_link(db.session(), shop_id, user_id=signed_in_user().id, route=route)
    except SyncError as error:
        return _refused(shop_id, error)
    db.session.commit()
    dispatch.start(job.id)
    return redirect(url_for("jobs.show", progress_id=job.id))


@blueprint.post("/accept")
def accept(shop_id: int) -> Response:
    """Link by the chosen candidates."""
    linked, problems = hands.accept(db.session(), _chosen(shop_id))
    db.session.commit()
    flash(ngettext("%(num)s product is linked.", "%(num)s products are linked.", linked), "done")
    for problem in problems[:5]:
        flash(problem, "failed")
    return redirect(url_for("links.index", shop_id=shop_id))


@blueprint.post("/reject")
def reject(shop_id: int) -> Response:
    """Drop the chosen candidates."""
    hands.reject(db.session(), _chosen(shop_id))
    db.session.commit()
    return redirect(url_for("links.index", shop_id=shop_id))


@blueprint.post("/link")
def link(shop_id: int) -> Response:
    """Link one product with an id of the shop by hand; without an id, unlink it."""
    sku, external_id = request.form.get("sku", "").strip(), filters.number(request.form.get("external_id"))
    product_id = db.session.scalar(select(Product.id).where(Product.sku == sku))
    if product_id is None:
        flash(_("There is no product %(sku)s.", sku=sku), "failed")
        return redirect(url_for("links.index", shop_id=shop_id))
    try:
        if external_id:
            hands.link(db.session(), shop_id, product_id, external_id)
        else:
            hands.unlink(db.session(), shop_id, [product_id])
    except SyncError as error:
        return _refused(shop_id, error)
    db.session.commit()
    flash(_("%(sku)s is linked.", sku=sku) if external_id else _("%(sku)s is not linked any more.", sku=sku), "done")
    return redirect(url_for("links.index", shop_id=shop_id))


@blueprint.post("/unlink")
def unlink(shop_id: int) -> Response:
    """Cut the chosen links; the shop's products stay, and the search leaves ours alone."""
    db.get_or_404(Shop, shop_id)
    chosen = [found for text in request.form.getlist("product") if (found := filters.number(text)) is not None]
    cut = hands.unlink(db.session(), shop_id, chosen)
    db.session.commit()
    flash(ngettext("%(num)s link is cut.", "%(num)s links are cut.", cut), "done")
    return redirect(url_for("links.index", shop_id=shop_id, by=filters.one_of(request.args.get("by"), BY)))


def _chosen(shop_id: int) -> list[int]:
    numbers = [found for text in request.form.getlist("id") if (found := filters.number(text)) is not None]
    query = select(LinkCandidate.id).where(LinkCandidate.shop_id == shop_id, LinkCandidate.id.in_(numbers))
    return list(db.session.scalars(query))


def _refused(shop_id: int, error: SyncError) -> Response:
    db.session.rollback()
    flash(str(error), "failed")
    return redirect(url_for("links.index", shop_id=shop_id))
