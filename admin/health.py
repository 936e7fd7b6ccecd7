"""Whether database, broker, workers and scheduler do their work, asked at most every few seconds."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

import migrations
from admin.database import db, services
from admin.i18n import _, language, ngettext

KEPT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the system: does it work, what was seen, and what to do if not."""

    key: str
    name: str
    ok: bool
    evidence: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Every part; `summary` is the short line of the frame, `waiting` the messages in each queue, `delayed` those that
    wait for their time there, `long` the queues where more than `limit` wait."""

    parts: tuple[Part, ...]
    summary: str
    waiting: Mapping[str, int] = field(default_factory=dict)
    delayed: Mapping[str, int] = field(default_factory=dict)
    limit: int = 100

    @property
    def long(self) -> tuple[str, ...]:
        return tuple(queue for queue, number in self.waiting.items() if number > self.limit)

    @property
    def ok(self) -> bool:
        return all(part.ok for part in self.parts)


def report() -> Report:
    """The last report in the reader's language, renewed when it is older than ten seconds."""
    kept: dict[str, tuple[float, Report]] = current_app.extensions.setdefault("shopferry_health", {})
    made, last = kept.get(language(), (0.0, None))
    if last is None or time.monotonic() - made > KEPT_SECONDS:
        last = fresh_report(tables_too=last is None or not last.ok)
        kept[language()] = (time.monotonic(), last)
    return last


def fresh_report(tables_too: bool = True) -> Report:
    """Ask every part now; with `tables_too` also whether the tables are those of this version."""
    from tasks import health

    found = health.check()
    database = _database(tables_too)
    workers = Part(
        "workers", _("Workers"), found.workers > 0,
        ngettext("%(num)s worker", "%(num)s workers", found.workers),
        _("Nothing is pushed until a worker runs. Start one: honcho start, or the worker line of the Procfile."),
    )  # fmt: skip
    broker = Part(
        "broker", _("Broker"), found.broker is None, found.broker or _("%(kind)s answers", kind=found.kind or "Redis"),
        _("Jobs are kept and go on once the broker answers. Check BROKER_URL and that it runs."),
    )  # fmt: skip
    scheduler = Part(
        "scheduler", _("Scheduler"), found.scheduler,
        _("was here within the last minutes") if found.scheduler else _("no sign of life"),
        _("Stalled jobs are not taken up again until a scheduler runs: the scheduler line of the Procfile."),
    )  # fmt: skip
    limit = int(current_app.config["QUEUE_WARNING"])
    return Report((database, broker, workers, scheduler), workers.evidence, found.waiting, found.delayed, limit)


def _database(tables_too: bool) -> Part:
    name = _("Database")
    try:
        db.session.execute(text("SELECT 1"))
        current = not tables_too or migrations.is_current(services().db.engine)
    except SQLAlchemyError as error:
        return Part("database", name, False, type(error).__name__, _("Check DATABASE_URL and that the server runs."))
    if not current:
        return Part("database", name, False, _("its tables are of an older version"), _("Run: manage.py migrate"))
    return Part("database", name, True, db.engine.dialect.name)
