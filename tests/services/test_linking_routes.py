"""Linking by what stands in a shop's MariaDB: it finds what the web service finds, and reads only."""

from collections.abc import Iterator

import pymysql
import pytest
from sqlalchemy import select

from models import JobItem, ProductSyncStatus, Shop
from prestashop_client import PrestaShopClient
from prestashop_client.database import Connection
from prestashop_client.database.codes import Codes
from prestashop_client.sandbox import Sandbox
from sync.availability.direct import NoDatabase
from sync.chunks import Claimed
from sync.kinds.link import fill, open_link, work
from sync.linking.look_up import look_up
from sync.linking.match import Ours
from sync.linking.sources import WebCodes
from sync.outcome import Outcome
from sync.services import Services
from sync.strategies.run import Run
from tests.conftest import SERVERS, missing
from tests.factories import make_product, make_shop
from tests.prestashop_tables import PrestaShopDatabase
from tests.services.test_availability_routes import link_database

PRODUCTS = (
    ("MUG", ""), ("mug", ""), ("TWIN", "4006381333931"), ("TWIN", ""), ("", "0036000291452"),
    ("Café 1", "036000291452"), ("A|B", ""), ("[X] 1", "12345670"), ("TEE", "9999999999994"),
)  # fmt: skip
COMBINATIONS = (("TEE-S", ""), ("TEE-M", "4006381333948"), ("MUG", ""))
OURS = (
    Ours(1, "MUG"), Ours(2, "Mug"), Ours(3, "TWIN"), Ours(4, "Z1", "036000291452"), Ours(5, "Café 1"),
    Ours(6, "CAFE 1"), Ours(7, "A|B"), Ours(8, "[X] 1"), Ours(9, "TEE-S"), Ours(10, "Z2", "4006381333948"),
    Ours(11, "Z3", "00000012345670"), Ours(12, "NONE", "4012345678901"),
)  # fmt: skip


@pytest.fixture
def prestashop() -> Iterator[PrestaShopDatabase]:
    try:
        made = PrestaShopDatabase(SERVERS["mariadb"])
    except pymysql.err.OperationalError as error:
        missing("mariadb", error)
        raise AssertionError from error
    made.shops()
    yield made
    made.close()


def in_tables(there: PrestaShopDatabase, number: int, reference: str, ean13: str, name: str = "") -> None:
    there.products([number], shops=(1,))
    there.run("UPDATE ps_product SET reference = %s, ean13 = %s WHERE id_product = %s", (reference, ean13, number))
    there.run("UPDATE ps_product_lang SET name = %s WHERE id_product = %s", (name, number))


def combination_in_tables(there: PrestaShopDatabase, number: int, product: int, reference: str, ean13: str) -> None:
    there.run(
        "INSERT INTO ps_product_attribute (id_product_attribute, id_product, reference, ean13) VALUES (%s, %s, %s, %s)",
        (number, product, reference, ean13),
    )


def test_both_ways_find_the_same(prestashop: PrestaShopDatabase, sandbox: Sandbox) -> None:
    client = PrestaShopClient(sandbox.address, sandbox.key)
    last = 0
    for reference, ean13 in PRODUCTS:
        name = f"There {reference or ean13}"
        document = {"name": {1: name, 2: name}, "link_rewrite": {1: "x", 2: "x"}, "price": "1.00", "state": 1,
                    "reference": reference, "ean13": ean13, "id_category_default": 2}  # fmt: skip
        last = int(client.create("products", document)["id"])
        in_tables(prestashop, last, reference, ean13, name)
    for reference, ean13 in COMBINATIONS:
        document = {"id_product": last, "minimal_quantity": 1, "reference": reference, "ean13": ean13}
        number = int(client.create("combinations", document)["id"])
        combination_in_tables(prestashop, number, last, reference, ean13)
    with Connection(prestashop.settings) as connection:
        by_sql = look_up(Codes(connection, 1), OURS)
    assert by_sql == look_up(WebCodes(client), OURS)
    by_sku, by_ean = by_sql
    assert [len(by_sku[sku]) for sku in ("MUG", "TWIN", "A|B", "[X] 1")] == [1, 2, 1, 1]
    assert "Mug" not in by_sku, "codes are compared exactly"
    assert len(by_ean["036000291452"]) == 2, "a UPC and its EAN-13 are the same"
    assert by_ean["4006381333948"][0].external_id == last, "a combination's code is its product's"


@pytest.fixture
def shop(services: Services, prestashop: PrestaShopDatabase) -> int:
    with services.db.write() as session:
        shop_id = make_shop(session, services, "http://unused.example", "KEY").id
        make_product(session, "MUG")
        make_product(session, "PEN")
    link_database(services, shop_id, prestashop)
    return shop_id


def search(services: Services, shop_id: int) -> dict[str, Outcome]:
    """One chunk of the job, without a worker."""
    with services.db.write() as session:
        job = open_link(session, shop_id, route="sql")
        fill(session, job)
        session.flush()
        rows = session.scalars(select(JobItem).where(JobItem.progress_id == job.id)).all()
        items = [Claimed(row.id, row.product_id, row.sku, 0) for row in rows]
        params = dict(job.params)
        shop = session.get_one(Shop, shop_id)
    run = Run(services, shop, PrestaShopClient("http://unused.example", "KEY"), "test", params=params)
    done = work(run, items)
    if done.record is not None:
        with services.db.write() as session:
            done.record(session, 0)
    return {item.sku: done.outcomes[item.id] for item in items}


def test_a_job_links_by_the_tables_of_its_own_shop_alone(
    services: Services, shop: int, prestashop: PrestaShopDatabase
) -> None:
    in_tables(prestashop, 7, "MUG", "")
    prestashop.products([8], shops=(2,))
    prestashop.run("UPDATE ps_product SET reference = 'PEN' WHERE id_product = 8")
    before = prestashop.everything()
    words = {sku: outcome.operation for sku, outcome in search(services, shop).items()}
    assert words == {"MUG": "linked", "PEN": "unmatched"}
    with services.db.read() as session:
        (link,) = session.scalars(select(ProductSyncStatus).where(ProductSyncStatus.external_id.is_not(None)))
    assert (link.external_id, link.linked_by) == (7, "auto")
    assert prestashop.everything() == before


def test_reading_rights_are_enough_and_a_missing_one_is_named(
    services: Services, shop: int, prestashop: PrestaShopDatabase
) -> None:
    in_tables(prestashop, 7, "MUG", "")
    account = prestashop.account("SELECT ON {db}.*")
    secret = services.vault.encrypt(account.password.reveal())
    link_database(services, shop, prestashop, user=account.user, password_encrypted=secret)
    assert search(services, shop)["MUG"].external_id == 7
    tables = ("shop", "shop_group", "lang", "lang_shop", "product", "product_shop", "product_lang", "stock_available")
    account = prestashop.account(*(f"SELECT ON {{db}}.ps_{table}" for table in tables))
    secret = services.vault.encrypt(account.password.reveal())
    link_database(services, shop, prestashop, user=account.user, password_encrypted=secret)
    refused = search(services, shop)["PEN"]
    assert "ps_product_attribute" in (refused.error or ""), refused


def test_without_a_database_the_job_is_not_opened(services: Services, sandbox: Sandbox) -> None:
    with services.db.write() as session:
        shop_id = make_shop(session, services, sandbox.address, sandbox.key).id
    with pytest.raises(NoDatabase), services.db.write() as session:
        open_link(session, shop_id, route="sql")
