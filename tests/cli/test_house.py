"""`manage.py run` and the commands that need its workers, from an empty catalogue to a shop that has all of it."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from fakeredis import TcpFakeServer
from sqlalchemy import select

from models import JobProgress, Product, Shop
from prestashop_client.sandbox import Sandbox
from sync.services import Services
from tests.cli.conftest import ROOT, Invoke, Start, free_port

CSV = "Reference;Name;Price;Categories;Quantity\n" + "".join(
    f"S-{number};Spoon {number}{' <broken>' if number == 3 else ''};{number}.50;Kitchen/Spoons;{number}\n"
    for number in range(1, 13)
)


def manage(env: Mapping[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, check=False, cwd=ROOT, env={**env, "PATH": ""}, capture_output=True, text=True, timeout=120
    )


def test_pushes_through_the_house(
    start: Start, invoke: Invoke, env: dict[str, str], tmp_path: Path, sandbox: Sandbox
) -> None:
    (tmp_path / "spoons.csv").write_text(CSV)
    assert invoke("catalogue", "load", str(tmp_path / "spoons.csv")).exit_code == 0
    assert invoke("shop", "add", "Cyan", sandbox.address, stdin=sandbox.key).exit_code == 0

    house = start("run", "--port", str(free_port()))
    house.wait_for("Ctrl-C stops it")
    assert "There is no operator yet: python manage.py user add NAME" in house.said()
    house.wait_for("ready for action")

    pushed = manage(env, "sync", "products", "--shop", "CYAN", "--all")
    assert pushed.returncode == 1, pushed.stderr
    assert "12      11        1" in pushed.stdout, pushed.stdout
    assert "see the errors with: python manage.py jobs errors 1" in pushed.stdout

    quiet = manage(env, "sync", "products", "--shop", "cyan", "S-1", "S-2", "--json")
    assert quiet.returncode == 0, quiet.stderr
    (job,) = json.loads(quiet.stdout)
    assert (job["status"], job["outcomes"]) == ("completed", {"unchanged": 2})

    queued = manage(env, "sync", "products", "--shop", "cyan", "--category", "Kitchen", "--no-wait")
    assert (queued.returncode, queued.stdout) == (
        0,
        "job 3 is in the queue; see it with: python manage.py jobs show 3\n",
    )
    single = manage(env, "sync", "product", "S-1", "--shop", "cyan")
    assert (single.returncode, single.stdout) == (0, "S-1 to cyan: in the queue\n")
    errors = invoke("jobs", "errors", "1", "--csv")
    assert errors.stdout_bytes.decode().startswith("\ufeff#,SKU,State,Error\r\n1,S-3,refused,")
    assert house.stop(signal.SIGTERM) == 0


def test_without_a_broker_nothing_hangs_and_no_job_is_opened(invoke: Invoke, stored: Services) -> None:
    with stored.db.write() as session:
        session.add(Product(sku="S-1", texts={}))
        session.add(Shop(name="Cyan", address="http://127.0.0.1:1", key_encrypted=stored.vault.encrypt("K" * 32)))
    for arguments in (["products", "--all"], ["product", "S-1"]):
        result = invoke("sync", *arguments, "--shop", "cyan")
        assert result.exit_code == 1
        assert result.output == (
            "Error: no broker is known: start Shopferry with `make run` or `make demo`, or set BROKER_URL (redis://...)\n"
        )
        result = invoke("sync", *arguments, "--shop", "cyan", more_env={"BROKER_URL": "redis://127.0.0.1:1/0"})
        assert result.exit_code == 1
        assert result.output == (
            "Error: the broker does not answer: ConnectionError;"
            " start it with: python manage.py run, or see BROKER_URL\n"
        )
    with stored.db.read() as session:
        assert session.scalars(select(JobProgress)).all() == []


def test_without_a_worker_nothing_hangs(invoke: Invoke, stored: Services) -> None:
    with stored.db.write() as session:
        session.add(Shop(name="Cyan", address="http://127.0.0.1:1", key_encrypted=stored.vault.encrypt("K" * 32)))
    with fake_redis() as url:
        result = invoke("sync", "products", "--shop", "cyan", "--all", more_env={"BROKER_URL": url})
    assert result.exit_code == 1
    assert "Error: no worker is running; start one with: python manage.py run" in result.output
    with stored.db.read() as session:
        assert session.scalars(select(JobProgress)).all() == []


@contextmanager
def fake_redis() -> Iterator[str]:
    server = TcpFakeServer(("127.0.0.1", 0))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"redis://127.0.0.1:{server.server_address[1]}/0"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_configured_broker_that_does_not_answer_is_named(invoke: Invoke) -> None:
    result = invoke("run", more_env={"BROKER_URL": "redis://:secret@127.0.0.1:1/0"})
    assert result.exit_code == 1
    assert "BROKER_URL leads to 127.0.0.1:1, where no broker answers; start it, or unset it" in result.output
    assert "secret" not in result.output
