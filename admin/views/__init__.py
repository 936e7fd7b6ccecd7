"""Pages: one noun, one file."""

from flask import Flask

from admin.views import (
    account,
    conflicts,
    dead_messages,
    drift,
    intake,
    job_errors,
    jobs,
    overview,
    plans,
    product_shops,
    products,
    push,
    queues,
    schedules,
    shop_content,
    shops,
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
