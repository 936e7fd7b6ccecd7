"""Ceneo's offers in XML 2.0 (https://www.ceneo.pl, "Struktura pliku XML"): one <o> an offer, all in attributes.

`avail`: 1 at once (24 h), 3, 7 or 14 within so many days, 90 made to order, 110 presale, 99 ask the shop.
"""

from sync.suppliers.presets.preset import Preset

CENEO = Preset(
    name="ceneo",
    title="Ceneo XML",
    formats=("xml",),
    record_paths=("offers/group/o", "offers/o"),
    needed=(("@id",), ("@price",)),
    usual=("@avail", "@url", "name", "cat", "@weight"),
    mapping={
        "sku": {
            "column": [
                "attrs/a[@name='Kod_producenta']",
                "attrs/a[@name='Kod producenta']",
                "attrs/a[@name='SKU']",
                "attrs/a[@name='Kod']",
            ]
        },
        "ean": {"column": ["attrs/a[@name='EAN']", "attrs/a[@name='Kod EAN']", "attrs/a[@name='ISBN']"]},
        "supplier_sku": {"column": "@id"},
        "name": {"column": "name"},
        "stock_quantity": {"column": "@stock"},
        "is_available": {
            "column": "@avail",
            "transforms": [
                ["map", {"1": "yes", "3": "yes", "7": "yes", "14": "yes", "90": "yes", "99": "no", "110": "no"}]
            ],
        },
        "delivery_days": {
            "column": "@avail",
            "transforms": [["map", {"1": "1", "3": "3", "7": "7", "14": "14", "90": "", "99": "", "110": ""}]],
        },
        "purchase_price": {"column": "@price"},
        "currency": {"transforms": [["constant", "PLN"]]},
    },
)
