"""What can go wrong with a supplier's feed as a whole, in one tree. What is wrong with one row is a `Problem`.

FeedError
├── FeedRefused         an address, a path or a file that is not to be touched (private network, zip bomb, `..`)
├── FeedUnreachable     the supplier's server does not answer, or answers with an error; may be tried again
│   └── FeedSignInRefused   user, password, key or token are wrong; trying again helps nothing
├── FeedTooLarge        beyond a limit of size, time or redirects
├── FeedUnreadable      the file is not what the feed says it is, or is broken off
└── MappingInvalid      the mapping or a filter makes no sense; `field` says which
"""

from sync.errors import SyncError


class FeedError(SyncError):
    """Base of a feed's errors: what happened, and what to do about it. Never holds a secret."""

    retryable = False

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(f"{what}; {remedy}" if remedy else what)
        self.what = what
        self.remedy = remedy


class FeedRefused(FeedError):
    """Raised when an address, a path or a file is not to be touched."""


class FeedUnreachable(FeedError):
    """Raised when the supplier's server gives no file."""

    retryable = True


class FeedSignInRefused(FeedUnreachable):
    """Raised when the supplier's server refuses who we say we are."""

    retryable = False


class FeedTooLarge(FeedError):
    """Raised when a file is larger, slower or further away than the limits allow."""


class FeedUnreadable(FeedError):
    """Raised when a file cannot be read as what it is said to be, or ends too early."""


class MappingInvalid(FeedError):
    """Raised when a mapping or a filter makes no sense; `field` is the field or the filter's number."""

    def __init__(self, field: str, reason: str, remedy: str = "") -> None:
        super().__init__(f"{field}: {reason}", remedy)
        self.field = field
