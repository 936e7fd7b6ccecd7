"""Progress: what it costs our database to keep, and to show with a million items stored."""

import gc
import time
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import event, insert, update
from werkzeug.test import EnvironBuilder

from admin import create_app
from admin.accounts import create_user
from benchmarks.report import figure
from benchmarks.scene import scene
from models import Database, JobItem, JobProgress, Shop, now
from sync import jobs
from sync.chunks import Settled, claim, settle
from sync.kinds.push import PUSH
from sync.outcome import pushed
from sync.selection import Selection

JOBS, ITEMS = 100_000, 1_000_000


def writes() -> bool:
    """Statements that keep the progress of a job of 1,000 products."""
    with scene() as at:
        at.products(1000)
        with at.db.write() as session:
            session.add(Shop(id=1, name="Bench", address="http://127.0.0.1:9", key_encrypted=""))
        with at.db.write() as session:
            job = jobs.open_push(session, session.get_one(Shop, 1), Selection("all"))
            jobs.fill(session, job, PUSH)
        seen: list[str] = []
        event.listen(at.db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        while True:
            with at.db.write() as session:
                items = claim(session, job.id, "bench", at.services.policy)
                jobs.expect(session, job.id, 300)
            if not items:
                break
            with at.db.write() as session:
                settle(
                    session, job.id, "bench", [Settled(i, pushed("update", 1), 1) for i in items], at.services.policy
                )
    written = [one for one in seen if one.startswith(("UPDATE", "INSERT", "DELETE"))]
    each = len(written) * 25 / 1000
    return figure("statements that write progress, per 25 items", f"{each:.2f}", "at most 3", each <= 3)


def polling() -> bool:
    """The active-jobs JSON with a long history."""
    with scene() as at:
        _history(at.db)
        with at.db.write() as session:
            create_user(session, "bench", "bench-bench-bench")
        app = create_app(at.settings, WTF_CSRF_ENABLED=False)
        client = app.test_client()
        client.post("/sign-in", data={"name": "bench", "password": "bench-bench-bench"})
        assert client.get("/api/jobs/active").status_code == 200
        cookie = "; ".join(f"{one.key}={one.value}" for one in client._cookies.values())
        gc.collect()
        gc.freeze()  # what made the history is no part of a web process
        times = []
        for number in range(50):
            with at.db.write() as session:  # one of the twenty bars has moved since the last poll
                newest = JobProgress.id == JOBS - number % 20
                session.execute(update(JobProgress).where(newest).values(current_count=number % 10))
            times.append(_in_the_server(app, cookie))
        tag = client.get("/api/jobs/active").headers["ETag"]
        again = client.get("/api/jobs/active", headers={"If-None-Match": tag}).status_code
    median = sorted(times)[25]
    good = figure(
        f"active jobs as JSON, {ITEMS:,} items and {JOBS:,} jobs stored", f"{median:.2f} ms", "under 5 ms", median < 5
    )
    return figure("a poll without news", str(again), "304", again == 304) and good


def _in_the_server(app: Flask, cookie: str) -> float:
    """Milliseconds from the request's arrival to the last byte of its answer, without a client's own time."""
    environ = EnvironBuilder("/api/jobs/active", headers={"Cookie": cookie}).get_environ()
    statuses: list[str] = []
    started = time.perf_counter()
    body = app(environ, lambda status, *_: statuses.append(status) or (lambda _data: None))
    size = sum(len(part) for part in body)
    spent = (time.perf_counter() - started) * 1000
    body.close()  # type: ignore[attr-defined]
    assert statuses == ["200 OK"], statuses
    assert size > 1000
    return spent


def _history(db: Database) -> None:
    moment = now()
    with db.write() as session:
        session.add(Shop(id=1, name="Bench", address="http://127.0.0.1:9", key_encrypted=""))
        session.flush()
        for first in range(0, JOBS, 10_000):
            session.execute(insert(JobProgress), [_job(n, moment) for n in range(first, first + 10_000)])
        for first in range(0, ITEMS, 50_000):
            rows = [
                {"progress_id": n // 10 + 1, "key": f"product:{n}", "sku": f"B-{n}", "status": "pushed"}
                for n in range(first, first + 50_000)
            ]
            session.execute(insert(JobItem), rows)


def _job(number: int, moment: datetime) -> dict[str, object]:
    started = moment - timedelta(minutes=JOBS - number)
    ended = number < JOBS - 20
    return {
        "job_id": f"job-{number}", "job_type": "sync", "title": "Push products", "shop_id": 1,
        "status": "completed" if ended else "running", "current_count": 10 if ended else 5, "total_count": 10,
        "started_at": started, "completed_at": started if ended else None, "created_at": started,
        "updated_at": started, "heartbeat_at": started,
    }  # fmt: skip
