"""Opens a feed's file, plain or packed by gzip or zip, as one stream of bytes that ends before it can do harm."""

import gzip
import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from sync.suppliers.feed_errors import FeedRefused, FeedTooLarge, FeedUnreadable
from sync.suppliers.limits import MIB, FeedLimits

ENDINGS = (".csv", ".tsv", ".txt", ".xml", ".jsonl", ".ndjson", ".json", ".xlsx")
_FREE = MIB
"""So much may come out of an archive of any size before the ratio counts: short files pack well."""


class Capped(io.RawIOBase):
    """Reads from an unpacker and stops a bomb. Raises FeedRefused, FeedTooLarge and FeedUnreadable."""

    def __init__(self, source: IO[bytes], packed: int, limits: FeedLimits) -> None:
        self._source = source
        self._packed = max(packed, 1)
        self._limits = limits
        self._out = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer)).cast("B")
        try:
            data = self._source.read(len(view))
        except (EOFError, OSError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
            raise FeedUnreadable(f"the archive is broken: {error}", "fetch it again; it may be cut off") from None
        self._out += len(data)
        if self._out > self._limits.max_unpacked:
            raise FeedTooLarge(f"the archive unpacks to more than {self._limits.max_unpacked:,} bytes")
        if self._out > _FREE and self._out > self._packed * self._limits.max_ratio:
            raise FeedRefused(
                f"the archive unpacks to more than {self._limits.max_ratio} times its size, as a zip bomb does",
                "ask the supplier for the plain file",
            )
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._source.close()
        super().close()


@contextmanager
def opened(path: Path, member: str | None = None, limits: FeedLimits | None = None) -> Iterator[BinaryIO]:
    """The bytes of the feed itself; XLSX is a zip too, but is given as it is."""
    caps = limits or FeedLimits()
    with path.open("rb") as file:
        magic = file.read(4)
        file.seek(0)
        if magic.startswith(b"\x1f\x8b"):
            with io.BufferedReader(
                Capped(cast(IO[bytes], gzip.GzipFile(fileobj=file)), path.stat().st_size, caps), 1 << 16
            ) as stream:
                yield stream
        elif magic == b"PK\x03\x04" and not is_xlsx(path):
            with _zip(path) as archive:
                info = _chosen(archive, member)
                with io.BufferedReader(Capped(_member(archive, info), info.compress_size, caps), 1 << 16) as stream:
                    yield stream
        else:
            yield file


@contextmanager
def _zip(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FeedUnreadable(f"the zip is broken: {error}", "fetch it again; it may be cut off") from None
    with archive:
        yield archive


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    try:
        return archive.open(info)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FeedUnreadable(f"the zip is broken: {error}"[:200], "fetch it again; it may be cut off") from None


def is_xlsx(path: Path) -> bool:
    """Whether a zip is a workbook."""
    with _zip(path) as archive:
        names = set(archive.namelist())
    return "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names)


def members(path: Path) -> tuple[str, ...]:
    """The files in a zip that could be a feed, largest first."""
    with _zip(path) as archive:
        return tuple(info.filename for info in _candidates(archive))


def _candidates(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    files = [info for info in archive.infolist() if not info.is_dir() and not _hidden(info.filename)]
    known = [info for info in files if info.filename.lower().endswith(ENDINGS)]
    return sorted(known or files, key=lambda info: -info.file_size)


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


def _chosen(archive: zipfile.ZipFile, member: str | None) -> zipfile.ZipInfo:
    candidates = _candidates(archive)
    if member:
        candidates = [info for info in archive.infolist() if info.filename == member]
    if not candidates:
        raise FeedUnreadable(f"the zip has no file {member!r}" if member else "the zip holds no file")
    if candidates[0].flag_bits & 1:
        raise FeedUnreadable("the zip is encrypted", "ask the supplier for one without a password")
    return candidates[0]


@contextmanager
def seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The stream itself when one can go back in it, else a copy on disk that is gone afterwards."""
    if isinstance(stream, io.BufferedReader) and not isinstance(stream.raw, Capped):
        yield stream
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(stream, copy, MIB)
        copy.seek(0)
        yield cast(BinaryIO, copy)
