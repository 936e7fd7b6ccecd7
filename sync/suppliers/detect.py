"""Finds out how a feed's file is written. What is given is kept."""

import re
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from sync.suppliers import dialect, encoding, unpack
from sync.suppliers.feed_errors import FeedUnreadable
from sync.suppliers.feed_options import FeedOptions
from sync.suppliers.limits import FeedLimits
from sync.suppliers.presets import RECORD_PATHS
from sync.suppliers.readers import xlsx, xml_sample

SAMPLE = 1 << 20
_HTML = re.compile(r"\s*(?:<!doctype\s+html|<html)", re.IGNORECASE)


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
    caps = limits or FeedLimits()
    with unpack.opened(path, options.member, caps) as stream:
        head = stream.read(SAMPLE)
    if not head.strip(b"\x00 \t\r\n"):
        raise FeedUnreadable("the file is empty", "ask the supplier for a whole one")
    if head.startswith(b"PK\x03\x04"):
        return _workbook(path, options, caps)
    if options.format == "xlsx":
        raise FeedUnreadable("the file is no XLSX workbook", "choose its format again")
    name, notes = _encoding(path, options, caps)
    options = replace(options, encoding=name)
    text = head.decode(name, "replace").lstrip("\ufeff")
    if _HTML.match(text):
        raise FeedUnreadable("it is a web page, not a feed", "check the address; a sign-in page may have answered")
    kind = options.format or _format(text)
    if kind != "xml" and text.lstrip().startswith("<?xml"):
        raise FeedUnreadable(f"the file is XML, not {kind}", "choose its format again")
    if kind == "xml":
        return Detected(_xml(head, options), notes)
    if kind == "jsonl":
        return Detected(_json(text, options), notes)
    return Detected(_table(text, len(head) < SAMPLE, replace(options, format=kind)), notes)


def _format(text: str) -> str:
    start = text.lstrip()[:1]
    return {"<": "xml", "{": "jsonl", "[": "jsonl"}.get(start, "csv")


def _xml(head: bytes, options: FeedOptions) -> FeedOptions:
    root = xml_sample.tree(head, options.encoding or "utf-8")
    namespaces = xml_sample.namespaces(root, options.namespaces)
    path = options.record_path or xml_sample.record_path(root, namespaces, RECORD_PATHS)
    return replace(options, format="xml", namespaces=namespaces, record_path=path)


def _json(text: str, options: FeedOptions) -> FeedOptions:
    if text.lstrip().startswith("["):
        raise FeedUnreadable("it is one JSON document, not JSON lines", "ask the supplier for one object a line")
    return replace(options, format="jsonl")


def _workbook(path: Path, options: FeedOptions, limits: FeedLimits) -> Detected:
    if options.format not in (None, "xlsx"):
        raise FeedUnreadable(f"the file is an XLSX workbook, not {options.format}", "choose its format again")
    with unpack.opened(path, options.member, limits) as stream, unpack.seekable(stream) as file:
        xlsx.guard(file, limits)
        names = xlsx.sheets(file)
        sheet = options.sheet or names[0]
        with closing(xlsx.cells(file, sheet, limits)) as rows:  # type: ignore[type-var]
            sample = [cells for _, cells, _ in islice(rows, 2)]
    header = options.header if options.header is not None else not sample or dialect.names_columns(sample[0])
    notes = (f"sheet {sheet} of: {', '.join(names)}",) if len(names) > 1 else ()
    return Detected(replace(options, format="xlsx", sheet=sheet, header=header), notes)


def _table(text: str, whole: bool, options: FeedOptions) -> FeedOptions:
    lines = dialect.lines_of(text, whole)
    said = dialect.separator_line(lines)
    lines = lines[1:] if said else lines
    quote = options.quote or dialect.quote_of(lines)
    given = options.delimiter or ("\t" if options.format == "tsv" else said)
    delimiter = given or dialect.delimiter_of(lines, quote)
    header = dialect.has_header(lines, delimiter, quote) if options.header is None else options.header
    kind = "tsv" if delimiter == "\t" else "csv"
    return replace(options, format=kind, delimiter=delimiter, quote=quote, header=header)


def _encoding(path: Path, options: FeedOptions, limits: FeedLimits) -> tuple[str, tuple[str, ...]]:
    if options.encoding:
        name = encoding.known(options.encoding)
        if name is None:
            raise FeedUnreadable(f"there is no encoding {options.encoding!r}", "try utf-8, cp1250 or iso-8859-2")
        return name, ()
    with unpack.opened(path, options.member, limits) as stream:
        name, why = encoding.detect(stream)
    return name, (f"read as {name}: {why}",)
