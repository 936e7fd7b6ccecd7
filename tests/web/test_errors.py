"""What an operator sees when something breaks."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError

from settings import Settings
from tests.web.conftest import Browser


@pytest.fixture
def broken(start: Callable[..., Flask], settings: Settings) -> Browser:
    """An application with two pages that fail, open to everybody."""
    app = start(settings, PROPAGATE_EXCEPTIONS=False)

    def fail() -> str:
        raise RuntimeError("secret detail")

    def time_out() -> str:
        raise OperationalError("SELECT secret", {}, Exception("database is locked"))

    def cross() -> str:
        raise IntegrityError("INSERT secret", {}, Exception("UNIQUE constraint failed"))

    app.add_url_rule("/cross", "static-cross", cross)
    app.add_url_rule("/fail", "static-fail", fail)
    app.add_url_rule("/api/fail", "api-fail", fail)
    app.add_url_rule("/locked", "static-locked", time_out)
    from admin import identity

    identity.OPEN_ENDPOINTS.update({"static-cross", "static-fail", "static-locked", "api-fail"})
    return Browser(app.test_client())


@pytest.fixture(autouse=True)
def _closed_again() -> object:
    from admin import identity

    before = set(identity.OPEN_ENDPOINTS)
    yield
    identity.OPEN_ENDPOINTS.intersection_update(before)


def test_a_bug_is_a_page_that_tells_nothing_secret(broken: Browser) -> None:
    answer = broken.get("/fail")
    assert answer.status_code == 500
    assert "Something broke" in answer.text
    assert "secret" not in answer.text


def test_a_bug_under_api_is_json(broken: Browser) -> None:
    answer = broken.get("/api/fail")
    assert answer.status_code == 500
    assert answer.json is not None
    assert answer.json["error"] == "Something broke"


def test_a_database_that_is_busy_is_a_503(broken: Browser) -> None:
    answer = broken.get("/locked")
    assert answer.status_code == 503
    assert "Nothing was changed" in answer.text
    assert "secret" not in answer.text


def test_a_database_that_is_gone_is_a_503_too_not_a_second_error(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_arguments: object, **_options: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr("sqlalchemy.orm.Session.get", gone)
    answer = browser.get("/")
    assert answer.status_code == 503
    assert "The database is busy or down" in answer.text


def test_two_who_save_the_same_at_once_get_a_409(broken: Browser) -> None:
    answer = broken.get("/cross")
    assert answer.status_code == 409
    assert "Go back and send it again" in answer.text
    assert "secret" not in answer.text
