"""Commands for the catalogue, single pushes and jobs."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from models import JobItem, JobProgress, JobStatus, Product, Shop, now
from prestashop_client.sandbox import Sandbox
from sync import jobs
from sync.kinds.push import PUSH
from sync.selection import Selection
from sync.services import Services
from tests.cli.conftest import Invoke

CSV = """Reference;Name;Price tax included;Tax rules ID;Categories;Quantity
S-1;Spoon;12.30;1;Kitchen/Spoons;4
S-2;Ladle;24.60;1;Kitchen/Spoons,Sale;0
S-3;;1;1;;1
S-4;Fork <bent>;1.23;1;Kitchen;1
"""


@pytest.fixture
def loaded(invoke: Invoke, tmp_path: Path) -> Path:
    """A small catalogue in the database; the file it came from."""
    path = tmp_path / "spoons.csv"
    path.write_text(CSV)
    assert invoke("catalogue", "load", str(path), "--tax-rule", "1=23").exit_code == 1
    return path


@pytest.fixture
def shop(invoke: Invoke, sandbox: Sandbox) -> Sandbox:
    """The shop Cyan, known here and running."""
    assert invoke("shop", "add", "Cyan", sandbox.address, stdin=sandbox.key).exit_code == 0
    return sandbox


def test_a_file_is_loaded_with_a_table_notes_and_refusals(invoke: Invoke, tmp_path: Path, stored: Services) -> None:
    path = tmp_path / "spoons.csv"
    path.write_text(CSV)
    result = invoke("catalogue", "load", str(path), "--tax-rule", "1=23")
    assert result.exit_code == 1
    assert (
        "            CREATED  UPDATED  UNCHANGED  REFUSED\nproducts          3        0          0        1"
        in result.output
    )
    assert "note: read as utf-8, separator ;" in result.output
    assert "note: prices read as with tax, as the header says" in result.output
    assert result.stderr.endswith("refused: line 4 (S-3): Name is empty\n")
    with stored.db.read() as session:
        spoon = session.scalars(select(Product).where(Product.sku == "S-1")).one()
        assert (spoon.price, spoon.tax_rate) == (Decimal(10), Decimal(23))
    again = invoke("catalogue", "load", str(path), "--tax-rate", "23", "--json")
    data = json.loads(again.stdout)
    assert data["products"] == {"created": 0, "updated": 0, "unchanged": 3, "refused": 1}
    assert data["refusals"] == [{"place": "line 4", "sku": "S-3", "reason": "Name is empty"}]


def test_tax_rules_are_taken_from_a_shop(invoke: Invoke, tmp_path: Path, stored: Services) -> None:
    with stored.db.write() as session:
        token = stored.vault.encrypt("K" * 32)
        session.add(Shop(name="Cyan", address="http://x", key_encrypted=token, tax_rules_groups={"23": 1, "8": 2}))
    path = tmp_path / "one.csv"
    path.write_text("Reference;Name;Price tax included;Tax rules ID\nS-1;Spoon;108;2\n")
    assert invoke("catalogue", "load", str(path), "--shop", "cyan").exit_code == 0
    with stored.db.read() as session:
        assert session.scalars(select(Product)).one().price == 100


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--tax-rule", "one=23"], "'one=23' is not ID=PERCENT, such as 1=23"),
        (["--tax-rule", "1=lots"], "'lots' is no rate in percent, such as 23"),
        (["--tax-rate", "200"], "'200' is no rate in percent"),
        (["--separator", ";;"], "--separator takes one character"),
        (["--prices", "some"], "is not one of 'net', 'gross'"),
    ],
)
def test_wrong_options_are_usage_errors(invoke: Invoke, tmp_path: Path, more: list[str], message: str) -> None:
    path = tmp_path / "one.csv"
    path.write_text("Reference;Name;Price\n")
    result = invoke("catalogue", "load", str(path), *more)
    assert result.exit_code == 2
    assert message in result.output


def test_a_file_of_something_else_is_named(invoke: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("hello\n")
    result = invoke("catalogue", "load", str(path))
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: {path}: the first line names none of PrestaShop's product columns")
    assert invoke("catalogue", "load", str(tmp_path / "none.csv")).exit_code == 2


@pytest.mark.usefixtures("loaded")
def test_products_are_listed_searched_and_shown(invoke: Invoke) -> None:
    listed = json.loads(invoke("product", "list", "--json").output)
    assert [each["sku"] for each in listed] == ["S-1", "S-2", "S-4"]
    assert listed[0] == {
        "sku": "S-1", "name": "Spoon", "price": "10", "quantity": 4, "active": True, "state": "none",
    }  # fmt: skip
    found = json.loads(invoke("product", "list", "--search", "ladl", "--json").output)
    assert [each["sku"] for each in found] == ["S-2"]
    below = json.loads(invoke("product", "list", "--category", "Kitchen", "--json").output)
    assert [each["sku"] for each in below] == ["S-1", "S-2", "S-4"]
    assert "... and more; see them with --limit 10" in invoke("product", "list", "--limit", "1").output
    assert invoke("product", "list", "--status", "error").exit_code == 2
    shown = invoke("product", "show", "S-1").output
    assert "category Kitchen/Spoons" in " ".join(shown.split())
    assert "it was never pushed to a shop" in shown
    missing = invoke("product", "show", "S-9")
    assert (missing.exit_code, missing.output) == (
        1,
        "Error: there is no product 'S-9'; look for it: python manage.py product list --search TEXT\n",
    )


@pytest.mark.usefixtures("loaded")
def test_a_category_is_found_by_path_or_by_a_name_that_is_the_only_one(invoke: Invoke, tmp_path: Path) -> None:
    assert len(json.loads(invoke("product", "list", "--category", "Spoons", "--json").output)) == 2
    path = tmp_path / "more.csv"
    path.write_text("Reference;Name;Price;Categories\nS-8;Spoon;1;Garden/Spoons\n")
    invoke("catalogue", "load", str(path))
    several = invoke("product", "list", "--category", "Spoons")
    assert several.output == (
        "Error: several categories are called 'Spoons': Kitchen/Spoons, Garden/Spoons; give the path\n"
    )
    nothing = invoke("product", "list", "--category", "Attic")
    assert "there is no category 'Attic'; give its path from the top" in nothing.output
    assert "(at the top there are: Garden, Kitchen, Sale)" in nothing.output


@pytest.mark.usefixtures("loaded")
def test_a_product_is_pushed_here_and_now_without_a_broker(invoke: Invoke, shop: Sandbox) -> None:
    first = invoke("sync", "product", "S-1", "--shop", "cyan", "--now")
    assert first.exit_code == 0, first.output
    assert first.output == f"S-1 to cyan: pushed (id {shop.store.value('SELECT MAX(id_product) FROM product')} there)\n"
    assert invoke("sync", "product", "S-1", "--shop", "cyan", "--now").output.startswith("S-1 to cyan: unchanged")
    refused = invoke("sync", "product", "S-4", "--shop", "cyan", "--now")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("S-4 to cyan: refused: ")
    assert refused.stdout == ""
    data = json.loads(invoke("sync", "product", "S-1", "--shop", "cyan", "--now", "--json").output)
    assert data["status"] == "unchanged"
    assert invoke("sync", "category", "Kitchen/Spoons", "--shop", "cyan", "--now").exit_code == 0
    assert invoke("sync", "images", "S-1", "--shop", "cyan", "--now").output.startswith(
        "images of S-1 to cyan: unchanged"
    )
    not_there = invoke("sync", "images", "S-2", "--shop", "cyan", "--now")
    assert not_there.exit_code == 1
    states = json.loads(invoke("product", "list", "--shop", "cyan", "--json").output)
    assert [each["state"] for each in states] == ["synced", "none", "error"]
    (link,) = json.loads(invoke("product", "show", "S-4", "--json").output)["shops"]
    assert (link["shop"], link["state"]) == ("Cyan", "error")


@pytest.mark.usefixtures("loaded", "shop")
def test_a_shop_that_is_switched_off_is_refused_with_its_name(invoke: Invoke) -> None:
    invoke("shop", "deactivate", "cyan")
    result = invoke("sync", "product", "S-1", "--shop", "cyan", "--now")
    assert (result.exit_code, result.output) == (
        1,
        "Error: shop 'Cyan' is not active; activate it under Shops to push to it\n",
    )


@pytest.mark.parametrize("arguments", [[], ["--all", "S-1"], ["--all", "--category", "Kitchen"]])
def test_a_push_needs_to_be_told_which_products(invoke: Invoke, arguments: list[str]) -> None:
    result = invoke("sync", "products", "--shop", "cyan", *arguments)
    assert result.exit_code == 2
    assert "say which products: SKUs, or one of --all, --changed, --errors, --category PATH" in result.output


@pytest.fixture
def job(loaded: Path, stored: Services) -> int:
    """A job of three products: one pushed, one refused, one waiting."""
    with stored.db.write() as session:
        shop = Shop(name="Cyan", address="http://x", key_encrypted=stored.vault.encrypt("K" * 32))
        session.add(shop)
        session.flush()
        made = jobs.open_push(session, shop, Selection("all"))
        jobs.fill(session, made, PUSH)
        first, second, _ = session.scalars(select(JobItem).order_by(JobItem.id)).all()
        first.status, second.status, second.error = "pushed", "refused", "=name is not valid"
        session.flush()
        jobs.recount(session, made)
        return made.id


def test_jobs_are_listed_shown_cancelled_and_deleted(invoke: Invoke, stored: Services, job: int) -> None:
    (active,) = json.loads(invoke("jobs", "list", "--active", "--json").output)
    assert (active["id"], active["status"], active["current_count"], active["error_count"]) == (job, "running", 2, 1)
    shown = invoke("jobs", "show", str(job))
    assert "JOB  SHOP  STATE    TOTAL  PENDING  PUSHED  REFUSED  SECONDS" in shown.output
    assert "S-2  refused  =name is not valid" in invoke("jobs", "errors", str(job)).output
    exported = invoke("jobs", "errors", str(job), "--csv")
    assert exported.stdout_bytes == "\ufeff#,SKU,State,Error\r\n1,S-2,refused,'=name is not valid\r\n".encode()
    assert json.loads(invoke("jobs", "errors", str(job), "--json").output)[0]["sku"] == "S-2"
    assert invoke("jobs", "cancel", str(job)).output == f"job {job} is stopping\n"
    again = invoke("jobs", "cancel", str(job))
    assert (again.exit_code, again.output) == (1, f"Error: job {job} has ended already (cancelled)\n")
    assert "cancelled" in invoke("jobs", "list", "--status", "cancelled", "--shop", "cyan").output
    assert json.loads(invoke("jobs", "list", "--active", "--json").output) == []
    assert invoke("jobs", "cleanup", "--days", "1").output == "0 jobs deleted\n"
    assert invoke("jobs", "cleanup", "--days", "0").output == "1 jobs deleted\n"
    with stored.db.read() as session:
        assert session.scalars(select(JobProgress)).all() == []


@pytest.mark.parametrize("command", ["show", "errors", "cancel"])
def test_a_job_that_does_not_exist_is_named(invoke: Invoke, command: str) -> None:
    result = invoke("jobs", command, "99")
    assert (result.exit_code, result.output) == (1, "Error: job 99 does not exist; it may have been deleted\n")


def test_a_job_that_nobody_works_on_does_not_hang(
    invoke: Invoke, stored: Services, job: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from admin.cli import follow
    from admin.cli.frame import App, CliError

    monkeypatch.setattr(follow, "STILL_SECONDS", 0.1)
    app = App()
    app.__dict__["services"] = stored
    with pytest.raises(CliError, match=f"no broker is configured; job {job} goes on when it is back"):
        follow.wait(app, [job], quiet=True)
    with stored.db.write() as session:
        session.get_one(JobProgress, job).status = JobStatus.COMPLETED
        session.get_one(JobProgress, job).completed_at = now()
    (view,) = follow.wait(app, [job], quiet=True)
    assert view.status == "completed"
