"""The form of a schedule: its times, and the numbers that its action goes by."""

from typing import Any

from wtforms import FloatField, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from admin.forms import Form
from admin.forms.fields import REQUIRED, stripped
from admin.i18n import lazy_gettext
from admin.schedule_words import param_text
from models import Schedule
from sync.schedules.actions import params_of
from sync.schedules.clock import ScheduleInvalid, check


class ScheduleForm(Form):
    """A schedule. The time zone of a shop's is the shop's own. Each number has a field of its name."""

    cron = StringField(
        lazy_gettext("Minute, hour, day, month, weekday"), [InputRequired(REQUIRED), Length(max=64)],
        filters=[stripped], render_kw={"autocomplete": "off", "spellcheck": "false"},
    )  # fmt: skip
    time_zone = StringField(
        lazy_gettext("Time zone"), [Length(max=64)], filters=[stripped], render_kw={"autocomplete": "off"}
    )

    def __init__(self, schedule: Schedule, **arguments: Any) -> None:
        super().__init__(obj=schedule, **arguments)
        self.schedule = schedule

    def validate_cron(self, field: Any) -> None:
        """An expression that happens."""
        self._check(field.data or "", self.schedule.time_zone)

    def validate_time_zone(self, field: Any) -> None:
        """A zone that there is."""
        if field.data:
            self._check("0 0 * * *", field.data)

    def _check(self, cron: str, zone: str) -> None:
        try:
            check(cron, zone)
        except ScheduleInvalid as error:
            raise ValidationError(str(error)) from None

    def zone(self) -> str | None:
        """The zone that was typed; None for a shop's schedule, which has the shop's."""
        return self.time_zone.data or None if self.schedule.shop_id is None else None

    def numbers(self) -> dict[str, float]:
        """The numbers that were typed, by name."""
        return {name: self[name].data for name in params_of(self.schedule) if name in self and self[name].data}


def form_of(schedule: Schedule) -> ScheduleForm:
    """The form with a field for each number that the schedule's action goes by."""
    numbers = {
        name: FloatField(param_text(name), [InputRequired(REQUIRED)], default=value, render_kw={"inputmode": "decimal"})
        for name, value in params_of(schedule).items()
    }
    made: ScheduleForm = type("NumberedScheduleForm", (ScheduleForm,), numbers)(schedule)
    return made
