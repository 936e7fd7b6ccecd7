"""A shop's texts in one language: available, unavailable, and delivery with plural forms by CLDR category."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from babel import Locale, UnknownLocaleError

CATEGORIES = ("zero", "one", "two", "few", "many", "other")
DAYS = "{days}"
LIMIT = 255  # ps_product_lang.available_now and available_later: varchar(255)
REFUSED = re.compile(r"[<>{}]")  # PrestaShop's Validate::isGenericName
# PrestaShop names these languages after a country; Babel knows the code as none or as another language.
LOCALES = {
    "ag": "es", "br": "pt_BR", "cb": "es", "dh": "de", "gb": "en", "mx": "es", "qc": "fr_CA", "si": "sl",
    "tw": "zh_Hant", "vn": "vi",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Texts:
    """What a customer reads. None: not set, and what stands in the shop is left; "" clears it.

    delivery: CLDR plural category -> text with `{days}`, e.g. {"one": "Ships in {days} day", "other": "Ships in
    {days} days"}; a category that is missing falls back to "other".
    """

    available: str | None = None
    unavailable: str | None = None
    delivery: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Texts:
        """From {available, unavailable, delivery: {one, few, many, other} or one text for all}."""
        delivery = data.get("delivery") or {}
        forms = {"other": delivery} if isinstance(delivery, str) else dict(delivery)
        return cls(data.get("available"), data.get("unavailable"), {key: text for key, text in forms.items() if text})

    def when_ordered(self, iso: str, days: int | None) -> str | None:
        """The text for something that can be ordered and ships in `days`; without days, the available text."""
        if not self.delivery or days is None or days < 1:
            return self.available
        form = self.delivery.get(plural_category(iso, days)) or self.delivery.get("other")
        return self.available if form is None else form.replace(DAYS, str(days))

    def problems(self, iso: str) -> list[str]:
        """What PrestaShop would refuse or a customer would stumble over, in words for who wrote the texts."""
        found = [
            problem
            for name, text in (("available", self.available), ("unavailable", self.unavailable))
            for problem in _problems(name, text or "")
        ]
        for category, text in self.delivery.items():
            if category not in CATEGORIES:
                found.append(f"delivery: {category!r} is no plural form; there are: {', '.join(CATEGORIES)}")
            found += _problems(f"delivery ({category})", text.replace(DAYS, "100"))
        if self.delivery and "other" not in self.delivery:
            missing = [each for each in plural_categories(iso) if each not in self.delivery]
            if missing:
                found.append(f"delivery: no text for the plural form {', '.join(missing)}")
        return found


def texts_from_json(data: Mapping[str, Mapping[str, Any]] | None) -> dict[str, Texts]:
    """{iso: {available, unavailable, delivery}} as it is stored -> {iso: Texts}."""
    return {iso: Texts.from_json(one) for iso, one in (data or {}).items()}


@lru_cache(maxsize=10_000)
def plural_category(iso: str, number: int) -> str:
    """The CLDR category of `number` in a language: one, few, many, other ... (Polish: 1 one, 2 few, 5 many)."""
    locale = _locale(iso)
    return locale.plural_form(number) if locale else "other"


def plural_categories(iso: str) -> tuple[str, ...]:
    """The categories that whole numbers of days can have in a language, for a form with one field each."""
    found = {plural_category(iso, number) for number in range(1, 1001)}
    return tuple(each for each in CATEGORIES if each in found)


@lru_cache(maxsize=200)
def _locale(iso: str) -> Locale | None:
    """The language of a PrestaShop iso code; None where nobody knows it."""
    try:
        return Locale.parse(LOCALES.get(iso.lower(), iso.lower()), sep="-" if "-" in iso else "_")
    except (UnknownLocaleError, ValueError):
        return None


def _problems(name: str, text: str) -> list[str]:
    found = []
    if refused := REFUSED.findall(text):
        found.append(f"{name}: PrestaShop refuses {' '.join(sorted(set(refused)))}; only {DAYS} may stand in delivery")
    if len(text) > LIMIT:
        found.append(f"{name}: {len(text)} characters, PrestaShop keeps {LIMIT}")
    return found
