"""Runs the benchmarks that are named, or all; ends with 1 when a figure is missed."""

import sys

from benchmarks import client, progress, push
from benchmarks.report import machine

ALL = {
    "unchanged": push.unchanged,
    "prices": push.prices,
    "memory": push.memory,
    "writes": progress.writes,
    "polling": progress.polling,
    "client": client.run,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"no benchmark {unknown[0]!r}; there are: {', '.join(ALL)}", file=sys.stderr)
        return 2
    print(machine())
    reached = [ALL[name]() for name in names or ALL]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
