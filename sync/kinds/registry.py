"""The kinds of jobs there are, by name."""

from sync.kinds import Kind
from sync.kinds.availability import AVAILABILITY
from sync.kinds.drift import DRIFT
from sync.kinds.feed import FEED
from sync.kinds.import_products import IMPORT
from sync.kinds.link import LINK
from sync.kinds.push import PUSH
from sync.kinds.remove import REMOVE
from sync.kinds.undo import UNDO

KINDS = {kind.name: kind for kind in (PUSH, UNDO, FEED, IMPORT, DRIFT, AVAILABILITY, REMOVE, LINK)}


def kind_of(name: str) -> Kind:
    """The kind of that name. Raises ValueError."""
    try:
        return KINDS[name]
    except KeyError:
        raise ValueError(f"unknown kind of job {name!r}; one of: {', '.join(KINDS)}") from None
