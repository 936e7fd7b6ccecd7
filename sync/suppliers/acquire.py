"""Gets a feed's file onto this machine: an upload, a file of the allowed folder, or a download."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models import Feed
from sync.services import Services
from sync.suppliers.feed_errors import FeedRefused, FeedTooLarge, FeedUnreadable
from sync.suppliers.limits import FeedLimits


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A file to read. `unchanged`: the supplier says that it is the one that was applied last; `path` is None then."""

    path: Path | None
    sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    unchanged: bool = False


@contextmanager
def acquired(services: Services, feed: Feed, *, conditional: bool = True) -> Iterator[FeedFile]:
    """The feed's file while the block lasts. Raises FeedError."""
    path = local_path(feed, services.feeds)
    yield FeedFile(path, sha256_of(path, services.feeds))


def local_path(feed: Feed, limits: FeedLimits) -> Path:
    """Where the file of an upload or a path feed lies. Raises FeedRefused and FeedUnreadable."""
    folder = limits.upload_dir if feed.source == "upload" else limits.feed_dir
    if folder is None:
        raise FeedRefused("no folder is set that feeds may be read from", "set SHOPFERRY_FEED_DIR")
    root = folder.resolve()
    path = (root / feed.address).resolve()
    if not path.is_relative_to(root) or path == root:
        raise FeedRefused(f"{feed.address!r} lies outside of the folder for feeds", "give a path below it")
    if not path.is_file():
        raise FeedUnreadable(f"there is no file {feed.address!r}", "upload it again, or mend its path")
    return path


def sha256_of(path: Path, limits: FeedLimits) -> str:
    """The SHA-256 of a file. Raises FeedTooLarge."""
    if path.stat().st_size > limits.max_bytes:
        raise FeedTooLarge(f"the file is larger than {limits.max_bytes:,} bytes")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
