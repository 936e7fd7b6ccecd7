"""What the domain needs from outside, put together once per process."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models import Database, Shop
from prestashop_client import Capabilities, PrestaShopClient
from prestashop_client.pace import PaceStore
from sync.media import MediaStore
from sync.pacing import Pacers
from sync.presence import Watch
from sync.secrets import Vault
from sync.suppliers.limits import FeedLimits


@dataclass(frozen=True, slots=True)
class Policy:
    """How patiently work is done. Times in seconds.

    `retry_delays`: the waits after the first, second ... failure of an item, then it is failed; `retry_until`: the
    age of a job after which nothing is retried; `claim`: how long a claim lasts without a sign of life;
    `chunk`: items per chunk; `turn`: how long a lane works before it lets others go first.
    """

    retry_delays: tuple[float, ...] = (30.0, 60.0, 300.0)
    retry_until: float = 24 * 3600.0
    claim: float = 30.0
    chunk: int = 50
    turn: float = 1.0


@dataclass(frozen=True, slots=True)
class Services:
    """Database, secrets, files, the way into a shop, what is borne of suppliers' files, and who is at work."""

    db: Database
    vault: Vault
    media: MediaStore
    connect: Callable[[Shop], PrestaShopClient]
    policy: Policy = Policy()
    feeds: FeedLimits = field(default_factory=FeedLimits)
    watch: Watch = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "watch", Watch(self.db, self.policy.claim))


def build(
    db: Database,
    encryption_keys: Sequence[str],
    media_dir: Path,
    policy: Policy | None = None,
    pace_store: Callable[[int], PaceStore] | None = None,
    feeds: FeedLimits | None = None,
) -> Services:
    """The services of a process that talks to real shops. `pace_store` shares a shop's pace between processes."""
    vault = Vault(encryption_keys)
    pacers = Pacers(pace_store)

    def connect(shop: Shop) -> PrestaShopClient:
        return PrestaShopClient(
            shop.address,
            vault.decrypt(shop.key_encrypted),
            timeout=(shop.connect_timeout, shop.read_timeout),
            id_shop=shop.id_shop,
            pacer=pacers.of(shop),
            at_once=1,
            capabilities=Capabilities.from_dict(shop.capabilities) if shop.capabilities else None,
        )

    return Services(db, vault, MediaStore(media_dir), connect, policy or Policy(), feeds or FeedLimits())
