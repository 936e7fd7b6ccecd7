"""JSON for the live pages."""

from flask import Flask

from admin.api import jobs


def init_app(app: Flask) -> None:
    """Register everything under /api."""
    app.register_blueprint(jobs.blueprint)
