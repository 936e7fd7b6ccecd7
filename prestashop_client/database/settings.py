"""Where a shop's database is, and how patiently we speak to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from prestashop_client.secret import Secret

PREFIX = re.compile(r"[A-Za-z0-9_]{0,40}")


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Address, account and table prefix of one PrestaShop database; the password shows itself in no text.

    Times in seconds: connect_timeout, read_timeout (one statement), lock_wait (a row that somebody else holds).
    tls: encrypt and verify the server's certificate, against `ca_file` or the system's authorities.
    Raises ValueError for a prefix that could be no table's.
    """

    host: str
    name: str
    user: str
    password: Secret
    port: int = 3306
    prefix: str = "ps_"
    connect_timeout: float = 10.0
    read_timeout: float = 120.0
    lock_wait: int = 10
    tls: bool = False
    ca_file: str | None = None

    def __post_init__(self) -> None:
        if not PREFIX.fullmatch(self.prefix):
            raise ValueError(f"table prefix {self.prefix!r}: only letters, digits and _ may stand in it")

    @property
    def where(self) -> str:
        return f"{self.host}:{self.port}/{self.name}"

    def table(self, name: str) -> str:
        """`product` -> a quoted table name with the prefix."""
        return f"`{self.prefix}{name}`"
