"""Schedules: listed with their times in words, switched, run at once, given other times."""

import pytest
from lxml import html
from sqlalchemy import select

from models import Database, Feed, JobProgress, Schedule, Supplier, now
from sync.schedules import due, entries
from tests.web.conftest import Browser
from tests.web.factories import Make


@pytest.fixture
def shop(make: Make, database: Database) -> int:
    made = make.shop("Cyan", time_zone="Europe/Warsaw")
    with database.write() as session:
        entries.ensure_defaults(session)
    return made


def find(database: Database, key: str) -> Schedule:
    with database.read() as session:
        return session.scalars(select(Schedule).where(Schedule.key == key)).one()


def row(browser: Browser, key: str) -> html.HtmlElement:
    (found,) = browser.page("/schedules").xpath(f"//tr[@data-schedule='{key}']")
    return found


def test_they_are_listed_with_their_times_in_words(browser: Browser, shop: int) -> None:
    text = " ".join(row(browser, f"push:shop:{shop}").text_content().split())
    assert "Push everything Cyan At 02:00 every day, Europe/Warsaw0 2 * * * On" in text
    assert "never" in text, "it has not run yet"
    assert "Delete what is old everywhere" in " ".join(row(browser, "clean_up").text_content().split())


def test_the_list_is_narrowed_to_a_shop_and_to_an_action(browser: Browser, make: Make, database: Database) -> None:
    shops = [make.shop("Cyan"), make.shop("Magenta")]
    with database.write() as session:
        entries.ensure_defaults(session)
    keys = browser.page(f"/schedules?shop={shops[1]}").xpath("//tr/@data-schedule")
    assert keys
    assert all(key.endswith(f":{shops[1]}") for key in keys)
    keys = browser.page("/schedules?action=push").xpath("//tr/@data-schedule")
    assert keys == [f"push:shop:{number}" for number in shops]


def test_many_shops_come_page_by_page(browser: Browser, make: Make, database: Database) -> None:
    for number in range(40):
        make.shop(f"Shop {number}")
    with database.write() as session:
        entries.ensure_defaults(session)
        total = len(entries.listed(session))
    seen, path = [], "/schedules"
    while path:
        assert len(browser.get(path).data) < 100_000
        page = browser.page(path)
        seen += page.xpath("//tr/@data-schedule")
        path = page.xpath("string(//*[@data-testid='next-page']/@href)")
    assert len(seen) == len(set(seen)) == total


def test_off_and_on_again(browser: Browser, shop: int, database: Database) -> None:
    schedule = find(database, f"push:shop:{shop}")
    browser.get("/schedules")
    answer = browser.post(f"/schedules/{schedule.id}/off?action=push")
    assert answer.location == "/schedules?action=push"
    after = find(database, schedule.key)
    assert (after.active, after.next_run_at) == (False, None)
    assert "Off" in row(browser, schedule.key).text_content()
    browser.post(f"/schedules/{schedule.id}/on")
    assert find(database, schedule.key).next_run_at == schedule.next_run_at


def test_run_now_sends_the_run_once(browser: Browser, shop: int, database: Database, messages: object) -> None:
    schedule = find(database, f"push:shop:{shop}")
    browser.get("/schedules")
    for _ in range(2):
        browser.post(f"/schedules/{schedule.id}/run")
    token = due.token_of(find(database, schedule.key))
    assert messages() == [("run_schedule", (schedule.id, token))]  # type: ignore[operator]
    assert "It is running already." in browser.get("/schedules").text
    assert row(browser, schedule.key).xpath(".//button[@data-testid='run-now']/@disabled")


def test_a_feed_s_schedule_is_listed_switched_and_run(browser: Browser, database: Database, messages: object) -> None:
    with database.write() as session:
        feed = Feed(supplier=Supplier(name="Acme"), name="Stock", source="url", address="https://acme.example/s.csv")
        session.add(feed)
        session.flush()
        entries.add(session, "feed", feed=feed, cron="*/15 * * * *")
        key = f"feed:feed:{feed.id}"
    assert "Acme: Stock" in row(browser, key).text_content()
    schedule = find(database, key)
    browser.post(f"/schedules/{schedule.id}/off")
    assert not find(database, key).active
    browser.post(f"/schedules/{schedule.id}/on")
    assert find(database, key).next_run_at is not None
    browser.post(f"/schedules/{schedule.id}/run")
    assert messages() == [("run_schedule", (schedule.id, due.token_of(find(database, key))))]  # type: ignore[operator]


def test_a_run_without_a_broker_is_said(
    browser: Browser, shop: int, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tasks.schedule_actors import run_schedule

    def refuse(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(type(run_schedule), "send", refuse)
    browser.get("/schedules")
    browser.post(f"/schedules/{find(database, 'clean_up').id}/run")
    assert "runs once the broker answers" in browser.get("/schedules").text


def test_the_result_leads_to_the_job(browser: Browser, shop: int, database: Database, make: Make) -> None:
    job = make.job(shop)
    with database.write() as session:
        schedule = session.scalars(select(Schedule).where(Schedule.key == f"push:shop:{shop}")).one()
        schedule.progress_id, schedule.last_result, schedule.last_run_at = job, f"job {job}", now()
    assert f"/jobs/{job}" in row(browser, f"push:shop:{shop}").xpath(".//a/@href")
    with database.write() as session:
        session.get_one(Schedule, schedule.id).last_result = "skipped: shop 'Cyan' is paused by <ann>"
    assert "skipped: shop 'Cyan' is paused by <ann>" in row(browser, f"push:shop:{shop}").text_content()
    with database.read() as session:
        assert session.scalar(select(JobProgress.id)) == job


def test_other_times(browser: Browser, shop: int, database: Database) -> None:
    schedule = find(database, f"push:shop:{shop}")
    page = browser.page(f"/schedules/{schedule.id}/edit")
    assert page.xpath("string(//input[@name='cron']/@value)") == "0 2 * * *"
    assert not page.xpath("//input[@name='time_zone']"), "a shop's schedules run in its own time zone"
    assert "Europe/Warsaw" in page.text_content()
    answer = browser.post(f"/schedules/{schedule.id}/edit", {"cron": "30 4 * * 1-5"})
    assert answer.location == "/schedules"
    assert find(database, schedule.key).cron == "30 4 * * 1-5"
    refused = browser.post(f"/schedules/{schedule.id}/edit", {"cron": "now and then"})
    assert refused.status_code == 422
    assert "is no schedule; write minute, hour, day, month and weekday" in refused.text


def test_the_numbers_of_the_clean_up(browser: Browser, shop: int, database: Database) -> None:
    schedule = find(database, "clean_up")
    page = browser.page(f"/schedules/{schedule.id}/edit")
    assert page.xpath("string(//input[@name='dead_hours']/@value)") == "168"
    typed = {"cron": "20 3 * * *", "time_zone": "Europe/Warsaw", "jobs_days": "60", "logs_days": "30"}
    typed |= {"changes_days": "30", "dead_hours": "24"}
    browser.post(f"/schedules/{schedule.id}/edit", typed)
    after = find(database, "clean_up")
    assert (after.time_zone, after.params["jobs_days"], after.params["dead_hours"]) == ("Europe/Warsaw", 60, 24)
    for wrong in ({"time_zone": "Nowhere"}, {"jobs_days": "-1"}):
        assert browser.post(f"/schedules/{schedule.id}/edit", {**typed, **wrong}).status_code == 422
    assert find(database, "clean_up").params["jobs_days"] == 60


@pytest.mark.parametrize("action", ["on", "off", "run", "edit"])
def test_a_schedule_that_is_gone_is_not_found(browser: Browser, action: str) -> None:
    browser.get("/")
    assert browser.post(f"/schedules/99/{action}").status_code == 404
