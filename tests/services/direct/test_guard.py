"""The connection test: what it finds wrong, and whether what it advises mends it."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from prestashop_client.database import grants
from prestashop_client.database.errors import (
    AccessRefused,
    DatabaseUnavailable,
    GrantMissing,
    UnknownLayout,
    WrongPrefix,
)
from prestashop_client.doctor import Diagnosis
from prestashop_client.secret import Secret
from sync.direct import Change, ShopSql
from tests.conftest import SERVERS
from tests.prestashop_tables import EN, PrestaShopDatabase

EVERYTHING = [Change(1, 1, {EN: "x"}, {EN: "y"}, 3, Decimal(4), False), Change(2, combinations={21: 1})]
LEAST = (
    "CREATE TEMPORARY TABLES ON {db}.*",
    *(f"SELECT ON {{db}}.ps_{table}" for table in ("shop", "shop_group", "lang", "lang_shop")),
    "SELECT, UPDATE (price, active, date_upd) ON {db}.ps_product",
    "SELECT, UPDATE (price, active, date_upd) ON {db}.ps_product_shop",
    "SELECT, UPDATE (available_now, available_later) ON {db}.ps_product_lang",
    "SELECT, UPDATE (out_of_stock, quantity, physical_quantity) ON {db}.ps_stock_available",
)


@pytest.fixture
def other_prefix() -> Iterator[PrestaShopDatabase]:
    made = PrestaShopDatabase(SERVERS["mariadb"], "presta_7_")
    yield made
    made.close()


def states(report: Diagnosis) -> dict[str, str]:
    return {check.name: check.state for check in report.checks}


def test_a_user_with_the_least_rights_may_write_everything(two_shops: PrestaShopDatabase) -> None:
    two_shops.stock([(2, 21, 9, 1, 0)])
    route = ShopSql(two_shops.account(*LEAST), 1)
    report = route.test()
    assert set(states(report).values()) == {"good"}, str(report)
    assert "MariaDB" in report.of("server").evidence
    assert report.of("shop").evidence == "1 (Cyan); stock rows of its own"
    assert report.of("languages").evidence == "en (1), pl (2)"
    assert route.write(EVERYTHING).changed == (1, 2)


def test_the_documented_rights_are_these() -> None:
    documented = {f"{right} {right.table}" for right in grants.needed()}
    assert documented == {
        "CREATE TEMPORARY TABLES None",
        *(f"SELECT {table}" for table in (
            "shop", "shop_group", "lang", "lang_shop", "product", "product_shop", "product_lang", "stock_available"
        )),
        "UPDATE (`date_upd`, `price`, `active`) product",
        "UPDATE (`date_upd`, `price`, `active`) product_shop",
        "UPDATE (`available_now`, `available_later`) product_lang",
        "UPDATE (`out_of_stock`, `quantity`, `physical_quantity`) stock_available",
    }  # fmt: skip


@pytest.mark.parametrize("missing", range(len(LEAST)))
def test_the_statement_that_it_names_mends_what_is_missing(two_shops: PrestaShopDatabase, missing: int) -> None:
    two_shops.stock([(2, 21, 9, 1, 0)])
    account = two_shops.account(*(right for number, right in enumerate(LEAST) if number != missing))
    report = ShopSql(account, 1).test()
    assert not report.healthy
    check = report.of("grants")
    assert check.state == "bad"
    statements = check.remedy.splitlines()
    assert len(statements) == 1, check.remedy
    assert statements[0].startswith("GRANT ")
    assert statements[0].endswith(f"TO '{account.user}'@'%';")
    two_shops.run(statements[0])
    route = ShopSql(account, 1)
    assert set(states(route.test()).values()) == {"good"}
    assert route.write(EVERYTHING).changed == (1, 2)


def test_only_what_is_to_be_written_is_asked_for(two_shops: PrestaShopDatabase) -> None:
    account = two_shops.account(
        *LEAST[:5],
        "SELECT, UPDATE (date_upd) ON {db}.ps_product",
        "SELECT, UPDATE (date_upd) ON {db}.ps_product_shop",
        "SELECT, UPDATE (available_now, available_later) ON {db}.ps_product_lang",
        "SELECT, UPDATE (out_of_stock) ON {db}.ps_stock_available",
    )
    route = ShopSql(account, 1)
    assert route.test(["availability"]).healthy
    assert not route.test().healthy
    assert route.write([Change(1, 1, {EN: "x"})]).changed == (1,)
    before = two_shops.everything()
    with pytest.raises(GrantMissing):
        route.write([Change(2, 1, price=Decimal(3))])
    assert two_shops.everything() == before


def test_a_name_with_an_underscore_is_no_pattern_in_the_statement(two_shops: PrestaShopDatabase) -> None:
    account = two_shops.account(*LEAST[1:])
    [statement] = ShopSql(account, 1).test().of("grants").remedy.splitlines()
    escaped = two_shops.name.replace("_", r"\_")
    assert statement == f"GRANT CREATE TEMPORARY TABLES ON `{escaped}`.* TO '{account.user}'@'%';"


@pytest.mark.parametrize(
    ("right", "said"),
    [
        ("ALL PRIVILEGES ON {db}.*", "may do everything on"),
        ("SELECT, UPDATE ON {db}.*", "may SELECT, UPDATE on all tables of"),
        ("DELETE ON {db}.ps_product", "may DELETE on"),
        ("SELECT ON *.*", "may SELECT on the whole server"),
        ("SELECT ON mysql.user", "outside of this database"),
        ("SELECT ON {db}.ps_shop WITH GRANT OPTION", "to others (GRANT OPTION)"),
    ],
)
def test_too_wide_rights_are_a_warning(two_shops: PrestaShopDatabase, right: str, said: str) -> None:
    report = ShopSql(two_shops.account(*LEAST, right), 1).test()
    assert report.healthy
    assert report.of("too wide grants").state == "warning"
    assert said in report.of("too wide grants").evidence


def test_a_wrong_prefix_names_those_that_there_are(two_shops: PrestaShopDatabase) -> None:
    two_shops.run("CREATE TABLE shop_b_stock_available (id INT)")
    two_shops.run("CREATE TABLE shop_b_product_lang (id INT)")
    route = ShopSql(replace(two_shops.settings, prefix="wrong_"), 1)
    assert "there are: 'ps_', 'shop_b_'" in route.test().of("prefix").evidence
    for call in (route.layout, lambda: route.write(EVERYTHING), lambda: route.plan(EVERYTHING)):
        with pytest.raises(WrongPrefix) as refused:
            call()
        assert refused.value.prefixes == ("ps_", "shop_b_")


def test_another_prefix_works(prestashop: PrestaShopDatabase, other_prefix: PrestaShopDatabase) -> None:
    route = ShopSql(other_prefix.settings, 1)
    assert route.test().of("tables").evidence.endswith("shop 1 does not exist; there are: none")
    other_prefix.shops()
    other_prefix.products([1])
    assert route.test().healthy
    assert route.write([Change(1, 1, {EN: "x"}, price=Decimal(3))]).changed == (1,)
    assert other_prefix.texts_of(1)[EN] == ("x", "old later")


def test_rights_on_no_table_at_all(two_shops: PrestaShopDatabase) -> None:
    report = ShopSql(two_shops.account("CREATE TEMPORARY TABLES ON {db}.*"), 1).test()
    assert not report.healthy
    assert len(report.of("grants").remedy.splitlines()) == 8
    for statement in report.of("grants").remedy.splitlines():
        two_shops.run(statement)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ALTER TABLE ps_stock_available DROP COLUMN out_of_stock", "column stock_available.out_of_stock is missing"),
        ("DROP TABLE ps_lang_shop", "table lang_shop is missing"),
        (
            "ALTER TABLE ps_product_lang DROP available_now, ADD available_now INT",
            "column product_lang.available_now is int, not",
        ),
        ("ALTER TABLE ps_product ENGINE=MyISAM", "table product is MyISAM, not InnoDB"),
        ("ALTER TABLE ps_stock_available DROP KEY product_sqlstock", "table stock_available has no unique key over"),
    ],
)
def test_tables_that_it_does_not_know_are_refused(two_shops: PrestaShopDatabase, change: str, said: str) -> None:
    two_shops.run(change)
    route = ShopSql(two_shops.settings, 1)
    before = two_shops.everything()
    for write in (lambda: route.write(EVERYTHING), lambda: route.plan(EVERYTHING)):
        with pytest.raises(UnknownLayout) as refused:
            write()
        assert said in str(refused.value)
    assert two_shops.everything() == before
    assert said in route.test().of("tables").evidence
    assert not route.test().healthy


def test_a_shop_that_does_not_exist(two_shops: PrestaShopDatabase) -> None:
    two_shops.run("UPDATE ps_shop SET deleted = 1 WHERE id_shop = 2")
    said = r"shop 2 does not exist; there are: 1 \(Cyan\)"
    with pytest.raises(UnknownLayout, match=said):
        ShopSql(two_shops.settings, 2).write(EVERYTHING)


def test_shops_that_sell_from_the_same_rows_are_named(prestashop: PrestaShopDatabase) -> None:
    prestashop.shops(share_stock=True)
    check = ShopSql(prestashop.settings, 1).test().of("shop")
    assert (check.state, check.evidence) == ("warning", "1 (Cyan); stock rows of group 1, shared with 2 (Magenta)")


def test_ways_not_to_get_in(two_shops: PrestaShopDatabase) -> None:
    account = two_shops.account("SELECT ON {db}.*")
    wrong = replace(account, password=Secret("hunter2-hunter2"))
    for settings, kind in (
        (wrong, AccessRefused),
        (replace(account, name="nowhere"), AccessRefused),
        (replace(two_shops.settings, name="nowhere"), AccessRefused),
        (replace(account, port=9), DatabaseUnavailable),
        (replace(account, host="nowhere.invalid"), DatabaseUnavailable),
    ):
        route = ShopSql(settings, 1)
        with pytest.raises(kind) as refused:
            route.write(EVERYTHING)
        assert refused.value.retryable is (kind is DatabaseUnavailable)
        report = route.test()
        assert not report.healthy
        for text in (str(refused.value), repr(refused.value), str(report), repr(settings), repr(route)):
            assert "hunter2" not in text
            assert f"pass-{account.user}" not in text


def test_a_test_writes_nothing(two_shops: PrestaShopDatabase) -> None:
    before = two_shops.everything()
    ShopSql(two_shops.settings, 1).test()
    assert two_shops.everything() == before


@pytest.mark.parametrize("prefix", ["ps`; DROP TABLE x; --", "ps.", "ż_", "p" * 41])
def test_a_prefix_that_can_be_no_tables_is_refused_at_once(two_shops: PrestaShopDatabase, prefix: str) -> None:
    with pytest.raises(ValueError, match="only letters, digits and _"):
        replace(two_shops.settings, prefix=prefix)
