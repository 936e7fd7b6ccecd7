"""Keeps one broker going for a data folder, and sees that it ends with us."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NoReturn

import structlog

from tasks.embedded.address import address_file, answers, running
from tasks.embedded.servers import Server, servers

log = structlog.get_logger("shopferry.broker")

START_SECONDS = 60.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.02

Process = subprocess.Popen[bytes]


class BrokerError(Exception):
    """Raised when no broker could be started, or when one already serves this data folder."""


def serve(data_dir: Path, path: str | None = None) -> int:
    """Keep a broker going until SIGTERM or SIGINT comes (SystemExit), or until it ends by itself (returns 1).

    `path` stands in for PATH. Raises BrokerError.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    folder = (data_dir / "broker").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    with _only_one(data_dir, folder) as lock:
        process, url = start(servers(path), folder, lock)
        try:
            _write(address_file(data_dir), json.dumps({"url": url}))
            log.error(f"the broker ended by itself, with {process.wait()}")
            return 1
        finally:
            address_file(data_dir).unlink(missing_ok=True)
            _stop(process)


def _leave(_signal: int, _frame: object) -> NoReturn:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # a second one must not cut the stopping short
    raise SystemExit(0)


@contextmanager
def _only_one(data_dir: Path, folder: Path) -> Iterator[IO[str]]:
    """Two servers on one folder would spoil its files. The server inherits the lock: it holds as long as it lives."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            where = running(data_dir) or "an unknown address"
            raise BrokerError(f"a broker already serves {folder}, at {where}; stop that one first") from None
        yield lock


def start(candidates: Iterable[Server], folder: Path, lock: IO[str]) -> tuple[Process, str]:
    """Start the first server that comes up: its process and its address. Raises BrokerError."""
    for server in candidates:
        port = _free_port()
        url = f"redis://127.0.0.1:{port}/0"
        process = _launch(server.command(folder, port), url, folder / "server.log", lock)
        if process is None:
            log.warning(f"{server.name} did not start: {_last_line(folder / 'server.log')}")
            continue
        log.info(f"the broker is {server.name} on 127.0.0.1, port {port}")
        if not server.keeps:
            log.warning(
                "THE BROKER IS A STAND-IN (fakeredis): it is slow, and forgets queued work when it stops; jobs then go"
                " on from the database. Install redis-server, or set BROKER_URL."
            )
        return process, url
    raise BrokerError(f"no broker could be started; see {folder / 'server.log'}, or set BROKER_URL")


def _launch(command: list[str], url: str, output: Path, lock: IO[str]) -> Process | None:
    """The running process once it answers; None when it ends or stays silent instead."""
    with output.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - a server program that we chose
            command, stdout=out, stderr=out, stdin=subprocess.DEVNULL, pass_fds=(lock.fileno(),)
        )
    try:
        if _wait_until_it_answers(process, url):
            return process
    except BaseException:
        _stop(process)
        raise
    _stop(process)
    return None


def _last_line(output: Path) -> str:
    return (output.read_text(errors="replace").strip().splitlines() or ["it said nothing"])[-1]


def _wait_until_it_answers(process: Process, url: str) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if answers(url):
            return True
        time.sleep(POLL_SECONDS)
    return False


def _stop(process: Process) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write(target: Path, text: str) -> None:
    part = target.with_suffix(f".{os.getpid()}.part")
    part.write_text(text)
    part.replace(target)
