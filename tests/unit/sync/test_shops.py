"""Testing the way into a shop, and how it fares."""

import pytest

from models import Shop, ShopHealth
from prestashop_client.sandbox import Sandbox
from sync.services import Services
from sync.shops import apply_report, note_contact, test_connection
from tests.factories import make_shop

check_connection = test_connection


@pytest.fixture
def shop(services: Services, sandbox: Sandbox) -> Shop:
    with services.db.write() as session:
        return make_shop(session, services, sandbox.address, sandbox.key, languages={}, tax_rules_groups={"8": 77})


def test_a_working_shop_tells_what_it_is(services: Services, shop: Shop) -> None:
    report = check_connection(services, shop)
    assert report.ok
    assert (report.version, report.languages) == ("9.1.4", {"en": 1, "pl": 2})
    assert "POST" in report.rights["products"]
    apply_report(shop, report)
    assert (shop.version, shop.languages, shop.health) == ("9.1.4", {"en": 1, "pl": 2}, ShopHealth.OK)
    assert shop.tax_rules_groups["23"] == 1
    assert shop.tax_rules_groups["8"] == 77, "what the operator mapped stays"
    assert shop.home_category_id == 2


def test_a_wrong_key_is_told_with_a_remedy_and_without_the_key(services: Services, shop: Shop) -> None:
    shop.key_encrypted = services.vault.encrypt("K" * 32)
    report = check_connection(services, shop)
    assert not report.ok
    assert report.checks[0].remedy
    assert "K" * 32 not in repr(report)
    apply_report(shop, report)
    assert shop.health == ShopHealth.DOWN
    assert shop.languages == {}


def test_a_shop_that_is_not_there_is_told(services: Services, shop: Shop) -> None:
    shop.address = "http://127.0.0.1:9"
    assert "127.0.0.1:9" in check_connection(services, shop).checks[0].evidence


def test_only_news_about_a_shop_is_written(services: Services, shop: Shop) -> None:
    with services.db.write() as session:
        note_contact(session, shop, "connection refused")
    with services.db.read() as session:
        assert session.get_one(Shop, shop.id).health_message == "connection refused"
    with services.db.write() as session:
        note_contact(session, shop, None)
    with services.db.read() as session:
        assert session.get_one(Shop, shop.id).health == ShopHealth.OK
