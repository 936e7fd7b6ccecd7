"""Reads the records of an XML feed one after the other, and frees what was read. No DTD, no entities, no network."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import chain
from typing import Any, BinaryIO

from lxml import etree

from sync.suppliers.feed_errors import FeedRefused, FeedUnreadable
from sync.suppliers.feed_options import FeedOptions
from sync.suppliers.readers.xml_path import Element, climbs, taker
from sync.suppliers.readers.xml_record import Names, RecordPath, flattened
from sync.suppliers.readers.xml_repair import Repair, repaired
from sync.suppliers.rows import RawRow

LARGEST_RECORD = 32 << 20
_LONGEST_PROLOGUE = 16
_KEPT = 1000
"""Elements beside the records that are kept for paths with `..`."""


def rows(stream: BinaryIO, options: FeedOptions, columns: Collection[str] = (), only: bool = False) -> Iterator[RawRow]:
    """The records; `columns` are paths in a record. Raises FeedUnreadable, after the records before that place."""
    takers = {column: taker(column, options.namespaces) for column in columns}
    names = Names(options.namespaces)
    ups = max((climbs(column) for column in columns), default=0)
    for number, record in enumerate(records(stream, options, ups), 1):
        cells = {} if only else flattened(record, names)
        for column, take in takers.items():
            cells[column] = take(record)
        yield RawRow(number, cells)


def records(stream: BinaryIO, options: FeedOptions, ups: int = 0) -> Iterator[Element]:
    """The elements at the record path, each to be used before the next; `ups`: how far above them paths reach."""
    path = RecordPath(options.record_path or "", options.namespaces)
    return _Reading(path, ups).run(repaired(stream, options.encoding or "utf-8", Repair()))


def parser(events: tuple[str, ...], tag: object = None) -> Any:
    """An XMLPullParser of UTF-8 that loads nothing and expands nothing."""
    options: dict[str, Any] = {
        "events": events,
        "resolve_entities": False,
        "load_dtd": False,
        "attribute_defaults": False,
    }
    return etree.XMLPullParser(
        tag=tag, encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True,
        remove_pis=True, **options,
    )  # type: ignore[call-overload, arg-type, unused-ignore]  # fmt: skip


class _Reading:
    """One pass over a document."""

    def __init__(self, path: RecordPath, ups: int) -> None:
        self._path = path
        self._kept_depth = path.depth - ups
        self._root: Element | None = None
        self._count = 0
        self._open_bytes = 0

    def run(self, pieces: Iterator[bytes]) -> Iterator[Element]:
        first, root = _root_of(pieces)
        pull = parser(("start", "end"), None if self._path.tag == "*" else [self._path.tag, root])
        for piece in chain(first, pieces):
            error = self._feed(pull, piece)
            before = self._count
            for record in self._ended(pull):
                self._count += 1
                yield record
            if error is not None:
                raise self._broken(error)
            self._prune(len(piece) if self._count == before else 0)
        if error := self._close(pull):
            raise self._broken(error)

    def _feed(self, pull: Any, piece: bytes) -> etree.XMLSyntaxError | None:
        try:
            pull.feed(piece)
        except etree.XMLSyntaxError as error:
            return error
        return None

    def _close(self, pull: Any) -> etree.XMLSyntaxError | None:
        try:
            pull.close()
        except etree.XMLSyntaxError as error:
            return error
        return None

    def _broken(self, error: etree.XMLSyntaxError) -> FeedUnreadable:
        line = f" in line {error.lineno}" if error.lineno else ""
        return FeedUnreadable(
            f"the XML is broken{line}, after record {self._count}: {error.msg}",
            "it may be cut off; fetch it again",
        )

    def _ended(self, pull: Any) -> Iterator[Element]:
        for event, element in pull.read_events():
            if self._root is None:
                self._root = element.getroottree().getroot()
            if event == "end" and self._path.matches(element):
                yield element

    def _prune(self, size: int) -> None:
        """Frees all that is complete: every child but the last, from the root down to an open record."""
        node, depth = self._root, 1
        while node is not None and len(node):
            kept = _KEPT if depth >= self._kept_depth else 0
            self._drop(node, kept)
            node, depth = node[-1], depth + 1
            if self._path.matches(node):
                self._grow(size)
                return
        self._open_bytes = 0

    def _drop(self, node: Any, kept: int) -> None:
        if not kept:
            del node[:-1]
            return
        for child in node[:-1]:
            if self._path.matches(child):
                node.remove(child)
        del node[kept:-1]

    def _grow(self, size: int) -> None:
        self._open_bytes = self._open_bytes + size if size else 0
        if self._open_bytes > LARGEST_RECORD:
            raise FeedUnreadable(
                f"record {self._count + 1} is larger than {LARGEST_RECORD >> 20} MB", "check the record path"
            )


def _root_of(pieces: Iterator[bytes]) -> tuple[list[bytes], str]:
    """The pieces up to the root's start, and its name: by the root what was read is freed, whatever it is."""
    probe = parser(("start",))
    read: list[bytes] = []
    for piece in pieces:
        read.append(piece)
        with suppress(etree.XMLSyntaxError):  # the reading itself comes upon it too, and says where
            probe.feed(piece)
        for _, element in probe.read_events():
            refuse_entities(element)
            return read, str(element.tag)
        if len(read) > _LONGEST_PROLOGUE:
            break
    return read, "*"


def refuse_entities(element: Element) -> None:
    """Raises FeedRefused for a document that declares entities."""
    internal: Any = element.getroottree().docinfo.internalDTD
    if internal is not None and any(True for _ in internal.iterentities()):
        raise FeedRefused("the XML declares entities of its own, as an attack does", "ask for one without a DTD")
