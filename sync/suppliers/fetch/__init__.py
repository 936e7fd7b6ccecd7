"""Fetches a feed's file to disk, from wherever it lies, within limits, and tells whether it is the same as before."""

from collections.abc import Callable
from pathlib import Path

from sync.suppliers.feed_errors import FeedError, FeedRefused, FeedUnreadable
from sync.suppliers.fetch import ftp, http, local
from sync.suppliers.fetch.sink import Sink
from sync.suppliers.fetch.source import AUTH_KINDS, SOURCES, Answer, Auth, Conditions, Fetched, Source
from sync.suppliers.fetch.watch import Watch
from sync.suppliers.limits import FeedLimits

__all__ = ["AUTH_KINDS", "SOURCES", "Auth", "Conditions", "Fetched", "Source", "download"]

Fetcher = Callable[[Source, Sink, FeedLimits, Conditions], Answer]


def _sftp(source: Source, sink: Sink, limits: FeedLimits, conditions: Conditions) -> Answer:
    from sync.suppliers.fetch import sftp  # paramiko takes its time to load, and few feeds need it

    return sftp.fetch(source, sink, limits, conditions)


_FETCHERS: dict[str, Fetcher] = {
    "upload": local.fetch,
    "path": local.fetch,
    "url": http.fetch,
    "ftp": ftp.fetch,
    "sftp": _sftp,
}


def _in_time(fetcher: Fetcher, source: Source, sink: Sink, limits: FeedLimits, conditions: Conditions) -> Answer:
    with Watch(limits.max_seconds) as watch:
        try:
            answer = fetcher(source, sink, limits, conditions)
        except FeedError:
            if not watch.late:
                raise
    if watch.late:
        raise sink.too_slow()
    return answer


def download(
    source: Source, target_dir: Path, limits: FeedLimits | None = None, conditions: Conditions | None = None
) -> Fetched:
    """The file in `target_dir`; its name says nothing. Raises FeedError, and then leaves nothing behind.

    `unchanged` is told by the server (ETag, Last-Modified), by a file's time and size, or by the hash of what came.
    """
    known = conditions or Conditions()
    fetcher = _FETCHERS.get(source.kind)
    if fetcher is None:
        raise FeedRefused(f"there is no source {source.kind!r}", f"known: {', '.join(SOURCES)}")
    caps = limits or FeedLimits()
    with Sink(target_dir, caps) as sink:
        answer = _in_time(fetcher, source, sink, caps, known)
        if answer.unchanged:
            return Fetched(None, known.sha256, answer.etag, answer.last_modified, unchanged=True, size=0)
        if sink.size == 0:
            raise FeedUnreadable("the file is empty", "ask the supplier for a whole one")
        same = sink.sha256 == known.sha256
        path = None if same else sink.keep()
        return Fetched(path, sink.sha256, answer.etag, answer.last_modified, unchanged=same, size=sink.size)
