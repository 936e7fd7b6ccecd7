"""Pages of suppliers, feeds, held runs, links and availability."""

import io
from pathlib import Path

import pytest
from sqlalchemy import select

from models import Feed, JobProgress, JobStatus, LinkCandidate, Offer, ProductSyncStatus, ShopDatabase, Supplier, now
from sync.services import Services
from sync.suppliers import chunks, feeds
from sync.suppliers.execute import execute
from tests.web.conftest import Browser
from tests.web.factories import Make

CSV = "Kod;EAN;Nazwa;Stan;Cena\nMUG;;Mug;5;12,50 zł\nCUP;;Cup;many;1,00\nNONE;;Nothing;1;1,00\n"


def upload(browser: Browser, feed: int, text: str = CSV, name: str = "stock.csv") -> None:
    browser.get(f"/feeds/{feed}")
    answer = browser.post(f"/feeds/{feed}/upload", {"file": (io.BytesIO(text.encode()), name)},
                          content_type="multipart/form-data")  # fmt: skip
    assert answer.status_code == 302


@pytest.fixture
def feed(browser: Browser, make: Make) -> int:
    """A supplier and a feed, made by their forms, with an uploaded file."""
    browser.get("/suppliers/new")
    assert browser.post("/suppliers/new", {"name": "Hurt", "position": "0", "active": "y"}).status_code == 302
    browser.get("/feeds/new/1")
    data = {"name": "Stock", "source": "upload", "format": "", "auth_kind": "none", "missing_behavior": "leave",
            "active": "y", "auth_secret": "s3cret-word"}  # fmt: skip
    assert browser.post("/feeds/new/1", data).status_code == 302
    upload(browser, 1)
    return 1


def save_mapping(browser: Browser, feed: int, **values: str) -> int:
    browser.get(f"/feeds/{feed}/mapping")
    data = {"column-sku": "Kod", "column-stock_quantity": "Stan", "column-purchase_price": "Cena", **values}
    return browser.post(f"/feeds/{feed}/mapping", data).status_code


def run(services: Services, feed: int) -> int:
    with services.db.write() as session:
        job = feeds.open_run(session, feed).id
    found = execute(services, job, "me")
    for number in found if isinstance(found, list) else ():
        chunks.apply_chunk(services, job, number)
    return job


def test_the_mapping_is_seen_before_it_is_saved(browser: Browser, make: Make, feed: int) -> None:
    page = browser.page(f"/feeds/{feed}/mapping")
    assert page.xpath("//input[@id='column-sku']/@value") == ["Kod"], "guessed from the names"
    answer = browser.post(f"/feeds/{feed}/mapping", {"column-sku": "Kod", "column-stock_quantity": "Stan", "test": "1"})
    assert answer.status_code == 200
    assert "many" in answer.text
    assert 'data-problem="Stan"' in answer.text
    assert 'data-testid="outcome"' in answer.text
    with make.services.db.read() as session:
        assert session.get_one(Feed, feed).mapping == {}, "nothing is saved yet"
    assert save_mapping(browser, feed, save="1") == 302
    with make.services.db.read() as session:
        assert session.get_one(Feed, feed).mapping["sku"] == {"column": "Kod"}


def test_a_mapping_that_makes_no_sense_is_named(browser: Browser, feed: int) -> None:
    assert save_mapping(browser, feed, save="1", **{"transforms-sku": '[["nonsense"]]'}) == 422
    assert save_mapping(browser, feed, save="1", filters="{") == 422


def test_rows_by_result_as_page_and_as_file(browser: Browser, make: Make, feed: int) -> None:
    product = make.product(sku="MUG")
    save_mapping(browser, feed, save="1")
    job = run(make.services, feed)
    page = browser.page(f"/feeds/runs/{job}?result=invalid")
    assert "row 3" in page.text_content()
    lines = browser.get(f"/feeds/runs/{job}/unmatched.csv").text.splitlines()
    assert "NONE" in lines[1]
    assert browser.get(f"/feeds/runs/{job}/nonsense.csv").status_code == 404
    assert "Hurt" in browser.page(f"/products/{product}").xpath("//*[@data-testid='offers']")[0].text_content()
    assert browser.page(f"/feeds/{feed}?result=unmatched").xpath("//*[@data-testid='rows']//tbody/tr")
    assert browser.page(f"/jobs/{job}").xpath("//*[@data-testid='feed-rows']")


def test_a_row_is_linked_by_hand(browser: Browser, make: Make, feed: int) -> None:
    product = make.product(sku="ELSE")
    save_mapping(browser, feed, save="1")
    run(make.services, feed)
    with make.services.db.read() as session:
        from models import FeedRow

        row = session.scalars(select(FeedRow.id).where(FeedRow.key == "s:NONE")).one()
    browser.get(f"/feeds/{feed}?result=unmatched")
    browser.post(f"/feeds/{feed}/rows/{row}/link", {"sku": "ELSE"})
    with make.services.db.read() as session:
        assert session.scalars(select(Offer.product_id)).all() == [product]


def test_a_held_run_says_why_and_is_rejected_or_applied(browser: Browser, make: Make, feed: int) -> None:
    save_mapping(browser, feed, save="1")
    upload(browser, feed, "Kod;EAN;Nazwa;Stan;Cena\n")
    job = run(make.services, feed)
    assert "is held" in browser.page("/").text_content()
    assert browser.page("/suppliers").xpath("//*[@data-testid='held']")
    page = browser.page(f"/feeds/runs/{job}")
    assert "the file is empty" in page.xpath("//*[@data-testid='why-held']")[0].text_content()
    browser.post(f"/feeds/runs/{job}/reject")
    with make.services.db.read() as session:
        assert session.get_one(JobProgress, job).status == JobStatus.CANCELLED
    assert "not held" in browser.post(f"/feeds/runs/{job}/approve", follow_redirects=True).text
    again = run(make.services, feed)
    browser.get(f"/feeds/runs/{again}")
    assert browser.post(f"/feeds/runs/{again}/approve").status_code == 302
    with make.services.db.read() as session:
        assert session.get_one(JobProgress, again).status == JobStatus.COMPLETED


def test_the_system_page_says_which_feeds_need_somebody(browser: Browser, make: Make, feed: int) -> None:
    page = browser.page("/system")
    assert page.xpath("string(//*[@data-testid='feed-alarms'])") == "None is held, failed or overdue."
    with make.services.db.write() as session:
        session.get_one(Feed, feed).error_message = "the server does not answer"
    page = browser.page("/system")
    assert "failed: the server does not answer" in page.xpath("string(//*[@data-testid='feed-alarms'])")
    assert page.xpath("//*[@data-testid='feed-alarms']//a/@href") == [f"/feeds/{feed}"]


def test_secrets_are_kept_and_never_shown(browser: Browser, make: Make, feed: int) -> None:
    with make.services.db.read() as session:
        hidden = session.get_one(Feed, feed).auth_secret_encrypted or ""
    assert make.services.vault.decrypt(hidden) == "s3cret-word"
    for path in (f"/feeds/{feed}", f"/feeds/{feed}/edit", f"/feeds/{feed}/mapping", "/suppliers"):
        text = browser.get(path).text
        assert "s3cret-word" not in text
        assert hidden not in text


def test_an_upload_stays_in_its_folder(browser: Browser, make: Make, feed: int) -> None:
    upload(browser, feed, name="../../evil.csv")
    with make.services.db.read() as session:
        address = session.get_one(Feed, feed).address
    folder = make.services.feeds.upload_dir
    assert folder is not None
    assert [path.name for path in Path(folder).iterdir()] == [address]
    assert "/" not in address


def test_candidates_are_accepted_and_rejected(browser: Browser, make: Make) -> None:
    shop, product = make.shop(), make.product(sku="MUG")
    with make.services.db.write() as session:
        for external_id in (7, 8):
            session.add(LinkCandidate(shop_id=shop, product_id=product, external_id=external_id, matched_by="sku",
                                      reason="several", name=f"There {external_id}", found_at=now()))  # fmt: skip
    page = browser.page(f"/shops/{shop}/links")
    ids = page.xpath("//*[@data-testid='candidates']//input/@value")
    browser.post(f"/shops/{shop}/links/accept", {"id": [ids[1]]})
    with make.services.db.read() as session:
        link = session.scalars(select(ProductSyncStatus)).one()
        assert (link.external_id, link.linked_by) == (8, "manual")
        assert session.scalars(select(LinkCandidate)).all() == []
    browser.post(f"/shops/{shop}/links/link", {"sku": "MUG", "external_id": ""})
    with make.services.db.read() as session:
        assert session.scalars(select(ProductSyncStatus)).one().external_id is None


def test_links_are_listed_and_cut_together(browser: Browser, make: Make) -> None:
    shop, other = make.shop(), make.shop(name="Magenta")
    cups = [make.product(sku=f"CUP-{number}") for number in range(3)]
    with make.services.db.write() as session:
        for number, product in enumerate(cups):
            session.add(ProductSyncStatus(shop_id=shop, product_id=product, external_id=7 + number, linked_by="auto"))
        session.add(ProductSyncStatus(shop_id=other, product_id=cups[0], external_id=70, linked_by="auto"))
    browser.page(f"/shops/{shop}/links")
    page = browser.page(f"/shops/{shop}/links?by=auto")
    assert page.xpath("//*[@data-testid='links']//input/@value") == [str(product) for product in cups]
    assert page.xpath("//*[@data-testid='search-sql']") == []
    browser.post(f"/shops/{shop}/links/unlink?by=auto", {"product": [str(cups[0]), str(cups[2])]})
    with make.services.db.read() as session:
        rows = session.scalars(select(ProductSyncStatus).order_by(ProductSyncStatus.id)).all()
    assert [(row.external_id, row.linked_by) for row in rows] == [
        (None, "manual"), (8, "auto"), (None, "manual"), (70, "auto"),
    ]  # fmt: skip


def test_the_search_may_read_the_shop_s_database(browser: Browser, make: Make) -> None:
    shop = make.shop()
    browser.post(f"/shops/{shop}/links/search", {"route": "sql"})
    with make.services.db.write() as session:
        assert session.scalars(select(JobProgress)).all() == [], "it is not set up"
        session.add(ShopDatabase(shop_id=shop, host="db", name="shop", user="u", password_encrypted="x"))
    assert browser.page(f"/shops/{shop}/links").xpath("//*[@data-testid='search-sql']")
    browser.post(f"/shops/{shop}/links/search", {"route": "sql"})
    with make.services.db.read() as session:
        assert session.scalars(select(JobProgress)).one().params["route"] == "sql"


def test_availability_is_tried_with_an_example_and_saved(browser: Browser, make: Make) -> None:
    shop = make.shop(languages={"en": 1, "pl": 2})
    browser.get(f"/shops/{shop}/availability")
    data = {"active": "y", "product_listing_enabled": "y", "min_stock_threshold": "20", "allow_value": "1",
            "deny_value": "0", "supplier_rule": "first", "route": "api", "en-available": "In stock",
            "en-unavailable": "Sold out", "en-delivery-one": "{days} day", "en-delivery-other": "{days} days",
            "pl-delivery-one": "{days} dzień", "pl-delivery-few": "{days} dni",
            "pl-delivery-many": "{days} dni"}  # fmt: skip
    tried = browser.post(f"/shops/{shop}/availability", data)
    assert "2 dni" in tried.text
    assert "Sold out" in tried.text
    assert browser.post(f"/shops/{shop}/availability", {**data, "en-available": "<b>"}).status_code == 422
    assert browser.post(f"/shops/{shop}/availability", {**data, "supplier_ids": "Nobody"}).status_code == 422
    assert browser.post(f"/shops/{shop}/availability", {**data, "save": "1"}).status_code == 302
    assert browser.page(f"/shops/{shop}/availability").xpath("//*[@data-testid='tell']")
    assert browser.post(f"/shops/{shop}/availability/tell").status_code == 302
    with make.services.db.read() as session:
        assert session.scalars(select(JobProgress.kind)).all() == ["availability"]


def test_the_sql_route_is_set_and_tested(browser: Browser, make: Make) -> None:
    shop = make.shop()
    browser.get(f"/shops/{shop}/availability/database")
    data = {"host": "127.0.0.1", "port": "1", "name": "shop", "user": "me", "password": "hidden-word",
            "prefix": "ps_", "id_shop": "1"}  # fmt: skip
    assert browser.post(f"/shops/{shop}/availability/database", data).status_code == 302
    tested = browser.post(f"/shops/{shop}/availability/database/test")
    assert tested.status_code == 200
    assert "not right yet" in tested.text
    assert "hidden-word" not in tested.text
    moved = {**data, "host": "evil.example", "password": ""}
    assert browser.post(f"/shops/{shop}/availability/database", moved).status_code == 422
    with make.services.db.read() as session:
        assert session.get_one(ShopDatabase, shop).host == "127.0.0.1"


def test_a_supplier_is_deleted_with_its_feeds(browser: Browser, make: Make, feed: int) -> None:
    browser.post("/suppliers/1/delete")
    with make.services.db.read() as session:
        assert session.scalars(select(Supplier)).all() == []
        assert session.scalars(select(Feed)).all() == []
