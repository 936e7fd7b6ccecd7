"""The demo, as a new user starts it, and a browser in front of it."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import missing
from tests.processes import ROOT, wait_until

ARTEFACTS = ROOT / "tests" / "artefacts"
CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


class Demo:
    """`manage.py demo` with a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "demo.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {key: value for key, value in os.environ.items() if key not in {"BROKER_URL", "DATABASE_URL"}}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo"], cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
                env={**environment, "SHOPFERRY_DATA_DIR": str(self.folder / "data"), "PYTHONUNBUFFERED": "1"},
            )  # fmt: skip
        wait_until(lambda: "Shopferry is at" in self.said(), "the demo to be up")

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def found(self, pattern: str) -> str:
        match = re.search(pattern, self.said())
        assert match, f"{pattern} in {self.said()}"
        return match[1]

    @property
    def address(self) -> str:
        return self.found(r"Shopferry is at (\S+)")

    @property
    def password(self) -> str:
        return self.found(r"one-time password (\S+)")

    def family(self) -> list[psutil.Process]:
        assert self.process is not None
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def interrupt(self) -> list[psutil.Process]:
        """Ctrl-C; the processes of the demo that are still there when it has ended."""
        assert self.process is not None
        family = self.family()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        _, left = psutil.wait_procs(family, timeout=5)
        return left

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            for one in self.family():
                one.kill()
            self.process.wait()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    started = Demo(tmp_path)
    try:
        started.start()
        yield started
    finally:
        started.kill()


@pytest.fixture
def browser() -> Iterator[Browser]:
    path = next((one for one in CHROMIUM if shutil.which(one)), None)
    if path is None:
        missing("chromium", "it is not installed")
    ARTEFACTS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield launched
        launched.close()
