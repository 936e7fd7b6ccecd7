"""An application over a fresh SQLite file and a stub broker, and a browser that is signed in."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dramatiq
import pytest
from argon2 import PasswordHasher
from dramatiq.brokers.stub import StubBroker
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from lxml import html
from sqlalchemy import event
from werkzeug.test import TestResponse

from admin import accounts, create_app
from models import Database
from settings import Settings
from tests.web.factories import PASSWORD, Make

FILE = "web.sqlite3"


class Browser:
    """A client that sends the CSRF token of the last page with every form, as a browser would."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._kept(self.client.get(path, buffered=True, **options))

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        return self._kept(self.client.post(path, data={"csrf_token": self.token, **(data or {})}, **options))

    def page(self, path: str) -> html.HtmlElement:
        """The page as a tree; it must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.status
        return html.fromstring(answer.text)

    def sign_in(self, name: str = "operator", password: str = PASSWORD, **data: str) -> TestResponse:
        self.get("/sign-in")
        answer = self.post("/sign-in", {"name": name, "password": password, **data})
        if answer.status_code == 302:
            self.get("/account/password")
        return answer

    def _kept(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html" and answer.text:
            tokens = html.fromstring(answer.text).xpath("//input[@name='csrf_token']/@value")
            self.token = tokens[0] if tokens else self.token
        return answer


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with little work: these tests sign in some hundred times."""
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{tmp_path / FILE}",
        broker_url="stub://",
        data_dir=tmp_path,
        login_rate="1000 per minute",
    )


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates are compiled once for all tests."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def start(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    compiled: FileSystemBytecodeCache,
    sqlite_template: Path,
) -> Callable[..., Flask]:
    """Makes an application with its tables; it is closed after the test. The broker stays the one of all tests."""
    monkeypatch.setattr("tasks.broker.configure", lambda _settings: dramatiq.get_broker())

    def make(settings: Settings, **config: Any) -> Flask:
        shutil.copy(sqlite_template, settings.data_dir / FILE)
        app = create_app(settings, **config)
        app.testing = True
        app.jinja_env.bytecode_cache = compiled
        database = app.extensions["shopferry"].db
        request.addfinalizer(database.dispose)
        return app

    return make


@pytest.fixture
def app(start: Callable[..., Flask], settings: Settings) -> Flask:
    return start(settings)


@pytest.fixture
def database(app: Flask) -> Database:
    found: Database = app.extensions["shopferry"].db
    return found


@pytest.fixture
def make(app: Flask) -> Make:
    return Make(app.extensions["shopferry"])


@pytest.fixture
def stranger(app: Flask) -> Browser:
    """A browser that nobody signed in with."""
    return Browser(app.test_client())


@pytest.fixture
def browser(app: Flask, database: Database) -> Browser:
    """A browser signed in as "operator"."""
    with database.write() as session:
        accounts.create_user(session, "operator", PASSWORD)
    found = Browser(app.test_client())
    assert found.sign_in().status_code == 302
    return found


@pytest.fixture
def messages(app: Flask) -> Iterator[Callable[[], list[tuple[str, tuple[Any, ...]]]]]:
    """What was sent to the workers so far: (actor, arguments)."""
    from tasks.actors import bulk_sync_products

    broker = bulk_sync_products.broker
    assert isinstance(broker, StubBroker)
    broker.flush_all()

    def sent() -> list[tuple[str, tuple[Any, ...]]]:
        raw = [message for queue in broker.queues.values() for message in list(queue.queue)]
        decoded = [dramatiq.Message.decode(message) for message in raw]
        return [(message.actor_name, tuple(message.args)) for message in decoded]

    yield sent
    broker.flush_all()


@pytest.fixture
def statements(database: Database) -> Iterator[list[str]]:
    """Every SQL statement from here on."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)
