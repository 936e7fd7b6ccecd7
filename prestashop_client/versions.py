"""What a shop can do, as probed once and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Capabilities:
    """A shop's abilities. The defaults fit PrestaShop 8 and 9; a client corrects them when the shop says otherwise.

    patch: PATCH exists (from 8.0). languages: ids of the installed languages, empty where not yet known.
    key_in_query: the Authorization header does not arrive, `ws_key` is used. short_description: characters that a
    product's short description may have, a setting of the shop's. time_zone: of the shop's dates. tunnel: PUT, PATCH
    and DELETE travel as POST with `ps_method`, for a proxy that blocks them; never found out, only told.
    """

    version: str = ""
    patch: bool = True
    languages: tuple[int, ...] = ()
    key_in_query: bool = False
    short_description: int = 800
    time_zone: str = ""
    tunnel: bool = False

    def but(self, **changes: Any) -> Self:
        return replace(self, **changes)

    def as_dict(self) -> dict[str, Any]:
        """For keeping as JSON."""
        return {**asdict(self), "languages": list(self.languages)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The reverse; unknown names are ignored, so that newer data can be read by older code."""
        known = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        if "languages" in known:
            known["languages"] = tuple(int(id_) for id_ in known["languages"])
        return cls(**known)


def has_patch(version: str) -> bool:
    """PATCH came with 8.0; an unknown version is believed to have it until it answers 405."""
    major = version.split(".", maxsplit=1)[0]
    return not major.isdecimal() or int(major) >= 8
