"""The modes of a push in words, and which one was asked for."""

from typing import Any

from werkzeug.datastructures import MultiDict

from admin import filters
from admin.i18n import _
from sync.modes import FULL, MODES, TREE


def choices() -> list[tuple[str, str]]:
    """Each mode and what it sends."""
    return [
        (FULL.name, _("everything")),
        ("texts", _("texts only")),
        ("prices", _("prices only")),
        ("stock", _("stock only")),
        ("availability", _("availability texts only")),
        ("images", _("images only")),
        (TREE, _("categories only, no product")),
    ]


def asked(values: MultiDict[str, str]) -> dict[str, Any]:
    """The mode and the force of a form, as `open_push` takes them."""
    mode = filters.one_of(values.get("mode"), tuple(MODES)) or FULL.name
    return {"mode": mode, "force": values.get("force") == "1"}
