"""A session a request, over the one engine of the process."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine

from models import Base
from models.engine import take_write_lock
from sync.services import Services

READING = ("GET", "HEAD", "OPTIONS")
View = TypeVar("View", bound=Callable[..., Any])


class _Sessions(SQLAlchemy):
    """Flask-SQLAlchemy with the engine that the services use: the same pragmas, the same BEGIN IMMEDIATE."""

    def _apply_driver_defaults(self, options: dict[str, Any], app: Flask) -> None:
        """Nothing: the engine is set up already, and SQLite's path is not relative to the instance folder."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        services: Services = app.extensions["shopferry"]
        return services.db.engine


db = _Sessions(metadata=Base.metadata, session_options={"expire_on_commit": False})


def init_app(app: Flask) -> None:
    """Give each request a session; one that changes things begins as a writing one."""
    app.config.setdefault("SQLALCHEMY_DATABASE_URI", "sqlite://")
    db.init_app(app)
    app.before_request(_begin)


def services() -> Services:
    """The services of this application."""
    found: Services = current_app.extensions["shopferry"]
    return found


def slow(view: View) -> View:
    """Mark a view that changes things but does slow work first: it calls `begin_writing()` itself, when it is ready."""
    view.slow = True  # type: ignore[attr-defined]
    return view


def begin_writing() -> None:
    """Leave what was read and begin a writing transaction."""
    db.session.rollback()
    take_write_lock(db.session())


def _begin() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method not in READING and view is not None and not getattr(view, "slow", False):
        take_write_lock(db.session())
