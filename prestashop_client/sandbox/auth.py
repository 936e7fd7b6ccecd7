"""Who may do what: the key of a request, its rights and its shops."""

import base64
import binascii
import json
from dataclasses import dataclass

from prestashop_client.sandbox.errors import Errors, Refused
from prestashop_client.sandbox.profile import Profile
from prestashop_client.sandbox.store import Store

REALM = (
    'Basic realm="Welcome to PrestaShop Webservice, please enter the authentication key as the login. '
    'No password required."'
)


@dataclass(frozen=True)
class Key:
    """A key of the web service: the methods it may use per resource, and the shops it belongs to."""

    rights: dict[str, list[str]]
    shops: frozenset[int]


def sent_key(authorization: str | None, ws_key: str | None) -> str | None:
    """The key that a request carries: Basic's user name wins over the ws_key parameter; None without any."""
    scheme, _, rest = (authorization or "").partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(rest.strip()).decode("utf-8", "replace").partition(":")[0].strip()
        except (binascii.Error, ValueError):
            return ws_key
    return None if ws_key is None else ws_key.strip()


def authenticate(store: Store, errors: Errors, key: str) -> Key:
    """The key's rights; Refused (401) where it is malformed, unknown or inactive."""
    if key in ("", "0"):
        raise errors.refuse(401, "Authentication key is empty", 17)
    if len(key.encode()) != 32:
        raise errors.refuse(401, "Invalid authentication key format", 18)
    row = store.row("SELECT active, rights, shops FROM webservice_key WHERE key = ?", (key,))
    rights: dict[str, list[str]] = json.loads(row["rights"]) if row else {}
    if row is None or not row["active"]:
        errors.add(401, "Authentification key is not active", 20)
        rights = {}
    if not rights:
        errors.add(401, "No permission for this authentication key", 21)
    if row is None or errors:
        raise Refused("no such key")
    return Key(rights, frozenset(json.loads(row["shops"])))


def save_key(
    store: Store,
    profile: Profile,
    key: str,
    *,
    rights: dict[str, list[str]] | None = None,
    shops: list[int] | None = None,
    active: bool = True,
) -> None:
    """Make or replace a key. `rights`: methods by resource, all of all by default; `shops`: all by default."""
    every = {name: list(profile.methods) for name in profile.names}
    owned = shops if shops is not None else store.column("SELECT id_shop FROM shop")
    store.insert(
        "webservice_key",
        {
            "key": key,
            "active": int(active),
            "rights": json.dumps(every if rights is None else rights),
            "shops": json.dumps(owned),
        },
        "INSERT OR REPLACE",
    )
