"""Errors that say the same about different things, told apart from others by a signature."""

import hashlib
import re

_RULES = (
    (re.compile(r"^given up after \d+ attempts: "), ""),
    (re.compile(r"^shop \d+ \(.*?\): "), ""),
    (re.compile(r"\b[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE), "URL"),
    (re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»|„[^”]*”|“[^”]*”|`[^`]*`"), "?"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=[a-f]*\d)[0-9a-f]{12,}\b", re.IGNORECASE), "#"),
    (re.compile(r"\b(?=[\w.-]*\d)\w+(?:[.-]\w+)*"), "#"),
    (re.compile(r"#(?:(?:, | and |[,.;/x-])#)+"), "#"),
    (re.compile(r"\s+"), " "),
)
"""What differs from case to case, and what stands for it: addresses, quoted texts, ids, numbers, lists of them."""


def normalised(error: str) -> str:
    """The error without what differs from case to case: `no stock row for # in ?`."""
    for pattern, replacement in _RULES:
        error = pattern.sub(replacement, error)
    return error.strip().casefold()


def error_signature(error: str) -> str:
    """32 hexadecimal digits, the same for errors that say the same."""
    return hashlib.blake2b(normalised(error).encode(), digest_size=16).hexdigest()
