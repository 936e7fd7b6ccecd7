"""Who gets in, and where to."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from lxml import html

from admin import accounts
from admin.identity import OPEN_ENDPOINTS, safe_next
from models import Database, User
from settings import Settings
from tests.web.conftest import Browser
from tests.web.factories import PASSWORD

CLOSED = [
    "/", "/products", "/products/new", "/products/1", "/products/1/shops/1", "/products/push", "/shops", "/shops/new",
    "/shops/1", "/shops/1/edit", "/shops/1/delete", "/jobs", "/jobs/1", "/jobs/1/errors.csv", "/system", "/search",
    "/account/password", "/nothing/here",
]  # fmt: skip


def test_a_stranger_is_led_to_the_sign_in(stranger: Browser) -> None:
    for path in CLOSED:
        answer = stranger.get(path)
        assert answer.status_code == 302, path
        assert answer.location.startswith("/sign-in"), path


def test_every_page_is_closed_but_for_a_few(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= OPEN_ENDPOINTS
    ours = {"account.sign_in", "account.theme", "account.language", "system.healthz"}
    assert ours | {"static", "bootstrap.static"} == OPEN_ENDPOINTS


def test_the_json_says_401_to_a_stranger(stranger: Browser) -> None:
    for path in ("/api/jobs/active", "/api/jobs/recent", "/api/jobs/1", "/api/jobs/1/errors"):
        answer = stranger.get(path)
        assert answer.status_code == 401
        assert answer.json == {"error": "You are signed out.", "sign_in": "/sign-in"}


def test_some_things_are_open(stranger: Browser) -> None:
    for path in ("/sign-in", "/healthz", "/static/css/theme.css", "/bootstrap/static/css/bootstrap.min.css"):
        assert stranger.get(path).status_code == 200


def test_after_the_sign_in_it_goes_on_to_where_one_wanted(browser: Browser) -> None:
    browser.post("/sign-out")
    sent = browser.get("/jobs?status=failed")
    assert sent.location == "/sign-in?next=/jobs?status%3Dfailed"
    browser.get(sent.location)
    answer = browser.post("/sign-in", {"name": "operator", "password": PASSWORD, "next": "/jobs?status=failed"})
    assert answer.location == "/jobs?status=failed"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\/evil.example", "javascript:alert(1)", "/\t/evil",
     "/a\nb", "", None, "jobs", "/%0d\\x"],
)  # fmt: skip
def test_it_goes_nowhere_else(target: str | None) -> None:
    assert safe_next(target) is None


@pytest.mark.parametrize("target", ["/", "/jobs?status=failed&after=3", "/products/1#log"])
def test_it_goes_to_own_paths(target: str) -> None:
    assert safe_next(target) == target


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(browser: Browser, app: Flask) -> None:
    texts = []
    for name in ("operator", "nobody"):
        visitor = Browser(app.test_client())
        answer = visitor.sign_in(name, "not the password")
        assert answer.status_code == 401
        page = html.fromstring(answer.text)
        assert page.xpath("//input[@name='name']/@value") == [name]
        assert page.xpath("//input[@name='password']/@value") in ([], [""])
        texts.append(page.xpath("string(//*[@data-testid='error-password'])").strip())
    assert texts == ["Name or password is not right."] * 2


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(browser: Browser) -> None:
    browser.post("/sign-out")
    browser.get("/sign-in")
    answer = browser.post("/sign-in", {"name": "operator", "password": PASSWORD})
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("shopferry="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_with_https_cookies_are_secure_and_strict_transport_is_asked_for(
    start: Callable[..., Flask], settings: Settings
) -> None:
    app = start(replace(settings, https=True))
    answer = app.test_client().get("/sign-in", base_url="https://localhost")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_too_many_attempts_get_a_429_page_that_says_so(start: Callable[..., Flask], settings: Settings) -> None:
    visitor = Browser(start(replace(settings, login_rate="2 per minute")).test_client())
    assert [visitor.sign_in("operator", "wrong one").status_code for _ in range(3)] == [401, 401, 429]
    answer = visitor.sign_in("operator", "wrong one")
    assert "Too many attempts" in answer.text
    assert answer.headers["Retry-After"]
    assert visitor.get("/sign-in").status_code == 200


def test_a_one_time_password_leads_to_choosing_one(stranger: Browser, database: Database) -> None:
    with database.write() as session:
        accounts.create_user(session, "new", "one time only", one_time=True)
    assert stranger.sign_in("new", "one time only").location == "/account/password"
    assert stranger.get("/products").location == "/account/password"
    data = {"current": "one time only", "password": "my own password", "again": "my own password"}
    assert stranger.post("/account/password", data).location == "/"
    assert stranger.get("/products").status_code == 200
    with database.read() as session:
        assert session.query(User).one().one_time_password is False


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"current": "wrong", "password": "my own password", "again": "my own password"}, "current"),
        ({"current": PASSWORD, "password": "short", "again": "short"}, "password"),
        ({"current": PASSWORD, "password": PASSWORD, "again": PASSWORD}, "password"),
        ({"current": PASSWORD, "password": "my own password", "again": "another password"}, "again"),
        ({"current": "", "password": "", "again": ""}, "current"),
    ],
)
def test_a_refused_new_password_says_why_at_its_field(browser: Browser, data: dict[str, str], field: str) -> None:
    page = html.fromstring(browser.post("/account/password", data).text)
    assert page.xpath(f"string(//*[@data-testid='error-{field}'])").strip()
    assert page.xpath(f"//input[@name='{field}']/@aria-invalid") == ["true"]


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(browser: Browser, app: Flask) -> None:
    other = Browser(app.test_client())
    other.sign_in()
    assert other.get("/").status_code == 200
    data = {"current": PASSWORD, "password": "my own password", "again": "my own password"}
    assert browser.post("/account/password", data).status_code == 302
    assert other.get("/").location == "/sign-in"
    assert browser.get("/").status_code == 200


def test_a_user_who_is_switched_off_is_out_at_once(browser: Browser, database: Database) -> None:
    with database.write() as session:
        session.query(User).one().active = False
    assert browser.get("/").location == "/sign-in"


def test_signing_out_ends_the_session(browser: Browser) -> None:
    assert browser.get("/sign-out").status_code == 405
    assert browser.post("/sign-out").location == "/sign-in"
    assert browser.get("/").location == "/sign-in"


def test_a_forged_session_id_is_nobody(browser: Browser, app: Flask) -> None:
    from admin.identity import load

    with app.app_context():
        assert load("1.wrong") is None
        assert load("1") is None
        assert load("x.y") is None
        assert load("².") is None
