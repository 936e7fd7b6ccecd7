"""The web process: `gunicorn wsgi:app`."""

import telemetry
from admin import create_app
from settings import Settings

settings = Settings.from_env()
telemetry.configure(settings)
app = create_app(settings)
