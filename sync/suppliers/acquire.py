"""Gets a feed's file onto this machine for as long as it is read."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models import Feed
from sync.services import Services
from sync.suppliers.fetch import Auth, Conditions, Fetched, Source, download


@contextmanager
def acquired(services: Services, feed: Feed, *, conditional: bool = True) -> Iterator[Fetched]:
    """The feed's file while the block lasts; with `conditional` only when it is another than the one applied last.

    Raises FeedError, and SecretUnreadable where the feed's secret was encrypted with a key that is gone.
    """
    known = Conditions(feed.etag, feed.last_modified, feed.sha256) if conditional else None
    folder = services.feeds.work_dir or Path(tempfile.gettempdir())
    file = download(source_of(services, feed), folder, services.feeds, known)
    try:
        yield file
    finally:
        if file.path is not None:
            file.path.unlink(missing_ok=True)


def source_of(services: Services, feed: Feed) -> Source:
    """Where the feed's file comes from, with the secret to get in."""
    secret = services.vault.decrypt(feed.auth_secret_encrypted) if feed.auth_secret_encrypted else ""
    return Source(feed.source, feed.address, Auth.from_data(feed.auth, secret))
