"""What was sent, as a hash: to see later what differs without keeping or reading back the texts.

A shop's answer echoes what was sent, and a read back shows cleaned HTML and cut lengths; so only our own
hash of what we sent tells whether something changed.
"""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Marks:
    """A document's marks, taken once: of each field, and of the whole."""

    fields: dict[str, str]
    whole: str

    @classmethod
    def of(cls, document: dict[str, Any]) -> "Marks":
        return cls(field_marks(document), fingerprint(document))


def fingerprint(value: Any) -> str:
    """The sha256 of a document, whatever the order of its keys."""
    return hashlib.sha256(_canonical(value)).hexdigest()


def field_marks(document: dict[str, Any]) -> dict[str, str]:
    """A short mark of each field's value: {"price": "9f86d081884c"}; associations have one each."""
    fields = {name: value for name, value in document.items() if name != "associations"}
    for name, entries in (document.get("associations") or {}).items():
        fields[f"associations.{name}"] = entries
    return {name: hashlib.sha256(_canonical(value)).hexdigest()[:12] for name, value in fields.items()}


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    raise TypeError(f"no canonical form for {type(value).__name__}")


_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _canonical(value: Any) -> bytes:
    if isinstance(value, Decimal):  # as the encoder would say it; a tenth of the time
        return f'"{_plain(value)}"'.encode()
    if type(value) is int:
        return str(value).encode()
    return _ENCODER.encode(value).encode()
