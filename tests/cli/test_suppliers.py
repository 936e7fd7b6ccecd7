"""Suppliers, feeds and availability from the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from admin.cli import cli
from models import JobProgress

FEED = "Kod;EAN;Nazwa;Stan;Cena\nMUG;;Mug;5;12,50 zł\nCUP;;Cup;many;1,00\n"


@pytest.fixture
def manage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Manage":
    monkeypatch.setenv("SHOPFERRY_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'cli.sqlite3'}")
    monkeypatch.setenv("SHOPFERRY_FEED_DIR", str(tmp_path))
    (tmp_path / "feed.csv").write_text(FEED)
    made = Manage()
    made("migrate")
    return made


class Manage:
    def __call__(self, *arguments: str, code: int = 0, typed: str | None = None) -> str:
        result = CliRunner().invoke(cli, arguments, input=typed)
        assert result.exit_code == code, result.output
        return result.output


def test_a_supplier_and_a_feed(manage: Manage) -> None:
    manage("supplier", "add", "Hurt", "--contractor", "K-17")
    assert "is a supplier" in manage("supplier", "add", "hurt", code=1)
    added = manage("feed", "add", "Hurt", "Stock", "feed.csv", "--source", "path")
    assert "sku: Kod" in added
    assert "purchase_price: Cena" in added
    listed = json.loads(manage("supplier", "list", "--json"))
    assert (listed[0]["name"], listed[0]["contractor_id"], listed[0]["feeds"]) == ("Hurt", "K-17", 1)
    assert json.loads(manage("feed", "list", "--json"))[0]["supplier"] == "Hurt"


def test_a_look_into_a_feed(manage: Manage, tmp_path: Path) -> None:
    manage("supplier", "add", "Hurt")
    manage("feed", "add", "Hurt", "Stock", "feed.csv", "--source", "path", "--map", "sku=Kod", "--map",
           "stock_quantity=Stan")  # fmt: skip
    seen = json.loads(manage("feed", "preview", "stock", "--json"))
    assert seen["reading"]["delimiter"] == ";"
    assert seen["rows"][0]["values"] == {"sku": "MUG", "stock_quantity": 5}
    assert seen["rows"][1]["problems"][0]["column"] == "Stan"
    assert "MUG" in manage("feed", "preview", str(tmp_path / "feed.csv"))


def test_what_a_run_would_do(manage: Manage) -> None:
    manage("supplier", "add", "Hurt")
    manage("feed", "add", "Hurt", "Stock", "feed.csv", "--source", "path")
    found = json.loads(manage("feed", "test", "Hurt: Stock", "--json"))
    assert found["results"] == {"unmatched": 1, "invalid": 1, "missing": 0}
    assert "is not a number" in " ".join(found["reasons"]) or found["reasons"]
    assert json.loads(manage("feed", "list", "--json"))[0]["rows"] is None


def test_a_secret_is_asked_for_and_never_shown(manage: Manage) -> None:
    manage("supplier", "add", "Hurt")
    said = manage("feed", "add", "Hurt", "Stock", "https://hurt.example/f.csv", "--map", "sku=Kod", "--auth", "basic",
                  "--user", "me", typed="s3cret-word\n")  # fmt: skip
    assert "s3cret" not in said
    assert "s3cret" not in manage("feed", "list", "--json")


def test_availability_of_a_shop_that_is_not_set_up(manage: Manage) -> None:
    key = "A" * 32
    manage("shop", "add", "Cyan", "http://127.0.0.1:1", "--no-test", typed=f"{key}\n")
    assert "not set up" in manage("availability", "--shop", "Cyan", "--dry-run", code=1)
    assert "no database set up" in manage("shop", "test-database", "Cyan", code=1)
    manage("shop", "set-database", "Cyan", "127.0.0.1", "shop", "me", "--port", "1", typed="hidden-word\n")
    said = manage("shop", "test-database", "Cyan", code=1)
    assert "WRONG" in said
    assert "hidden-word" not in said


def test_the_demo_s_supplier_brings_offers_and_mistakes_to_look_at(manage: Manage, tmp_path: Path) -> None:
    from admin.cli import demo_supplier
    from admin.cli.frame import App
    from sync.suppliers import chunks
    from sync.suppliers.execute import execute
    from tests.factories import make_product

    app = App()
    services = app.services
    with services.db.write() as session:
        for number in range(20):
            make_product(session, f"P{number}")
    job = demo_supplier.first_run(services)
    assert job is not None
    found = execute(services, job, "me")
    assert isinstance(found, list)
    for number in found:
        chunks.apply_chunk(services, job, number)
    with services.db.read() as session:
        summary = session.get_one(JobProgress, job).summary
    assert (summary["linked"], summary["unmatched"], summary["invalid"]) == (18, 12, 2)
    assert demo_supplier.first_run(services) is None
    app.close()
