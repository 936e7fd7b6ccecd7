"""What all tests share: services over a database of their own, and a stub broker that actors bind to."""

import gc
import os
import shutil
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

import migrations
import tasks
from models import Database
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from settings import Settings
from sync.media import MediaStore
from sync.secrets import Vault, new_key
from sync.services import Policy, Services

hypothesis.settings.register_profile("shopferry", deadline=None, derandomize=True)
hypothesis.settings.load_profile("shopferry")
tasks.configure(Settings(broker_url="stub://", retry_delays=(0.0, 0.0, 0.0)))

SERVERS = {
    "postgresql": os.environ.get("POSTGRESQL_TEST_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"),
    "mariadb": os.environ.get("MARIADB_TEST_URL", "mariadb+pymysql://root@127.0.0.1:3306/mysql"),
}
REDIS_TEST_URL = os.environ.get("REDIS_TEST_URL", "redis://127.0.0.1:6379")


def missing(service: str, reason: object) -> None:
    """Skip for want of a service, or fail where services are required."""
    line = f"{service} is not to be had here: {str(reason).splitlines()[0]}"
    if os.environ.get("SHOPFERRY_REQUIRE_SERVICES") == "1":
        pytest.fail(line)
    pytest.skip(line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line a service that was missing, with how many tests it cost."""
    reasons = Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ") for report in terminalreporter.stats.get("skipped", [])
    )
    for reason, number in reasons.items():
        terminalreporter.write_line(f"{number} skipped: {reason}")


@pytest.fixture(autouse=True)
def garbage_as_usual() -> Iterator[None]:
    """A worker that a test runs tells the garbage collector to come rarely; the next test finds it as it was."""
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database to copy."""
    path = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrations.upgrade(database.engine)
    database.dispose()
    return path


@pytest.fixture
def database(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """A SQLite database of the test's own."""
    path = tmp_path / "shopferry.sqlite3"
    shutil.copy(sqlite_template, path)
    made = Database(f"sqlite:///{path}")
    yield made
    made.dispose()


@pytest.fixture(params=["sqlite", *SERVERS])
def any_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of the test's own on each kind of server in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("database")
        return
    with server_database(request.param) as url:
        made = Database(url)
        migrations.upgrade(made.engine)
        yield made
        made.dispose()


class server_database:  # noqa: N801 - used like a function
    """A database on a server, made for one test and dropped after it; its URL."""

    def __init__(self, kind: str) -> None:
        self.kind, self.name = kind, f"shopferry_{uuid.uuid4().hex[:16]}"

    def __enter__(self) -> str:
        self.admin = create_engine(SERVERS[self.kind], isolation_level="AUTOCOMMIT")
        try:
            with self.admin.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {self.name}"))
        except OperationalError as error:
            self.admin.dispose()
            missing(self.kind, error.orig)
        return make_url(SERVERS[self.kind]).set(database=self.name).render_as_string(hide_password=False)

    def __exit__(self, *_: object) -> None:
        force = " WITH (FORCE)" if self.kind == "postgresql" else ""
        with self.admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {self.name}{force}"))
        self.admin.dispose()


@pytest.fixture(scope="session")
def encryption_key() -> str:
    return new_key()


def make_services(database: Database, key: str, media: Path, policy: Policy | None = None) -> Services:
    """Services over a database, with a client that does not wait when it retries."""
    vault = Vault([key])

    def connect(shop: object) -> PrestaShopClient:
        address, token = shop.address, shop.key_encrypted  # type: ignore[attr-defined]
        return PrestaShopClient(address, vault.decrypt(token), timeout=(2.0, 20.0), sleep=lambda _seconds: None)

    return Services(database, vault, MediaStore(media), connect, policy or Policy(retry_delays=(0.0, 0.0, 0.0)))


@pytest.fixture
def services(database: Database, encryption_key: str, tmp_path: Path) -> Services:
    return make_services(database, encryption_key, tmp_path / "media")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A fresh PrestaShop 9.1 of the test's own."""
    with Sandbox.running() as running:
        yield running
