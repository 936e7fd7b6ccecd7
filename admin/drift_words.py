"""Words for how long it takes to compare all of a shop."""

from admin.i18n import _, duration, ngettext, percent
from sync.drift.words import Cycle


def cycle_text(cycle: Cycle | None) -> str:
    """What a cycle took or will take; empty when nothing is known."""
    if cycle is None:
        return ""
    checks = ngettext("%(num)s check", "%(num)s checks", cycle.nights)
    time = duration(cycle.seconds) if cycle.seconds is not None else ""
    if cycle.requests is not None:
        requests = ngettext("%(num)s request", "%(num)s requests", cycle.requests)
        return _("a full cycle took %(checks)s, %(requests)s and %(time)s", checks=checks, requests=requests, time=time)
    if cycle.share is None:
        return _("a full cycle will take about %(checks)s", checks=checks)
    return _(
        "%(share)s of the products; a full cycle will take about %(checks)s and %(time)s",
        share=percent(round(100 * cycle.share)), checks=checks, time=time,
    )  # fmt: skip
