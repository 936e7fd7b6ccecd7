"""Queues and dead messages in the admin: seen, held, sent again, let go."""

import dramatiq
import pytest
from sqlalchemy import select

from models import Database, DeadMessage, DeadStatus
from sync import dead_messages, queues
from sync.dead_messages import Death
from tasks.health import Health
from tests.web.conftest import Browser
from tests.web.factories import Make


def die(make: Make, actor: str = "sync_product", number: int = 1, error: str = "ValueError: no") -> int:
    message = dramatiq.Message("prestashop_sync", actor, (number, 2), {}, {"retries": 4, "traceback": "old"})
    death = Death(
        message.message_id, message.queue_name, actor, {"product_id": number, "shop_id": 2}, message.encode(), error,
        "Traceback: <line>", 4,
    )  # fmt: skip
    with make.services.db.write() as session:
        return dead_messages.record(session, make.services.vault, death).id


def status(database: Database, dead_id: int) -> str:
    with database.read() as session:
        return session.get_one(DeadMessage, dead_id).status


def test_the_list_says_what_died_of_what(browser: Browser, make: Make) -> None:
    die(make, error="ValueError: <b>no</b>")
    page = browser.page("/system/dead-messages")
    (line,) = page.xpath("//tr[@data-dead]")
    text = " ".join(line.text_content().split())
    assert "sync_product product_id=1, shop_id=2 ValueError: <b>no</b> 4" in text
    assert "1 message waits for your decision." in page.text_content()


def test_by_actor_and_page_by_page(browser: Browser, make: Make) -> None:
    for number in range(55):
        die(make, number=number)
    die(make, "push_lane")
    page = browser.page("/system/dead-messages?actor=sync_product")
    assert len(page.xpath("//tr[@data-dead]")) == 50
    assert "sync_product (55)" in page.text_content()
    older = page.xpath("string(//*[@data-testid='next-page']/@href)")
    assert len(browser.page(older).xpath("//tr[@data-dead]")) == 5
    assert len(browser.page("/system/dead-messages?actor=push_lane").xpath("//tr[@data-dead]")) == 1


def test_one_of_them_with_its_traceback(browser: Browser, make: Make) -> None:
    dead_id = die(make)
    page = browser.page(f"/system/dead-messages/{dead_id}")
    assert page.xpath("string(//pre)") == "Traceback: <line>"
    assert browser.get("/system/dead-messages/99").status_code == 404


def test_it_is_sent_again_once(browser: Browser, make: Make, database: Database, messages: object) -> None:
    dead_id = die(make)
    browser.get("/system/dead-messages")
    for _ in range(2):
        browser.post(f"/system/dead-messages/{dead_id}/retry")
    assert messages() == [("sync_product", (1, 2))]  # type: ignore[operator]
    assert status(database, dead_id) == DeadStatus.RETRIED
    assert "Somebody else was first" in browser.get("/system/dead-messages").text


def test_all_of_an_actor_are_sent_again(browser: Browser, make: Make, database: Database, messages: object) -> None:
    kept = die(make, "push_lane")
    for number in range(3):
        die(make, number=number)
    browser.get("/system/dead-messages?actor=sync_product")
    browser.post("/system/dead-messages/retry-all", {"actor": "sync_product"})
    assert len(messages()) == 3  # type: ignore[operator]
    assert "3 messages are sent again." in browser.get("/system/dead-messages").text
    assert status(database, kept) == DeadStatus.DEAD


def test_a_broker_that_is_away_loses_nothing(
    browser: Browser, make: Make, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead_id = die(make)

    def refuse(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(dramatiq.get_broker(), "enqueue", refuse)
    browser.get("/system/dead-messages")
    browser.post(f"/system/dead-messages/{dead_id}/retry")
    assert "The broker does not answer; the messages are kept." in browser.get("/system/dead-messages").text
    assert status(database, dead_id) == DeadStatus.DEAD


def test_it_is_let_go(browser: Browser, make: Make, database: Database) -> None:
    dead_id = die(make)
    browser.get("/system/dead-messages")
    browser.post(f"/system/dead-messages/{dead_id}/discard")
    assert status(database, dead_id) == DeadStatus.DISCARDED
    assert browser.page("/system/dead-messages").xpath("//*[@data-testid='empty']")
    assert len(browser.page("/system/dead-messages?state=discarded").xpath("//tr[@data-dead]")) == 1


def test_a_queue_is_held_and_let_go_on(browser: Browser, database: Database) -> None:
    browser.get("/system")
    browser.post("/queues/prestashop_sync/pause")
    with database.read() as session:
        assert queues.paused(session)["prestashop_sync"].paused_by == "operator"
    (line,) = browser.page("/system").xpath("//tr[@data-queue='prestashop_sync']")
    assert "Paused by operator" in line.text_content()
    browser.post("/queues/prestashop_sync/resume")
    with database.read() as session:
        assert queues.paused(session) == {}
    assert browser.post("/queues/no-such-queue/pause").status_code == 404


def test_a_long_queue_warns_on_the_system_page_and_the_overview(
    browser: Browser, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.shop()
    seen = Health(None, 1, True, {"prestashop_sync": 101, "import": 100}, {"prestashop_sync": 3})
    monkeypatch.setattr("tasks.health.check", lambda: seen)
    page = browser.page("/system")
    text = " ".join(page.xpath("//tr[@data-queue='prestashop_sync']")[0].text_content().split())
    assert "prestashop_sync More than 100 wait 101 3" in text
    assert "Works" in page.xpath("//tr[@data-queue='import']")[0].text_content()
    browser.client.application.extensions.pop("shopferry_health", None)
    needs = browser.page("/").xpath("string(//*[@data-testid='needs'])")
    assert "101 messages wait in queue prestashop_sync" in " ".join(needs.split())


def test_dead_messages_are_on_the_overview(browser: Browser, make: Make, database: Database) -> None:
    die(make)
    assert "1 dead message" in browser.page("/").xpath("string(//*[@data-testid='needs'])")
    assert "1 message waits for your decision" in browser.page("/system").xpath(
        "string(//*[@data-testid='dead-count'])"
    )
    with database.read() as session:
        assert session.scalars(select(DeadMessage.payload)).one()[:5] == b"gAAAA", "it is encrypted"
