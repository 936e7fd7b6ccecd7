"""A run of a feed without a trace: the whole file read and compared, nothing written."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from models import Feed
from sync.services import Services
from sync.suppliers.acquire import acquired
from sync.suppliers.chunk_rows import ROWS
from sync.suppliers.detect import detect
from sync.suppliers.ending import said
from sync.suppliers.feed_errors import FeedUnreadable
from sync.suppliers.feed_file import read_feed
from sync.suppliers.feeds import Reading, last_runs
from sync.suppliers.missing import missing_rows
from sync.suppliers.planning import Planner
from sync.suppliers.safety import RUNS, Stop, stops

EXAMPLES = 20


@dataclass(slots=True)
class FeedDryRun:
    """Rows by result, invalid ones by reason, some of each, and why the run would be held."""

    rows: int = 0
    results: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    stops: list[Stop] = field(default_factory=list)
    broken_off: str | None = None


def dry_run(services: Services, feed: Feed, limit: int | None = None) -> FeedDryRun:
    """What a run of the feed would do now. Raises FeedError where its file cannot be had or read."""
    reading = Reading.of(feed)
    planner = Planner(feed.id, reading.salt, reading.safety.price_jump)
    found = FeedDryRun()
    with acquired(services, feed, conditional=False) as file:
        assert file.path is not None  # noqa: S101 - without a condition there is a file
        options = detect(file.path, reading.options, services.feeds)
        rows = read_feed(
            file.path, options, reading.mapping, reading.filters, row_limit=limit or feed.row_limit,
            limits=services.feeds,
        )  # fmt: skip
        try:
            while chunk := list(islice(rows, ROWS)):
                with services.db.read() as session:
                    planned, _counts = planner.plan(session, chunk)
                _note(found, planned)
        except FeedUnreadable as error:
            planner.numbers.broken_off = found.broken_off = str(error)
    if not (limit or feed.row_limit or found.broken_off):
        found.results["missing"] = sum(1 for _ in missing_rows(services.db, feed, planner))
    found.rows = planner.numbers.rows
    with services.db.read() as session:
        found.stops = stops(planner.numbers, reading.safety, last_runs(session, feed.id, RUNS))
    return found


def _note(found: FeedDryRun, planned: list[Any]) -> None:
    results, reasons = Counter(found.results), Counter(found.reasons)
    for row in planned:
        results[row.result] += 1
        if row.result == "unchanged":
            continue
        examples = found.examples.setdefault(row.result, [])
        if len(examples) < EXAMPLES:
            why = said(row.number, row.problems) if row.result == "invalid" else ""
            examples.append({"row": row.number, "key": row.key[2:], "why": why})
        if row.result == "invalid":
            reasons.update({one["reason"] for one in row.problems if one.get("fatal", True)})
    found.results, found.reasons = dict(results), dict(reasons)
