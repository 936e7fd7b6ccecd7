"""Words for what was done to an item, and for the lines of a shop's log. The names are those that sync writes."""

from admin.i18n import lazy_pgettext

OPERATION_WORDS = {
    "create": lazy_pgettext("what was done", "create"),
    "update": lazy_pgettext("what was done", "update"),
    "delete": lazy_pgettext("what was done", "delete"),
    "deactivate": lazy_pgettext("what was done", "deactivate"),
    "gone": lazy_pgettext("what was done", "gone"),
    "imported": lazy_pgettext("what was done", "imported"),
    "updated": lazy_pgettext("what was done", "updated"),
    "found": lazy_pgettext("what was done", "found"),
    "checked": lazy_pgettext("what was done", "checked"),
    "differs": lazy_pgettext("what was done", "differs"),
    "missing": lazy_pgettext("what was done", "missing"),
    "unknown": lazy_pgettext("what was done", "unknown"),
    "doubled": lazy_pgettext("what was done", "doubled"),
    "linked": lazy_pgettext("what was done", "linked"),
    "unmatched": lazy_pgettext("what was done", "unmatched"),
    "ambiguous": lazy_pgettext("what was done", "ambiguous"),
    "applied": lazy_pgettext("what was done", "applied"),
    "applying": lazy_pgettext("what was done", "applying"),
    "planned again": lazy_pgettext("what was done", "planned again"),
    "conflict": lazy_pgettext("what was done", "conflict"),
    "reversed": lazy_pgettext("what was done", "reversed"),
    "sync_product": lazy_pgettext("line of a log", "push of a product"),
    "sync_category": lazy_pgettext("line of a log", "push of a category"),
    "remove_product": lazy_pgettext("line of a log", "removal of a product"),
    "import_product": lazy_pgettext("line of a log", "import of a product"),
    "success": lazy_pgettext("line of a log", "success"),
    "error": lazy_pgettext("line of a log", "error"),
    "retry": lazy_pgettext("line of a log", "retry"),
}


def operation_text(name: str | None) -> str:
    """What was done, in words; a name that is not known stays as it is."""
    return str(OPERATION_WORDS.get(name, name)) if name else ""
