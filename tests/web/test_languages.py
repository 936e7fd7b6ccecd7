"""The reader's language: chosen or asked for by the browser, on every page, with its numbers, times and plurals."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from lxml import html

from admin import catalogues, i18n, words
from admin.cron_words import cron_text
from admin.drift_words import cycle_text
from admin.formats import money
from admin.operation_words import operation_text
from models import JobStatus
from prestashop_client.sandbox import Sandbox
from sync.drift.words import Cycle
from sync.schedules import entries
from tests.web.conftest import Browser
from tests.web.factories import Make
from tests.web.test_dead_messages import die
from tests.web.test_plans_conflicts_undo import make_plan
from tests.web.test_suppliers import feed, run, save_mapping  # noqa: F401  (a fixture)

POLISH = {"Accept-Language": "pl-PL,pl;q=0.9,en;q=0.5"}
NO_PAGES = {"static", "bootstrap.static", "system.healthz", "overview.search", "account.sign_in"}
"""Files, and what answers with something else than a page to who is signed in."""


def speak(browser: Browser, language: str, **data: str) -> str | None:
    browser.get("/account/password")
    return browser.post("/language", {"language": language, **data}).location


def lang(browser: Browser, path: str = "/", **options: object) -> str:
    return str(html.fromstring(browser.get(path, **options).text).get("lang"))


def test_the_browser_s_language_is_spoken_unless_another_was_chosen(browser: Browser) -> None:
    assert lang(browser) == "en"
    assert lang(browser, headers=POLISH) == "pl"
    assert lang(browser, headers={"Accept-Language": "de-DE,de;q=0.9,pl;q=0.3"}) == "pl"
    assert lang(browser, headers={"Accept-Language": "de"}) == "en"
    assert speak(browser, "en") == "/"
    assert lang(browser, headers=POLISH) == "en"


def test_the_switch_is_a_button_of_a_form_and_leads_back(browser: Browser) -> None:
    button = browser.page("/products?q=mug").xpath("//button[@data-testid='language']")[0]
    assert (button.get("formaction"), button.get("name"), button.get("value")) == ("/language", "language", "pl")
    assert (button.get("lang"), button.text_content()) == ("pl", "PLPolski")
    assert button.xpath("ancestor::form//input[@name='next']/@value") == ["/products?q=mug"]
    assert speak(browser, "pl", next="/products?q=mug") == "/products?q=mug"
    assert "Produkty" in browser.page("/products?q=mug").xpath("string(//h1)")
    assert browser.page("/").xpath("//button[@data-testid='language']/@value") == ["en"]


def test_the_choice_outlives_the_session_and_holds_before_the_sign_in(browser: Browser, stranger: Browser) -> None:
    speak(browser, "pl")
    browser.post("/sign-out")
    assert lang(browser, "/sign-in") == "pl"
    stranger.get("/sign-in")
    assert stranger.post("/language", {"language": "pl", "next": "/sign-in"}).location == "/sign-in"
    assert "Zaloguj się" in stranger.page("/sign-in").xpath("string(//h1)")


def test_a_language_that_is_not_there_changes_nothing(browser: Browser) -> None:
    speak(browser, "../../etc", next="//evil.example")
    assert lang(browser) == "en"
    browser.client.set_cookie("language", "xx")
    assert lang(browser) == "en"
    assert browser.post("/language", {"language": "pl", "next": "//evil.example"}).location == "/"


@pytest.fixture
def furnished(browser: Browser, make: Make, sandbox: Sandbox, feed: int) -> dict[str, int]:  # noqa: F811
    """A house with one of everything: the id of each, by the name of the address's part."""
    make_plan(make.services.db, make)
    shop = make.shop("Magenta", address=sandbox.address, key_encrypted=make.services.vault.encrypt(sandbox.key))
    product = make.product("cup", "Kubek", category_id=make.category("Kubki"))
    make.link(product, shop, "error", error_message="name is not valid")
    make.link(make.product(), shop, "conflict")
    make.log(product, shop)
    for number, status in enumerate(JobStatus):
        make.items(make.job(shop, status, error_count=2, current_count=number), ["one", "two"])
    save_mapping(browser, feed, save="1")
    found = run(make.services, feed)
    with make.services.db.write() as session:
        entries.ensure_defaults(session)
    return {"shop_id": shop, "product_id": product, "progress_id": found, "feed_id": feed, "dead_id": die(make)}


def test_every_page_speaks_polish(app: Flask, browser: Browser, furnished: dict[str, int]) -> None:
    speak(browser, "pl")
    english = _english_only()
    for path in _pages(app, furnished):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert len(answer.data) < 100_000, path
        if answer.mimetype != "text/html":
            continue
        page = html.fromstring(answer.text)
        assert page.get("lang") == "pl", path
        said = {" ".join(text.split()) for text in page.xpath("//text()|//@aria-label|//@title|//@placeholder")}
        assert said & english == set(), path


def _pages(app: Flask, ids: dict[str, int]) -> list[str]:
    """Every address that takes a GET, and those of the three kinds of jobs' pages for each kind of job."""
    values = {"supplier_id": 1, "schedule_id": 1, "result": "unmatched", **ids}
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint in NO_PAGES or "GET" not in (rule.methods or ()):
                continue
            given = {**values, "progress_id": 1} if rule.endpoint.startswith("plans.") else values
            found.append(app.url_for(rule.endpoint, **{name: given[name] for name in rule.arguments}))
    more = [f"/jobs/{number}" for number in range(1, ids["progress_id"])]
    return [*found, *more, "/products/push?kind=all", "/products/push?kind=changed", "/products?q=x"]


def _english_only() -> set[str]:
    """What is said differently in Polish, and so must not be seen there; words of one's own data are none of these."""
    texts = catalogues.texts("pl")
    said = {str(text) for text in texts._catalog if isinstance(text, str) and len(text) > 3 and "%" not in text}
    return {text for text in said if texts.gettext(text) != text}


def test_what_is_not_there_is_said_in_polish_too(browser: Browser, stranger: Browser) -> None:
    speak(browser, "pl")
    assert "Nie znaleziono" in browser.get("/x").text
    assert stranger.get("/api/jobs/active", headers=POLISH).get_json()["error"] == "Sesja wygasła."


def test_forms_refuse_in_polish(browser: Browser) -> None:
    speak(browser, "pl")
    browser.get("/shops/new")
    page = html.fromstring(browser.post("/shops/new", {"max_concurrency": "x"}).text)
    errors = {line.get("data-testid"): line.text_content().strip() for line in page.xpath("//*[@class='field-error']")}
    assert errors["error-name"] == "To pole jest wymagane."
    assert "Not a valid" not in errors["error-max_concurrency"]


def test_prices_are_shown_and_typed_with_a_comma(browser: Browser, make: Make) -> None:
    product, shop = make.product(price=Decimal("1234.5")), make.shop()
    speak(browser, "pl")
    path = f"/products/{product}/shops/{shop}"
    assert browser.page(path).xpath("//input[@name='price']/@placeholder") == ["1234,50"]
    assert browser.post(path, {"price": "9,95", "active": ""}).status_code == 302
    assert browser.page(path).xpath("//input[@name='price']/@value") == ["9,95"]
    speak(browser, "en")
    assert browser.page(path).xpath("//input[@name='price']/@value") == ["9.95"]


@pytest.mark.parametrize(
    ("cycle", "text"),
    [
        (Cycle(2, 100.0, 1234), "pełny cykl: 2 sprawdzenia, 1\xa0234 żądania, 1 min 40 s"),
        (Cycle(5), "pełny cykl: ok. 5 sprawdzeń"),
        (Cycle(5, 50.0, share=0.2), "20% produktów; pełny cykl: ok. 5 sprawdzeń i 50 s"),
        (None, ""),
    ],
)
def test_a_cycle_of_checks_is_told_in_polish(app: Flask, cycle: Cycle | None, text: str) -> None:
    with app.test_request_context(headers=POLISH):
        assert cycle_text(cycle) == text


def test_live_bars_speak_the_page_s_language(browser: Browser, make: Make) -> None:
    make.job(make.shop(), JobStatus.RUNNING, current_count=1234, total_count=10_000, error_count=2)
    english = browser.get("/api/jobs/active")
    speak(browser, "pl")
    polish = browser.get("/api/jobs/active")
    assert english.headers["ETag"] != polish.headers["ETag"]
    shown = polish.get_json()["jobs"][0]["shown"]
    assert shown["text"] == "Wysyłanie… 1\xa0234/10\xa0000 produktów do Cyan"
    assert (shown["state"], shown["percent"], shown["errors"]) == ("W toku", "12%", "2 błędy")
    assert english.get_json()["jobs"][0]["shown"]["percent"] == "12 %"


def test_scripts_get_each_plural_form(browser: Browser, make: Make) -> None:
    make.product()
    make.shop()
    path = "/products/push?kind=all"
    forms = json.loads(browser.page(path).xpath("string(//form[@data-push]/@data-products)"))
    assert forms == {"one": "{n} product", "other": "{n} products"}
    speak(browser, "pl")
    forms = json.loads(browser.page(path).xpath("string(//form[@data-push]/@data-products)"))
    assert forms == {"one": "{n} produkt", "few": "{n} produkty", "many": "{n} produktów"}


def test_numbers_durations_and_times_are_written_the_polish_way(app: Flask) -> None:
    with app.test_request_context(headers=POLISH):
        assert i18n.number(1234.5) == "1\xa0234,5"
        assert i18n.percent(99.84) == "99,8%"
        assert money(Decimal("1234.5")) == "1\xa0234,50"
        assert [i18n.duration(seconds) for seconds in (0.42, 72, 7510)] == ["0,4 s", "1 min 12 s", "2 godz. 5 min"]
        present = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
        ago = [i18n.relative_time(present - timedelta(seconds=s), present) for s in (0, 35, 120, 300, 3600)]
        assert ago == ["przed chwilą", "35 sekund temu", "2 minuty temu", "5 minut temu", "1 godzinę temu"]
        assert i18n.day(date(2026, 11, 20)) == "20 lis 2026"
        assert i18n.exact_time(present) == "2 sty 2026, 12:00:00 UTC"


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 błędów"), (1, "1 błąd"), (2, "2 błędy"), (5, "5 błędów"), (12, "12 błędów"), (22, "22 błędy"),
     (112, "112 błędów"), (1002, "1\xa0002 błędy")],
)  # fmt: skip
def test_polish_has_three_plurals(app: Flask, count: int, text: str) -> None:
    with app.test_request_context(headers=POLISH):
        assert words.errors_text(count) == text


@pytest.mark.parametrize(
    ("cron", "text"),
    [("*/10 * * * *", "Co 10 minut"), ("0 */6 * * *", "Co 6 godzin"), ("5 2 * * *", "Codziennie o 02:05"),
     ("30 6 * * 1-5", "O 06:30, pon.–pt."), ("0 8 * * 0,3", "O 08:00, niedz., śr."), ("1 2 3 4 *", "1 2 3 4 *")],
)  # fmt: skip
def test_when_schedules_run_is_said_in_polish(app: Flask, cron: str, text: str) -> None:
    with app.test_request_context(headers=POLISH):
        assert cron_text(cron) == text


def test_what_was_done_is_said_in_words(app: Flask) -> None:
    with app.test_request_context(headers=POLISH):
        assert [operation_text(name) for name in ("update", "sync_product", "other", None)] == [
            "aktualizacja", "wysłanie produktu", "other", "",
        ]  # fmt: skip


def test_one_english_word_may_be_two_in_polish(app: Flask) -> None:
    with app.test_request_context(headers=POLISH):
        assert (i18n._("Push"), words.job_type_text("sync")) == ("Wyślij", "Wysyłanie")


def test_labels_made_at_import_are_in_the_reader_s_language(app: Flask) -> None:
    for language, text in (("pl", "Zgodne"), ("en", "In step")):
        with app.test_request_context(headers={"Accept-Language": language}):
            assert words.state("synced").text == text
    assert str(words.STATE_WORDS["synced"]) == "In step", "without a reader it is the source's"
