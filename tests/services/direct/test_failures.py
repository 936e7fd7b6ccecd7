"""Whatever breaks: nothing is half done, and nothing is called written that is not."""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import pymysql
import pytest

from prestashop_client.database.errors import (
    DatabaseBusy,
    DatabaseError,
    DatabaseUnavailable,
    RowsDisagree,
    UncertainCommit,
)
from sync.direct import Change, ShopSql, recall
from sync.direct.batch import Batch
from tests.prestashop_tables import EN, PL, PrestaShopDatabase
from tests.processes import wait_until
from tests.services.direct.proxy import Break, Wire

CHANGES = [Change(number, 1, {EN: "Yes", PL: "Tak"}, quantity=5) for number in (1, 2, 3, 4)]
MakeWire = Callable[..., tuple[Wire, ShopSql]]


@pytest.fixture
def wire(two_shops: PrestaShopDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeWire]:
    """Make a route over a wire that breaks."""
    monkeypatch.setattr(recall, "PAUSES", (0.0, 0.0))
    made: list[Wire] = []

    def make(statement: bytes, how: Break, **options: object) -> tuple[Wire, ShopSql]:
        wire = Wire((two_shops.host, two_shops.port), statement, how, **options)  # type: ignore[arg-type]
        made.append(wire)
        return wire, ShopSql(replace(two_shops.settings, host="127.0.0.1", port=wire.port), 1)

    yield make
    for each in made:
        each.close()


@pytest.fixture
def second(two_shops: PrestaShopDatabase) -> Iterator[pymysql.cursors.Cursor]:
    """Somebody else in the database: the shop itself. In a transaction of its own."""
    other = pymysql.connect(
        host=two_shops.host, port=two_shops.port, user=two_shops.settings.user,
        password=two_shops.settings.password.reveal(), database=two_shops.name,
    )  # fmt: skip
    with other.cursor() as cursor:
        yield cursor
    other.close()


def others(database: PrestaShopDatabase) -> list[int]:
    """Who else is connected to this database."""
    sql = "SELECT id FROM information_schema.processlist WHERE db = %s AND id <> CONNECTION_ID()"
    return [number for (number,) in database.rows(sql, (database.name,))]


@pytest.mark.parametrize(
    "statement",
    [b"INSERT INTO shopferry_changes", b"INSERT INTO shopferry_found", b"UPDATE (SELECT", b"COMMIT"],
)
def test_a_connection_lost_before_the_commit(two_shops: PrestaShopDatabase, wire: MakeWire, statement: bytes) -> None:
    before = two_shops.everything()
    cut, route = wire(statement, "before")
    with pytest.raises(DatabaseUnavailable) as failed:
        route.write(CHANGES)
    assert cut.broken
    assert failed.value.retryable
    assert not failed.value.maybe_written
    assert two_shops.everything() == before
    assert route.write(CHANGES).changed == (1, 2, 3, 4)


def test_a_commit_whose_answer_is_lost_is_found_to_stand(two_shops: PrestaShopDatabase, wire: MakeWire) -> None:
    cut, route = wire(b"COMMIT", "after")
    batches = list(route.batches(CHANGES, batch=2))
    assert cut.broken
    assert [each.changed for each in batches] == [(1, 2), (3, 4)]
    assert batches[0].rows == {"stock_available": 2, "product_lang": 4, "product_shop": 2, "product": 2}
    assert {two_shops.stock_of(number)[0] for number in (1, 2, 3, 4)} == {(5, 7, 1)}
    assert route.write(CHANGES).unchanged == (1, 2, 3, 4)


def test_what_the_shop_changed_again_meanwhile_is_not_remembered(two_shops: PrestaShopDatabase, wire: MakeWire) -> None:
    sold = "UPDATE ps_stock_available SET quantity = 4 WHERE id_product = 2 AND id_shop = 1"
    _, route = wire(b"COMMIT", "after", meanwhile=lambda: two_shops.run(sold))
    written = route.write(CHANGES)
    assert written.changed == (1, 3, 4)
    assert written.incomplete == {2: "was changed by the shop meanwhile"}
    assert written.settled == (1, 3, 4)


def test_a_transaction_that_still_waits_for_its_commit_is_not_taken_for_undone(
    two_shops: PrestaShopDatabase, wire: MakeWire
) -> None:
    before = two_shops.everything()
    cut, route = wire(b"COMMIT", "hang")
    with pytest.raises(UncertainCommit) as failed:
        route.write(CHANGES)
    assert failed.value.maybe_written
    assert failed.value.retryable
    cut.close()
    wait_until(lambda: others(two_shops) == [], "the server to notice")
    assert two_shops.everything() == before


def test_nobody_can_tell_when_the_server_stays_away(two_shops: PrestaShopDatabase, wire: MakeWire) -> None:
    _, route = wire(b"COMMIT", "after", stay_broken=True)
    batches = route.batches(CHANGES, batch=2)
    with pytest.raises(UncertainCommit):
        next(batches)
    assert ShopSql(two_shops.settings, 1).write(CHANGES).unchanged == (1, 2)


def test_a_batch_that_was_given_stands_when_the_next_one_fails(two_shops: PrestaShopDatabase) -> None:
    route = ShopSql(two_shops.settings, 1)
    batches = route.batches(CHANGES, batch=2)
    assert next(batches).changed == (1, 2)
    [ours] = others(two_shops)
    two_shops.run("KILL %s", (ours,))
    with pytest.raises(DatabaseUnavailable):
        next(batches)
    assert [two_shops.stock_of(number)[0][2] for number in (1, 2, 3, 4)] == [1, 1, 2, 2]


@pytest.mark.parametrize("table", ["ps_stock_available", "ps_product_lang", "ps_product"])
def test_a_row_that_somebody_holds(two_shops: PrestaShopDatabase, second: pymysql.cursors.Cursor, table: str) -> None:
    before = two_shops.everything()
    second.execute(f"SELECT * FROM {table} WHERE id_product = 3 FOR UPDATE")
    with pytest.raises(DatabaseBusy) as failed:
        ShopSql(two_shops.settings, 1).write(CHANGES)
    assert failed.value.codes == (1205,)
    assert failed.value.retryable
    assert two_shops.everything() == before
    second.execute("ROLLBACK")
    assert ShopSql(two_shops.settings, 1).write(CHANGES).changed == (1, 2, 3, 4)


def test_rows_that_need_no_change_are_not_waited_for(
    two_shops: PrestaShopDatabase, second: pymysql.cursors.Cursor
) -> None:
    route = ShopSql(two_shops.settings, 1)
    route.write(CHANGES)
    second.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")  # lock these rows and no gaps
    for table in ("ps_product_lang", "ps_stock_available", "ps_product_shop", "ps_product"):
        second.execute(f"SELECT * FROM {table} WHERE id_product = 3 FOR UPDATE")
    other = Change(1, 0, {EN: "No", PL: "Nie"}, quantity=0, price=Decimal(3))
    assert route.write([*CHANGES[1:], other]).changed == (1,)


def test_a_deadlock(two_shops: PrestaShopDatabase, second: pymysql.cursors.Cursor) -> None:
    before = two_shops.everything()
    failed: list[DatabaseError] = []

    def write() -> None:
        try:
            ShopSql(replace(two_shops.settings, lock_wait=20), 1).write(CHANGES)
        except DatabaseError as error:
            failed.append(error)

    second.execute("UPDATE ps_product SET reference = 'held'")
    lines = [(f"KEY_{number}",) for number in range(1000)]  # of two transactions, the server ends the lighter one
    second.executemany("INSERT INTO ps_configuration (name, date_add, date_upd) VALUES (%s, NOW(), NOW())", lines)
    writer = threading.Thread(target=write)
    writer.start()
    waiting = re.compile(rf"WAITING .*\n.*`{two_shops.name}`\.`ps_product` ")
    wait_until(lambda: bool(waiting.search(two_shops.rows("SHOW ENGINE INNODB STATUS")[0][2])), "the writer to wait")
    second.execute("UPDATE ps_stock_available SET location = 'x' WHERE id_shop = 1")
    writer.join(20)
    second.execute("ROLLBACK")
    assert [(type(error), error.codes, error.retryable) for error in failed] == [(DatabaseBusy, (1213,), True)]
    assert two_shops.everything() == before


def test_other_rows_than_planned(two_shops: PrestaShopDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the count and the write, the shop changes a row."""
    apply = Batch._apply

    def meanwhile(*args: object) -> dict[str, int]:
        two_shops.run("UPDATE ps_stock_available SET out_of_stock = 1, quantity = 5 WHERE id_product = 3")
        return apply(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(Batch, "_apply", meanwhile)
    with pytest.raises(RowsDisagree, match=r"stock_available: 4 rows were to change, 3 matched; all rolled back"):
        ShopSql(two_shops.settings, 1).write(CHANGES)
    assert two_shops.stock_of(1) == {0: (10, 12, 2)}
    assert two_shops.moved()["product"] == set()


def test_a_database_that_stores_something_else(two_shops: PrestaShopDatabase) -> None:
    """A module's trigger, for example: the right number of rows, with other values."""
    two_shops.run(
        "CREATE TRIGGER meddling BEFORE UPDATE ON ps_product_lang FOR EACH ROW SET NEW.available_now = 'Our own'"
    )
    before = two_shops.everything()
    with pytest.raises(RowsDisagree, match=r"product 1: available_now is 'Our own', not 'Yes'"):
        ShopSql(two_shops.settings, 1).write(CHANGES)
    assert two_shops.everything() == before
