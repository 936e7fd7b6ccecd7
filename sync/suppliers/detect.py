"""Finds out how a feed's file is written. What is given is kept."""

from dataclasses import dataclass, replace
from pathlib import Path

from sync.suppliers import dialect, encoding, unpack
from sync.suppliers.feed_errors import FeedUnreadable
from sync.suppliers.feed_options import FeedOptions
from sync.suppliers.limits import FeedLimits

SAMPLE = 256 << 10


@dataclass(frozen=True, slots=True)
class Detected:
    """What was found out, and how (a sentence each, for people)."""

    options: FeedOptions
    notes: tuple[str, ...] = ()


def detect(path: Path, given: FeedOptions | None = None, limits: FeedLimits | None = None) -> FeedOptions:
    """Options with nothing left open. Raises FeedUnreadable, FeedRefused or FeedTooLarge."""
    return detected(path, given, limits).options


def detected(path: Path, given: FeedOptions | None = None, limits: FeedLimits | None = None) -> Detected:
    """The same, with how it is known."""
    options = given or FeedOptions()
    with unpack.opened(path, options.member, limits) as stream:
        head = stream.read(SAMPLE)
    if not head.strip(b"\x00 \t\r\n"):
        raise FeedUnreadable("the file is empty", "ask the supplier for a whole one")
    return _table(path, head, replace(options, format=options.format or "csv"), limits)


def _table(path: Path, head: bytes, options: FeedOptions, limits: FeedLimits | None) -> Detected:
    name, notes = _encoding(path, options, limits)
    text = head.decode(name, "replace")
    lines = dialect.lines_of(text, whole=len(head) < SAMPLE)
    said = dialect.separator_line(lines)
    lines = lines[1:] if said else lines
    quote = options.quote or dialect.quote_of(lines)
    delimiter = options.delimiter or said or dialect.delimiter_of(lines, quote)
    header = dialect.has_header(lines, delimiter, quote) if options.header is None else options.header
    kind = "tsv" if options.format == "csv" and delimiter == "\t" else options.format
    return Detected(
        replace(options, format=kind, delimiter=delimiter, quote=quote, encoding=name, header=header), notes
    )


def _encoding(path: Path, options: FeedOptions, limits: FeedLimits | None) -> tuple[str, tuple[str, ...]]:
    if options.encoding:
        name = encoding.known(options.encoding)
        if name is None:
            raise FeedUnreadable(f"there is no encoding {options.encoding!r}", "try utf-8, cp1250 or iso-8859-2")
        return name, ()
    with unpack.opened(path, options.member, limits) as stream:
        name, why = encoding.detect(stream)
    return name, (f"read as {name}: {why}",)
