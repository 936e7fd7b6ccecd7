"""The broker of `run` and `demo`: the one that is configured, or the embedded one, started first and ended last."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import click

from admin.cli.frame import CliError
from settings import Settings
from tasks import embedded

START_SECONDS = 90.0
STOP_SECONDS = 15.0


class Broker:
    """Where the broker is, and its process if it is ours."""

    def __init__(self, url: str, process: "subprocess.Popen[bytes] | None" = None) -> None:
        self.url, self.process = url, process

    def broken(self) -> str | None:
        """What has happened to it, in words; None while all is well."""
        if self.process is None or self.process.poll() is None:
            return None
        return f"the broker stopped by itself (exit code {self.process.returncode})"


@contextmanager
def broker(settings: Settings, env: dict[str, str]) -> Iterator[Broker]:
    """A broker that answers, as long as the block lasts. Raises CliError where there is none to be had."""
    data_dir = settings.data_dir
    if settings.broker_url and settings.broker_url != embedded.written(data_dir):
        if not embedded.answers(settings.broker_url):
            raise CliError(
                f"BROKER_URL leads to {_host(settings.broker_url)}, where no broker answers; start it, or unset it"
            )
        yield Broker(settings.broker_url)
    elif url := embedded.running(data_dir):
        click.echo(f"the broker of this data folder is running already, at {url}")
        yield Broker(url)
    else:
        with _embedded(data_dir, env) as started:
            yield started


@contextmanager
def _embedded(data_dir: Path, env: dict[str, str]) -> Iterator[Broker]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tasks.embedded", "--while-stdin-open"],
        env={**env, "SHOPFERRY_LOG_LEVEL": "INFO"},  # which broker it is, and what it lacks, is always said
        stdin=subprocess.PIPE,  # closed by our end, whatever it is
        start_new_session=True,
    )
    try:
        yield Broker(_wait(process, data_dir), process)
    finally:
        _stop(process)


def _wait(process: "subprocess.Popen[bytes]", data_dir: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if url := embedded.running(data_dir):
            return url
        time.sleep(0.05)
    raise CliError(
        "the embedded broker did not start (its reason stands above); install redis-server or set BROKER_URL"
    )


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
