"""A PrestaShop database of the test's own."""

from collections.abc import Iterator

import pymysql
import pytest

from sync.direct import ShopSql
from tests.conftest import SERVERS, missing
from tests.prestashop_tables import PrestaShopDatabase


@pytest.fixture
def prestashop() -> Iterator[PrestaShopDatabase]:
    """Empty tables with the prefix ps_."""
    try:
        made = PrestaShopDatabase(SERVERS["mariadb"])
    except pymysql.err.OperationalError as error:
        missing("mariadb", error)
        raise AssertionError from error
    yield made
    made.close()


@pytest.fixture
def two_shops(prestashop: PrestaShopDatabase) -> PrestaShopDatabase:
    """Shops 1 and 2 with stock of their own, and products 1 to 4 in both."""
    prestashop.shops()
    prestashop.products([1, 2, 3, 4])
    return prestashop


@pytest.fixture
def route(two_shops: PrestaShopDatabase) -> ShopSql:
    return ShopSql(two_shops.settings, 1)
