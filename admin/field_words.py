"""Words for the fields of a product, by the catalogue's names those of PrestaShop's documents, and those of feeds."""

from admin.i18n import lazy_pgettext

FIELD_WORDS = {
    "name": lazy_pgettext("field", "name"),
    "description": lazy_pgettext("field", "description"),
    "description_short": lazy_pgettext("field", "description short"),
    "link_rewrite": lazy_pgettext("field", "link rewrite"),
    "meta_title": lazy_pgettext("field", "meta title"),
    "meta_description": lazy_pgettext("field", "meta description"),
    "available_now": lazy_pgettext("field", "available now"),
    "available_later": lazy_pgettext("field", "available later"),
    "price": lazy_pgettext("field", "price"),
    "weight": lazy_pgettext("field", "weight"),
    "width": lazy_pgettext("field", "width"),
    "height": lazy_pgettext("field", "height"),
    "depth": lazy_pgettext("field", "depth"),
    "supplier_reference": lazy_pgettext("field", "supplier reference"),
    "minimal_quantity": lazy_pgettext("field", "minimal quantity"),
    "condition": lazy_pgettext("field", "condition"),
    "visibility": lazy_pgettext("field", "visibility"),
    "active": lazy_pgettext("field", "active"),
    "ean": lazy_pgettext("field", "ean"),
    "tax_rate": lazy_pgettext("field", "tax rate"),
    "manufacturer": lazy_pgettext("field", "manufacturer"),
    "categories": lazy_pgettext("field", "categories"),
    "features": lazy_pgettext("field", "features"),
    "quantity": lazy_pgettext("field", "quantity"),
    "images": lazy_pgettext("field", "images"),
    "combinations": lazy_pgettext("field", "combinations"),
    "specific_prices": lazy_pgettext("field", "specific prices"),
    # of a supplier's feed, and how its file is read
    "sku": lazy_pgettext("field", "sku"),
    "supplier_sku": lazy_pgettext("field", "supplier_sku"),
    "stock_quantity": lazy_pgettext("field", "stock_quantity"),
    "is_available": lazy_pgettext("field", "is_available"),
    "delivery_days": lazy_pgettext("field", "delivery_days"),
    "purchase_price": lazy_pgettext("field", "purchase_price"),
    "currency": lazy_pgettext("field", "currency"),
    "delimiter": lazy_pgettext("field", "delimiter"),
    "quote": lazy_pgettext("field", "quote"),
    "encoding": lazy_pgettext("field", "encoding"),
    "record_path": lazy_pgettext("field", "record_path"),
    "sheet": lazy_pgettext("field", "sheet"),
    "member": lazy_pgettext("field", "member"),
}


def field_text(name: str) -> str:
    """A field in words; a name that is not known stays as it is."""
    return str(FIELD_WORDS.get(name, name))
