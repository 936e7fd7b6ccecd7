"""Pages: one noun, one file."""

from flask import Flask

from admin.views import (
    account,
    availability,
    conflicts,
    dead_messages,
    drift,
    feed_runs,
    feeds,
    intake,
    job_errors,
    jobs,
    links,
    overview,
    plans,
    product_shops,
    products,
    push,
    queues,
    schedules,
    shop_content,
    shops,
    suppliers,
    system,
    undo,
)

PAGES = (
    overview,
    products,
    product_shops,
    push,
    shops,
    shop_content,
    intake,
    drift,
    links,
    availability,
    suppliers,
    feeds,
    feed_runs,
    job_errors,
    jobs,
    undo,
    plans,
    conflicts,
    schedules,
    queues,
    system,
    dead_messages,
    account,
)


def init_app(app: Flask) -> None:
    """Register every page."""
    for module in PAGES:
        app.register_blueprint(module.blueprint)
