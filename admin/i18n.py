"""Texts, numbers and times in the reader's language. The source is in English; catalogues.py has the others."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import flask_babel  # type: ignore[import-untyped]
from babel.numbers import get_decimal_symbol
from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel.speaklater import LazyString  # type: ignore[import-untyped]

from admin import catalogues

LANGUAGES = {"en": "English", "pl": "Polski"}
"""What a reader may choose from, each by its own name."""
DEFAULT_LANGUAGE = "en"
COOKIE = "language"
PLURAL_SAMPLES = 101
"""Among the numbers below this one each plural form of a language occurs."""


def init_app(app: Flask) -> None:
    """Choose the language of each request among those that there are; times are in UTC until a browser knows better."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", DEFAULT_LANGUAGE)
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "UTC")
    flask_babel.Babel(app, locale_selector=_language)
    app.jinja_env.globals.update(known_languages=LANGUAGES, plural_forms=plural_forms)
    for known in LANGUAGES:
        catalogues.texts(known)


def _language() -> str:
    """What the reader chose, else what the browser asks for."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    chosen = request.cookies.get(COOKIE)
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or DEFAULT_LANGUAGE


def language() -> str:
    """The language of this answer as an HTML lang attribute."""
    return str(flask_babel.get_locale() or DEFAULT_LANGUAGE).replace("_", "-")


def _(text: str, **values: Any) -> str:
    """The text in the reader's language, with %(name)s filled in."""
    found = str(_translations().gettext(text))
    return found % values if values else found


def pgettext(context: str, text: str) -> str:
    """A word that means two things in English, such as Push: `context` says which."""
    return str(_translations().pgettext(context, text))


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """The text for a number; %(num)s is the number written the reader's way."""
    text = _translations().ngettext(one, many, num)
    return str(text % {"num": number(num), **values})


def plural_forms(one: str, many: str) -> dict[str, str]:
    """For scripts: of each plural category (CLDR: one, few, many, other) the text, with {n} where the number goes."""
    category = flask_babel.get_locale().plural_form
    texts = {category(n): _translations().ngettext(one, many, n) for n in range(PLURAL_SAMPLES)}
    return {name: text % {"num": "{n}"} for name, text in texts.items()}


def _translations() -> Any:
    """The texts of this request's language, looked up once: a page asks for a thousand texts."""
    if not has_app_context():
        return catalogues.texts(DEFAULT_LANGUAGE)
    if "translations" not in g:
        g.translations = catalogues.texts(language())
    return g.translations


def lazy_gettext(text: str) -> Any:
    """A text that is translated when it is shown, for labels made at import."""
    return LazyString(_, text)


def lazy_pgettext(context: str, text: str) -> Any:
    """The same for a word that means two things in English."""
    return LazyString(pgettext, context, text)


def decimal(value: Any, pattern: str) -> str:
    """A number in one of CLDR's patterns."""
    return _decimal(value, pattern, language())


@lru_cache(maxsize=4096)
def _decimal(value: Any, pattern: str, _language: str) -> str:
    return str(flask_babel.format_decimal(value, format=pattern))


def decimal_sign() -> str:
    """What stands before the decimals: a point or a comma."""
    return str(get_decimal_symbol(flask_babel.get_locale()))


def number(value: Any) -> str:
    """1234567 -> 1,234,567; decimals keep up to six places."""
    return decimal(value, "#,##0.######")


def percent(share: float) -> str:
    """99.8 -> 99.8 %, with the sign set the reader's way."""
    return _("%(share)s %%", share=decimal(share, "0.#"))


def day(moment: date) -> str:
    """A day: "Nov 20, 2026"."""
    return str(flask_babel.format_date(moment, "medium", rebase=False))


def exact_time(moment: datetime) -> str:
    """The moment to the second, with its zone."""
    return _("%(time)s UTC", time=flask_babel.format_datetime(moment.astimezone(UTC), "medium", rebase=False))


def relative_time(moment: datetime, present: datetime) -> str:
    """ "35 seconds ago", "in 2 minutes"."""
    seconds = round((moment - present).total_seconds())
    if abs(seconds) < 2:
        return _("just now")
    return str(flask_babel.format_timedelta(timedelta(seconds=seconds), add_direction=True, threshold=1.0))


def rough_duration(seconds: float) -> str:
    """One unit, for what is only a guess: "12 s", "17 min"; from an hour on two."""
    return duration(max(1, seconds) if seconds < 60 or seconds >= 3570 else round(seconds / 60) * 60)


def duration(seconds: float) -> str:
    """Two units at most: "0.4 s", "35 s", "1 min 12 s", "2 h 5 min"."""
    if seconds < 1:
        return _("%(n)s s", n=decimal(seconds, "0.#"))
    whole = round(seconds)
    if whole < 60:
        return _("%(s)d s", s=whole)
    if whole < 3600 and whole % 60 == 0:
        return _("%(min)d min", min=whole // 60)
    if whole < 3600:
        return _("%(min)d min %(s)d s", min=whole // 60, s=whole % 60)
    return _("%(h)d h %(min)d min", h=whole // 3600, min=whole % 3600 // 60)
