"""How much of a supplier's file is borne, and where files may come from."""

from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20
GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class FeedLimits:
    """Sizes in bytes, times in seconds.

    `max_ratio` is how many times its size an archive may unpack to (deflate reaches 1,032; real feeds 5 to 60).
    `feed_dir` is the folder that feeds with a path may be read from, `upload_dir` the one of uploaded files; None:
    no such feeds. `work_dir` holds a file while it is read (None: the system's temporary folder). `allow_private` lets
    feeds come from private and loopback addresses; `ca_file` holds the certificate authorities to trust instead of the
    usual ones.
    """

    max_bytes: int = 4 * GIB
    max_seconds: float = 1800.0
    max_redirects: int = 5
    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    max_unpacked: int = 16 * GIB
    max_ratio: int = 250
    feed_dir: Path | None = None
    upload_dir: Path | None = None
    work_dir: Path | None = None
    allow_private: bool = False
    ca_file: Path | None = None
