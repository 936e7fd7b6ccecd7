"""`make demo` from an empty folder: what a new user sees, and what is left afterwards (nothing but the data)."""

import fcntl
import re
import socket
import time
from pathlib import Path

import psutil
import pytest
import requests
from sqlalchemy import select

from models import JobProgress, Product, Shop, User
from models.jobs import ENDED
from sync.demo import WRONG_SKUS
from sync.progress import iter_errors
from sync.services import Services
from tests.cli.conftest import Invoke, Running, Start, free_port

WELCOME = "Ctrl-C stops everything"


def demo(start: Start, *more: str, port: int | None = None) -> Running:
    return start("demo", "--latency", "0", "--port", str(port or free_port()), "--shop-port", str(free_port()), *more)


def wait_until_pushed(stored: Services, running: Running) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert running.process.poll() is None, running.said()
        with stored.db.read() as session:
            states = session.scalars(select(JobProgress.status).where(JobProgress.kind == "push")).all()
        if len(states) == 2 and all(state in ENDED for state in states):
            return
        time.sleep(0.2)
    pytest.fail(f"the first push did not end: {states}\n{running.said()}")


def listening(running: Running) -> list[tuple[str, int]]:
    running.note_family()
    sockets = [each for process in running.family if process.is_running() for each in process.net_connections("tcp")]
    return [(each.laddr.ip, each.laddr.port) for each in sockets if each.status == psutil.CONN_LISTEN]


def test_the_demo_from_an_empty_folder(start: Start, data_dir: Path, stored: Services) -> None:
    port = free_port()
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        running = demo(start, port=port)
        running.wait_for(WELCOME)
        assert f"port {port} is taken; the admin is on " in running.said()
        address = re.search(r"Shopferry is at (http://127\.0\.0\.1:\d+)", running.said())
        assert address, running.said()
        assert re.search(r"sign in as demo with the one-time password \S{16}", running.said())
        assert requests.get(address[1], timeout=20).status_code == 200
    assert {host for host, _ in listening(running)} == {"127.0.0.1"}
    wait_until_pushed(stored, running)
    with stored.db.read() as session:
        assert session.scalars(select(User.name)).all() == ["demo"]
        for job in session.scalars(select(JobProgress).where(JobProgress.kind == "push")).all():
            assert {row.sku for row in iter_errors(session, job.id)} == set(WRONG_SKUS)
            assert job.total_count == 401
        for shop in session.scalars(select(Shop)).all():
            answer = requests.get(
                f"{shop.address}/api/products?limit=1000",
                auth=(stored.vault.decrypt(shop.key_encrypted), ""),
                timeout=20,
            )
            assert answer.text.count("<product ") == 395
    assert running.stop() == 0
    assert not (data_dir / "broker.json").exists()

    again = demo(start)
    again.wait_for(WELCOME)
    assert "the operator demo exists; a new password: python manage.py user reset-password demo" in again.said()
    assert "one-time password" not in again.said()
    with stored.db.read() as session:
        pushes = session.scalars(select(JobProgress.id).where(JobProgress.kind == "push")).all()
        assert len(pushes) == 2, "a second start pushes nothing"
        assert len(session.scalars(select(Product.id)).all()) == 405
        (answers, *_) = session.scalars(select(Shop.address)).all()
    assert requests.get(f"{answers}/api", timeout=20).status_code == 401
    programs = [each for each in again.family if "wsgi:app" in each.cmdline()]
    master = next(each for each in programs if psutil.Process(each.ppid()) not in programs)
    master.kill()
    again.process.wait(timeout=60)
    again.assert_nothing_left()
    assert again.process.returncode == 1
    assert "web stopped by itself (killed by SIGKILL); everything else was stopped" in again.said()


def test_two_houses_never_share_a_folder(invoke: Invoke, data_dir: Path) -> None:
    with (data_dir / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("4711")
        lock.flush()
        result = invoke("demo")
    assert result.exit_code == 1
    assert result.output == f"Error: Shopferry is running on {data_dir} already (process 4711)\n"


def test_the_demo_is_not_mixed_into_somebodys_own_data(invoke: Invoke, stored: Services) -> None:
    with stored.db.write() as session:
        session.add(Product(sku="MINE", texts={}))
    result = invoke("demo")
    assert result.exit_code == 1
    assert "this database has products or shops of its own" in result.output


def test_the_demo_is_not_for_production(invoke: Invoke) -> None:
    production = {"SHOPFERRY_ENV": "production", "SHOPFERRY_SECRET_KEY": "x" * 40, "DATABASE_URL": "sqlite://"}
    result = invoke("demo", more_env=production)
    assert result.exit_code == 1
    assert "the demo is not for SHOPFERRY_ENV=production" in result.output
