"""When a schedule is due next, over the changes of clocks and calendars."""

from datetime import UTC, datetime, timedelta

import pytest

from sync.schedules.clock import ScheduleInvalid, check, describe, next_run


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "zone", "after", "expected"),
    [
        ("0 2 * * *", "UTC", "2026-05-01 01:59", "2026-05-01 02:00"),
        ("0 2 * * *", "UTC", "2026-05-01 02:00", "2026-05-02 02:00"),
        ("0 2 * * *", "Europe/Warsaw", "2026-01-10 12:00", "2026-01-11 01:00"),
        ("0 2 * * *", "Europe/Warsaw", "2026-07-10 12:00", "2026-07-11 00:00"),
        ("0 2 * * *", "America/New_York", "2026-07-10 12:00", "2026-07-11 06:00"),
        ("0 2 * * *", "Asia/Kathmandu", "2026-07-10 12:00", "2026-07-10 20:15"),
        ("*/10 * * * *", "Europe/Warsaw", "2026-07-10 12:01", "2026-07-10 12:10"),
        ("0 0 29 2 *", "UTC", "2026-03-01 00:00", "2028-02-29 00:00"),
        ("0 9 * * MON", "UTC", "2026-05-02 00:00", "2026-05-04 09:00"),
    ],
)
def test_the_next_run(cron: str, zone: str, after: str, expected: str) -> None:
    assert next_run(cron, zone, utc(after)) == utc(expected)


def runs(cron: str, zone: str, first: str, last: str) -> list[str]:
    """Every run in between, in UTC, each asked for from the one before."""
    found, at = [], utc(first)
    while (at := next_run(cron, zone, at)) <= utc(last):
        found.append(at.strftime("%d %H:%M"))
    return found


def test_a_time_that_is_skipped_in_spring_runs_right_after_the_gap() -> None:
    """Clocks go from 02:00 to 03:00 on the 29th."""
    assert runs("30 2 * * *", "Europe/Warsaw", "2026-03-27 12:00", "2026-03-30 12:00") == [
        "28 01:30", "29 01:00", "30 00:30",
    ]  # fmt: skip


def test_a_time_that_comes_twice_in_autumn_runs_once() -> None:
    """Clocks go from 03:00 back to 02:00 on the 25th."""
    assert runs("30 2 * * *", "Europe/Warsaw", "2026-10-23 12:00", "2026-10-26 12:00") == [
        "24 00:30", "25 00:30", "26 01:30",
    ]  # fmt: skip


def test_every_half_hour_goes_on_through_both_hours() -> None:
    assert runs("*/30 * * * *", "Europe/Warsaw", "2026-10-25 00:00", "2026-10-25 02:00") == [
        "25 00:30", "25 01:00", "25 01:30", "25 02:00",
    ]  # fmt: skip


def test_asked_in_the_second_of_the_two_hours_it_never_goes_back() -> None:
    """01:10 UTC is 02:10 for the second time; the 02:30 of that day is over."""
    assert next_run("30 2 * * *", "Europe/Warsaw", utc("2026-10-25 01:10")) == utc("2026-10-26 01:30")


def test_a_year_of_nights_has_a_run_each() -> None:
    for zone in ("Europe/Warsaw", "America/Santiago", "Australia/Lord_Howe", "UTC"):
        at, nights = utc("2026-01-01 12:00"), 0
        while (at := next_run("0 2 * * *", zone, at)) < utc("2027-01-01 12:00"):
            nights += 1
        assert nights == 365, zone


def test_the_moment_after_is_always_later() -> None:
    at = utc("2026-10-24 22:00")
    for _ in range(300):
        following = next_run("*/7 * * * *", "Europe/Warsaw", at)
        assert at < following <= at + timedelta(minutes=7)
        at += timedelta(minutes=1)


@pytest.mark.parametrize("cron", ["", "nightly", "0 2 * *", "0 2 * * * *", "61 * * * *", "0 2 31 2 *", "x" * 70])
def test_what_is_no_schedule_is_refused_with_an_example(cron: str) -> None:
    with pytest.raises(ScheduleInvalid, match=r"0 2 \* \* \*|never happens"):
        check(cron, "UTC")


@pytest.mark.parametrize("zone", ["", "Warsaw", "Europe/Nowhere", "../etc/passwd"])
def test_what_is_no_time_zone_is_refused(zone: str) -> None:
    with pytest.raises(ScheduleInvalid, match="no time zone"):
        check("0 2 * * *", zone)


def test_it_is_said_in_words() -> None:
    assert describe("0 2 * * *") == "At 02:00 every day"
    assert describe("*/10 * * * *") == "Every 10th minute of every hour"
