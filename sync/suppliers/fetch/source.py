"""Where a feed's file comes from, what is known of the last one, and what was fetched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SOURCES = ("upload", "path", "url", "ftp", "sftp")
AUTH_KINDS = ("none", "basic", "bearer", "header", "password", "key")


@dataclass(frozen=True, slots=True)
class Auth:
    """Who we say we are. `secret` is the password, the token, the header's value or the private key (OpenSSH, PEM).

    `header` is the name of a header; `fingerprint` the SFTP server's key as ssh-keygen shows it ("SHA256:...").
    """

    kind: str = "none"
    user: str = ""
    header: str = ""
    secret: str = field(default="", repr=False)
    fingerprint: str = ""

    @classmethod
    def from_data(cls, data: Mapping[str, str], secret: str = "") -> "Auth":
        """From a feed's `auth` JSON and its decrypted secret."""
        told = {name: data.get(name) or "" for name in ("user", "header", "fingerprint")}
        return cls(kind=data.get("kind") or "none", secret=secret, **told)


@dataclass(frozen=True, slots=True)
class Source:
    """`kind` is one of SOURCES; `address` a URL, or a path relative to the folder of its kind."""

    kind: str
    address: str
    auth: Auth = Auth()


@dataclass(frozen=True, slots=True)
class Conditions:
    """Of the file that was last read; a file that is the same is not read again."""

    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """The file on disk, which is the caller's to delete; `path` is None when it is unchanged.

    `etag` and `last_modified` are the server's, or made of a file's time and size, to be given back next time.
    """

    path: Path | None
    sha256: str | None
    etag: str | None
    last_modified: str | None
    unchanged: bool
    size: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said of its file."""

    etag: str | None = None
    last_modified: str | None = None
    unchanged: bool = False
