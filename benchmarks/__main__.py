"""Runs the benchmarks that are named, or all; ends with 1 when a figure is missed."""

import subprocess
import sys

from benchmarks import availability, client, direct, engine, feeds, imports, lanes, progress, push, reading
from benchmarks.report import machine

ALL = {
    "unchanged": push.unchanged,
    "prices": push.prices,
    "memory": push.memory,
    "writes": progress.writes,
    "polling": progress.polling,
    "statements": lanes.statements,
    "fairness": lanes.fairness,
    "changed": engine.changed,
    "imported": imports.imported,
    "checked": imports.checked,
    "client": client.run,
    "direct": direct.direct,
    "direct-many": direct.direct_many,
    "feed-csv": reading.csv_feed,
    "feed-run": feeds.on_sqlite,
    "feed-run-postgresql": feeds.on_postgresql,
    "availability": availability.by_sql,
    "feed-xml": reading.xml_feed,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"no benchmark {unknown[0]!r}; there are: {', '.join(ALL)}", file=sys.stderr)
        return 2
    if len(names) == 1:
        return 0 if ALL[names[0]]() else 1
    print(machine(), flush=True)
    # Each in a process of its own: actors are bound to the first broker that a process has.
    codes = [
        subprocess.run([sys.executable, "-m", "benchmarks", name], check=False).returncode for name in names or ALL
    ]
    return 1 if any(codes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
