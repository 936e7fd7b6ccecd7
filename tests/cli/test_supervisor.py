"""Programs that run together end together, and leave nothing behind."""

import json
import signal
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.cli.conftest import Running, Start

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]); {SLEEPER}"
DRIVER = """
import json, sys
sys.path.insert(0, "admin/cli")  # by itself it starts ten times as fast
from supervisor import Program, Supervisor
programs = [Program(name, [sys.executable, "-u", "-c", code]) for name, code in json.loads(sys.argv[1]).items()]
found = Supervisor(programs, ready=lambda: print("all started", flush=True), broken=lambda: None).run()
print("ended:", found, flush=True)
"""


def supervise(start: Start, **programs: str) -> Running:
    return start("-c", DRIVER, json.dumps(programs), manage=False)


def wait_until_up(running: Running, count: int) -> None:
    while running.said().count("| up") < count:
        running.wait_for("started")
        time.sleep(0.02)
    running.note_family()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_programs_and_what_they_have_started(start: Start, number: signal.Signals) -> None:
    running = supervise(start, one=SLEEPER, two=PARENT)
    wait_until_up(running, 3)
    assert running.stop(number) == 0
    assert "ended: None" in running.said()


def test_a_program_that_ends_is_named_and_ends_the_others(start: Start) -> None:
    running = supervise(start, good=PARENT, bad="import sys; sys.exit(3)")
    running.process.wait(timeout=40)
    running.assert_nothing_left()
    assert "ended: bad stopped by itself (exit code 3)" in running.said()


def test_a_killed_program_is_noticed_though_its_child_holds_the_output(start: Start) -> None:
    running = supervise(start, one=SLEEPER, two=PARENT)
    wait_until_up(running, 3)
    leader = next(each for each in running.family if PARENT in each.cmdline() and each.ppid() != running.process.pid)
    leader.kill()
    running.process.wait(timeout=40)
    running.assert_nothing_left()
    assert "ended: two stopped by itself (killed by SIGKILL)" in running.said()


def test_a_program_that_ignores_the_signal_is_killed_in_the_end(start: Start) -> None:
    running = supervise(start, one=STUBBORN)
    wait_until_up(running, 1)
    assert running.stop() == 0


def test_nothing_is_left_even_when_the_supervisor_is_killed(start: Start) -> None:
    running = supervise(start, one=SLEEPER, two=PARENT)
    wait_until_up(running, 3)
    running.stop(signal.SIGKILL)


def test_a_signal_at_once_ends_it_too(start: Start) -> None:
    running = supervise(start, one=SLEEPER, two=SLEEPER, three=SLEEPER)
    running.wait_for("all started")
    assert running.stop() == 0
    assert psutil.pid_exists(running.process.pid) is False


def test_output_is_told_apart_by_name(start: Start, tmp_path: Path) -> None:
    running = supervise(start, web="print('hello from the web')\n" + SLEEPER)
    running.wait_for("hello")
    running.stop()
    assert "web    | hello from the web" in running.said()
    assert sys.executable not in running.said()
