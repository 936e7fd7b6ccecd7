"""The System page: what runs, what does not, which versions. And /healthz for probes."""

import platform
import tomllib
from importlib.metadata import version
from pathlib import Path

from flask import Blueprint, jsonify, render_template
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from admin import health
from admin.database import db
from admin.queries import attention
from sync import dead_messages, queues
from tasks.broker import QUEUES

blueprint = Blueprint("system", __name__)

PROJECT = Path(__file__).parents[2] / "pyproject.toml"
LIBRARIES = ("Flask", "SQLAlchemy", "dramatiq", "periodiq", "requests", "lxml")


@blueprint.get("/system")
def show() -> str:
    """Every part with what was seen, asked now."""
    versions = {"Shopferry": own_version(), "Python": platform.python_version()}
    versions |= {name: version(name) for name in LIBRARIES}
    session = db.session()
    return render_template(
        "system.html",
        report=health.fresh_report(),
        versions=versions,
        queues=QUEUES,
        paused=queues.paused(session),
        dead=sum(dead_messages.counts(session).values()),
        feeds=attention.of_feeds(session),
    )


def own_version() -> str:
    """The version of this checkout."""
    return str(tomllib.loads(PROJECT.read_text())["project"]["version"]) if PROJECT.exists() else "?"


@blueprint.get("/healthz")
def healthz() -> tuple[Response, int]:
    """200 while this process can answer from its database, else 503. Says nothing else."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return jsonify(status="database unavailable"), 503
    return jsonify(status="ok"), 200
