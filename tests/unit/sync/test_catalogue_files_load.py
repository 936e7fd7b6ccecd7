"""Catalogue files end in the catalogue: by SKU, by path, the same on every run, on every database."""

import gc
import tracemalloc
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from models import Category, Database, Product
from sync.catalogue_files import Options, Outcome, Result, load, open_catalogue
from sync.demo import WRONG_SKUS, DemoCatalogue
from sync.media import MediaStore

HEADER = "Reference;Name;Price;Categories;Quantity;Description;EAN13\n"


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media")


def put(database: Database, media: MediaStore, folder: Path, content: str, language: str = "en") -> list[Result]:
    path = folder / "products.csv"
    path.write_text(content)
    return list(load(database, media, open_catalogue(path, Options(language=language)), language))


def outcomes(results: Sequence[Result]) -> dict[str, str]:
    return {result.key: result.outcome for result in results}


def product(database: Database, sku: str) -> Product:
    with database.read() as session:
        query = select(Product).where(Product.sku == sku)
        return session.scalars(
            query.options(
                selectinload(Product.categories), selectinload(Product.images), selectinload(Product.default_category)
            )
        ).one()


def test_rows_are_created_then_unchanged_then_updated(
    any_database: Database, media: MediaStore, tmp_path: Path
) -> None:
    first = HEADER + "M-1;Mug;10;Kitchen/Mugs,Sale;5;<p>Żółty</p>;590\nM-2;Jug;20;Kitchen;1;;\n"
    assert outcomes(put(any_database, media, tmp_path, first)) == {"M-1": Outcome.CREATED, "M-2": Outcome.CREATED}
    before = product(any_database, "M-1")
    assert outcomes(put(any_database, media, tmp_path, first)) == {"M-1": Outcome.UNCHANGED, "M-2": Outcome.UNCHANGED}
    assert product(any_database, "M-1").changed_at == before.changed_at
    second = first.replace("Mug;10", "Mug;12,5")
    assert outcomes(put(any_database, media, tmp_path, second)) == {"M-1": Outcome.UPDATED, "M-2": Outcome.UNCHANGED}
    after = product(any_database, "M-1")
    assert after.changed_at > before.changed_at
    assert (after.price, after.quantity, after.ean, after.name) == (Decimal("12.5"), 5, "590", "Mug")
    assert after.texts == {"en": {"name": "Mug", "description": "<p>Żółty</p>"}}
    assert sorted(category.name for category in after.categories) == ["Mugs", "Sale"]
    assert after.default_category is not None
    assert after.default_category.name == "Mugs"


def test_categories_are_found_by_path_and_made_once(database: Database, media: MediaStore, tmp_path: Path) -> None:
    put(database, media, tmp_path, HEADER + "M-1;Mug;1;Kitchen/Mugs;1;;\nM-2;Mug;1;Home/Kitchen/Mugs;1;;\n")
    put(database, media, tmp_path, HEADER + "M-3;Mug;1;Office/Mugs;1;;\n")
    with database.read() as session:
        rows = session.scalars(select(Category).order_by(Category.id)).all()
        paths = [(row.parent.name if row.parent else None, row.name, row.position) for row in rows]
    assert paths == [(None, "Kitchen", 0), ("Kitchen", "Mugs", 0), (None, "Office", 1), ("Office", "Mugs", 0)]


def test_a_second_language_joins_the_first_and_finds_categories_by_its_names(
    database: Database, media: MediaStore, tmp_path: Path
) -> None:
    put(database, media, tmp_path, HEADER + "M-1;Mug;1;Kitchen;1;;\n")
    with database.write() as session:
        kitchen = session.scalars(select(Category)).one()
        kitchen.texts = {**kitchen.texts, "pl": {"name": "Kuchnia"}}
    put(database, media, tmp_path, HEADER + "M-1;Kubek;1;Kuchnia;1;;\n", "pl")
    assert product(database, "M-1").texts == {"en": {"name": "Mug"}, "pl": {"name": "Kubek"}}
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Category)) == 1


def test_what_a_file_does_not_say_stays(database: Database, media: MediaStore, tmp_path: Path) -> None:
    put(database, media, tmp_path, HEADER + "M-1;Mug;10;Kitchen;5;text;590\n")
    assert outcomes(put(database, media, tmp_path, "Reference;Quantity\nM-1;9\n")) == {"M-1": Outcome.UPDATED}
    after = product(database, "M-1")
    assert (after.quantity, after.price, after.name, after.ean) == (9, Decimal(10), "Mug", "590")
    assert [category.name for category in after.categories] == ["Kitchen"]


def test_a_new_product_needs_a_name_and_a_price(database: Database, media: MediaStore, tmp_path: Path) -> None:
    (nameless,) = put(database, media, tmp_path, "Reference;Price\nM-1;9\n")
    assert (nameless.outcome, nameless.reason) == (Outcome.REFUSED, "it has no name")
    (free,) = put(database, media, tmp_path, "Reference;Name\nM-1;Mug\n")
    assert (free.outcome, free.reason) == (Outcome.REFUSED, "a new product needs a price")


def test_a_sku_twice_is_refused_wherever_its_first_row_was(
    database: Database, media: MediaStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.catalogue_files.write.BATCH", 2)
    rows = "M-1;One;1;;1;;\nM-2;Two;1;;1;;\nM-3;Three;1;;1;;\nM-1;Again;9;;9;;\n"
    results = put(database, media, tmp_path, HEADER + rows)
    assert [(result.place, result.key) for result in results if result.outcome is Outcome.REFUSED] == [
        ("line 5", "M-1")
    ]
    assert "stood on line 2 already" in results[-1].reason
    assert product(database, "M-1").name == "One"


def test_memory_does_not_grow_with_the_file(database: Database, media: MediaStore, tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.csv"
        with path.open("w") as file:
            file.write("Reference;Name;Price;Description\n")
            for number in range(rows):
                file.write(f"B-{number};Name {number};1;{'lorem ipsum ' * 200}\n")
        gc.collect()
        gc.set_threshold(100, 5, 5)  # what is alive counts, not what waits to be collected
        tracemalloc.start()
        for result in load(database, media, open_catalogue(path, Options()), "en"):
            assert result.outcome is not Outcome.REFUSED
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    peak(400)  # the caches of the first run
    small, large = peak(400), peak(1600)
    assert large < small * 1.3, f"{small:,} bytes for 400 rows, {large:,} for 1600"


def test_the_demo_is_loaded_once_and_the_same(database: Database, media: MediaStore) -> None:
    first = Counter((result.kind, result.outcome) for result in load(database, media, DemoCatalogue(), "en"))
    assert first == {("category", Outcome.CREATED): 25, ("product", Outcome.CREATED): 405}
    again = Counter((result.kind, result.outcome) for result in load(database, media, DemoCatalogue(), "en"))
    assert again == {("category", Outcome.UNCHANGED): 25, ("product", Outcome.UNCHANGED): 405}
    mug = product(database, "MUG-BRY-250-WH")
    assert set(mug.texts) == {"en", "pl"}
    assert mug.default_category is not None
    assert mug.default_category.texts["pl"]["name"] == "Kubki"
    assert len(mug.categories) == 3
    with database.read() as session:
        pictured = session.scalars(select(Product).where(Product.images.any()).options(selectinload(Product.images)))
        counts = Counter(len(each.images) for each in pictured)
        assert counts == {1: 81, 2: 81}
        assert session.scalar(select(func.count()).where(Product.sku.in_(WRONG_SKUS))) == 6


def test_the_demo_is_right_but_for_six_products() -> None:
    for record in DemoCatalogue().products():
        assert record.ean is not None
        assert record.price is not None
        wrong = [
            not _valid_ean(record.ean),
            record.price >= 10**10,
            any(set("<>{}") & set(text["name"]) for text in record.texts.values()),
            any(len(text["description_short"]) > 800 for text in record.texts.values()),
            any("<iframe" in text["description"] for text in record.texts.values()),
        ]
        assert sum(wrong) == (record.sku in WRONG_SKUS), record.sku


def _valid_ean(ean: str) -> bool:
    if len(ean) != 13 or not ean.isdecimal():
        return False
    return sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(ean)) % 10 == 0


def test_the_demos_pictures_are_png_files() -> None:
    images = [image for record in DemoCatalogue().products() for image in record.images or ()]
    assert len(images) == 243
    for image in images[::40]:
        content = image.read()
        assert content.startswith(b"\x89PNG\r\n\x1a\n")
        assert content == image.read()
        assert len(content) < 4000
