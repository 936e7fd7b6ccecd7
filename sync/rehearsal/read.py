"""A plan as it is shown: counts, cost, and its items with what changes of each."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from models import ItemStatus, JobItem, JobProgress, JobStatus
from sync.errors import Missing
from sync.rehearsal.chunk import AGAIN

PAGE = 500
GROUPS: dict[str, ColumnElement[bool]] = {
    "again": JobItem.operation == AGAIN,
    "conflict": JobItem.operation == "conflict",
    "refused": JobItem.status == ItemStatus.REFUSED,
    "failed": JobItem.status == ItemStatus.FAILED,
    "create": JobItem.operation == "create",
    "update": JobItem.operation == "update",
    "unchanged": JobItem.status == ItemStatus.UNCHANGED,
}
"""What an item is counted as: the first that fits."""
OTHER = "other"
_GROUP = case(*((condition, name) for name, condition in GROUPS.items()), else_=OTHER)


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One product of a plan. `group` is a name of GROUPS, or other; `plan` as in sync.rehearsal.shape, or empty."""

    id: int
    product_id: int | None
    sku: str
    status: str
    group: str
    external_id: int | None
    error: str | None
    data: dict[str, Any] | None

    @property
    def plan(self) -> dict[str, Any]:
        return self.data or {}


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as a whole. `requests` and `seconds` are what pushing it takes, about; `fields` how many products change
    in which field; `also` the names of what is made besides products, by resource."""

    id: int
    status: str
    shop_id: int | None
    counts: dict[str, int]
    requests: int
    seconds: float
    fields: dict[str, int]
    also: dict[str, list[str]]
    expires_at: Any
    approved: bool
    categories_changed: bool

    @property
    def awaits(self) -> bool:
        return self.status == JobStatus.AWAITING_APPROVAL

    @property
    def planned(self) -> int:
        """How many products would be written."""
        return self.counts.get("create", 0) + self.counts.get("update", 0)


def has_plan(session: Session, progress_id: int) -> bool:
    """Whether the job holds or held a plan."""
    params = session.scalar(select(JobProgress.params).where(JobProgress.id == progress_id))
    return "plan" in (params or {})


def plan_of(session: Session, progress_id: int) -> Plan:
    """The plan that a job holds or held. Raises Missing."""
    job = session.get(JobProgress, progress_id)
    if job is None or "plan" not in job.params:
        raise Missing("plan", progress_id)
    grouped = select(_GROUP.label("name")).where(JobItem.progress_id == progress_id).subquery()
    # PostgreSQL does not group by an expression with parameters in it
    rows = session.execute(select(grouped.c.name, func.count()).group_by(grouped.c.name)).all()
    counts = {name: number for name, number in rows}  # noqa: C416 - a Row is no pair for mypy
    kept = job.summary.get("plan") or {}
    lanes = max(1, job.shop.max_concurrency) if job.shop else 1
    return Plan(
        id=job.id,
        status=job.status,
        shop_id=job.shop_id,
        counts={name: counts[name] for name in (*GROUPS, OTHER) if name in counts},
        requests=int(kept.get("reads", 0)) + int(kept.get("writes", 0)),
        seconds=float(kept.get("seconds", 0.0)) / lanes,
        fields=dict(sorted((kept.get("fields") or {}).items(), key=lambda pair: -pair[1])),
        also={resource: sorted(names.values()) for resource, names in (kept.get("also") or {}).items()},
        expires_at=job.expires_at,
        approved=bool(job.params.get("approved")),
        categories_changed=bool(kept.get("categories_changed")),
    )


def items(
    session: Session, progress_id: int, *, group: str | None = None, field: str | None = None, text: str = "",
    after: int = 0, limit: int = 50,
) -> list[PlanItem]:  # fmt: skip
    """Items of the plan, by id from `after` on; `group` one of GROUPS or other, `text` a part of the SKU, `field` the
    name of a field that changes."""
    query = select(
        JobItem.id, JobItem.product_id, JobItem.sku, JobItem.status, _GROUP, JobItem.external_id, JobItem.error,
        JobItem.data,
    ).where(JobItem.progress_id == progress_id)  # fmt: skip
    if group:
        query = query.where(GROUPS[group] if group in GROUPS else _GROUP.in_([OTHER]))
    if text:
        query = query.where(JobItem.sku.icontains(text, autoescape=True))
    found: list[PlanItem] = []
    while len(found) < limit:
        page = session.execute(query.where(JobItem.id > after).order_by(JobItem.id).limit(max(limit, PAGE))).all()
        rows = [PlanItem(*row) for row in page]
        found += [row for row in rows if field is None or field in fields_of(row.plan)]
        if len(page) < max(limit, PAGE):
            break
        after = page[-1][0]
    return found[:limit]


def fields_of(plan: dict[str, Any]) -> set[str]:
    """The fields that a plan changes, as in the job's summary: "price", "stock_availables.quantity"."""
    return {
        name if change["resource"] == "products" else f"{change['resource']}.{name}"
        for change in plan.get("changes", ())
        if change["operation"] == "update"
        for name in change["after"]
    }


def as_json(session: Session, progress_id: int) -> Iterator[str]:
    """The whole plan as one JSON document, in pieces. Raises Missing at once."""
    plan = plan_of(session, progress_id)
    return _pieces(session, plan)


def _pieces(session: Session, plan: Plan) -> Iterator[str]:
    head = {
        "job": plan.id, "status": plan.status, "shop_id": plan.shop_id, "counts": plan.counts,
        "requests": plan.requests, "seconds": round(plan.seconds, 1), "fields": plan.fields, "also": plan.also,
        "expires_at": plan.expires_at.isoformat() if plan.expires_at else None,
    }  # fmt: skip
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "items": ['
    after, first = 0, True
    while page := items(session, plan.id, after=after, limit=PAGE):
        for item in page:
            yield ("" if first else ",") + "\n" + json.dumps(_item(item), ensure_ascii=False)
            first = False
        after = page[-1].id
        session.expunge_all()
    yield "\n]}\n"


def _item(item: PlanItem) -> dict[str, Any]:
    shown = {name: value for name, value in item.plan.items() if name not in ("mark", "local")}
    return {
        "sku": item.sku, "product_id": item.product_id, "status": item.status, "group": item.group,
        "external_id": item.external_id, "error": item.error, **shown,
    }  # fmt: skip
