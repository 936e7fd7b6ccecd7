"""Takes an uploaded feed into the folder of uploads."""

import secrets
from pathlib import Path

from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

from sync.suppliers.feed_errors import FeedRefused, FeedTooLarge
from sync.suppliers.limits import MIB, FeedLimits


def keep_upload(limits: FeedLimits, feed_id: int, file: FileStorage) -> str:
    """Write it beside the one before and put it in its place; its name there. Raises FeedRefused and FeedTooLarge."""
    if limits.upload_dir is None:
        raise FeedRefused("there is no folder for uploads", "set SHOPFERRY_DATA_DIR")
    folder = limits.upload_dir
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{feed_id}-{secure_filename(file.filename or '')[-80:] or 'feed'}"
    part = folder / f".{name}.{secrets.token_hex(4)}"
    try:
        _copy(file, part, limits.max_bytes)
        part.replace(folder / name)
    finally:
        part.unlink(missing_ok=True)
    for old in folder.glob(f"{feed_id}-*"):
        if old.name != name:
            old.unlink(missing_ok=True)
    return name


def _copy(file: FileStorage, path: Path, most: int) -> None:
    size = 0
    with path.open("wb") as target:
        while block := file.stream.read(MIB):
            size += len(block)
            if size > most:
                raise FeedTooLarge(f"the file is larger than {most:,} bytes")
            target.write(block)
