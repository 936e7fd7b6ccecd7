"""The System page: what runs, what does not, which versions. And /healthz for probes."""

import platform
from importlib.metadata import version

from flask import Blueprint, jsonify, render_template
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from admin import health
from admin.database import db

blueprint = Blueprint("system", __name__)

LIBRARIES = ("Flask", "SQLAlchemy", "dramatiq", "periodiq", "requests", "lxml")


@blueprint.get("/system")
def show() -> str:
    """Every part with what was seen, asked now."""
    versions = {"Python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}
    return render_template("system.html", report=health.fresh_report(), versions=versions)


@blueprint.get("/healthz")
def healthz() -> tuple[Response, int]:
    """200 while this process can answer from its database, else 503. Says nothing else."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return jsonify(status="database unavailable"), 503
    return jsonify(status="ok"), 200
