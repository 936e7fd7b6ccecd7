"""Runs programs together under honcho: when one ends, all end, with everything that they have started."""

import multiprocessing
import os
import shlex
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Queue
from typing import Any

import honcho.manager
from honcho.process import Process


@dataclass(frozen=True, slots=True)
class Program:
    """A command to keep running, with what it needs in its environment besides ours."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)


class _Leader(Process):  # type: ignore[misc]
    """A program and its process group. honcho's own waits for the output's end, which a grandchild can hold open."""

    def run(self, events: "Queue[Any] | None" = None, ignore_signals: bool = False) -> None:
        self._events = events
        self._child = self._child_ctor(self.cmd, env=self.env, cwd=self.cwd)
        self._send_message({"pid": self._child.pid}, type="start")
        if ignore_signals:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
        relay = threading.Thread(target=self._relay)
        relay.start()
        threading.Thread(target=self._end_with_parent, daemon=True).start()
        returncode = self._child.wait()
        _kill_group(self._child.pid)
        relay.join()
        self._send_message({"returncode": returncode}, type="stop")

    def _relay(self) -> None:
        for line in self._child.stdout:
            self._send_message(line)
        self._child.stdout.close()

    def _end_with_parent(self) -> None:
        """When even our parent is killed, nobody is left to stop the program but this process."""
        parent = multiprocessing.parent_process()
        if parent:
            parent.join()
            _kill_group(self._child.pid)


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


class _Stopper:
    """Asks the leader only: Dramatiq and gunicorn tell their workers, who would take a second signal for haste."""

    def terminate(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)

    def kill(self, pid: int) -> None:
        _kill_group(pid)


class Supervisor(honcho.manager.Manager):  # type: ignore[misc]
    """`run()` blocks until SIGINT, SIGTERM, or until a program ends by itself."""

    def __init__(
        self, programs: Sequence[Program], *, ready: Callable[[], None], broken: Callable[[], str | None]
    ) -> None:
        """`ready` is called in a thread once all are started; `broken` is asked often what else has ended."""
        super().__init__()
        self._process_ctor = _Leader
        self._procmgr = _Stopper()
        self._ready, self._broken = ready, broken
        self._asked = False
        self._culprit: str | None = None
        for program in programs:
            self.add_process(program.name, f"exec {shlex.join(program.command)}", env={**os.environ, **program.env})

    def run(self) -> str | None:
        """What ended by itself, in words; None when somebody asked for the end."""
        self.loop()
        return self._culprit

    def _start(self) -> None:
        super()._start()
        threading.Thread(target=self._ready, daemon=True).start()

    def terminate(self) -> None:
        """Stop everything; honcho asks again on its next turn, when it has heard of all processes."""
        self._asked = True
        if self._all_started():
            super().terminate()

    def _any_stopped(self) -> bool:
        if not self._asked and self._culprit is None:
            self._culprit = self._first_stopped() or self._broken()
        return self._asked or self._culprit is not None

    def _first_stopped(self) -> str | None:
        for name, state in self._processes.items():
            if state.get("returncode") is not None:
                return f"{name} stopped by itself ({_how(state['returncode'])})"
        return None


def _how(returncode: int) -> str:
    return f"exit code {returncode}" if returncode >= 0 else f"killed by {signal.Signals(-returncode).name}"
