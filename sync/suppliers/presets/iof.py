"""IdoSell's Internet Offer Format 2 and 3, full.xml and light.xml: a row for each size of a product.

https://www.idosell.com/pl/developers/formats/iof/ - `quantity` -1 is stock without end; a size without a price of its
own has the product's; the stocks of several warehouses are added up.
"""

from sync.suppliers.presets.preset import Preset

NAMESPACES = {"iaiext": "http://www.iai-shop.com/developers/iof/extensions.phtml"}
ENDLESS = "999999"
_RECORD = "offer/products/product/sizes/size"

IOF = Preset(
    name="idosell-iof",
    title="IdoSell IOF (XML)",
    formats=("xml",),
    record_paths=(_RECORD, "offer/products/product"),
    reading={"record_path": _RECORD, "namespaces": NAMESPACES},
    needed=(("@id", "sizes/size/@id"), ("stock/@quantity", "sizes/size/stock/@quantity", "@code", "sizes/size/@code")),
    usual=("sizes/size/@code", "price/@net", "sizes/size/stock/@quantity"),
    mapping={
        "sku": {"column": ["@iaiext:code_external", "@code"]},
        "ean": {"column": ["@code_producer", "@EAN", "../../@EAN"]},
        "supplier_sku": {"column": ["@code", "../../@id"]},
        "name": {"column": ["../../description/name", "../../name"]},
        "stock_quantity": {
            "column": [
                "sum(stock/@available_stock_quantity)",
                "sum(stock/@quantity)",
                "@available_stock_quantity",
                "@quantity",
            ],
            "transforms": [["regex", r"^-1(?:\.0+)?$", ENDLESS], ["number", "."]],
        },
        "purchase_price": {
            "column": ["price/@net", "../../price/@net", "price/@gross", "../../price/@gross"],
            "transforms": [["number", "."]],
        },
        "currency": {"column": ["../../@currency", "../../../@currency"]},
    },
)
