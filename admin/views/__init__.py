"""Pages: one noun, one file."""

from flask import Flask

from admin.views import (
    account,
    dead_messages,
    job_errors,
    jobs,
    overview,
    product_shops,
    products,
    push,
    queues,
    schedules,
    shops,
    system,
)

PAGES = (
    overview,
    products,
    product_shops,
    push,
    shops,
    job_errors,
    jobs,
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
