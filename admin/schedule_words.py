"""What schedules do, in words."""

from admin.i18n import _
from sync.schedules.registry import ACTIONS


def action_text(name: str) -> str:
    """What an action does."""
    return action_texts().get(name, name.replace("_", " "))


def action_texts() -> dict[str, str]:
    """Every action in words, by name."""
    words = {
        "push": _("Push everything"),
        "retry": _("Push what failed once more"),
        "drift": _("Compare with the shop"),
        "health": _("See whether the shop answers"),
        "clean_up": _("Delete what is old"),
        "feed": _("Fetch and apply a feed"),
        "availability": _("Send availability"),
    }
    return {name: words.get(name, name.replace("_", " ")) for name in ACTIONS}


def param_text(name: str) -> str:
    """What a number that an action goes by means."""
    words = {
        "jobs_days": _("Days after which ended jobs go, with their items"),
        "logs_days": _("Days after which the log of pushes goes"),
        "changes_days": _("Days after which nothing can be undone any more"),
        "dead_hours": _("Hours after which dead messages go"),
    }
    return words.get(name, name.replace("_", " "))
