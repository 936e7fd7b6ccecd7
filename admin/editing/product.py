"""A product's form and its row."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from admin.editing import parts
from admin.forms.fields import choice
from admin.forms.product import ProductForm, product_form
from admin.i18n import _
from admin.queries import categories
from models import Category, Product, now
from models.types import nfc

WITH_ALL = tuple(
    selectinload(part)
    for part in (
        Product.categories, Product.images, Product.overrides, Product.combinations, Product.features,
        Product.specific_prices,
    )
)  # fmt: skip
PLAIN = ("sku", "ean", "active", "price", "tax_rate", "quantity", "manufacturer")
OFTEN_LEFT_OUT = ("supplier_reference", "minimal_quantity", "condition", "visibility")
"""Of these what a form does not say stays as it is."""
SIZES = ("weight", "width", "height", "depth")


def form_of(product: Product, languages: Sequence[str]) -> ProductForm:
    """The form filled from the product (or from what was sent)."""
    values: dict[str, Any] = {name: getattr(product, name) for name in (*PLAIN, *SIZES, *OFTEN_LEFT_OUT)}
    values |= parts.values_of(product, languages)
    values["categories"] = [category.id for category in product.categories]
    values["default_category_id"] = product.default_category_id or 0
    values["texts"] = product.texts
    values["seen"] = product.changed_at.isoformat()
    return product_form(languages, data=values)


def offer_categories(form: ProductForm, session: Session) -> list[tuple[int, str]]:
    """Give the form its choices; the whole tree, and for the main category those of the product."""
    tree = categories.choices(session)
    form.categories.choices = [choice(number, name) for number, name in tree]
    chosen = set(form.categories.data or ())
    own = [choice(number, name.strip("\u2003")) for number, name in tree if number in chosen]
    form.default_category_id.choices = [choice(0, _("the first one")), *own]
    return tree


def may_save(session: Session, product: Product, form: ProductForm) -> bool:
    """Whether nobody saved the product meanwhile and its SKU is free; says so in the form if not."""
    if form.seen.data != product.changed_at.isoformat():
        form.form_errors.append(
            _("Somebody changed this product meanwhile. Yours is kept below: look it over and save again.")
        )
        form.seen.raw_data = [product.changed_at.isoformat()]
        form.seen.data = product.changed_at.isoformat()
        return False
    return sku_is_free(session, form, product.id)


def sku_is_free(session: Session, form: ProductForm, own_id: int | None) -> bool:
    """Whether no other product has the SKU, and no other combination those of its own; says so at the field."""
    if not parts.skus_are_free(session, form, own_id):
        return False
    other = session.scalar(select(Product.id).where(Product.sku == nfc(form.sku.data or "")))
    if other is None or other == own_id:
        return True
    form.sku.errors = [_("Another product has this SKU already.")]
    return False


def fill(session: Session, product: Product, form: ProductForm, languages: Sequence[str] = ()) -> None:
    """Write the form into the product. It counts as changed: its shops are to be told."""
    for name in OFTEN_LEFT_OUT:
        if form[name].raw_data:
            setattr(product, name, form[name].data)
    if form.minimal_quantity.data is None:
        product.minimal_quantity = 1
    parts.fill(product, form, languages)
    for name in PLAIN:
        setattr(product, name, form[name].data)
    for name in SIZES:
        setattr(product, name, form[name].data or 0)
    product.texts = form.written_texts(product.texts or {})
    chosen = form.categories.data or []
    product.categories = list(session.scalars(select(Category).where(Category.id.in_(chosen)))) if chosen else []
    product.default_category_id = form.default_category_id.data or next(iter(chosen), None)
    product.changed_at = now()
