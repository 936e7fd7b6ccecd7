"""What surrounds every page: menu, health, badge, theme."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from admin import health
from admin.database import db
from admin.i18n import _
from models import JobProgress
from models.jobs import ACTIVE

PARTS = {"feeds": "suppliers", "feed_runs": "suppliers", "links": "shops", "availability": "shops"}
"""Pages that belong to an entry of another name."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu; `badge` is a number or a mark, with words for those who do not see it."""

    text: str
    url: str
    icon: str
    key: str
    here: bool
    badge: str = ""
    badge_text: str = ""


def init_app(app: Flask) -> None:
    """Give every template what the frame shows."""
    app.context_processor(_context)


def active_count() -> int:
    """How many jobs wait or run. Counted once a request."""
    if "active_count" not in g:
        query = select(func.count()).select_from(JobProgress).where(JobProgress.status.in_(ACTIVE))
        g.active_count = db.session.scalar(query) or 0
    return int(g.active_count)


def _context() -> dict[str, Any]:
    context: dict[str, Any] = {"theme": theme(), "signed_in": False}
    try:
        if not current_user.is_authenticated or current_user.user.one_time_password:
            return context
        count = active_count()
    except SQLAlchemyError:  # an error page about the database must not fail on it again
        return context
    report = health.report()
    menu = _menu(count, report.ok)
    return {**context, "signed_in": True, "menu": menu, "health": report, "user": current_user.user}


def theme() -> str | None:
    """What the reader chose; None leaves it to the system."""
    chosen = request.cookies.get("theme")
    return chosen if chosen in ("light", "dark") else None


def _menu(active: int, healthy: bool) -> list[Entry]:
    blueprint = PARTS.get(request.blueprint or "", request.blueprint)
    entries = (
        ("overview", _("Overview"), "overview.show", "home", "o"),
        ("products", _("Products"), "products.index", "box", "p"),
        ("shops", _("Shops"), "shops.index", "shop", "s"),
        ("suppliers", _("Suppliers"), "suppliers.index", "truck", "u"),
        ("jobs", _("Jobs"), "jobs.index", "list", "r"),
        ("schedules", _("Schedules"), "schedules.index", "clock", "t"),
        ("system", _("System"), "system.show", "gauge", "y"),
    )
    marks = {
        "jobs": (str(active) if active else "", _("active")),
        "system": ("" if healthy else "!", _("something is broken")),
    }
    return [
        Entry(
            text,
            url_for(endpoint),
            icon,
            key,
            blueprint == name,
            *marks.get(name, ("", "")),
        )
        for name, text, endpoint, icon, key in entries
    ]
