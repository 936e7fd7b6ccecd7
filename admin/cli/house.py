"""Everything that `run` and `demo` start: broker, web, workers, scheduler, on 127.0.0.1 and nowhere else."""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click

from admin.cli import ports
from admin.cli.broker import broker
from admin.cli.frame import CliError
from admin.cli.supervisor import Program, Supervisor
from settings import Settings

ROOT = Path(__file__).parents[2]
SYNC_QUEUES = ("prestashop_high", "prestashop_sync", "prestashop_low", "default", "scheduler")
IMPORT_QUEUES = ("import", "integrations")
READY_SECONDS = 120.0


def environment(settings: Settings, *, log_level: str | None = None) -> dict[str, str]:
    """What every program of the house gets: where the code and the data are, whatever the folder we are called in."""
    env = {**os.environ, "SHOPFERRY_DATA_DIR": str(settings.data_dir.absolute())}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), env.get("PYTHONPATH", "")]))
    env["PYTHONUNBUFFERED"] = "1"
    if log_level and "SHOPFERRY_LOG_LEVEL" not in env:
        env["SHOPFERRY_LOG_LEVEL"] = log_level
    return env


def web(port: int) -> Program:
    """The admin under gunicorn."""
    options = ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "8", "--no-control-socket"]
    return Program("web", [sys.executable, "-m", "gunicorn", *options, "--graceful-timeout", "4", "wsgi:app"])


def workers() -> list[Program]:
    """The sync queues, the imports, and the scheduler, each in a process of its own."""
    dramatiq = [sys.executable, "-m", "dramatiq", "worker", "--processes", "1"]
    scheduler = "import sys, periodiq; sys.argv = ['periodiq', 'worker']; sys.exit(periodiq.entrypoint())"
    return [
        Program("worker", [*dramatiq, "--threads", "4", "--queues", *SYNC_QUEUES]),
        Program("worker-imports", [*dramatiq, "--threads", "2", "--queues", *IMPORT_QUEUES]),
        Program("scheduler", [sys.executable, "-c", scheduler]),
    ]


def keep(settings: Settings, env: dict[str, str], programs: Sequence[Program], ready: Callable[[], None]) -> None:
    """Run the broker and these programs until somebody asks for the end. Raises CliError when one ends by itself."""
    with broker(settings, env) as found:
        named = [Program(each.name, each.command, {**env, "BROKER_URL": found.url, **each.env}) for each in programs]
        culprit = Supervisor(named, ready=ready, broken=found.broken).run()
    if culprit:
        raise CliError(f"{culprit}; everything else was stopped")


def wait_for(numbers: Sequence[int]) -> None:
    """Wait until a web server answers on each of these ports. Raises CliError after two minutes."""
    deadline = time.monotonic() + READY_SECONDS
    for number in numbers:
        while not ports.serves(number):
            if time.monotonic() > deadline:
                raise CliError(f"port {number} does not answer after {READY_SECONDS:.0f} seconds")
            time.sleep(0.05)


@contextmanager
def alone(data_dir: Path) -> Iterator[None]:
    """One house a data folder. Signals end the block from now on. Raises CliError when there is one already."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CliError(f"Shopferry is running on {data_dir} already (process {lock.read().strip()})") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _leave(_signal: int, _frame: object) -> NoReturn:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # a second one must not cut the stopping short
    raise click.exceptions.Exit(0)
