"""docs/configuration.md and settings.py speak of the same variables, with the same defaults."""

import re
from pathlib import Path

import pytest

from settings import Settings, SettingsError

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.*?) \| (.*) \|$", re.MULTILINE)
VARIABLE = re.compile(r'"((?:SHOPFERRY_|DATABASE_|BROKER_|REDIS_)[A-Z_]+)"')


def documented() -> dict[str, str]:
    text = (ROOT / "docs" / "configuration.md").read_text()
    return {name: default for name, default, _ in ROW.findall(text)}


def read_by_settings() -> set[str]:
    return set(VARIABLE.findall((ROOT / "settings.py").read_text()))


def test_every_variable_is_documented_and_every_documented_one_is_read() -> None:
    assert set(documented()) == read_by_settings()


def test_each_is_described() -> None:
    for name, _, description in ROW.findall((ROOT / "docs" / "configuration.md").read_text()):
        assert len(description) > 20, name


def plain_defaults() -> dict[str, str]:
    """Those that are a value in code, not told in words; https is off outside of production."""
    return {name: default.split("`")[-2] for name, default in documented().items() if default.endswith("`")}


@pytest.mark.parametrize(("name", "default"), sorted(plain_defaults().items()))
def test_the_documented_default_is_the_real_one(name: str, default: str) -> None:
    assert Settings.from_env({name: default}) == Settings.from_env({})


def test_most_defaults_are_checked() -> None:
    assert len(plain_defaults()) >= len(documented()) - 6


def test_production_needs_what_the_page_says() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({"SHOPFERRY_ENV": "production"})
    needed = set(re.findall(r"[A-Z]+_[A-Z_]+", str(refused.value))) - {"SHOPFERRY_ENV"}
    sentence = page.split("there is no start without")[1].split(".\n")[0]
    assert set(re.findall(r"`([A-Z_]+)`", sentence)) == needed
