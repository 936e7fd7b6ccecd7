"""Addresses as they may be shown: without users, passwords and the values of their queries."""

from urllib.parse import SplitResult, parse_qsl, urlsplit

from sync.suppliers.feed_errors import FeedRefused

HIDDEN = "***"


def shown(address: str) -> str:
    """https://user:pass@host/x?token=abc -> https://host/x?token=***"""
    try:
        parts = urlsplit(address)
        host = _host(parts)
    except ValueError:
        return HIDDEN
    names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    query = "&".join(f"{name}={HIDDEN}" for name in names) if names else HIDDEN if parts.query else ""
    return f"{parts.scheme}://{host}{parts.path}" + (f"?{query}" if query else "")


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port}" if parts.port else host


def parsed(address: str, schemes: tuple[str, ...]) -> SplitResult:
    """The parts of an address of one of these schemes. Raises FeedRefused where it is none, or holds a password."""
    problem = ""
    try:
        parts = urlsplit(address.strip())
        _ = parts.port
    except ValueError:
        raise FeedRefused(
            "the address is no URL", f"it begins with {' or '.join(f'{each}://' for each in schemes)}"
        ) from None
    if parts.scheme not in schemes:
        problem = f"the address begins with {parts.scheme or 'no scheme'!r}, not with {' or '.join(schemes)}"
    elif not parts.hostname:
        problem = "the address names no host"
    elif any(ord(letter) <= 32 for letter in address.strip()):
        problem = "the address holds spaces or control characters"
    if problem:
        raise FeedRefused(problem, "correct the address")
    if parts.username is not None or parts.password is not None:
        raise FeedRefused(
            f"the address {shown(address)} holds a user or a password",
            "put them into the feed's sign-in, where they are encrypted",
        )
    return parts
