"""The words and icons of states: never a colour alone. Icons are the symbols of static/icons.svg."""

from dataclasses import dataclass, replace
from typing import Any

from admin.i18n import _, duration, lazy_gettext, ngettext, number, pgettext, rough_duration
from models import ItemStatus, JobStatus, JobType, Shop, ShopHealth, SyncStatus
from sync.progress import JobView

STATE_LOOKS: dict[str, tuple[str, str]] = {
    JobStatus.PENDING: ("pending", "clock"),
    JobStatus.RUNNING: ("running", "spin"),
    JobStatus.COMPLETED: ("done", "check"),
    JobStatus.COMPLETED_WITH_ERRORS: ("warned", "warn"),
    JobStatus.FAILED: ("failed", "cross"),
    JobStatus.CANCELLED: ("pending", "ban"),
    JobStatus.INTERRUPTED: ("failed", "ban"),
    JobStatus.AWAITING_APPROVAL: ("warned", "question"),
    ItemStatus.CLAIMED: ("running", "spin"),
    ItemStatus.RETRY: ("warned", "again"),
    ItemStatus.PLANNED: ("pending", "clock"),
    ItemStatus.PUSHED: ("done", "check"),
    ItemStatus.UNCHANGED: ("done", "equal"),
    ItemStatus.SKIPPED: ("pending", "skip"),
    ItemStatus.SUPERSEDED: ("done", "skip"),
    ItemStatus.REFUSED: ("failed", "cross"),
    SyncStatus.SYNCING: ("running", "spin"),
    SyncStatus.SYNCED: ("done", "check"),
    SyncStatus.ERROR: ("failed", "cross"),
    SyncStatus.CONFLICT: ("warned", "warn"),
    ShopHealth.UNKNOWN: ("pending", "question"),
    ShopHealth.OK: ("done", "check"),
    ShopHealth.SLOW: ("warned", "clock"),
    ShopHealth.DOWN: ("failed", "cross"),
    "changed": ("warned", "clock"),
    "none": ("pending", "none"),
    "inactive": ("pending", "ban"),
    "paused": ("pending", "pause"),
    "ok": ("done", "check"),
    "broken": ("failed", "cross"),
}
"""Of each state: the hue's class and the icon. States of the same name look the same everywhere."""
STATE_WORDS: dict[str, Any] = {
    "pending": lazy_gettext("Waiting"),
    "running": lazy_gettext("Running"),
    "completed": lazy_gettext("Completed"),
    "completed_with_errors": lazy_gettext("Completed with errors"),
    "failed": lazy_gettext("Failed"),
    "cancelled": lazy_gettext("Cancelled"),
    "interrupted": lazy_gettext("Interrupted"),
    "awaiting_approval": lazy_gettext("Awaits approval"),
    "claimed": lazy_gettext("In work"),
    "retry": lazy_gettext("To be retried"),
    "planned": lazy_gettext("Planned"),
    "pushed": lazy_gettext("Pushed"),
    "unchanged": lazy_gettext("Unchanged"),
    "skipped": lazy_gettext("Skipped"),
    "superseded": lazy_gettext("Superseded"),
    "refused": lazy_gettext("Refused"),
    "syncing": lazy_gettext("Being pushed"),
    "synced": lazy_gettext("In step"),
    "error": lazy_gettext("Error"),
    "conflict": lazy_gettext("Conflict"),
    "changed": lazy_gettext("Changed since"),
    "none": lazy_gettext("Never pushed"),
    "unknown": lazy_gettext("Not tested"),
    "ok": lazy_gettext("Works"),
    "slow": lazy_gettext("Slow"),
    "down": lazy_gettext("Down"),
    "inactive": lazy_gettext("Switched off"),
    "paused": lazy_gettext("Paused"),
    "broken": lazy_gettext("Broken"),
}


@dataclass(frozen=True, slots=True)
class State:
    """A state as it is shown."""

    name: str
    text: str
    hue: str
    icon: str


def state(name: str) -> State:
    """How to show a state of a job, an item, a link or a shop."""
    hue, icon = STATE_LOOKS.get(name, ("pending", "question"))
    return State(name, str(STATE_WORDS.get(name, name)), hue, icon)


def job_type_text(job_type: str) -> str:
    """The kind of a job."""
    words = {JobType.SYNC: pgettext("kind of job", "Push"), JobType.IMPORT: _("Import"), JobType.EXPORT: _("Export")}
    return words.get(JobType(job_type), job_type) if job_type in set(JobType) else job_type


def job_text(job: JobView) -> str:
    """What a job does, how far it is, and where: "Pushing… 5/150 products to Cyan"."""
    values = {
        "done": number(job.current_count),
        "total": number(job.total_count),
        "shop": job.shop_name or _("a deleted shop"),
    }
    running = job.status == JobStatus.RUNNING and not job.paused
    if job.kind == "feed":
        text = (
            _("Reading… %(done)s/%(total)s parts of %(feed)s") if running else _("%(feed)s: %(done)s/%(total)s parts")
        )
        return text % {**values, "feed": job.title} if job.total_count else str(job.title)
    if not job.total_count:
        return _("%(kind)s: %(shop)s", kind=job_type_text(job.job_type), shop=values["shop"])
    if job.job_type == JobType.IMPORT:
        text = (
            _("Importing… %(done)s/%(total)s products from %(shop)s")
            if running
            else (_("Import of %(done)s/%(total)s products from %(shop)s"))
        )
    elif job.job_type == JobType.SYNC:
        text = (
            _("Pushing… %(done)s/%(total)s products to %(shop)s")
            if running
            else (_("Push of %(done)s/%(total)s products to %(shop)s"))
        )
    else:
        text = (
            _("Exporting… %(done)s/%(total)s products to %(shop)s")
            if running
            else (_("Export of %(done)s/%(total)s products to %(shop)s"))
        )
    return text % values


def job_state(job: JobView) -> State:
    """How to show a job's state: one whose shop is paused waits, one that is asked to stop says so."""
    if job.cancel_requested and job.status == JobStatus.RUNNING:
        return replace(state(job.status), text=_("Stopping"))
    return state("paused") if job.paused else state(job.status)


def shop_state(shop: Shop) -> State:
    """How to show a shop: switched off, paused, or by its health."""
    if not shop.active:
        return state("inactive")
    return state("paused") if shop.paused_at is not None else state(shop.health)


def rate_text(job: JobView) -> str:
    """How fast: "212/s", or per minute where that reads better. Empty when it is not known."""
    if not job.rate or job.status != JobStatus.RUNNING:
        return ""
    if job.rate >= 1:
        return _("%(n)s/s", n=number(round(job.rate)))
    return _("%(n)s/min", n=number(max(1, round(job.rate * 60))))


def time_text(job: JobView) -> str:
    """How long it will still take, or how long it took."""
    if job.status == JobStatus.RUNNING:
        return _("about %(time)s left", time=rough_duration(job.eta_seconds)) if job.eta_seconds else ""
    if job.duration_seconds is not None:
        return _("took %(time)s", time=duration(job.duration_seconds))
    return ""


def errors_text(count: int) -> str:
    """ "3 errors"."""
    return ngettext("%(num)s error", "%(num)s errors", count)


def check_name(name: str) -> str:
    """What a line of a connection test is about."""
    words = {
        "connection": _("Connection"),
        "rights": _("Rights"),
        "languages": _("Languages"),
        "speed": _("Latency"),
    }
    return words.get(name, name)
