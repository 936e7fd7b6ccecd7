"""Runs of a feed, from the file to the offers: what becomes of each row, and what stays as it is."""

from decimal import Decimal
from pathlib import Path

import pytest

from models import Combination, JobStatus, MissingBehavior
from sync.services import Services
from tests.factories import make_product
from tests.unit.sync.suppliers.feed_scene import FeedScene, results


@pytest.fixture
def scene(services: Services, tmp_path: Path) -> FeedScene:
    return FeedScene(services, tmp_path / "feeds")


@pytest.fixture
def ids(services: Services) -> dict[str, int]:
    """Three products: one found by SKU, one by EAN, one by its combination's SKU."""
    with services.db.write() as session:
        made = {
            "mug": make_product(session, "MUG").id,
            "cup": make_product(session, "CUP", ean="036000291452").id,
            "tee": make_product(session, "TEE").id,
        }
        session.add(Combination(product_id=made["tee"], sku="TEE-S", ean="4006381333931"))
        session.add(Combination(product_id=made["tee"], sku="TEE-M"))
        return made


LINES = (
    "MUG;;Mug;5;2;12,50 zł",
    ";0036000291452;Cup;0;;3,20 EUR",
    "TEE-S;;Tee S;4;3;20,00",
    "TEE-M;;Tee M;6;5;18,00",
    "NOBODY;;Nothing of ours;1;1;1,00",
    "MUG2;;Wrong;many;1;1,00",
)


def test_rows_are_linked_by_sku_by_ean_and_by_combinations(scene: FeedScene, ids: dict[str, int]) -> None:
    scene.write(*LINES)
    job = scene.run()
    assert job.status == JobStatus.COMPLETED_WITH_ERRORS
    assert results(job) == {"linked": 4, "unmatched": 1, "invalid": 1}
    assert (job.current_count, job.total_count) == (1, 1)
    assert "row 7" in job.error_details[0]["error"]
    assert "'many'" in job.error_details[0]["error"]
    offers = scene.offers()
    assert set(offers) == set(ids.values())
    mug, cup, tee = (offers[ids[name]] for name in ("mug", "cup", "tee"))
    assert (mug.stock_quantity, mug.delivery_days, mug.purchase_price) == (5, 2, Decimal("12.5"))
    assert (mug.currency, mug.is_available) == ("PLN", None)
    assert (cup.stock_quantity, cup.delivery_days, cup.currency) == (0, None, "EUR")
    assert (tee.stock_quantity, tee.purchase_price, tee.delivery_days) == (10, Decimal(18), 5)


def test_the_same_file_again_is_not_read(scene: FeedScene, ids: dict[str, int]) -> None:
    scene.write(*LINES[:4])
    scene.run()
    job = scene.run()
    assert (job.status, job.summary["message"]) == (JobStatus.COMPLETED, "unchanged")


def test_only_changed_rows_change_offers(scene: FeedScene, ids: dict[str, int]) -> None:
    scene.write(*LINES[:5])
    scene.run()
    before = scene.offers()
    scene.write("MUG;;Mug;7;2;12,50 zł", *LINES[1:5])
    job = scene.run()
    assert results(job) == {"updated": 1, "unchanged": 3, "unmatched": 1}
    after = scene.offers()
    assert after[ids["mug"]].stock_quantity == 7
    assert after[ids["mug"]].changed_at > before[ids["mug"]].changed_at
    assert after[ids["cup"]].changed_at == before[ids["cup"]].changed_at


def test_a_changed_mapping_reads_the_same_file_again(scene: FeedScene, ids: dict[str, int]) -> None:
    scene.write(*LINES[:4])
    scene.run()
    feed = scene.feed()
    scene.set(mapping={**feed.mapping, "delivery_days": {"column": "Dni", "transforms": [["constant", "9"]]}})
    assert results(scene.run()) == {"updated": 4}
    assert {offer.delivery_days for offer in scene.offers().values()} == {9}


def test_a_row_without_a_product_is_linked_once_there_is_one(scene: FeedScene, ids: dict[str, int]) -> None:
    scene.write(*LINES[:5])
    scene.run()
    with scene.services.db.write() as session:
        nobody = make_product(session, "NOBODY").id
    assert results(scene.run(force=True)) == {"linked": 1, "unchanged": 4}
    assert scene.offers()[nobody].stock_quantity == 1


@pytest.mark.parametrize(
    ("behavior", "expected"),
    [
        (MissingBehavior.LEAVE, (None, 5)),
        (MissingBehavior.ZERO, (None, 0)),
        (MissingBehavior.UNAVAILABLE, (False, 5)),
    ],
)
def test_what_the_feed_has_no_longer(
    scene: FeedScene, ids: dict[str, int], behavior: MissingBehavior, expected: tuple[bool | None, int]
) -> None:
    scene.set(missing_behavior=behavior)
    scene.write(*LINES[:5])
    scene.run()
    scene.write(*LINES[1:4])
    job = scene.run()
    assert results(job) == {"unchanged": 3, "missing": 2}
    mug = scene.offers()[ids["mug"]]
    assert (mug.is_available, mug.stock_quantity) == expected
    assert scene.rows()["s:MUG"].result == "missing"
    assert "s:NOBODY" not in scene.rows()
    assert results(scene.run(force=True)) == {"unchanged": 3}, "it is missed once"
    scene.write(*LINES[:5])
    assert results(scene.run()) == {"updated": 1, "unchanged": 3, "unmatched": 1}
    mug = scene.offers()[ids["mug"]]
    assert (mug.is_available, mug.stock_quantity) == (None, 5)


def test_of_combinations_that_left_the_others_stay_on_offer(scene: FeedScene, ids: dict[str, int]) -> None:
    scene.set(missing_behavior=MissingBehavior.ZERO)
    scene.write(*LINES[:4])
    scene.run()
    scene.write(*LINES[:3])
    scene.run()
    assert scene.offers()[ids["tee"]].stock_quantity == 4


def test_a_limited_run_misses_nothing(scene: FeedScene, ids: dict[str, int]) -> None:
    scene.set(missing_behavior=MissingBehavior.ZERO)
    scene.write(*LINES[:4])
    scene.run()
    job = scene.run(limit=1, force=True)
    assert results(job) == {"unchanged": 1}
    assert scene.offers()[ids["cup"]].stock_quantity == 0
    assert scene.offers()[ids["tee"]].stock_quantity == 10


def test_two_products_with_the_ean_are_ambiguous(scene: FeedScene, services: Services) -> None:
    with services.db.write() as session:
        first = make_product(session, "A", ean="4006381333931").id
        second = make_product(session, "B", ean="4006381333931").id
    scene.write(";4006381333931;Pen;3;1;1,00")
    assert results(scene.run()) == {"ambiguous": 1}
    row = scene.rows()["e:4006381333931"]
    assert row.result == "ambiguous"
    assert row.data["_candidates"] == [first, second]
    assert scene.offers() == {}


def test_failed_rows_are_processed_again(scene: FeedScene, ids: dict[str, int]) -> None:
    scene.write(*LINES, "MUG;;Again;9;1;1,00")
    first = scene.run()
    assert results(first) == {"linked": 4, "unmatched": 1, "invalid": 2}
    with scene.services.db.write() as session:
        nobody = make_product(session, "NOBODY").id
        make_product(session, "MUG2")
    many = [["map", {"many": "100"}, "0"]]
    scene.set(mapping={**scene.feed().mapping, "stock_quantity": {"column": "Stan", "transforms": many}})
    job = scene.run(again=first.id)
    assert results(job) == {"linked": 2}
    assert job.parent_id == first.id
    assert scene.offers()[nobody].delivery_days == 1
    assert scene.offers()[ids["mug"]].stock_quantity == 5, "the doubled row still does not count"


def test_a_product_that_was_deleted_is_looked_for_again(scene: FeedScene, ids: dict[str, int]) -> None:
    from models import Product

    scene.write(*LINES[:1])
    scene.run()
    with scene.services.db.write() as session:
        session.delete(session.get_one(Product, ids["mug"]))
    assert results(scene.run(force=True)) == {"unmatched": 1}
    assert scene.rows()["s:MUG"].result == "unmatched"
    with scene.services.db.write() as session:
        new = make_product(session, "MUG").id
    assert results(scene.run(force=True)) == {"linked": 1}
    assert scene.offers()[new].stock_quantity == 5


def test_a_column_that_is_gone_fails_the_run(scene: FeedScene, ids: dict[str, int]) -> None:
    scene.write("MUG;1", header="Kod;Ilosc")
    job = scene.run()
    assert job.status == JobStatus.FAILED
    assert "stock_quantity: Stan" in job.error_details[0]["error"]
    assert "Stan" in (scene.feed().error_message or "")
