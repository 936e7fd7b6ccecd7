"""What the environment says, read once and checked. The one reader of os.environ.

Every variable is described in docs/configuration.md; a test holds the two together.
"""

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ENVIRONMENTS = ("development", "production")
REDIS_SCHEMES = ("redis://", "rediss://")
AMQP_SCHEMES = ("amqp://", "amqps://")
DEVELOPMENT_SECRET = "only-for-development"  # noqa: S105 - refused in production


class SettingsError(Exception):
    """Raised when a variable is missing or makes no sense; the message names it and the remedy."""


def _development_key() -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(DEVELOPMENT_SECRET.encode()).digest()).decode()


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of every process. Times are in seconds."""

    env: str = "development"
    secret_key: str = field(default=DEVELOPMENT_SECRET, repr=False)
    encryption_keys: tuple[str, ...] = field(default=(_development_key(),), repr=False)
    data_dir: Path = Path("var")
    database_url: str = field(default="sqlite:///var/shopferry.sqlite3", repr=False)
    broker_url: str | None = field(default=None, repr=False)
    redis_url: str | None = field(default=None, repr=False)
    host: str = "127.0.0.1"
    port: int = 8080
    https: bool = False
    trusted_proxies: int = 0
    log_level: str = "INFO"
    retry_delays: tuple[float, ...] = (30.0, 60.0, 300.0)
    retry_until: float = 24 * 3600.0
    claim_seconds: float = 30.0
    chunk_size: int = 50
    message_heartbeat: float = 30.0
    queue_warning: int = 100
    login_rate: str = "10 per minute"
    login_storage: str = field(default="memory://", repr=False)
    feed_dir: Path | None = None
    feed_allow_private: bool = False
    feed_max_bytes: int = 4096 << 20

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def media_dir(self) -> Path:
        """Where product images lie, by their sha256."""
        return self.data_dir / "media"

    @property
    def feed_upload_dir(self) -> Path:
        """Where suppliers' files lie that were uploaded."""
        return self.data_dir / "feeds" / "uploads"

    @property
    def feed_work_dir(self) -> Path:
        """Where fetched feeds lie while they are read."""
        return self.data_dir / "feeds" / "work"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment (or a mapping like it).

        Raises SettingsError where a value makes no sense, and in production where a secret or the database is missing.
        """
        return _Reader(os.environ if environ is None else environ).settings()


class _Reader:
    """Reads one variable after the other and names it when it is wrong."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def settings(self) -> Settings:
        production = self.choice("SHOPFERRY_ENV", ENVIRONMENTS, "development") == "production"
        data_dir = Path(self.text("SHOPFERRY_DATA_DIR", "var"))
        broker_url = self.text("BROKER_URL", "") or _embedded_broker(data_dir)
        if production:
            self.require("SHOPFERRY_SECRET_KEY", "SHOPFERRY_ENCRYPTION_KEYS", "DATABASE_URL")
        return Settings(
            env="production" if production else "development",
            secret_key=self.text("SHOPFERRY_SECRET_KEY", DEVELOPMENT_SECRET),
            encryption_keys=self.keys("SHOPFERRY_ENCRYPTION_KEYS"),
            data_dir=data_dir,
            database_url=self.database_url(data_dir),
            broker_url=broker_url,
            redis_url=self.redis_url(broker_url),
            host=self.text("SHOPFERRY_HOST", "127.0.0.1"),
            port=int(self.number("SHOPFERRY_PORT", 8080)),
            https=self.flag("SHOPFERRY_HTTPS", production),
            trusted_proxies=int(self.number("SHOPFERRY_TRUSTED_PROXIES", 0)),
            log_level=self.choice("SHOPFERRY_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
            retry_delays=self.numbers("SHOPFERRY_RETRY_DELAYS", (30.0, 60.0, 300.0)),
            retry_until=self.number("SHOPFERRY_RETRY_UNTIL", 24 * 3600.0),
            claim_seconds=self.number("SHOPFERRY_CLAIM_SECONDS", 30.0),
            chunk_size=max(1, int(self.number("SHOPFERRY_CHUNK_SIZE", 50))),
            message_heartbeat=self.number("SHOPFERRY_MESSAGE_HEARTBEAT", 30.0),
            queue_warning=int(self.number("SHOPFERRY_QUEUE_WARNING", 100)),
            login_rate=self.text("SHOPFERRY_LOGIN_RATE", "10 per minute"),
            login_storage=self.login_storage(production),
            feed_dir=Path(folder) if (folder := self.text("SHOPFERRY_FEED_DIR", "")) else None,
            feed_allow_private=self.flag("SHOPFERRY_FEED_ALLOW_PRIVATE", False),
            feed_max_bytes=int(self.number("SHOPFERRY_FEED_MAX_MB", 4096)) << 20,
        )

    def require(self, *names: str) -> None:
        missing = [name for name in names if not self.environ.get(name)]
        if missing:
            raise SettingsError(f"SHOPFERRY_ENV=production needs {', '.join(missing)}; see docs/configuration.md")

    def text(self, name: str, default: str) -> str:
        return self.environ.get(name, "").strip() or default

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in choices:
            raise SettingsError(f"{name} is {value!r}; it takes one of: {', '.join(choices)}")
        return value

    def number(self, name: str, default: float) -> float:
        return self.numbers(name, (default,))[0]

    def numbers(self, name: str, default: tuple[float, ...]) -> tuple[float, ...]:
        raw = self.text(name, "")
        try:
            values = tuple(float(part) for part in raw.split(",")) if raw else default
        except ValueError:
            raise SettingsError(f"{name} is {raw!r}; it takes numbers, such as {default[0]:g}") from None
        if any(value < 0 for value in values):
            raise SettingsError(f"{name} is {raw!r}; it takes no negative number")
        return values

    def flag(self, name: str, default: bool) -> bool:
        return self.choice(name, ("0", "1"), "1" if default else "0") == "1"

    def keys(self, name: str) -> tuple[str, ...]:
        keys = tuple(key.strip() for key in self.text(name, _development_key()).split(","))
        for key in keys:
            try:
                valid = len(base64.urlsafe_b64decode(key)) == 32
            except ValueError:
                valid = False
            if not valid:
                raise SettingsError(f"{name} holds a key that is not 32 bytes in base64; make one: manage.py new-key")
        return keys

    def redis_url(self, broker_url: str | None) -> str | None:
        """Where locks, paces and the roll call are kept: the broker itself, unless it is a RabbitMQ."""
        url = self.text("REDIS_URL", "")
        if url and not url.startswith(REDIS_SCHEMES):
            raise SettingsError("REDIS_URL takes redis://host:6379/0 or rediss://...")
        if (broker_url or "").startswith(REDIS_SCHEMES):
            return url or broker_url
        if (broker_url or "").startswith(AMQP_SCHEMES) and not url:
            raise SettingsError(
                "BROKER_URL is a RabbitMQ (amqp://), so REDIS_URL is needed too: locks, the paces of shops, groups of"
                " messages and the roll call of workers are kept in a Redis; set REDIS_URL=redis://host:6379/0"
            )
        return url or None

    def login_storage(self, production: bool) -> str:
        """Where sign-ins are counted: in production in the Redis that all web processes share, else in each of them."""
        shared = self.redis_url(self.text("BROKER_URL", "")) if production else None
        return self.text("SHOPFERRY_LOGIN_STORAGE", shared or "memory://")

    def database_url(self, data_dir: Path) -> str:
        url = self.text("DATABASE_URL", f"sqlite:///{data_dir / 'shopferry.sqlite3'}")
        for given, driver in (
            ("postgres://", "postgresql+psycopg://"),
            ("postgresql://", "postgresql+psycopg://"),
            ("mysql://", "mariadb+pymysql://"),
            ("mariadb://", "mariadb+pymysql://"),
        ):
            if url.startswith(given):
                return driver + url.removeprefix(given)
        return url


def _embedded_broker(data_dir: Path) -> str | None:
    """The address of the broker that `manage.py run` keeps going in this data folder, if it does."""
    try:
        return str(json.loads((data_dir / "broker.json").read_text())["url"])
    except (OSError, ValueError, KeyError):
        return None
