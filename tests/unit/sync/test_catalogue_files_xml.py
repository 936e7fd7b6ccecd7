"""Folders of web service XML: what is taken from each document, and what no document may do."""

import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models import Category, Database, Product
from sync.catalogue_files import CatalogueFileError, Options, Outcome, load, open_catalogue
from sync.catalogue_files.records import ProductRecord, Refused
from sync.media import MediaStore

RECORDED = Path(__file__).parents[4] / "shared" / "data" / "prestashop-9.1-demo"


def document(name: str, *nodes: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<prestashop><{name}>{"".join(nodes)}</{name}></prestashop>'


def words(**texts: tuple[str, str]) -> str:
    def languages(pair: tuple[str, str]) -> str:
        return "".join(f'<language id="{number}"><![CDATA[{text}]]></language>' for number, text in enumerate(pair, 1))

    return "".join(f"<{name}>{languages(pair)}</{name}>" for name, pair in texts.items())


def product_node(number: int, reference: str, more: str = "", **texts: tuple[str, str]) -> str:
    named = {"name": (f"Mug {number}", f"Kubek {number}"), **texts}
    head = f"<id>{number}</id><reference>{reference}</reference><price>10.000000</price>"
    return f"<product>{head}{words(**named)}{more}</product>"


def category_node(number: int, parent: int, name: str, position: int = 0, home: int = 0) -> str:
    return (
        f"<category><id>{number}</id><id_parent>{parent}</id_parent><active>1</active><position>{position}</position>"
        f"<is_root_category>{home}</is_root_category>{words(name=(name, name + ' PL'))}</category>"
    )


LANGUAGES = document(
    "languages",
    "<language><id>2</id><iso_code>pl</iso_code></language>",
    "<language><id>1</id><iso_code>en</iso_code></language>",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with languages.xml, to which a test adds what it needs."""
    made = tmp_path / "catalogue"
    made.mkdir()
    (made / "languages.xml").write_text(LANGUAGES)
    return made


def put(folder: Path, **documents: str) -> None:
    for name, content in documents.items():
        (folder / f"{name}.xml").write_text(content)


def products(folder: Path, options: Options | None = None) -> list[ProductRecord | Refused]:
    return list(open_catalogue(folder, options or Options()).products())


def first(folder: Path, options: Options | None = None) -> ProductRecord:
    row = products(folder, options)[0]
    assert isinstance(row, ProductRecord), row
    return row


def test_a_product_with_all_that_it_refers_to(folder: Path) -> None:
    more = (
        "<id_manufacturer>3</id_manufacturer><id_category_default>5</id_category_default><id_default_image>8</id_default_image>"
        "<id_tax_rules_group>1</id_tax_rules_group><ean13>5901234123457</ean13><active>1</active><weight>0.300000</weight>"
        "<associations><categories><category><id>2</id></category><category><id>4</id></category>"
        "<category><id>5</id></category></categories>"
        "<images><image><id>7</id></image><image><id>8</id></image><image><id>9</id></image></images></associations>"
    )
    put(
        folder,
        products=document("products", product_node(12, "M-1", more, description=("<p>a</p>", ""))),
        manufacturers=document("manufacturers", "<manufacturer><id>3</id><name>Baltica</name></manufacturer>"),
        categories=document(
            "categories",
            category_node(1, 0, "Root"),
            category_node(2, 1, "Home", home=1),
            category_node(5, 4, "Mugs"),
            category_node(4, 2, "Kitchen", position=3),
        ),
        stock_availables=document(
            "stock_availables",
            "<stock_available><id_product>12</id_product><id_product_attribute>4</id_product_attribute>"
            "<quantity>9</quantity></stock_available>",
            "<stock_available><id_product>12</id_product><id_product_attribute>0</id_product_attribute>"
            "<quantity>77</quantity></stock_available>",
        ),
        taxes=document("taxes", "<tax><id>1</id><rate>23.000</rate></tax>"),
        tax_rules=document(
            "tax_rules",
            "<tax_rule><id>1</id><id_tax_rules_group>1</id_tax_rules_group><id_tax>1</id_tax></tax_rule>",
            "<tax_rule><id>2</id><id_tax_rules_group>1</id_tax_rules_group><id_tax>1</id_tax></tax_rule>",
        ),
    )
    (folder / "images").mkdir()
    for name in ("12-7.jpg", "12-8.png", "12-10.jpg", "12-11.txt", "cover.jpg"):
        (folder / "images" / name).write_bytes(name.encode())
    row = first(folder)
    assert row.texts["en"] == {"name": "Mug 12", "description": "<p>a</p>"}
    assert row.texts["pl"] == {"name": "Kubek 12", "description": ""}
    assert (row.price, row.weight, row.tax_rate, row.quantity) == (Decimal(10), Decimal("0.3"), Decimal(23), 77)
    assert (row.ean, row.manufacturer, row.active) == ("5901234123457", "Baltica", True)
    assert row.categories == [("Kitchen",), ("Kitchen", "Mugs")]
    assert row.default_category == ("Kitchen", "Mugs")
    assert row.images is not None
    assert [image.filename for image in row.images] == ["12-8.png", "12-7.jpg", "12-10.jpg"]
    assert row.images[0].read() == b"12-8.png"
    records = open_catalogue(folder, Options()).categories()
    assert [(record.path, record.position) for record in records] == [(("Kitchen",), 3), (("Kitchen", "Mugs"), 0)]
    assert records[0].texts["pl"]["name"] == "Kitchen PL"


def test_only_products_and_languages_must_be_there(folder: Path, tmp_path: Path) -> None:
    put(folder, products=document("products", product_node(1, "M-1", "<id_tax_rules_group>4</id_tax_rules_group>")))
    row = first(folder)
    assert (row.categories, row.quantity, row.images, row.tax_rate) == ([], None, None, None)
    source = open_catalogue(folder, Options())
    list(source.products())
    notes = "\n".join(source.notes())
    assert "no stock_availables.xml" in notes
    assert "tax rules group 4 has no one rate" in notes
    assert first(folder, Options(tax_rates={4: Decimal(8)})).tax_rate == 8
    (folder / "languages.xml").unlink()
    with pytest.raises(CatalogueFileError, match=r"no languages\.xml"):
        products(folder)
    with pytest.raises(CatalogueFileError, match=r"no products\.xml"):
        open_catalogue(tmp_path, Options())


def test_a_tax_that_differs_by_country_is_not_guessed(folder: Path) -> None:
    put(
        folder,
        products=document("products", product_node(1, "M-1", "<id_tax_rules_group>5</id_tax_rules_group>")),
        taxes=document("taxes", "<tax><id>1</id><rate>23.000</rate></tax>", "<tax><id>2</id><rate>20.000</rate></tax>"),
        tax_rules=document(
            "tax_rules",
            "<tax_rule><id_tax_rules_group>5</id_tax_rules_group><id_tax>1</id_tax></tax_rule>",
            "<tax_rule><id_tax_rules_group>5</id_tax_rules_group><id_tax>2</id_tax></tax_rule>",
        ),
    )
    assert first(folder).tax_rate is None


def test_products_in_a_pack_are_not_products_of_the_list(folder: Path) -> None:
    inner = "<product_bundle><product><id>9</id><quantity>2</quantity></product></product_bundle>"
    bundle = f"<associations>{inner}</associations>"
    put(folder, products=document("products", product_node(1, "PACK", bundle), product_node(2, "M-2")))
    assert [row.sku for row in products(folder)] == ["PACK", "M-2"]


def test_wrong_products_are_refused_and_the_others_go_on(folder: Path) -> None:
    put(
        folder,
        products=document(
            "products",
            product_node(1, ""),
            product_node(2, "M-2").replace("10.000000", "ten"),
            product_node(3, "M-3"),
        ),
    )
    rows = products(folder)
    assert [(row.place, row.reason) for row in rows if isinstance(row, Refused)] == [
        ("product 1", "reference is empty; products are known by it"),
        ("product 2", "price is 'ten', which is no number such as 12.50"),
    ]
    assert rows[2].sku == "M-3"


def test_categories_in_a_circle_or_without_a_name_are_left_out(folder: Path) -> None:
    put(
        folder,
        products=document("products"),
        categories=document(
            "categories",
            category_node(1, 0, "Root"),
            category_node(2, 1, "Home", home=1),
            category_node(3, 4, "A"),
            category_node(4, 3, "B"),
            category_node(5, 99, "Orphan"),
            "<category><id>6</id><id_parent>2</id_parent></category>",
        ),
    )
    assert [record.path for record in open_catalogue(folder, Options()).categories()] == [("Orphan",)]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE prestashop [<!ENTITY x "boom">]>',
        '<!DOCTYPE prestashop [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE prestashop SYSTEM "http://127.0.0.1:1/evil.dtd">',
        "<!DOCTYPE prestashop>",
    ],
)
def test_a_document_with_a_doctype_is_not_read(folder: Path, doctype: str) -> None:
    content = document("products", product_node(1, "M-1").replace("Mug", "&x;" if "ENTITY" in doctype else "Mug"))
    put(folder, products=content.replace("<prestashop>", f"{doctype}<prestashop>", 1))
    (row,) = products(folder)
    assert isinstance(row, Refused)
    assert "has a DOCTYPE" in row.reason


def test_entities_do_not_grow(folder: Path) -> None:
    entities = "".join(f'<!ENTITY l{level + 1} "{f"&l{level};" * 10}">' for level in range(9))
    doctype = f'<!DOCTYPE prestashop [<!ENTITY l0 "lol">{entities}]>'
    node = product_node(1, "M-1").replace("<![CDATA[Mug 1]]>", "&l9;")
    put(folder, products=document("products", node).replace("<prestashop>", f"{doctype}<prestashop>", 1))
    (row,) = products(folder)
    assert isinstance(row, Refused)


def test_a_document_that_breaks_off_gives_what_stood_before(folder: Path) -> None:
    put(folder, products=document("products", product_node(1, "M-1"), product_node(2, "M-2"))[:-60])
    rows = products(folder)
    assert [row.sku for row in rows] == ["M-1", ""]
    assert isinstance(rows[1], Refused)
    assert "broken XML" in rows[1].reason


def test_an_image_that_cannot_be_read_refuses_its_product_only(
    folder: Path, database: Database, tmp_path: Path
) -> None:
    put(folder, products=document("products", product_node(1, "M-1"), product_node(2, "M-2")))
    (folder / "images" / "1-1.jpg").mkdir(parents=True)
    source = open_catalogue(folder, Options())
    results = {each.key: each for each in load(database, MediaStore(tmp_path / "media"), source, "en")}
    assert "its image cannot be read" in results["M-1"].reason
    assert results["M-2"].outcome is Outcome.CREATED


def test_changed_images_are_replaced_and_kept_ones_kept(folder: Path, database: Database, tmp_path: Path) -> None:
    media = MediaStore(tmp_path / "media")
    listed = "<associations><images><image><id>1</id></image><image><id>2</id></image></images></associations>"
    put(folder, products=document("products", product_node(1, "M-1", listed)))
    (folder / "images").mkdir()
    (folder / "images" / "1-1.jpg").write_bytes(b"front")
    (folder / "images" / "1-2.jpg").write_bytes(b"back")

    def loaded() -> tuple[str, list[tuple[int, bytes]]]:
        (result,) = load(database, media, open_catalogue(folder, Options()), "en")
        with database.read() as session:
            product = session.scalars(select(Product).options(selectinload(Product.images))).one()
            return result.outcome, [(image.id, media.get(image.sha256)) for image in product.images]

    outcome, before = loaded()
    assert (outcome, [content for _, content in before]) == ("created", [b"front", b"back"])
    assert loaded() == ("unchanged", before)
    (folder / "images" / "1-1.jpg").write_bytes(b"back")
    (folder / "images" / "1-2.jpg").write_bytes(b"side")
    outcome, after = loaded()
    assert (outcome, [content for _, content in after]) == ("updated", [b"back", b"side"])
    assert after[0] == before[1]


@pytest.mark.skipif(not RECORDED.exists(), reason="the recorded catalogue is not beside the project")
def test_the_recorded_demo_catalogue(any_database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "recorded"
    shutil.copytree(RECORDED, folder)
    media = MediaStore(tmp_path / "media")

    def outcomes() -> Counter[tuple[str, Outcome]]:
        source = open_catalogue(folder, Options())
        return Counter((each.kind, each.outcome) for each in load(any_database, media, source, "en"))

    assert outcomes() == {("category", Outcome.CREATED): 10, ("product", Outcome.CREATED): 28}
    assert outcomes() == {("category", Outcome.UNCHANGED): 10, ("product", Outcome.UNCHANGED): 28}
    with any_database.read() as session:
        shirt = session.scalars(
            select(Product)
            .where(Product.sku == "demo_1")
            .options(selectinload(Product.categories), selectinload(Product.images))
        ).one()
        assert (shirt.price, shirt.tax_rate, shirt.weight) == (Decimal("23.9"), Decimal(23), Decimal("0.3"))
        assert (shirt.quantity, shirt.manufacturer) == (2400, "Studio Design")
        assert shirt.texts["pl"]["name"] == "Hummingbird printed t-shirt"
        assert [image.filename for image in shirt.images] == ["1-1.jpg", "1-2.jpg"]
        men = session.get_one(Category, shirt.default_category_id)
        assert men.name == "Men"
        assert men.parent is not None
        assert men.parent.name == "Clothes"
