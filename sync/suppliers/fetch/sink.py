"""Writes what comes in to disk, hashes it, and stops what is too large or too slow."""

import hashlib
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sync.suppliers.feed_errors import FeedTooLarge
from sync.suppliers.limits import FeedLimits


class Sink:
    """A file in the making; it is gone at the end unless `keep` was called."""

    def __init__(self, folder: Path, limits: FeedLimits, clock: Callable[[], float] = time.monotonic) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._limits = limits
        self._clock = clock
        self._until = clock() + limits.max_seconds
        self._hash = hashlib.sha256()
        self._file = tempfile.NamedTemporaryFile(dir=folder, prefix="feed-", suffix=".part", delete=False)  # noqa: SIM115
        self._path = Path(self._file.name)
        self.size = 0

    def __enter__(self) -> "Sink":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def expect(self, size: int | None) -> None:
        """Raises FeedTooLarge when the server announces more than is allowed."""
        if size is not None and size > self._limits.max_bytes:
            raise FeedTooLarge(
                f"the file has {size:,} bytes, the limit is {self._limits.max_bytes:,}", "raise the limit"
            )

    def write(self, data: bytes) -> None:
        """Raises FeedTooLarge beyond the limits of size and time."""
        self.size += len(data)
        if self.size > self._limits.max_bytes:
            raise FeedTooLarge(f"the file has more than {self._limits.max_bytes:,} bytes", "raise the limit")
        self.check_time()
        self._hash.update(data)
        self._file.write(data)

    def check_time(self) -> None:
        """Raises FeedTooLarge when the time is up."""
        if self._clock() > self._until:
            raise self.too_slow()

    def too_slow(self) -> FeedTooLarge:
        """What is raised when the time is up."""
        return FeedTooLarge(f"the file took more than {self._limits.max_seconds:g} s", "ask for a smaller one")

    @property
    def sha256(self) -> str:
        """Of all that was written."""
        return self._hash.hexdigest()

    def keep(self) -> Path:
        """The finished file, under a name that nobody else has."""
        self._file.close()
        return self._path.rename(self._path.with_suffix(".feed"))
