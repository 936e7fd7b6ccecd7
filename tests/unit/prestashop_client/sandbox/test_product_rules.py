"""Section 2.5: what a product's fields take, and what is stored of it."""

import pytest

from .shop import NAME, PRODUCT, Shop, texts, xml


def refusal(shop: Shop, entity: str) -> tuple[int, list[int]]:
    reply = shop.post("products", xml(entity))
    assert shop.get("products").ids() == ([1] if reply.status == 201 else [])
    return reply.status, reply.codes if reply.status != 201 else []


@pytest.mark.parametrize("price", ["abc", "12,50", "-1", "1e3", " 12.5 ", "NaN", "12345678901", "1.1234567890"])
def test_prices_refused(shop: Shop, price: str) -> None:
    assert refusal(shop, f"<price>{price}</price>{NAME}") == (400, [85])


@pytest.mark.parametrize(
    ("price", "stored"),
    [("0", "0.000000"), ("12.123456789", "12.123457"), ("9999999999.99", "9999999999.990000"), ("0019.9", "19.900000")],
)
def test_prices_taken(shop: Shop, price: str, stored: str) -> None:
    assert shop.get(f"products/{shop.create(entity=f'<price>{price}</price>{NAME}')}").value("price") == stored


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("weight", "heavy"),
        ("weight", "1,5"),
        ("weight", "-1"),
        ("minimal_quantity", "-1"),
        ("minimal_quantity", "1.5"),
        ("reference", "&lt;"),
        ("reference", "a;b"),
        ("reference", "a=b"),
        ("reference", "{"),
        ("reference", "R" * 65),
        ("ean13", "ABC"),
        ("ean13", "590 123"),
        ("ean13", "1" * 15),
        ("upc", "1" * 13),
        ("mpn", "m" * 41),
        ("isbn", "abc"),
        ("id_category_default", "home"),
        ("id_manufacturer", "x"),
        ("id_supplier", "x"),
        ("id_tax_rules_group", "x"),
        ("active", "2"),
        ("active", "true"),
        ("active", "yes"),
        ("visibility", "nowhere"),
        ("condition", "broken"),
        ("product_type", "odd"),
        ("available_date", "2027-13-40"),
        ("available_date", "31.12.2027"),
        ("location", "x" * 256),
        ("unity", "x" * 256),
    ],
)
def test_refused(shop: Shop, field: str, value: str) -> None:
    assert refusal(shop, f"{PRODUCT}<{field}>{value}</{field}>") == (400, [85])


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("weight", "1.23456789", "1.234568"),
        ("minimal_quantity", "0", "0"),
        ("reference", "#|[]%,/\\ '", "#|[]%,/\\ '"),
        ("reference", " żółć ", " żółć "),
        ("ean13", "123", "123"),
        ("ean13", "12345678901234", "12345678901234"),
        ("ean13", "5901234123450", "5901234123450"),
        ("active", "", "0"),
        ("visibility", "", "both"),
        ("available_date", "2027-12-31", "2027-12-31"),
        ("available_date", "0000-00-00", "0000-00-00"),
        ("redirect_type", "nonsense", ""),
        ("redirect_type", "404", "404"),
        ("low_stock_threshold", "-3", "-3"),
        ("width", "7", "7.000000"),
    ],
)
def test_taken(shop: Shop, field: str, value: str, stored: str) -> None:
    key = shop.create(entity=f"{PRODUCT}<{field}>{value}</{field}>")
    assert shop.get(f"products/{key}").value(field) == stored


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "a<b"),
        ("name", "a>b"),
        ("name", "{x}"),
        ("name", "n" * 129),
        ("meta_title", "<"),
        ("meta_title", "m" * 256),
        ("meta_description", "d" * 513),
        ("available_now", "<b>"),
        ("available_later", "}"),
        ("delivery_in_stock", "x" * 256),
        ("link_rewrite", "l" * 129),
        ("description_short", "s" * 801),
        ("description", "<script>"),
        ("description", "< script"),
        ("description", '<p onclick="x()">'),
        ("description", "plain onerror = 5"),
        ("description", "<iframe src='x'>"),
        ("description", "<form>"),
        ("description", "<input>"),
        ("description", "<object>"),
        ("description", "<embed>"),
        ("description", '<a href="javascript:x()">'),
    ],
)
def test_texts_refused(shop: Shop, field: str, value: str) -> None:
    base = "<price>1</price>" + (NAME if field != "name" else "")
    assert refusal(shop, base + texts(field, value, value)) == (400, [84])


@pytest.mark.parametrize("value", ["; = # & \" ' / \\ % | [ ]", "😀", " around ", "Ż" * 128, "5 × 3 – „cytat”"])
def test_names_taken(shop: Shop, value: str) -> None:
    key = shop.create(entity="<price>1</price>" + texts("name", value, value))
    assert shop.get(f"products/{key}").languages("name") == {"1": value, "2": value}


def test_messages(shop: Shop) -> None:
    long = shop.post(
        "products", xml("<price>1</price>" + texts("name", "n" * 129, "n") + texts("link_rewrite", "n", "n"))
    )
    assert long.errors == [
        (
            84,
            'Validation error: "The length of property Product->name is currently 129 chars. '
            'It must be between 0 and 128 chars."',
        )
    ]
    odd = shop.post("products", xml(f"{PRODUCT}<visibility>x</visibility>"))
    assert odd.errors == [
        (
            85,
            'Validation error: "Property Product->visibility has a bad value (allowed values are: '
            'both, catalog, search, none)."',
        )
    ]


def test_only_the_first_fault_is_told_and_texts_come_first(shop: Shop) -> None:
    reply = shop.post("products", xml("<price>abc</price><weight>x</weight>" + texts("name", "<", "<")))
    assert reply.errors == [(84, 'Validation error: "Property Product->name is not valid"')]


def test_a_long_title_is_cut_in_silence(shop: Shop) -> None:
    key = shop.create(entity=PRODUCT + texts("meta_title", "t" * 200, "t"))
    assert shop.get(f"products/{key}").languages("meta_title")["1"] == "t" * 128


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("a<br>b", "a<br />b"),
        ("a&nbsp;b", "a\u00a0b"),
        ("a & b", "a &amp; b"),
        ("1 < 5", "1 &lt; 5"),
        ("5 > 1", "5 &gt; 1"),
        ("<p>open", "<p>open</p>"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ('<p style="color:red;position:fixed">x</p>', '<p style="color:#FF0000;">x</p>'),
        ('<p data-x="1">x</p>', "<p>x</p>"),
        ("<section>x</section>", "x"),
        ('<img src="data:image/png;base64,AA">', ""),
        ("<style>p{}</style>x", "x"),
        ("<svg><path/></svg>x", "x"),
        ("<!-- note -->x", "x"),
        ("<?php echo 1 ?>x", "x"),
        ('<a href="/x" target="_blank">x</a>', '<a href="/x" target="_blank" rel="noreferrer noopener">x</a>'),
        ("a\r\nb", "a\nb"),
        ("<b>bold</b> & <i>it</i>", "<b>bold</b> &amp; <i>it</i>"),
        ("plain", "plain"),
        ("<p>a</p>\n<p>b</p>", "<p>a</p>\n<p>b</p>"),
    ],
)
def test_markup_is_cleaned(shop: Shop, sent: str, stored: str) -> None:
    reply = shop.post("products", xml(PRODUCT + texts("description", sent, "")))
    assert reply.status == 201
    assert shop.get("products/1").languages("description")["1"] == stored


def test_line_ends_vanish_from_plain_texts(shop: Shop) -> None:
    key = shop.create(entity="<price>1</price>" + texts("name", "two\nlines", "x"))
    assert shop.get(f"products/{key}").languages("name")["1"] == "twolines"
