"""Tables and types on SQLite, PostgreSQL and MariaDB."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import IntegrityError, StatementError

import migrations
from models import Base, Database, JobProgress, Product, ProductSyncStatus, Shop
from tests.factories import make_product


def test_the_migrations_make_what_the_models_say(any_database: Database) -> None:
    with any_database.engine.connect() as connection:
        options = {"compare_type": False, "include_object": migrations.is_compared}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []
    assert migrations.is_current(any_database.engine)


def test_the_migrations_can_be_taken_back(any_database: Database) -> None:
    command.downgrade(migrations.config(any_database.engine), "base")
    assert set(inspect(any_database.engine).get_table_names()) == {"alembic_version"}
    assert not migrations.is_current(any_database.engine)


def test_money_is_exact(any_database: Database) -> None:
    with any_database.write() as session:
        for number, price in enumerate(("0.1", "0.2", "999999999999.999999")):
            make_product(session, f"P{number}", price=Decimal(price))
    with any_database.read() as session:
        prices = session.scalars(select(Product.price).order_by(Product.price)).all()
        assert prices == [Decimal("0.1"), Decimal("0.2"), Decimal("999999999999.999999")]
        assert session.scalar(select(func.sum(Product.price)).where(Product.price < 1)) == Decimal("0.3")


def test_time_is_utc_to_the_microsecond(any_database: Database) -> None:
    warsaw = datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    with any_database.write() as session:
        make_product(session, "P", changed_at=warsaw)
    with any_database.read() as session:
        assert session.scalar(select(Product.changed_at)) == datetime(2026, 7, 1, 10, 0, 0, 123456, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused(any_database: Database) -> None:
    with pytest.raises(StatementError, match="a time without a zone"), any_database.write() as session:
        make_product(session, "P", changed_at=datetime(2026, 7, 1))


def test_texts_are_composed_and_unicode_of_any_plane(any_database: Database) -> None:
    decomposed = "Kąpiel 🛁".replace("ą", "ą")
    with any_database.write() as session:
        make_product(session, "P", texts={"pl": {"name": decomposed}})
    with any_database.read() as session:
        product = session.scalars(select(Product)).one()
        assert product.name == product.texts["pl"]["name"] == "Kąpiel 🛁"


def test_a_sku_is_exact_and_unique(any_database: Database) -> None:
    with any_database.write() as session:
        for sku in ("mug", "MUG", "mug ", "múg"):
            make_product(session, sku)
    with any_database.read() as session:
        assert session.scalar(select(func.count()).where(Product.sku == "mug")) == 1
    with pytest.raises(IntegrityError), any_database.write() as session:
        make_product(session, "mug")


def test_a_product_and_a_shop_have_one_link(any_database: Database) -> None:
    with any_database.write() as session:
        session.add(Shop(id=1, name="Cyan", address="http://127.0.0.1", key_encrypted=""))
        product = make_product(session, "P")
        session.add(ProductSyncStatus(product_id=product.id, shop_id=1))
    with pytest.raises(IntegrityError), any_database.write() as session:
        session.add(ProductSyncStatus(product_id=product.id, shop_id=1))


def test_a_job_id_is_unique(any_database: Database) -> None:
    with any_database.write() as session:
        session.add(JobProgress(job_id="one", job_type="sync"))
    with pytest.raises(IntegrityError), any_database.write() as session:
        session.add(JobProgress(job_id="one", job_type="sync"))
