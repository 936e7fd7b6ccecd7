"""Commands called in this process, on a data folder of the test's own; and whole houses in processes of their own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import dramatiq
import psutil
import pytest
from click.testing import CliRunner, Result
from structlog.testing import capture_logs

from admin.cli import cli
from models import Database
from sync.services import Services
from tasks import context
from tests.conftest import make_services

ROOT = Path(__file__).parents[2]
Invoke = Callable[..., Result]


@pytest.fixture
def data_dir(tmp_path: Path, sqlite_template: Path) -> Path:
    """A data folder with a migrated, empty database."""
    made = tmp_path / "var"
    made.mkdir()
    shutil.copy(sqlite_template, made / "shopferry.sqlite3")
    return made


@pytest.fixture
def env(data_dir: Path, encryption_key: str) -> dict[str, str]:
    """The environment of a command."""
    return {"SHOPFERRY_DATA_DIR": str(data_dir), "SHOPFERRY_ENCRYPTION_KEYS": encryption_key, "BROKER_URL": ""}


@pytest.fixture
def invoke(env: dict[str, str]) -> Iterator[Invoke]:
    """Calls a command: `invoke("shop", "list")`, with `stdin=` where it asks."""
    broker, settings = dramatiq.get_broker(), context._settings
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def call(*arguments: str, stdin: str | None = None, more_env: Mapping[str, str] | None = None) -> Result:
        with capture_logs():  # manage.py's main() sends the log elsewhere
            return CliRunner().invoke(
                cli, arguments, input=stdin, env={**env, **(more_env or {})}, prog_name="manage.py"
            )

    yield call
    dramatiq.set_broker(broker)
    assert settings
    context.configure(settings)
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def stored(data_dir: Path, encryption_key: str) -> Iterator[Services]:
    """The services over the same data folder, to prepare and to look."""
    database = Database(f"sqlite:///{data_dir / 'shopferry.sqlite3'}")
    yield make_services(database, encryption_key, data_dir / "media")
    database.dispose()


class Running:
    """A command in a process of its own, with everything that it has started."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], log: Path) -> None:
        self.log = log
        self.family: set[psutil.Process] = set()
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **env}, stdout=out, stderr=out, stdin=subprocess.DEVNULL
            )

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, text: str, seconds: float = 90) -> None:
        """Wait until it has said this."""
        deadline = time.monotonic() + seconds
        while text not in self.said():
            assert self.process.poll() is None, f"it ended before it said {text!r}:\n{self.said()}"
            assert time.monotonic() < deadline, f"it did not say {text!r}:\n{self.said()}"
            time.sleep(0.05)
        self.note_family()

    def note_family(self) -> None:
        self.family |= {*psutil.Process(self.process.pid).children(recursive=True)}

    def stop(self, number: signal.Signals = signal.SIGINT, seconds: float = 40) -> int:
        """Send a signal, wait for the end, check that nothing of it is left, and return the exit code."""
        if self.process.poll() is None:
            self.note_family()
            self.process.send_signal(number)
        returncode = self.process.wait(timeout=seconds)
        self.assert_nothing_left()
        return returncode

    def assert_nothing_left(self, seconds: float = 20) -> None:
        _gone, alive = psutil.wait_procs(self.family, timeout=seconds)
        alive = [each for each in alive if each.status() != psutil.STATUS_ZOMBIE]
        assert not alive, f"left behind: {alive}\n{self.said()}"


Start = Callable[..., Running]


@pytest.fixture
def start(tmp_path: Path, env: dict[str, str]) -> Iterator[Start]:
    """Starts a program or a command of manage.py; whatever the test leaves is killed at its end."""
    with ExitStack() as stack:

        def begin(*arguments: str, more_env: Mapping[str, str] | None = None, manage: bool = True) -> Running:
            command = [sys.executable, *(["manage.py"] if manage else []), *arguments]
            number = len(list(tmp_path.glob("output-*")))
            running = Running(command, {**env, **(more_env or {})}, tmp_path / f"output-{number}")
            stack.callback(_kill, running)
            return running

        yield begin


def _kill(running: Running) -> None:
    if running.process.poll() is None:
        running.note_family()
        running.process.kill()
        running.process.wait()
    for each in running.family:
        if each.is_running():
            each.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
