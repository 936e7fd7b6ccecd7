"""What an answer's headers tell: when to come again, where a redirect points and why."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from time import time
from urllib.parse import urlsplit

from prestashop_client.wire import Answer


def retry_after(answer: Answer) -> float | None:
    """Seconds of the Retry-After header, whether it holds seconds or a date."""
    value = answer.headers.get("Retry-After", "").strip()
    if not value:
        return None
    if value.isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except ValueError:
        return None


def redirect_reason(base: str, target: str) -> str:
    """Why a shop redirects its web service, told from where it points."""
    ours, theirs = urlsplit(base), urlsplit(target)
    if theirs.netloc and theirs.hostname != ours.hostname:
        return f"the shop's own domain is {theirs.hostname}: use it in the address"
    if theirs.scheme == "https" and ours.scheme == "http":
        return "the shop wants https: use it in the address"
    if "url=" in theirs.query:
        return "the shop does not know this id_shop or this domain: check both"
    return "the shop moved its web service: use the new address"
