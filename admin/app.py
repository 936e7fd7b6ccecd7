"""The Flask application, put together."""

from typing import Any

from flask import Flask
from flask_bootstrap import Bootstrap5

import tasks
from admin import api, database, errors, formats, frame, i18n, identity, security, views
from settings import Settings
from tasks import context


def create_app(settings: Settings, **config: Any) -> Flask:
    """The application. `config` overrides Flask's own settings, such as RATELIMIT_STORAGE_URI."""
    tasks.configure(settings)
    app = Flask(__package__)
    app.config.update(BOOTSTRAP_SERVE_LOCAL=True, QUEUE_WARNING=settings.queue_warning, **config)
    app.extensions["shopferry"] = context.services()
    database.init_app(app)
    security.init_app(app, settings)
    identity.init_app(app)
    i18n.init_app(app)
    Bootstrap5(app)
    formats.init_app(app)
    frame.init_app(app)
    errors.init_app(app)
    views.init_app(app)
    api.init_app(app)
    return app
