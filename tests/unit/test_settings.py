"""Reading the environment: safe defaults for development, a refusal in production, errors that name the variable."""

from pathlib import Path

import pytest

from settings import Settings, SettingsError
from sync.secrets import new_key

PRODUCTION = {
    "SHOPFERRY_ENV": "production",
    "SHOPFERRY_SECRET_KEY": "a secret of our own",
    "SHOPFERRY_ENCRYPTION_KEYS": new_key(),
    "DATABASE_URL": "postgresql://shopferry@127.0.0.1/shopferry",
}


def test_development_needs_nothing(tmp_path: Path) -> None:
    settings = Settings.from_env({"SHOPFERRY_DATA_DIR": str(tmp_path)})
    assert not settings.production
    assert settings.host == "127.0.0.1"
    assert settings.broker_url is None
    assert settings.database_url == f"sqlite:///{tmp_path / 'shopferry.sqlite3'}"


@pytest.mark.parametrize("missing", ["SHOPFERRY_SECRET_KEY", "SHOPFERRY_ENCRYPTION_KEYS", "DATABASE_URL"])
def test_production_refuses_to_start_without_its_secrets_and_database(missing: str) -> None:
    environment = {name: value for name, value in PRODUCTION.items() if name != missing}
    with pytest.raises(SettingsError, match=missing):
        Settings.from_env(environment)


def test_production_is_https_and_takes_common_database_addresses() -> None:
    settings = Settings.from_env(PRODUCTION)
    assert settings.https
    assert settings.database_url == "postgresql+psycopg://shopferry@127.0.0.1/shopferry"
    maria = Settings.from_env({**PRODUCTION, "DATABASE_URL": "mysql://root@127.0.0.1/shopferry"})
    assert maria.database_url == "mariadb+pymysql://root@127.0.0.1/shopferry"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SHOPFERRY_ENV", "staging"),
        ("SHOPFERRY_PORT", "eighty"),
        ("SHOPFERRY_CHUNK_SIZE", "-1"),
        ("SHOPFERRY_RETRY_DELAYS", "30,soon"),
        ("SHOPFERRY_HTTPS", "yes"),
        ("SHOPFERRY_LOG_LEVEL", "LOUD"),
        ("SHOPFERRY_ENCRYPTION_KEYS", "short"),
    ],
)
def test_a_value_that_makes_no_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({name: value})


def test_the_embedded_broker_is_found_where_it_wrote_its_address(tmp_path: Path) -> None:
    (tmp_path / "broker.json").write_text('{"url": "redis://127.0.0.1:6400/0"}')
    found = Settings.from_env({"SHOPFERRY_DATA_DIR": str(tmp_path)})
    assert found.broker_url == "redis://127.0.0.1:6400/0"
    told = Settings.from_env({"SHOPFERRY_DATA_DIR": str(tmp_path), "BROKER_URL": "redis://127.0.0.1:6401/0"})
    assert told.broker_url == "redis://127.0.0.1:6401/0"


def test_secrets_do_not_show_in_a_repr() -> None:
    shown = repr(Settings.from_env(PRODUCTION))
    assert "a secret of our own" not in shown
    assert PRODUCTION["SHOPFERRY_ENCRYPTION_KEYS"] not in shown
