"""Words for what becomes of a feed's rows, and for the safety stops."""

from admin.i18n import _, lazy_gettext, lazy_pgettext

RESULT_WORDS = {
    "linked": lazy_gettext("linked"),
    "updated": lazy_gettext("updated"),
    "unchanged": lazy_gettext("unchanged"),
    "unmatched": lazy_gettext("unmatched"),
    "ambiguous": lazy_gettext("ambiguous"),
    "invalid": lazy_gettext("invalid"),
    "missing": lazy_gettext("missing"),
    "skipped": lazy_gettext("skipped"),
}
STOP_WORDS = {
    "empty": lazy_gettext("the file is empty"),
    "truncated": lazy_gettext("the file breaks off"),
    "fewer_rows": lazy_gettext("fewer rows than usual, in percent"),
    "unmatched": lazy_gettext("rows without a product of ours, in percent"),
    "price_jumps": lazy_gettext("prices that jump, in percent"),
    "unavailable": lazy_gettext("products that are not available any more, in percent"),
}
REASON_WORDS = {
    "several": lazy_gettext("the shop has several products with this code"),
    "taken": lazy_gettext("the shop's product is linked with another of ours"),
    "shared": lazy_gettext("two of our products have this code"),
}

SOURCE_WORDS = {
    "upload": lazy_pgettext("source of a feed", "upload"),
    "path": lazy_pgettext("source of a feed", "path"),
    "url": lazy_pgettext("source of a feed", "url"),
    "ftp": lazy_pgettext("source of a feed", "ftp"),
    "sftp": lazy_pgettext("source of a feed", "sftp"),
}
AUTH_WORDS = {
    "none": lazy_pgettext("way to sign in", "none"),
    "basic": lazy_pgettext("way to sign in", "basic"),
    "bearer": lazy_pgettext("way to sign in", "bearer"),
    "header": lazy_pgettext("way to sign in", "header"),
    "password": lazy_pgettext("way to sign in", "password"),
    "key": lazy_pgettext("way to sign in", "key"),
}


def source_text(name: str) -> str:
    """Where a feed comes from."""
    return str(SOURCE_WORDS.get(name, name))


def result_text(name: str) -> str:
    """What became of a row, in a word."""
    return str(RESULT_WORDS.get(name, name))


def stop_text(name: str) -> str:
    """What a safety stop found."""
    return str(STOP_WORDS.get(name, name))


def reason_text(name: str) -> str:
    """Why a candidate is not certain."""
    return str(REASON_WORDS.get(name, _("not certain")))
