"""Jobs and errors as JSON. Next to each raw value stands its text in the reader's language."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import request, url_for

from admin import words
from admin.i18n import language, number, percent
from sync.progress import ErrorRow, JobView


def job(view: JobView) -> dict[str, Any]:
    """One job. Counts are items, times ISO 8601 in UTC, `rate` items per second, durations seconds."""
    return jobs([view])[0]


def jobs(views: Sequence[JobView]) -> list[dict[str, Any]]:
    """Several jobs."""
    reader, root = language(), request.script_root
    return [_job(view, reader, root) for view in views]


@lru_cache(maxsize=512)
def _job(view: JobView, _language: str, _root: str) -> dict[str, Any]:
    """Made once as long as the job stays as it is: a poll of twenty bars has news of one or two."""
    look = words.job_state(view)
    return {
        "id": view.id,
        "job_id": view.job_id,
        "job_type": view.job_type,
        "kind": view.kind,
        "parent_id": view.parent_id,
        "title": view.title,
        "status": view.status,
        "shop_id": view.shop_id,
        "shop_name": view.shop_name,
        "user_name": view.user_name,
        "current_count": view.current_count,
        "total_count": view.total_count,
        "error_count": view.error_count,
        "progress_percentage": view.percentage,
        "rate": view.rate,
        "eta_seconds": view.eta_seconds,
        "duration_seconds": view.duration_seconds,
        "cancel_requested": view.cancel_requested,
        "paused": view.paused,
        "created_at": moment(view.created_at),
        "started_at": moment(view.started_at),
        "completed_at": moment(view.completed_at),
        "updated_at": moment(view.updated_at),
        "outcomes": view.outcomes,
        "url": url_for("jobs.show", progress_id=view.id),
        "shown": {
            "hue": look.hue,
            "icon": look.icon,
            "state": look.text,
            "text": words.job_text(view),
            "percent": percent(view.percentage),
            "rate": words.rate_text(view),
            "time": words.time_text(view),
            "errors": words.errors_text(view.error_count) if view.error_count else "",
            "outcomes": {name: number(count) for name, count in view.outcomes.items()},
        },
    }


def error(row: ErrorRow) -> dict[str, Any]:
    """One item that went wrong."""
    url = url_for("products.show", product_id=row.product_id) if row.product_id is not None else None
    return {
        "number": row.number,
        "item_id": row.item_id,
        "sku": row.sku,
        "status": row.status,
        "error": row.error,
        "url": url,
    }


def moment(value: datetime | None) -> str | None:
    """ISO 8601."""
    return value.isoformat() if value is not None else None
