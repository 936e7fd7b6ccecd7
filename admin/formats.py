"""What templates use to write numbers, times, icons and addresses."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Flask, request, url_for
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from admin import drift_words, field_words, i18n, operation_words, supplier_words, words
from models import now


def init_app(app: Flask) -> None:
    """Register filters and globals."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        number=i18n.number,
        percent=i18n.percent,
        duration=i18n.duration,
        day=i18n.day,
        field=field_words.field_text,
        ago=ago,
        moment=datetime.fromisoformat,
        money=money,
        plain=plain,
    )
    app.jinja_env.globals.update(
        _=i18n._,
        gettext=i18n._,
        ngettext=i18n.ngettext,
        language=i18n.language,
        icon=icon,
        here=here,
        job_text=words.job_text,
        job_type_text=words.job_type_text,
        state=words.state,
        job_state=words.job_state,
        cycle_text=drift_words.cycle_text,
        operation_text=operation_words.operation_text,
        result_text=supplier_words.result_text,
        source_text=supplier_words.source_text,
        stop_text=supplier_words.stop_text,
        reason_text=supplier_words.reason_text,
        shop_state=words.shop_state,
        rate_text=words.rate_text,
        time_text=words.time_text,
        errors_text=words.errors_text,
        check_name=words.check_name,
    )


def ago(moment: datetime | None, missing: str = "—") -> Markup:
    """A time as people say it, with the exact one on hover. Scripts keep it going."""
    if moment is None:
        return Markup("<span class='muted'>{}</span>").format(missing)
    html = Markup("<time datetime='{}' title='{}' data-ago>{}</time>")
    return html.format(moment.isoformat(), i18n.exact_time(moment), i18n.relative_time(moment, now()))


def icon(name: str, label: str = "") -> Markup:
    """A symbol of the sprite; without a label it is decoration."""
    href = f"{url_for('static', filename='icons.svg')}#{name}"
    if label:
        html = Markup("<svg class='icon icon-{}' role='img' aria-label='{}'><use href='{}'></use></svg>")
        return html.format(name, label, href)
    return Markup("<svg class='icon icon-{}' aria-hidden='true'><use href='{}'></use></svg>").format(name, href)


def money(amount: Decimal | None) -> str:
    """A net price with at least two decimals, more only where there are any."""
    if amount is None:
        return ""
    return i18n.decimal(amount, "#,##0.00####")


def plain(amount: Decimal | None, least: int = 0) -> str:
    """A decimal for an input field, in the reader's language: no thousands, no zeros beyond the `least` decimals."""
    if amount is None:
        return ""
    whole, _point, decimals = format(amount, "f").partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    return f"{whole}{i18n.decimal_sign()}{decimals}" if decimals else whole


def here(**changes: Any) -> str:
    """This page's address with some of its query changed; None takes a parameter away, paging starts anew."""
    query: MultiDict[str, Any] = MultiDict(request.args)
    query.pop("after", None)
    query.pop("before", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None and value != "":
            query[name] = value
    arguments = {**(request.view_args or {}), **{name: query.getlist(name) for name in query}}
    return url_for(request.endpoint or "overview.show", **arguments)
