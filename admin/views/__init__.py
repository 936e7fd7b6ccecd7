"""Pages: one noun, one file."""

from flask import Flask

from admin.views import account, job_errors, jobs, overview, product_shops, products, push, shops, system


def init_app(app: Flask) -> None:
    """Register every page."""
    for module in (overview, products, product_shops, push, shops, job_errors, jobs, system, account):
        app.register_blueprint(module.blueprint)
