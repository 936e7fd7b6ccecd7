"""Availability straight into a shop's MariaDB: the job of it, and that both routes leave the same behind."""

from collections.abc import Iterator
from typing import Any

import hypothesis.strategies as st
import pymysql
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select

from models import JobItem, JobStatus, Shop, ShopAvailability, ShopDatabase
from prestashop_client import PrestaShopClient
from prestashop_client.sandbox import Sandbox
from sync import jobs
from sync.availability import web
from sync.availability.choice import ShopRules, wanted
from sync.availability.direct import work_by_sql
from sync.availability.job import open_availability
from sync.direct import ShopSql, change_of
from sync.services import Services
from sync.strategies.run import Run
from tests.availability_scene import (
    TEXTS,
    add_settings,
    combination_in_shop,
    links,
    offered_products,
    products_in_shop,
    shown,
)
from tests.conftest import SERVERS, missing
from tests.factories import make_shop
from tests.prestashop_tables import PrestaShopDatabase


@pytest.fixture
def prestashop() -> Iterator[PrestaShopDatabase]:
    """Tables of a PrestaShop with two shops and no product."""
    try:
        made = PrestaShopDatabase(SERVERS["mariadb"])
    except pymysql.err.OperationalError as error:
        missing("mariadb", error)
        raise AssertionError from error
    made.shops()
    yield made
    made.close()


def link_database(services: Services, shop_id: int, there: PrestaShopDatabase, **values: Any) -> None:
    account = there.settings
    given_ = {
        "host": account.host, "port": account.port, "name": account.name, "user": account.user, "prefix": "ps_",
        "password_encrypted": services.vault.encrypt(account.password.reveal()), **values,
    }  # fmt: skip
    with services.db.write() as session:
        session.merge(ShopDatabase(shop_id=shop_id, **given_))


def tell(services: Services, shop_id: int, **options: Any) -> tuple[float | None, Any]:
    with services.db.write() as session:
        job = open_availability(session, shop_id, route="sql", **options).id
    pause = work_by_sql(services, job)
    with services.db.read() as session:
        return pause, jobs.get(session, job)


@pytest.fixture
def shop(services: Services, prestashop: PrestaShopDatabase) -> int:
    """A shop with three products that a supplier offers."""
    prestashop.products([1, 2, 3])
    with services.db.write() as session:
        shop_id = make_shop(session, services, "http://unused.example", "KEY").id
        add_settings(session, shop_id, route="sql")
    link_database(services, shop_id, prestashop)
    offers = ({"stock_quantity": 9, "delivery_days": 2}, {"stock_quantity": 4}, {"stock_quantity": 7})
    offered_products(services, shop_id, [1, 2, 99], offers)
    return shop_id


def test_the_job_writes_remembers_and_counts(services: Services, shop: int, prestashop: PrestaShopDatabase) -> None:
    pause, job = tell(services, shop)
    assert (pause, job.status, job.current_count, job.total_count) == (None, JobStatus.COMPLETED, 3, 3)
    assert job.summary == {"pushed": 2, "skipped": 1}
    assert prestashop.texts_of(1) == {1: ("In stock", "Ships in 2 days"), 2: ("Jest", "2 dni")}
    assert prestashop.texts_of(1, shop=2) == {1: ("old now", "old later"), 2: ("old now", "old later")}
    assert {row[2] for row in prestashop.stock_of(2).values()} == {0}
    sent = {link.external_id: link.availability for link in links(services).values()}
    assert sent[1] is not None
    assert sent[99] is None, "it is not in the shop, so nothing was told"
    assert tell(services, shop)[1].total_count == 1, "only what has not been told"


def test_a_refused_way_in_fails_the_items_and_remembers_nothing(
    services: Services, shop: int, prestashop: PrestaShopDatabase
) -> None:
    link_database(services, shop, prestashop, prefix="wrong_")
    _pause, job = tell(services, shop)
    assert (job.status, job.error_count) == (JobStatus.FAILED, 3)
    assert all(link.availability is None for link in links(services).values())
    with services.db.read() as session:
        assert "wrong_" in (session.scalars(select(JobItem.error)).first() or "")


def test_a_database_that_is_away_is_asked_again(services: Services, shop: int, prestashop: PrestaShopDatabase) -> None:
    link_database(services, shop, prestashop, port=1)
    with services.db.write() as session:
        job = open_availability(session, shop, route="sql").id
    assert work_by_sql(services, job) == 0.0
    link_database(services, shop, prestashop)
    assert work_by_sql(services, job) is None
    with services.db.read() as session:
        assert jobs.get(session, job).status == JobStatus.COMPLETED


def test_killed_after_the_shop_s_commit_it_is_told_once_more_and_remembered(
    services: Services, shop: int, prestashop: PrestaShopDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with services.db.write() as session:
        job = open_availability(session, shop, route="sql").id
    monkeypatch.setattr("sync.availability.direct._record", killed)
    with pytest.raises(Killed):
        work_by_sql(services, job)
    assert all(link.availability is None for link in links(services).values())
    monkeypatch.undo()
    assert work_by_sql(services, job) is None
    with services.db.read() as session:
        ended = jobs.get(session, job)
        assert (ended.status, ended.summary) == (JobStatus.COMPLETED, {"unchanged": 2, "skipped": 1})
    assert sum(link.availability is not None for link in links(services).values()) == 2


OFFERS = st.fixed_dictionaries(
    {
        "is_available": st.sampled_from([None, True, False]),
        "stock_quantity": st.one_of(st.none(), st.integers(0, 12)),
        "delivery_days": st.one_of(st.none(), st.integers(0, 30)),
    }
)
SETTINGS = st.fixed_dictionaries(
    {
        "min_stock_threshold": st.integers(0, 10),
        "write_quantities": st.booleans(),
        "allow_value": st.sampled_from([1, 2]),
        "deny_value": st.sampled_from([0, 2]),
        "texts": st.sampled_from([TEXTS, {"en": TEXTS["en"]}, {"pl": {"unavailable": "Brak"}}, {}]),
    }
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(offers=st.lists(OFFERS, min_size=4, max_size=4), chosen=SETTINGS)
def test_both_routes_leave_the_same_behind(
    both: "BothRoutes", offers: list[dict[str, Any]], chosen: dict[str, Any]
) -> None:
    both.start(offers, chosen)
    assert both.by_web() == both.by_sql()


class BothRoutes:
    """The same four products, two with a combination, in a sandbox and in a database."""

    def __init__(self, services: Services, sandbox: Sandbox, prestashop: PrestaShopDatabase) -> None:
        self.services, self.prestashop = services, prestashop
        self.client = PrestaShopClient(sandbox.address, sandbox.key)
        self.there = products_in_shop(self.client, 4)
        self.combinations = {number: combination_in_shop(self.client, number) for number in self.there[2:]}
        self.prestashop.products(self.there)
        self.prestashop.stock([(p, c, 10, 1, 0) for p, c in self.combinations.items()])
        with services.db.write() as session:
            self.shop = make_shop(session, services, sandbox.address, sandbox.key)
            add_settings(session, self.shop.id)
        self.ids = offered_products(services, self.shop.id, self.there, [{}] * 4)

    def start(self, offers: list[dict[str, Any]], chosen: dict[str, Any]) -> None:
        """Equal states on both sides, and other offers and settings."""
        from models import Offer

        rows = list(self.client.iterate("stock_availables", filters={"id_product": self.there},
                                        display=["id", "id_product_attribute"]))  # fmt: skip
        rows.sort(key=lambda row: -int(row["id_product_attribute"]))
        for row in rows:
            self.client.patch("stock_availables", int(row["id"]), {"quantity": 10, "out_of_stock": 2})
        old = {"available_now": {1: "old now", 2: "old now"}, "available_later": {1: "old later", 2: "old later"}}
        self.client.patch_many("products", [{"id": number, **old} for number in self.there])
        self.prestashop.run("UPDATE ps_stock_available SET quantity = 10, out_of_stock = 2")
        self.prestashop.run("UPDATE ps_product_lang SET available_now = 'old now', available_later = 'old later'")
        with self.services.db.write() as session:
            settings_row = session.get_one(ShopAvailability, self.shop.id)
            for name, value in chosen.items():
                setattr(settings_row, name, value)
            for number, values in zip(self.there, offers, strict=True):
                offer = session.scalars(select(Offer).where(Offer.product_id == self.ids[number])).one()
                for name, value in values.items():
                    setattr(offer, name, value)

    def _wanted(self) -> tuple[ShopRules, list[Any]]:
        with self.services.db.read() as session:
            rules = ShopRules.of(session.get_one(ShopAvailability, self.shop.id))
            return rules, list(wanted(session, self.shop.id, rules))

    def by_web(self) -> dict[int, Any]:
        with self.services.db.read() as session:
            shop = session.get_one(Shop, self.shop.id)
        told = web.tell(Run(self.services, shop, self.client, "me"), self._wanted()[1])
        assert all(web.was_written(one) for one in told), [one.outcome for one in told]
        return shown(self.client, self.there)

    def by_sql(self) -> dict[int, Any]:
        sql = ShopSql(self.prestashop.settings, 1)
        languages = dict(sql.layout().languages)
        written = sql.write([change_of(one.external_id, one.availability, languages) for one in self._wanted()[1]])
        assert set(written.settled) == set(self.there)
        return {number: self._shown(number) for number in self.there}

    def _shown(self, number: int) -> dict[str, Any]:
        texts = self.prestashop.texts_of(number)
        stock = self.prestashop.stock_of(number)
        return {
            "now": {language: now for language, (now, _) in texts.items()},
            "later": {language: later for language, (_, later) in texts.items()},
            "stock": {combination: (out, quantity) for combination, (quantity, _, out) in stock.items()},
        }


@pytest.fixture
def both(services: Services, sandbox: Sandbox, prestashop: PrestaShopDatabase) -> BothRoutes:
    return BothRoutes(services, sandbox, prestashop)
