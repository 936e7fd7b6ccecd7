"""The admin: pages and JSON for operators, made by Flask; and the command line, which does without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from settings import Settings


def create_app(settings: Settings, **config: Any) -> Flask:
    """The Flask application, see admin.app. Imported when it is called: a command would wait two seconds for it."""
    from admin.app import create_app as create

    return create(settings, **config)
