"""PrestaShop's own CSV: products, and combinations, as in the samples of its import page."""

from sync.suppliers.presets.preset import Preset

PRODUCTS = Preset(
    name="prestashop-csv",
    title="PrestaShop products (CSV)",
    formats=("csv", "tsv"),
    needed=(
        ("Reference #", "Reference", "Référence"),
        ("Name *", "Name"),
        ("Quantity",),
        (
            "Price tax excluded or Price tax included",
            "Price tax excluded",
            "Price tax included",
            "Price (tax excl.)",
            "Price (tax incl.)",
            "Base price",
            "Wholesale price",
        ),
    ),
    usual=("Product ID", "Active (0/1)", "EAN13", "Wholesale price", "Supplier reference #", "Tax rules ID"),
    mapping={
        "sku": {"column": ["Reference #", "Reference"]},
        "ean": {"column": ["EAN13", "UPC"]},
        "supplier_sku": {"column": ["Supplier reference #", "Supplier reference"]},
        "name": {"column": ["Name *", "Name"]},
        "stock_quantity": {"column": "Quantity"},
        "purchase_price": {"column": "Wholesale price", "transforms": [["number", "."]]},
    },
)
COMBINATIONS = Preset(
    name="prestashop-combinations-csv",
    title="PrestaShop combinations (CSV)",
    formats=("csv", "tsv"),
    needed=(("Reference",), ("Quantity",), ("Attribute (Name:Type:Position)*",)),
    usual=("Product ID*", "EAN13", "Wholesale price", "Supplier reference", "Impact on price"),
    mapping={
        "sku": {"column": "Reference"},
        "ean": {"column": ["EAN13", "UPC"]},
        "supplier_sku": {"column": "Supplier reference"},
        "stock_quantity": {"column": "Quantity"},
        "purchase_price": {"column": "Wholesale price", "transforms": [["number", "."]]},
    },
)
