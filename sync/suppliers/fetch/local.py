"""Files on this machine: uploads, and those under the one folder that feeds may be read from."""

import os
import stat
from pathlib import Path

from sync.suppliers.feed_errors import FeedRefused, FeedUnreachable
from sync.suppliers.fetch.sink import Sink
from sync.suppliers.fetch.source import Answer, Conditions, Source
from sync.suppliers.limits import MIB, FeedLimits


def fetch(source: Source, sink: Sink, limits: FeedLimits, conditions: Conditions) -> Answer:
    """Copies the file, as a supplier may write to it while it is read."""
    folder = limits.upload_dir if source.kind == "upload" else limits.feed_dir
    if folder is None:
        raise FeedRefused("no folder is set that feeds may be read from", "set SHOPFERRY_FEED_DIR")
    path = inside(folder, source.address)
    descriptor = _open(path, source.address)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        mark = f"{status.st_mtime_ns:x}-{status.st_size:x}"
        if mark == conditions.etag:
            return Answer(mark, unchanged=True)
        sink.expect(status.st_size)
        while block := file.read(MIB):
            sink.write(block)
    return Answer(mark)


def inside(folder: Path, address: str) -> Path:
    """The real path of a file in a folder. Raises FeedRefused for one that leads out of it, by .. or a link."""
    root = folder.resolve()
    try:
        path = (root / address).resolve()
    except (OSError, ValueError, RuntimeError):
        raise FeedRefused(f"{address!r} is no path", "name a file in the folder") from None
    if path != root and not path.is_relative_to(root):
        raise FeedRefused(f"{address} leads out of the folder that feeds may be read from", "put it there")
    return path


def _open(path: Path, address: str) -> int:
    """Opens without following a link that was put there since, and without waiting for a pipe."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except FileNotFoundError:
        raise FeedUnreachable(f"there is no file {address}", "check its name") from None
    except OSError as error:
        raise FeedRefused(f"{address} cannot be opened: {error.strerror}", "check its permissions") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FeedRefused(f"{address!r} is no file", "name a file, not a folder or a device")
    return descriptor
