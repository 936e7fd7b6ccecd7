"""`python -m prestashop_client.sandbox --port 8090`: the sandbox as a server."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from prestashop_client.sandbox.faults import KINDS
from prestashop_client.sandbox.sandbox import DEFAULT_KEY, Sandbox


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m prestashop_client.sandbox", description="A PrestaShop web service to develop and test against."
    )
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (%(default)s)")
    parser.add_argument("--port", type=int, default=8090, help="0 takes a free one (%(default)s)")
    parser.add_argument("--key", default=DEFAULT_KEY, help="the web service key, 32 characters")
    parser.add_argument("--load", type=Path, metavar="DIR", help="a folder of the shop's XML documents")
    parser.add_argument("--db", type=Path, metavar="FILE", help="a SQLite file that keeps the shop (memory)")
    parser.add_argument("--version", default="9.1", choices=("9.1", "8.2", "1.7"), help="PrestaShop's (%(default)s)")
    parser.add_argument(
        "--display-errors", action="store_true", help="a hosting on which PHP's warnings do not become errors"
    )
    parser.add_argument("--shops", type=int, default=1, help="how many shops in one group (%(default)s)")
    parser.add_argument("--share-stock", action="store_true", help="the shops share their stock")
    parser.add_argument("--languages", default="", help="ISO codes besides en and pl, e.g. de,cs")
    parser.add_argument("--domains", default="", help="Host names of the shop; others are redirected")
    parser.add_argument("--latency", type=float, default=0.0, metavar="MS", help="added to every request")
    parser.add_argument("--cost", default="", choices=("", "prestashop"), help="take the time of a real shop")
    parser.add_argument(
        "--faults",
        default="",
        metavar="LIST",
        help=f"e.g. 'lost method=POST rate=0.1; 503 at=3,7 retry_after=2'; {', '.join(sorted(KINDS))}",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the faults' randomness (%(default)s)")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; 0 then, 2 where the options are wrong or the port is taken."""
    options = _parser().parse_args(arguments)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    try:
        sandbox = Sandbox(
            key=options.key,
            load=options.load,
            version=options.version,
            db=options.db,
            display_errors=options.display_errors,
            shops=options.shops,
            share_stock=options.share_stock,
            languages=[code for code in options.languages.split(",") if code],
            latency=options.latency,
            cost=options.cost,
            faults=options.faults,
            seed=options.seed,
            domains=[name for name in options.domains.split(",") if name],
        )
        sandbox.start(options.host, options.port)
    except (OSError, ValueError) as wrong:
        sys.stderr.write(f"sandbox: {wrong}\n")
        return 2
    what = ", ".join(f"{count} {name}" for name, count in sandbox.loaded.items() if count) or "an empty shop"
    sys.stdout.write(
        f"PrestaShop {sandbox.profile.full_version} sandbox at {sandbox.address}/api/ key {sandbox.key} ({what})\n"
    )
    sys.stdout.flush()
    stopped.wait()
    sandbox.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
