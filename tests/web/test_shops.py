"""Shops: adding, editing, testing the way in, pausing, deleting."""

import pytest
from lxml import html

from models import Database, JobProgress, JobStatus, ProductSyncStatus, Shop
from prestashop_client.sandbox import Sandbox
from tests.web.conftest import Browser
from tests.web.factories import KEY, Make

FORM = {
    "name": "Cyan", "address": "https://cyan.example/", "key": KEY, "active": "y", "id_shop": "",
    "home_category_id": "2", "max_concurrency": "2", "pace": "", "connect_timeout": "5", "read_timeout": "60",
}  # fmt: skip


def stored(database: Database, shop_id: int = 1) -> Shop:
    with database.read() as session:
        return session.get_one(Shop, shop_id)


def errors_of(text: str) -> dict[str, str]:
    found = html.fromstring(text).xpath("//*[starts-with(@data-testid, 'error-')]")
    return {line.get("data-testid").removeprefix("error-"): line.text_content().strip() for line in found}


def test_a_shop_is_added_with_its_key_encrypted(browser: Browser, make: Make, database: Database) -> None:
    browser.get("/shops/new")
    assert browser.post("/shops/new", FORM).location == "/shops/1"
    shop = stored(database)
    assert (shop.name, shop.address, shop.active, shop.max_concurrency) == ("Cyan", "https://cyan.example", True, 2)
    assert (shop.id_shop, shop.pace) == (None, None)
    assert KEY not in shop.key_encrypted
    assert make.services.vault.decrypt(shop.key_encrypted) == KEY


def test_the_key_is_never_shown_and_an_empty_one_keeps_it(browser: Browser, make: Make, database: Database) -> None:
    make.shop("Cyan", address="https://cyan.example")
    for path in ("/shops/1/edit", "/shops/1", "/shops"):
        text = browser.get(path).text
        assert KEY not in text
        assert stored(database).key_encrypted not in text
    answer = browser.post("/shops/1/edit", {**FORM, "name": "Cyan 2", "key": ""})
    assert answer.status_code == 302
    assert stored(database).name == "Cyan 2"
    assert make.services.vault.decrypt(stored(database).key_encrypted) == KEY


def test_tax_rates_are_mapped_to_the_shops_groups(browser: Browser, make: Make, database: Database) -> None:
    make.shop("Cyan", address="https://cyan.example")
    browser.post("/shops/1/edit", {**FORM, "tax_rules_groups": "23 = 1\r\n5,50 % = 4\r\n\r\n"})
    assert stored(database).tax_rules_groups == {"23": 1, "5.5": 4}
    shown = html.fromstring(browser.get("/shops/1/edit").text).xpath("string(//textarea[@name='tax_rules_groups'])")
    assert shown.strip().splitlines() == ["23 = 1", "5.5 = 4"]
    browser.post("/shops/1/edit", FORM)
    assert stored(database).tax_rules_groups == {"23": 1, "5.5": 4}, "a form without the field leaves it"


@pytest.mark.parametrize("typed", ["23 is 1", "23 = 1\r\nmany = 4"])
def test_a_line_that_is_no_pair_is_named(browser: Browser, make: Make, typed: str) -> None:
    make.shop("Cyan", address="https://cyan.example")
    answer = browser.post("/shops/1/edit", {**FORM, "tax_rules_groups": typed})
    assert answer.status_code == 422
    assert typed.splitlines()[-1] in errors_of(answer.text)["tax_rules_groups"]


def test_a_new_key_replaces_the_old_one(browser: Browser, make: Make, database: Database) -> None:
    make.shop("Cyan", address="https://cyan.example")
    browser.post("/shops/1/edit", {**FORM, "key": "Z" * 32})
    assert make.services.vault.decrypt(stored(database).key_encrypted) == "Z" * 32


def test_a_stored_key_is_not_sent_to_another_host(browser: Browser, make: Make, database: Database) -> None:
    make.shop("Cyan", address="https://cyan.example")
    answer = browser.post("/shops/1/edit", {**FORM, "address": "https://evil.example", "key": ""})
    assert errors_of(answer.text) == {"key": "The address leads to another host. Enter the key that is for it."}
    assert stored(database).address == "https://cyan.example"
    same_host = {**FORM, "address": "http://cyan.example/shop/api/", "key": ""}
    assert browser.post("/shops/1/edit", same_host).status_code == 302
    assert stored(database).address == "http://cyan.example/shop"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "x" * 101), ("address", ""), ("address", "cyan.example"), ("address", "ftp://cyan.example"),
        ("address", "https://"), ("address", "https://user:secret@cyan.example"), ("address", "https://x.example?ws_key=A"),
        ("address", "https://["), ("address", "javascript:alert(1)"), ("key", ""), ("key", "with space"),
        ("max_concurrency", "0"), ("max_concurrency", "3"), ("max_concurrency", "many"), ("read_timeout", "0"),
        ("pace", "-1"), ("id_shop", "0"), ("home_category_id", ""),
    ],
)  # fmt: skip
def test_bad_input_is_named_at_its_field_and_nothing_typed_is_lost(
    browser: Browser, database: Database, field: str, value: str
) -> None:
    browser.get("/shops/new")
    answer = browser.post("/shops/new", {**FORM, field: value})
    assert answer.status_code == 422
    assert list(errors_of(answer.text)) == [field]
    page = html.fromstring(answer.text)
    assert page.xpath(f"//input[@name='{field}']/@aria-describedby")
    kept = {name: page.xpath(f"//input[@name='{name}']/@value") for name in ("max_concurrency", "read_timeout")}
    kept.pop(field, None)
    assert all(found == [FORM[name]] for name, found in kept.items())
    with database.read() as session:
        assert session.query(Shop).count() == 0


def test_two_shops_do_not_share_a_name(browser: Browser, make: Make) -> None:
    make.shop("Cyan")
    make.shop("Magenta")
    assert errors_of(browser.post("/shops/new", FORM).text) == {"name": "Another shop has this name already."}
    assert errors_of(browser.post("/shops/2/edit", FORM).text)["name"] == "Another shop has this name already."
    assert browser.post("/shops/1/edit", FORM).status_code == 302


def test_a_connection_test_says_what_it_found_and_keeps_it(browser: Browser, make: Make, database: Database) -> None:
    with Sandbox.running() as sandbox:
        make.shop("Cyan", address=sandbox.address, key_encrypted=make.services.vault.encrypt(sandbox.key), languages={})
        browser.get("/shops/1")
        page = html.fromstring(browser.post("/shops/1/test").text)
    report = page.xpath("string(//*[@data-testid='connection-report'])")
    assert "The connection works" in report
    assert "PrestaShop 9.1" in report
    assert "en" in report
    assert "ms a request" in report
    shop = stored(database)
    assert shop.health == "ok"
    assert shop.version is not None
    assert shop.version.startswith("9.1")
    assert shop.languages["en"] == 1
    assert shop.health_checked_at is not None


def test_a_refused_key_is_reported_with_the_remedy(browser: Browser, make: Make, database: Database) -> None:
    with Sandbox.running() as sandbox:
        make.shop("Cyan", address=sandbox.address, key_encrypted=make.services.vault.encrypt("Q" * 32))
        browser.get("/shops/1")
        text = browser.post("/shops/1/test").text
    report = html.fromstring(text).xpath("string(//*[@data-testid='connection-report'])")
    assert "The connection is not right yet" in report
    assert "401" in report
    assert "What to do:" in report
    assert "Webservice" in report
    assert "Q" * 32 not in text
    assert stored(database).health == "down"


def test_a_shop_that_does_not_answer_is_reported(browser: Browser, make: Make, database: Database) -> None:
    make.shop("Cyan", address="http://127.0.0.1:9", connect_timeout=1.0)
    browser.get("/shops/1")
    report = html.fromstring(browser.post("/shops/1/test").text).xpath("string(//*[@data-testid='connection-report'])")
    assert "The connection is not right yet" in report
    assert stored(database).health == "down"
    assert stored(database).health_message


def test_save_and_test_does_both(browser: Browser, database: Database) -> None:
    with Sandbox.running() as sandbox:
        browser.get("/shops/new")
        data = {**FORM, "address": sandbox.address, "key": sandbox.key, "test": "1"}
        answer = browser.post("/shops/new", data)
    assert "The connection works" in answer.text
    assert stored(database).health == "ok"


def test_a_shop_is_switched_off_and_activated(browser: Browser, make: Make, database: Database) -> None:
    make.shop()
    browser.get("/shops/1")
    browser.post("/shops/1/deactivate")
    assert stored(database).active is False
    assert "switched off" in browser.get("/shops/1").text.lower()
    browser.post("/shops/1/activate")
    assert stored(database).active is True


def test_a_shop_is_deleted_when_its_name_is_typed(browser: Browser, make: Make, database: Database) -> None:
    shop = make.shop("Cyan")
    make.link(make.product(), shop)
    done, running = make.job(shop, JobStatus.COMPLETED), make.job(shop)
    browser.get("/shops/1/delete")
    wrong = browser.post("/shops/1/delete", {"name": "cyan"})
    assert errors_of(wrong.text) == {"name": "This is not the shop's name; nothing was deleted."}
    assert browser.post("/shops/1/delete", {"name": "Cyan"}).location == "/shops"
    with database.read() as session:
        assert session.query(Shop).count() == 0
        assert session.query(ProductSyncStatus).count() == 0
        jobs = {job.id: (job.shop_id, job.cancel_requested) for job in session.query(JobProgress)}
    assert jobs == {done: (None, False), running: (None, True)}
    assert "a deleted shop" in browser.get("/jobs").text


def test_the_list_shows_health_and_numbers(browser: Browser, make: Make) -> None:
    shop = make.shop("Cyan", version="9.1.4")
    for status in ("synced", "synced", "synced", "error"):
        make.link(make.product(), shop, status)
    make.shop("Black", active=False)
    rows = {
        row.get("data-shop"): " ".join(text.strip() for text in row.xpath(".//text()") if text.strip())
        for row in browser.page("/shops").xpath("//tr[@data-shop]")
    }
    assert "Works 9.1.4 4 75 % 1 40 ms" in rows["Cyan"]
    assert "Switched off" in rows["Black"]
