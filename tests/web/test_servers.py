"""The pages over PostgreSQL and MariaDB: what SQLite forgives, they do not."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

import migrations
from admin import accounts
from models import Database, JobProgress, Product
from settings import Settings
from tests.conftest import SERVERS, server_database
from tests.web.conftest import Browser
from tests.web.factories import PASSWORD, Make
from tests.web.test_pages import PAGES, fill
from tests.web.test_product_form import fields


@pytest.fixture(params=[pytest.param(kind, marks=getattr(pytest.mark, kind)) for kind in SERVERS])
def app(request: pytest.FixtureRequest, start: Callable[..., Flask], settings: Settings) -> Iterator[Flask]:
    with server_database(request.param) as url:
        made = start(replace(settings, database_url=url))
        database: Database = made.extensions["shopferry"].db
        migrations.upgrade(database.engine)
        with database.write() as session:
            accounts.create_user(session, "operator", PASSWORD)
        yield made
        database.dispose()


@pytest.fixture
def browser(app: Flask) -> Browser:
    found = Browser(app.test_client())
    assert found.sign_in().status_code == 302
    return found


MORE = [
    "/products?sort=-name&after=2", "/products?sort=changed&before=3", "/products?q=mug",
    "/products?shop=1&status=changed", "/products?shop=1&status=none", "/products?category=1&active=1",
    "/jobs?q=sku&shop=1&type=sync&user=1&status=running", "/jobs?after=3", "/products/push?kind=errors",
    "/products/push?kind=matching&shop=1&status=error", "/shops/1/delete", "/jobs/1/errors.csv",
]  # fmt: skip


def test_every_page_and_a_push(browser: Browser, make: Make, database: Database) -> None:
    fill(make, 6)
    for path in (*PAGES, *MORE):
        assert browser.get(path).status_code == 200, path
    sent = fields(browser.page("/products/1")) | {"price": "1,99", "texts-pl-name": "Kubek"}
    assert browser.post("/products/1", sent).status_code == 302
    assert browser.post("/products/push", {"kind": "changed", "to": ["1", "2"]}).status_code == 302
    assert browser.post("/jobs/1/cancel").status_code == 302
    assert browser.post("/shops/3/delete", {"name": "Shop 2"}).status_code == 302
    with database.read() as session:
        assert str(session.get_one(Product, 1).price) == "1.990000"
        assert session.query(JobProgress).filter_by(shop_id=3).count() == 0
        assert session.query(JobProgress).count() == 8
