"""Runs that look wrong are held before anything of them is applied."""

from datetime import timedelta
from pathlib import Path

import pytest

from models import JobProgress, JobStatus, MissingBehavior, now
from sync import jobs
from sync.services import Services
from sync.suppliers import holds
from sync.suppliers.feed_errors import MappingInvalid
from sync.suppliers.feeds import FeedBusy
from sync.suppliers.safety import RunNumbers, SafetyLimits, stops
from tests.factories import make_product
from tests.unit.sync.suppliers.feed_scene import FeedScene, results


@pytest.fixture
def scene(services: Services, tmp_path: Path) -> FeedScene:
    """Forty products, all in the feed, taken over once."""
    made = FeedScene(services, tmp_path / "feeds")
    with services.db.write() as session:
        for number in range(40):
            make_product(session, f"P{number}")
    made.write(*lines(40))
    assert made.run().status == JobStatus.COMPLETED
    return made


def lines(count: int, price: str = "10,00", stock: int = 5) -> list[str]:
    return [f"P{number};;Product;{stock};2;{price} PLN" for number in range(count)]


def names(job: JobProgress) -> list[str]:
    return [stop["name"] for stop in job.summary["held"]]


def test_too_few_rows(scene: FeedScene) -> None:
    scene.set(missing_behavior=MissingBehavior.UNAVAILABLE)
    scene.write(*lines(10))
    job = scene.run()
    assert job.status == JobStatus.AWAITING_APPROVAL
    assert names(job) == ["fewer_rows", "unavailable"]
    assert job.expires_at is not None
    assert all(offer.is_available is None for offer in scene.offers().values()), "nothing of it is applied"


def test_prices_that_jump(scene: FeedScene) -> None:
    scene.write(*lines(40, price="99,00"))
    job = scene.run()
    assert names(job) == ["price_jumps"]
    example = job.summary["held"][0]["examples"][0]
    assert (example["key"], example["before"], example["after"]) == ("P0", "10.00", "99.00")


def test_too_many_that_are_not_available_any_more(scene: FeedScene) -> None:
    scene.write(*lines(40, stock=0))
    assert names(scene.run()) == ["unavailable"]


def test_too_many_unmatched(scene: FeedScene) -> None:
    scene.set(safety={"max_unmatched": 10})
    scene.write(*lines(40), *(f"X{number};;;1;1;1" for number in range(12)))
    assert names(scene.run()) == ["unmatched"]


def test_an_empty_file(scene: FeedScene) -> None:
    scene.file.write_text("")
    assert names(scene.run()) == ["empty"]
    scene.write()
    assert names(scene.run()) == ["empty"], "a header alone is empty, too"


def test_an_operator_applies_it(scene: FeedScene) -> None:
    scene.write(*lines(40, price="99,00"))
    job = scene.run()
    with scene.services.db.write() as session:
        holds.approve(session, job.id, "ann")
    scene.apply(job.id)
    job = scene.job(job.id)
    assert job.status == JobStatus.COMPLETED
    assert results(job) == {"updated": 40}
    assert {str(offer.purchase_price.normalize()) for offer in scene.offers().values() if offer.purchase_price} == {
        "99"
    }
    assert scene.run().summary["message"] == "unchanged"
    with pytest.raises(holds.NotHeld), scene.services.db.write() as session:
        holds.approve(session, job.id, "ann")


def test_an_operator_rejects_it(scene: FeedScene) -> None:
    scene.write(*lines(40, price="99,00"))
    job = scene.run()
    with scene.services.db.write() as session:
        holds.reject(session, job.id, "ann")
    scene.apply(job.id)
    assert scene.job(job.id).status == JobStatus.CANCELLED
    assert {offer.purchase_price for offer in scene.offers().values()} == {10}
    assert scene.run().status == JobStatus.AWAITING_APPROVAL, "the file is no better by being read again"


def test_it_lapses(scene: FeedScene) -> None:
    scene.write(*lines(40, price="99,00"))
    job = scene.run()
    with scene.services.db.write() as session:
        session.get_one(JobProgress, job.id).expires_at = now() - timedelta(seconds=1)
    with scene.services.db.write() as session:
        assert jobs.lapse(session) == 1
    assert scene.job(job.id).status == JobStatus.CANCELLED


def test_a_newer_run_takes_its_place(scene: FeedScene) -> None:
    scene.write(*lines(40, price="99,00"))
    held = scene.run()
    scene.write(*lines(40, price="11,00"))
    assert scene.run().status == JobStatus.COMPLETED
    assert scene.job(held.id).status == JobStatus.CANCELLED
    assert "superseded_by" in scene.job(held.id).summary


def test_it_is_not_applied_while_another_run_is_under_way(scene: FeedScene) -> None:
    scene.write(*lines(40, price="99,00"))
    held = scene.run()
    scene.open()
    with pytest.raises(FeedBusy), scene.services.db.write() as session:
        holds.approve(session, held.id, "ann")


@pytest.mark.parametrize(
    ("numbers", "earlier", "expected"),
    [
        (RunNumbers(rows=100, unmatched=81, known=10), [], ["unmatched"]),
        (RunNumbers(rows=100, unmatched=80, known=10), [], []),
        (RunNumbers(rows=5, unmatched=5), [], []),
        (RunNumbers(rows=49, known=49), [100, 98, 102], ["fewer_rows"]),
        (RunNumbers(rows=50, known=50), [100, 98, 102], []),
        (RunNumbers(rows=100, known=100, price_jumps=21), [], ["price_jumps"]),
        (RunNumbers(rows=100, known=100, price_jumps=20), [], []),
        (RunNumbers(rows=100, known=100, unavailable=31), [], ["unavailable"]),
        (RunNumbers(rows=100, known=20, unavailable=9), [], []),
        (RunNumbers(rows=0), [100], ["empty"]),
        (RunNumbers(rows=99, known=99, broken_off="the file ends early"), [100], ["truncated"]),
    ],
)
def test_where_the_stops_are(numbers: RunNumbers, earlier: list[int], expected: list[str]) -> None:
    assert [stop.name for stop in stops(numbers, SafetyLimits(), earlier)] == expected


def test_a_stop_may_be_switched_off_and_an_unknown_one_is_refused() -> None:
    limits = SafetyLimits.from_data({"max_unmatched": None})
    assert stops(RunNumbers(rows=100, unmatched=100), limits, []) == []
    for wrong in ({"max_unmached": 5}, {"min_rows": "half"}, {"at_least": None}, {"min_rows": -1}):
        with pytest.raises(MappingInvalid):
            SafetyLimits.from_data(wrong)
