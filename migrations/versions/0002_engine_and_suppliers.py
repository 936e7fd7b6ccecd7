"""The engine, and suppliers

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

import models.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WORDS = (
    "to_tsvector('simple', regexp_replace(lower(sku || ' ' || coalesce(ean, '') || ' ' || name), "
    "'[^[:alnum:]]+', ' ', 'g'))"
)
PRICE_FACTOR = {"sqlite": "1000000", "postgresql": "1", "mysql": "1", "mariadb": "1"}
"""1 as models.types.Amount keeps it."""


def upgrade() -> None:
    op.create_table(
        "dead_messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("payload", sa.LargeBinary(length=16777215), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("traceback", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("enqueued_at", models.types.UtcDateTime(), nullable=True),
        sa.Column("died_at", models.types.UtcDateTime(), nullable=False),
        sa.Column("settled_at", models.types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_messages")),
        sa.UniqueConstraint("message_id", name=op.f("uq_dead_messages_message_id")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("dead_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dead_messages_actor"), ["actor"], unique=False)
        batch_op.create_index("ix_dead_messages_status_died", ["status", "died_at"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", models.types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_deliveries")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deliveries_last_at"), ["last_at"], unique=False)

    op.create_table(
        "presences",
        sa.Column("claimant", sa.String(length=64), nullable=False),
        sa.Column("process", sa.String(length=64), nullable=False),
        sa.Column("beats", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("claimant", name=op.f("pk_presences")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("presences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_presences_process"), ["process"], unique=False)

    op.create_table(
        "queue_pauses",
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("paused_by", sa.String(length=100), nullable=False),
        sa.Column("paused_at", models.types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("queue", name=op.f("pk_queue_pauses")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "suppliers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", models.types.Words(length=100), nullable=False),
        sa.Column("contractor_id", models.types.Words(length=64), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", models.types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", models.types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppliers")),
        sa.UniqueConstraint("name", name=op.f("uq_suppliers_name")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("name", models.types.Words(length=100), nullable=False),
        sa.Column("format", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=1000), nullable=False),
        sa.Column("auth", sa.JSON(), nullable=False),
        sa.Column("auth_secret_encrypted", sa.Text(), nullable=True),
        sa.Column("preset", sa.String(length=32), nullable=True),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("mapping", models.types.Texts(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("missing_behavior", sa.String(length=16), nullable=False),
        sa.Column("safety", sa.JSON(), nullable=False),
        sa.Column("row_limit", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("last_headers", sa.JSON(), nullable=False),
        sa.Column("etag", sa.String(length=255), nullable=True),
        sa.Column("last_modified", sa.String(length=64), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("settings_hash", sa.String(length=32), nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("checked_at", models.types.UtcDateTime(), nullable=True),
        sa.Column("succeeded_at", models.types.UtcDateTime(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("created_at", models.types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", models.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.id"], name=op.f("fk_feeds_supplier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("supplier_id", "name", name=op.f("uq_feeds_supplier_id_name")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "shop_availability",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("min_stock_threshold", sa.Integer(), nullable=False),
        sa.Column("only_changed", sa.Boolean(), nullable=False),
        sa.Column("texts", models.types.Texts(), nullable=False),
        sa.Column("supplier_rule", sa.String(length=16), nullable=False),
        sa.Column("supplier_ids", sa.JSON(), nullable=False),
        sa.Column("allow_value", sa.Integer(), nullable=False),
        sa.Column("deny_value", sa.Integer(), nullable=False),
        sa.Column("write_quantities", sa.Boolean(), nullable=False),
        sa.Column("product_listing_enabled", sa.Boolean(), nullable=False),
        sa.Column("route", sa.String(length=8), nullable=False),
        sa.Column("created_at", models.types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", models.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_shop_availability_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_shop_availability")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "shop_databases",
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=128), nullable=False),
        sa.Column("password_encrypted", sa.Text(), nullable=False),
        sa.Column("prefix", sa.String(length=32), nullable=False),
        sa.Column("id_shop", sa.Integer(), nullable=False),
        sa.Column("tls", sa.Boolean(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("checked_at", models.types.UtcDateTime(), nullable=True),
        sa.Column("created_at", models.types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", models.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_shop_databases_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_shop_databases")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "combinations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("sku", models.types.Code(length=64), nullable=True),
        sa.Column("ean", sa.String(length=14), nullable=True),
        sa.Column("supplier_reference", models.types.Words(length=64), nullable=True),
        sa.Column("options", models.types.Texts(), nullable=False),
        sa.Column("price", models.types.Amount(precision=20, scale=6), nullable=False),
        sa.Column("weight", models.types.Amount(precision=20, scale=6), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("minimal_quantity", sa.Integer(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("images", sa.JSON(), nullable=False),
        sa.Column("created_at", models.types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", models.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_combinations_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_combinations")),
        sa.UniqueConstraint("sku", name=op.f("uq_combinations_sku")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("combinations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_combinations_ean"), ["ean"], unique=False)
        batch_op.create_index("ix_combinations_product", ["product_id", "position"], unique=False)

    op.create_table(
        "feed_chunks",
        sa.Column("progress_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("rows", sa.LargeBinary(length=16777215), nullable=False),
        sa.ForeignKeyConstraint(
            ["progress_id"], ["job_progress.id"], name=op.f("fk_feed_chunks_progress_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("progress_id", "number", name=op.f("pk_feed_chunks")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "feed_rows",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("key", models.types.Code(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=32), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("linked_by", sa.String(length=16), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("progress_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_feed_rows_feed_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_feed_rows_product_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_rows")),
        sa.UniqueConstraint("feed_id", "key", name=op.f("uq_feed_rows_feed_id_key")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("feed_rows", schema=None) as batch_op:
        batch_op.create_index("ix_feed_rows_feed_hash", ["feed_id", "hash"], unique=False)
        batch_op.create_index("ix_feed_rows_feed_result", ["feed_id", "result", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_feed_rows_product_id"), ["product_id"], unique=False)

    op.create_table(
        "item_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("progress_id", sa.BigInteger(), nullable=True),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("resource", sa.String(length=32), nullable=False),
        sa.Column("external_id", sa.Integer(), nullable=False),
        sa.Column("operation", sa.String(length=16), nullable=False),
        sa.Column("before", models.types.Texts(), nullable=False),
        sa.Column("after", models.types.Texts(), nullable=False),
        sa.Column("created_at", models.types.UtcDateTime(), nullable=False),
        sa.Column("undone", sa.String(length=16), nullable=True),
        sa.Column("undone_by", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_item_changes_product_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_item_changes_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_changes")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("item_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_changes_created_at"), ["created_at"], unique=False)
        batch_op.create_index("ix_item_changes_product_shop", ["product_id", "shop_id"], unique=False)
        batch_op.create_index("ix_item_changes_progress", ["progress_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_changes_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "link_candidates",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Integer(), nullable=False),
        sa.Column("matched_by", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("reference", models.types.Code(length=64), nullable=False),
        sa.Column("ean13", sa.String(length=14), nullable=False),
        sa.Column("name", models.types.Words(length=255), nullable=False),
        sa.Column("found_at", models.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_link_candidates_product_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_link_candidates_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_candidates")),
        sa.UniqueConstraint(
            "shop_id", "product_id", "external_id", name=op.f("uq_link_candidates_shop_id_product_id_external_id")
        ),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("link_candidates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_candidates_product_id"), ["product_id"], unique=False)
        batch_op.create_index("ix_link_candidates_shop_reason", ["shop_id", "reason", "id"], unique=False)

    op.create_table(
        "offers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=True),
        sa.Column("supplier_sku", models.types.Words(length=64), nullable=True),
        sa.Column("is_available", sa.Boolean(), nullable=True),
        sa.Column("stock_quantity", sa.Integer(), nullable=True),
        sa.Column("delivery_days", sa.Integer(), nullable=True),
        sa.Column("purchase_price", models.types.Amount(precision=20, scale=6), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("checked_at", models.types.UtcDateTime(), nullable=False),
        sa.Column("changed_at", models.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_offers_feed_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_offers_product_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["suppliers.id"], name=op.f("fk_offers_supplier_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint("product_id", "supplier_id", name=op.f("uq_offers_product_id_supplier_id")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.create_index("ix_offers_changed_at", ["changed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_offers_feed_id"), ["feed_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offers_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "product_features",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("feature", models.types.Texts(), nullable=False),
        sa.Column("value", models.types.Texts(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_features_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_features")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("product_features", schema=None) as batch_op:
        batch_op.create_index("ix_product_features_product", ["product_id", "position"], unique=False)

    op.create_table(
        "schedules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", models.types.Code(length=80), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=True),
        sa.Column("feed_id", sa.Integer(), nullable=True),
        sa.Column("cron", sa.String(length=64), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("next_run_at", models.types.UtcDateTime(), nullable=True),
        sa.Column("last_run_at", models.types.UtcDateTime(), nullable=True),
        sa.Column("running_until", models.types.UtcDateTime(), nullable=True),
        sa.Column("progress_id", sa.BigInteger(), nullable=True),
        sa.Column("last_result", sa.Text(), nullable=True),
        sa.Column("created_at", models.types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", models.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_schedules_feed_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_schedules_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
        sa.UniqueConstraint("key", name=op.f("uq_schedules_key")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_schedules_feed_id"), ["feed_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_schedules_next_run_at"), ["next_run_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_schedules_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "combination_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("combination_id", sa.Integer(), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Integer(), nullable=True),
        sa.Column("stock_available_id", sa.Integer(), nullable=True),
        sa.Column("made", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("sent", sa.JSON(), nullable=False),
        sa.Column("quantity_sent", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_combination_links_product_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["combination_id"],
            ["combinations.id"],
            name=op.f("fk_combination_links_combination_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_combination_links_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_combination_links")),
        sa.UniqueConstraint("combination_id", "shop_id", name=op.f("uq_combination_links_combination_id_shop_id")),
        sa.UniqueConstraint("shop_id", "external_id", name=op.f("uq_combination_links_shop_id_external_id")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("combination_links", schema=None) as batch_op:
        batch_op.create_index("ix_combination_links_product", ["product_id", "shop_id"], unique=False)

    op.create_table(
        "departed_products",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Integer(), nullable=False),
        sa.Column("sku", models.types.Code(length=64), nullable=False),
        sa.Column("name", models.types.Words(length=255), nullable=False),
        sa.Column("departed_at", models.types.UtcDateTime(), nullable=False),
        sa.Column("deactivated_at", models.types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_departed_products_shop_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departed_products")),
        sa.UniqueConstraint("shop_id", "external_id", name=op.f("uq_departed_products_shop_id_external_id")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "sent_documents",
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.LargeBinary(length=16777215), nullable=False),
        sa.Column("agreed_at", models.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["product_sync_status.id"], name=op.f("fk_sent_documents_link_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_sent_documents")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    op.create_table(
        "specific_prices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("combination_id", sa.Integer(), nullable=True),
        sa.Column("shop_id", sa.Integer(), nullable=True),
        sa.Column("customer_group", models.types.Words(length=64), nullable=False),
        sa.Column("from_quantity", sa.Integer(), nullable=False),
        sa.Column("price", models.types.Amount(precision=20, scale=6), nullable=True),
        sa.Column("reduction", models.types.Amount(precision=20, scale=6), nullable=False),
        sa.Column("reduction_type", sa.String(length=16), nullable=False),
        sa.Column("reduction_tax", sa.Boolean(), nullable=False),
        sa.Column("starts_at", models.types.UtcDateTime(), nullable=True),
        sa.Column("ends_at", models.types.UtcDateTime(), nullable=True),
        sa.Column("created_at", models.types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", models.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["combination_id"], ["combinations.id"], name=op.f("fk_specific_prices_combination_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_specific_prices_product_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_specific_prices_shop_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_specific_prices")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("specific_prices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_specific_prices_combination_id"), ["combination_id"], unique=False)
        batch_op.create_index("ix_specific_prices_product", ["product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_specific_prices_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "specific_price_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("specific_price_id", sa.Integer(), nullable=True),
        sa.Column("external_id", sa.Integer(), nullable=False),
        sa.Column("made", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_specific_price_links_product_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_specific_price_links_shop_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["specific_price_id"],
            ["specific_prices.id"],
            name=op.f("fk_specific_price_links_specific_price_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_specific_price_links")),
        sa.UniqueConstraint("shop_id", "external_id", name=op.f("uq_specific_price_links_shop_id_external_id")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("specific_price_links", schema=None) as batch_op:
        batch_op.create_index("ix_specific_price_links_product", ["product_id", "shop_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_specific_price_links_specific_price_id"), ["specific_price_id"], unique=False
        )

    with op.batch_alter_table("job_items", schema=None) as batch_op:
        batch_op.add_column(sa.Column("signature", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("data", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("history", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("retried_by", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("kills", sa.Integer(), nullable=False, server_default="0"))
        batch_op.drop_column("claimed_until")
        batch_op.create_index(
            "ix_job_items_signature",
            ["signature", "progress_id"],
            unique=False,
            postgresql_where=sa.text("signature IS NOT NULL"),
            sqlite_where=sa.text("signature IS NOT NULL"),
        )

    with op.batch_alter_table("job_progress", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=32), nullable=False, server_default="push"))
        batch_op.add_column(sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("feed_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("expires_at", models.types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("lane_round", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("earlier_mark", models.types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("earlier_count", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("later_mark", models.types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("later_count", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index(batch_op.f("ix_job_progress_feed_id"), ["feed_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_progress_parent_id"), ["parent_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_job_progress_parent_id"), "job_progress", ["parent_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_job_progress_feed_id"), "feeds", ["feed_id"], ["id"], ondelete="SET NULL"
        )

    with op.batch_alter_table("product_overrides", schema=None) as batch_op:
        batch_op.add_column(sa.Column("locked", sa.JSON(), nullable=False, server_default="[]"))

    with op.batch_alter_table("product_sync_status", schema=None) as batch_op:
        batch_op.add_column(sa.Column("linked_by", sa.String(length=16), nullable=False, server_default="push"))
        batch_op.add_column(sa.Column("seen", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("shop_changed_at", models.types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("drift", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("drift_checked_at", models.types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("availability", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("availability_sent_at", models.types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("conflict", sa.JSON(none_as_null=True), nullable=True))
        batch_op.drop_column("claimed_until")

    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.add_column(sa.Column("supplier_reference", models.types.Words(length=64), nullable=True))
        batch_op.add_column(sa.Column("minimal_quantity", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("condition", sa.String(length=16), nullable=False, server_default="new"))
        batch_op.add_column(sa.Column("visibility", sa.String(length=16), nullable=False, server_default="both"))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE INDEX ix_products_words ON products USING gin ({WORDS})")

    with op.batch_alter_table("shop_mappings", schema=None) as batch_op:
        batch_op.alter_column(
            "local_key",
            existing_type=sa.VARCHAR(length=128),
            type_=models.types.Code(length=288),
            existing_nullable=False,
        )
        batch_op.drop_column("claimed_until")

    with op.batch_alter_table("shop_slots", schema=None) as batch_op:
        batch_op.drop_column("held_until")

    with op.batch_alter_table("shops", schema=None) as batch_op:
        batch_op.add_column(sa.Column("removal_policy", sa.String(length=16), nullable=False, server_default="never"))
        batch_op.add_column(
            sa.Column(
                "price_factor",
                models.types.Amount(precision=20, scale=6),
                nullable=False,
                server_default=PRICE_FACTOR[op.get_bind().dialect.name],
            )
        )
        batch_op.add_column(sa.Column("price_rounding", sa.String(length=16), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("fallback_languages", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("locked_fields", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("image_limit", sa.Integer(), nullable=False, server_default="2000000"))
        batch_op.add_column(sa.Column("time_zone", sa.String(length=64), nullable=False, server_default="UTC"))
        batch_op.add_column(sa.Column("drift_budget", sa.Integer(), nullable=False, server_default="1000"))
        batch_op.add_column(sa.Column("paused_at", models.types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("paused_by", models.types.Words(length=100), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("shops", schema=None) as batch_op:
        batch_op.drop_column("paused_by")
        batch_op.drop_column("paused_at")
        batch_op.drop_column("drift_budget")
        batch_op.drop_column("time_zone")
        batch_op.drop_column("image_limit")
        batch_op.drop_column("locked_fields")
        batch_op.drop_column("fallback_languages")
        batch_op.drop_column("price_rounding")
        batch_op.drop_column("price_factor")
        batch_op.drop_column("removal_policy")

    with op.batch_alter_table("shop_slots", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_until", models.types.UtcDateTime(), nullable=True))

    with op.batch_alter_table("shop_mappings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claimed_until", models.types.UtcDateTime(), nullable=True))
        batch_op.alter_column(
            "local_key",
            existing_type=models.types.Code(length=288),
            type_=sa.VARCHAR(length=128),
            existing_nullable=False,
        )

    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_products_words", "products")
    with op.batch_alter_table("products", schema=None) as batch_op:
        batch_op.drop_column("visibility")
        batch_op.drop_column("condition")
        batch_op.drop_column("minimal_quantity")
        batch_op.drop_column("supplier_reference")

    with op.batch_alter_table("product_sync_status", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claimed_until", models.types.UtcDateTime(), nullable=True))
        batch_op.drop_column("conflict")
        batch_op.drop_column("availability_sent_at")
        batch_op.drop_column("availability")
        batch_op.drop_column("drift_checked_at")
        batch_op.drop_column("drift")
        batch_op.drop_column("shop_changed_at")
        batch_op.drop_column("seen")
        batch_op.drop_column("linked_by")

    with op.batch_alter_table("product_overrides", schema=None) as batch_op:
        batch_op.drop_column("locked")

    with op.batch_alter_table("job_progress", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_job_progress_feed_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_job_progress_parent_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_job_progress_parent_id"))
        batch_op.drop_index(batch_op.f("ix_job_progress_feed_id"))
        batch_op.drop_column("later_count")
        batch_op.drop_column("later_mark")
        batch_op.drop_column("earlier_count")
        batch_op.drop_column("earlier_mark")
        batch_op.drop_column("lane_round")
        batch_op.drop_column("expires_at")
        batch_op.drop_column("feed_id")
        batch_op.drop_column("parent_id")
        batch_op.drop_column("kind")

    with op.batch_alter_table("job_items", schema=None) as batch_op:
        batch_op.drop_index("ix_job_items_signature")
        batch_op.add_column(sa.Column("claimed_until", models.types.UtcDateTime(), nullable=True))
        batch_op.drop_column("kills")
        batch_op.drop_column("retried_by")
        batch_op.drop_column("history")
        batch_op.drop_column("data")
        batch_op.drop_column("signature")

    op.drop_table("specific_price_links")
    op.drop_table("specific_prices")
    op.drop_table("sent_documents")
    op.drop_table("departed_products")
    op.drop_table("combination_links")
    op.drop_table("schedules")
    op.drop_table("product_features")
    op.drop_table("offers")
    op.drop_table("link_candidates")
    op.drop_table("item_changes")
    op.drop_table("feed_chunks")
    op.drop_table("feed_rows")
    op.drop_table("combinations")
    op.drop_table("shop_databases")
    op.drop_table("shop_availability")
    op.drop_table("feeds")
    op.drop_table("suppliers")
    op.drop_table("queue_pauses")
    op.drop_table("presences")
    op.drop_table("deliveries")
    op.drop_table("dead_messages")
