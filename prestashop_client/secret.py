"""The web service key: kept out of every text that leaves this package."""

from __future__ import annotations

import base64
import logging
import re

MASK = "***"
WS_KEY = re.compile(r"(ws_key=)[^&\s'\"<>\]\)]*", re.IGNORECASE)


class Secret:
    """A key that shows itself only to who asks for it with `reveal()`; repr, str and pickle show a mask."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def basic(self) -> str:
        """The value of an Authorization header: the key is the user name, the password is empty."""
        return "Basic " + base64.b64encode(f"{self._value}:".encode()).decode("ascii")

    def redact(self, text: str) -> str:
        """`text` without the key, however it is written there: bare, any case, Basic, in `ws_key=`."""
        text = WS_KEY.sub(r"\1" + MASK, text)
        if not self._value:
            return text
        text = text.replace(self.basic().removeprefix("Basic "), MASK)
        return re.sub(re.escape(self._value), MASK, text, flags=re.IGNORECASE)

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    __str__ = __repr__

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("a key is not pickled")


class WsKeyFilter(logging.Filter):
    """Masks `ws_key` in urllib3's debug lines, which print the address of every request."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if "ws_key=" in text.lower():
            record.msg, record.args = WS_KEY.sub(r"\1" + MASK, text), ()
        return True


def guard_urllib3_log() -> None:
    """Put the filter on urllib3's logger, once, before the key travels in an address for the first time."""
    logger = logging.getLogger("urllib3.connectionpool")
    if not any(isinstance(present, WsKeyFilter) for present in logger.filters):
        logger.addFilter(WsKeyFilter())
