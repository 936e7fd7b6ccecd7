"""Real processes for tests: workers over a real Redis, killed at will."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent


class Processes:
    """Starts processes of ours with an environment of the test's own, each in a process group of its own."""

    def __init__(self, environment: Mapping[str, str], logs: Path) -> None:
        self.environment = {**os.environ, **environment, "PYTHONUNBUFFERED": "1"}
        self.logs = logs
        self.running: list[subprocess.Popen[bytes]] = []

    def worker(self, threads: int = 2) -> subprocess.Popen[bytes]:
        return self.start("-m", "dramatiq", "worker", "-p", "1", "-t", str(threads))

    def scheduler(self) -> subprocess.Popen[bytes]:
        """As `periodiq worker` (the package cannot be run with -m)."""
        return self.start("-c", "import sys, periodiq; sys.argv = ['periodiq', 'worker']; periodiq.entrypoint()")

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        log = (self.logs / f"process-{len(self.running)}.log").open("wb")
        with log:
            process = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self.environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """As `kill -9` does, with everything that it started."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop_all(self) -> None:
        for process in self.running:
            if process.poll() is None:
                self.kill(process)

    def output(self) -> str:
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.logs.glob("process-*.log")))


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 90.0) -> None:
    """Wait for a condition; fail with what was waited for."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited {seconds:g} s for {what}"
        time.sleep(0.05)
