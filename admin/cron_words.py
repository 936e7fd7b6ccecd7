"""When a schedule runs, in the reader's words. English comes from cronsim; other languages know the usual patterns."""

import re

from babel.dates import get_day_names

from admin.i18n import DEFAULT_LANGUAGE, _, language, ngettext
from sync.schedules.clock import describe

MINUTES = re.compile(r"\*/(\d+) \* \* \* \*")
HOURS = re.compile(r"0 \*/(\d+) \* \* \*")
DAYS = re.compile(r"(\d+) (\d+) \* \* (\*|[0-7](?:[-,][0-7])*)")


def cron_text(cron: str) -> str:
    """ "At 02:00 every day"; the expression itself where there are no words. Raises ScheduleInvalid."""
    english = describe(cron)
    if language() == DEFAULT_LANGUAGE:
        return english
    if found := MINUTES.fullmatch(cron):
        return ngettext("Every %(num)s minute", "Every %(num)s minutes", int(found[1]))
    if found := HOURS.fullmatch(cron):
        return ngettext("Every %(num)s hour", "Every %(num)s hours", int(found[1]))
    if found := DAYS.fullmatch(cron):
        time = f"{int(found[2]):02}:{int(found[1]):02}"
        if found[3] == "*":
            return _("At %(time)s every day", time=time)
        return _("At %(time)s on %(days)s", time=time, days=_days(found[3]))
    return cron


def _days(field: str) -> str:
    """The weekdays of an expression, 0 and 7 being Sunday: "1-5" -> "Mon-Fri"."""
    names = get_day_names("abbreviated", locale=language())
    return re.sub(r"\d", lambda digit: names[(int(digit[0]) - 1) % 7], field).replace("-", "–").replace(",", ", ")
