"""Marks of a plan: whether product, link or shop changed between the plan and its apply. Pure."""

import hashlib
import json
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from sync.rehearsal.images import INVENTED
from sync.strategies.work import Work
from sync.transform.remote import canonical


def local_mark(work: Work) -> str:
    """A mark of all that we know of the product and would show in this shop."""
    product = asdict(work.product)
    product.pop("changed_at")
    return _mark(product)


def plan_mark(work: Work) -> str:
    """A mark of the whole plan: the product, what would be sent, and what the shop showed of it before.

    Ids of things in the shop are left out: a category that is yet to be made has none while it is only planned.
    """
    plan = work.plan
    document = canonical(plan.document) if plan else {}
    number = work.link.external_id
    return _mark(
        {
            "product": local_mark(work),
            "external_id": None if number is None or number >= INVENTED else number,
            "create": bool(plan and plan.create),
            "fields": sorted(document),
            "values": {
                name: value for name, value in document.items() if not name.startswith(("id_", "associations."))
            },
            "quantity": plan.quantity if plan else None,
            "shown": work.shown,
            "kept": sorted(work.kept),
        }
    )


def _mark(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"no mark of {type(value).__name__}")
