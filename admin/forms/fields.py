"""Fields and checks that several forms share."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import wtforms
from wtforms import Field, ValidationError
from wtforms.widgets import TextArea, TextInput

from admin.formats import plain
from admin.i18n import _, lazy_gettext
from sync.transform.product import rate_key


def stripped(value: str | None) -> str | None:
    """A filter: no spaces around."""
    return value.strip() if value else value


def empty_to_none(value: str | None) -> str | None:
    """A filter: nothing but spaces is nothing."""
    return (value.strip() or None) if value else None


class AmountField(Field):
    """A decimal typed with a point or a comma; `data` is a Decimal, or None when it is left empty.

    It takes up to `places` decimals and shows at least `least`.
    """

    widget = TextInput()

    def __init__(
        self, label: Any = None, validators: Any = None, places: int = 6, least: int = 0, **options: Any
    ) -> None:
        super().__init__(label, validators, **options)
        self.places, self.least = places, least
        self.render_kw = {"inputmode": "decimal", "autocomplete": "off", **(self.render_kw or {})}

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return plain(self.data, self.least) if isinstance(self.data, Decimal) else str(self.data or "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = re.sub(r"[\s\u00a0\u202f]", "", str(valuelist[0])) if valuelist else ""
        self.data = None
        if not text:
            return
        if text.count(",") == 1 and "." not in text:
            text = text.replace(",", ".")
        if not re.fullmatch(r"[+-]?\d{1,15}(\.\d*)?|[+-]?\.\d+", text):
            raise ValueError(_("Write a number such as 12.50."))
        if len(text.partition(".")[2]) > self.places:
            raise ValueError(_("At most %(n)d digits after the point.", n=self.places))
        self.data = Decimal(text)


class TaxGroupsField(Field):
    """Tax rates and the shop's tax rules groups, one pair a line: "23 = 1". `data` is {"23": 1}."""

    widget: Any = TextArea()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "\n".join(f"{rate} = {group}" for rate, group in (self.data or {}).items())

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not valuelist:
            return
        self.data = {}
        for line in filter(str.strip, str(valuelist[0]).splitlines()):
            pair = re.fullmatch(r"\s*(\d{1,3}(?:[.,]\d{1,3})?)\s*%?\s*=\s*(\d{1,9})\s*", line)
            if pair is None:
                raise ValueError(_("Write a rate and a group, such as 23 = 1; this is none: %(line)s", line=line))
            self.data[rate_key(Decimal(pair[1].replace(",", ".")))] = int(pair[2])


class Between:
    """A check: a number from `low` to `high`, both included; nothing at all passes."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def __call__(self, _form: Any, field: Field) -> None:
        if field.data is not None and not self.low <= field.data <= self.high:
            raise ValidationError(_("From %(low)s to %(high)s.", low=self.low, high=self.high))


def without(letters: str) -> Callable[[Any, Field], None]:
    """A check: none of these characters, which PrestaShop refuses in such a field."""

    def check(_form: Any, field: Field) -> None:
        found = sorted({letter for letter in field.data or "" if letter in letters})
        if found:
            raise ValidationError(_("PrestaShop refuses %(letters)s here.", letters=" ".join(found)))

    return check


def choice(value: Any, label: Any) -> Any:
    """An option of a select field. (The type stubs do not know SelectChoice yet.)"""
    return wtforms.SelectChoice(str(value), label)  # type: ignore[attr-defined]


REQUIRED = lazy_gettext("This is needed.")
