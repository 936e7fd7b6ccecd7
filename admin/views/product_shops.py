"""A product in one shop: what is shown differently there, how its pushes went."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from admin.database import db
from admin.editing import override as editing
from admin.editing.product import WITH_ALL
from admin.i18n import _
from admin.queries import logs, shops
from models import Product, Shop

blueprint = Blueprint("product_shops", __name__, url_prefix="/products/<int:product_id>/shops")


@blueprint.route("/<int:shop_id>", methods=["GET", "POST"])
def show(product_id: int, shop_id: int) -> str | Response | tuple[str, int]:
    """The form of the differences, the link, and the log of this product in this shop."""
    session = db.session()
    product: Any = db.get_or_404(Product, product_id, options=WITH_ALL)
    shop = db.get_or_404(Shop, shop_id)
    languages = shops.languages([shop], tuple(product.texts))
    form = editing.form_of(product, shop, languages)
    if form.validate_on_submit():
        editing.fill(product, shop, form)
        session.commit()
        text = _("What %(shop)s shows of %(sku)s is saved. Push it to make it so.", shop=shop.name, sku=product.sku)
        flash(text, "done")
        return redirect(url_for("products.show", product_id=product.id))
    link = logs.links(session, product).get(shop.id)
    page = render_template(
        "products/shop.html",
        product=product,
        shop=shop,
        form=form,
        link=link,
        entries=logs.of_product(session, product.id, shop.id),
    )
    return page, 422 if form.errors else 200
